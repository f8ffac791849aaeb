"""Files with the server's own secrets: created atomically, never silently overwritten.

A file is a sequence of records, ``version ‖ 32 bytes``, the oldest first.
"""

import os
import secrets
import stat
from pathlib import Path

from assistant.errors import CannotStart
from assistant.vault.encryption import KEY, new_key

FIRST = 1
_RECORD = 1 + KEY
_MOST = 250


def load_records(path: Path, *, make: bool) -> tuple[tuple[int, bytes], ...]:
    """Return the versions in this file; with `make`, a missing file is created first. Raises
    `CannotStart`.
    """
    try:
        if not os.path.lexists(path):
            if not make:
                raise CannotStart(
                    f"There is no {path.name} at {path}, and none was created. "
                    "If the data or keys folder was mistyped, correct it. "
                    "Put back the copy you keep apart from the backups, if it was lost."
                )
            _make_folder(path.parent)
            _make_file(path)
        return _load(path)
    except OSError as error:
        raise CannotStart(
            f"The {path.name} {path} cannot be read or created ({error.strerror}); "
            "make the program's user the owner of the folder, and put the file back if it was moved."
        ) from error


def add_record(path: Path) -> None:
    """Append one version to the file, durably and atomically. Raises `CannotStart`."""
    records = load_records(path, make=False)
    if len(records) >= _MOST:
        raise CannotStart(f"The {path.name} {path} has {_MOST} versions, which is the limit.")
    added = (*records, (records[-1][0] + 1, new_key()))
    try:
        draft = _draft(path, b"".join(bytes([version]) + secret for version, secret in added))
        draft.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise CannotStart(
            f"The {path.name} {path} cannot be written ({error.strerror}); "
            "make the user who runs the program the owner of the folder."
        ) from error


def _load(path: Path) -> tuple[tuple[int, bytes], ...]:
    with path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        content = file.read(_RECORD * _MOST + 1)
    if mode & 0o077:
        raise CannotStart(f"The {path.name} {path} can be read by other users; run: chmod 400 {path}")
    records = [content[at : at + _RECORD] for at in range(0, len(content), _RECORD)]
    versions = [record[0] for record in records]
    if not records or len(records[-1]) != _RECORD or versions != sorted(set(versions)):
        raise CannotStart(
            f"The {path.name} {path} is damaged; put back the copy you keep apart from the backups."
        )
    return tuple((record[0], record[1:]) for record in records)


def _make_folder(folder: Path) -> None:
    """Create the folder and its parents durably, readable by this user only."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def _make_file(path: Path) -> None:
    """Create the file; if another process was faster, keep its file."""
    draft = _draft(path, bytes([FIRST]) + new_key())
    try:
        # a link, not a rename: a rename would overwrite a file created meanwhile
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    sync_folder(path.parent)


def _draft(path: Path, content: bytes) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        draft.unlink()
        raise
    return draft


def sync_folder(folder: Path) -> None:
    """Sync the folder, so that created and renamed files survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
