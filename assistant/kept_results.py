"""Results of an earlier start, kept beside the program's compiled modules, as Python keeps those.

A digest of the files they were worked out from, and of the program that did it, is in the name. If the folder
cannot be written, each start works them out anew.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

from assistant.child_process import run_in_child

PROGRAM = Path(__file__).parent
FOLDER = PROGRAM / "__pycache__" / "texts"


def kept_or_read(
    name: str, files: Iterable[Path], program: Iterable[Path], read: Callable[[], Mapping[str, Any]]
) -> Mapping[str, Any]:
    """Return what was kept under this name of just these files, read by just this program; else read it, and
    keep it. Only what JSON returns as it was can be kept.
    """
    try:
        kept = FOLDER / f"{name}-{_digest(sorted(files), sorted(program))}.json"
    except OSError:
        return read()  # it says what is wrong with the file
    with suppress(OSError, ValueError):
        found: Mapping[str, Any] = json.loads(kept.read_bytes())
        return found
    found = run_in_child(read) or read()
    with suppress(OSError):
        _keep(kept, name, json.dumps(found, ensure_ascii=False))
    return found


def _digest(*groups: Sequence[Path]) -> str:
    """Name each file by its place among the others of its group: a copy elsewhere reads the same."""
    digest = sha256()
    for files in groups:
        whole = os.path.commonpath([file.parent for file in files]) if files else ""
        for file in files:
            content = file.read_bytes()
            digest.update(f"{os.path.relpath(file, whole)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:32]


def _keep(kept: Path, name: str, text: str) -> None:
    """Write it at once or not at all, and remove what was kept before."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    draft = kept.with_suffix(f".{token_hex(8)}")
    try:
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, kept)
    finally:
        draft.unlink(missing_ok=True)
    for old in FOLDER.glob(f"{name}-*.json"):
        if old != kept:
            old.unlink(missing_ok=True)
