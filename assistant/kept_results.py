"""Results of an earlier start, kept beside the program's compiled modules, as Python keeps those.

A digest of the files they were worked out from, and of the program that did it, is in the name. If the folder
cannot be written, each start works them out anew.

Parsers, Babel and the checks of dialogues leave 17 MB with the process that uses them. So where something has
to be worked out, another process does it and ends.
"""

import json
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import reduce
from hashlib import sha256
from operator import and_
from pathlib import Path
from secrets import token_hex
from stat import S_IMODE
from typing import Any

PROGRAM = Path(__file__).parent
FOLDER = PROGRAM / "__pycache__" / "texts"
MOST = 8
"""How many results of one name are kept: servers with files of their own may share a program."""


def kept_or_read(
    name: str, files: Iterable[Path], program: Iterable[Path], read: Callable[[], Mapping[str, Any]]
) -> Mapping[str, Any]:
    """Return what was kept under this name of just these files, read by just this program; else read it, and
    keep it. Only what JSON returns as it was can be kept.
    """
    files = sorted(files)
    try:
        kept = FOLDER / f"{name}-{_digest(files, sorted(program))}.json"
    except OSError:
        return read()  # it says what is wrong with the file

    def read_and_keep() -> Mapping[str, Any]:
        found = read()
        with suppress(OSError):
            _keep(kept, name, json.dumps(found, ensure_ascii=False), files)
        return found

    found = _found(kept)
    if found is None and _can_work_apart():
        work_apart(read_and_keep)
        found = _found(kept)
    return read_and_keep() if found is None else found


def work_apart(act: Callable[[], object]) -> None:
    """Run it in a process that ends. An error there is not reported: the caller runs into it too."""
    if child := os.fork():
        os.waitpid(child, 0)
        return
    try:
        _be_silent()
        act()
    finally:
        os._exit(0)  # nothing of the other process ends with this one


def _be_silent() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)


def _can_work_apart() -> bool:
    """Return whether a process of its own could keep something. It would have none of the other threads."""
    try:
        FOLDER.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return threading.active_count() == 1 and os.access(FOLDER, os.W_OK)


def _found(kept: Path) -> Mapping[str, Any] | None:
    with suppress(OSError, ValueError):
        found: Mapping[str, Any] = json.loads(kept.read_bytes())
        return found
    return None


def _digest(*groups: Sequence[Path]) -> str:
    """Name each file by its place among the others of its group: a copy elsewhere reads the same."""
    digest = sha256()
    for files in groups:
        whole = os.path.commonpath([file.parent for file in files]) if files else ""
        for file in files:
            content = file.read_bytes()
            digest.update(f"{os.path.relpath(file, whole)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:32]


def _keep(kept: Path, name: str, text: str, files: Sequence[Path]) -> None:
    """Write it at once or not at all, for those who may read all the files, and remove the oldest."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    draft = kept.with_suffix(f".{token_hex(8)}")
    try:
        draft.touch()
        draft.chmod(S_IMODE(reduce(and_, (file.stat().st_mode for file in [draft, *files]))) | 0o600)
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, kept)
    finally:
        draft.unlink(missing_ok=True)
    oldest_first = sorted(FOLDER.glob(f"{name}-*.json"), key=lambda file: file.stat().st_mtime_ns)
    for old in oldest_first[:-MOST]:
        old.unlink(missing_ok=True)
