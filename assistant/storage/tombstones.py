"""A small file that remembers what was deleted, so that a restored backup does not bring it back.

It is outside the database. Each line has a time, a kind and an id that reveals nothing by itself:
``2026-11-28T17:00:00+00:00 share 5f…``. Only whole lines count; the last may be cut off by a power cut.
"""

import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

_LINE = re.compile(r"(\S+) (notebook|share|meeting) ([0-9a-f]{32})")


def add_graves(path: Path, gone: Sequence[tuple[str, str]]) -> None:
    """Append a line for each; durable when it returns."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    lines = "".join(f"{at} {kind} {id_}\n" for kind, id_ in gone)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as file:
        file.write(lines.encode())
        file.flush()
        os.fsync(file.fileno())


def read_graves(path: Path) -> dict[str, list[str]]:
    """Return the distinct ids in the file by kind."""
    found: dict[str, dict[str, None]] = {"notebook": {}, "share": {}, "meeting": {}}
    for line in path.read_text("ascii", "replace").splitlines():
        if match := _LINE.fullmatch(line):
            found[match[2]][match[3]] = None
    return {kind: list(ids) for kind, ids in found.items()}
