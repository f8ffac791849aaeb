"""Compiled templates, kept as Python keeps compiled modules."""

from collections.abc import MutableMapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import jinja2
from jinja2.bccache import Bucket, bc_magic

FOLDER = Path(__file__).parents[1] / "templates"
_COMPILED = Path(__file__).parents[1] / "__pycache__" / "templates"
_OURS = ("template_environment.py", "macro_calls.py", "escaped_text.py")


class CompiledTemplates(jinja2.FileSystemBytecodeCache):
    """Compiled templates, beside the program's own compiled modules and in memory.

    If the folder cannot be written, each start compiles them anew.
    """

    def __init__(self) -> None:
        # a template is compiled by our code, with what it imports and includes in view
        read = [Path(__file__).with_name(name) for name in _OURS] + sorted(FOLDER.rglob("*.html"))
        # and by this Python
        own = sha256(bc_magic + b"".join(file.read_bytes() for file in read)).hexdigest()[:12]
        try:
            _COMPILED.mkdir(parents=True, exist_ok=True)
            super().__init__(str(_COMPILED), f"{own}-%s")
        except OSError:
            self.directory = ""
        self._read: MutableMapping[tuple[str, str], Any] = {}

    def is_kept(self, name: str) -> bool:
        """Return whether this template, as it is now, is kept in the folder."""
        key = self.get_cache_key(name, str(FOLDER / name))
        return bool(self.directory) and self._file(key).exists()

    def not_kept(self) -> list[str]:
        """Return the names of the templates that a start has to compile."""
        names = (file.relative_to(FOLDER).as_posix() for file in sorted(FOLDER.rglob("*.html")))
        return [name for name in names if not self.is_kept(name)]

    def _file(self, key: str) -> Path:
        return Path(self.directory, self.pattern % key)

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._read.get((bucket.key, bucket.checksum))
        if bucket.code is None and self.directory:
            super().load_bytecode(bucket)
            if bucket.code is not None:
                self._read[bucket.key, bucket.checksum] = bucket.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._read[bucket.key, bucket.checksum] = bucket.code
        if self.directory:
            try:
                super().dump_bytecode(bucket)
                self._file(bucket.key).chmod(0o644)  # installed by one user, read by another
            except OSError:
                self.directory = ""


@cache
def compiled_templates() -> CompiledTemplates:
    """Return the one cache of this process."""
    return CompiledTemplates()
