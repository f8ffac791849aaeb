"""The pepper and the salt: what the server knows that is never in the database.

Without the pepper a stolen database cannot even be asked whether a link is right. It lies in one small file,
``version ‖ 32 bytes``, made once. Losing it loses every notebook, so nothing here ever overwrites it.

The salt that codenames are stretched with lies beside it in a file of the same form, and is never changed: it
is drawn by itself, not worked out from the pepper, so that codenames still open when the pepper is changed.
Losing it loses every codename.
"""

import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import CannotStart
from assistant.vault.boxes import KEY, new_key

FILE = "pepper"
SALT_FILE = "salt"
_FIRST = 1


@dataclass(frozen=True)
class Pepper:
    """The server's secret; every slot says under which version of it it was made."""

    version: int
    secret: bytes = field(repr=False)

    @classmethod
    def load_or_make(cls, folder: Path) -> "Pepper":
        """The pepper in this folder; made, with its folder, at the very first start."""
        version, secret = _load_or_make(folder / FILE)
        return cls(version, secret)


def load_or_make_salt(folder: Path) -> bytes:
    """The salt in this folder; made at the first start that knows codenames."""
    _, salt = _load_or_make(folder / SALT_FILE)
    return salt


def _load_or_make(path: Path) -> tuple[int, bytes]:
    try:
        if not os.path.lexists(path):
            _make_folder(path.parent)
            _make_file(path)
        return _load(path)
    except OSError as error:
        raise CannotStart(
            f"The {path.name} {path} cannot be read or made ({error.strerror}); "
            "let the user who runs the program own the folder, and put the file back if it was moved."
        ) from error


def _load(path: Path) -> tuple[int, bytes]:
    with path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        content = file.read(1 + KEY + 1)
    if mode & 0o077:
        raise CannotStart(f"The {path.name} {path} can be read by other users; run: chmod 400 {path}")
    if len(content) != 1 + KEY:
        raise CannotStart(
            f"The {path.name} {path} is damaged; put back the copy you keep apart from the backups."
        )
    return content[0], content[1:]


def _make_folder(folder: Path) -> None:
    """Make the folder, and what it lies in, for our eyes only, so that it outlasts a power cut."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync(folder.parent)


def _make_file(path: Path) -> None:
    """Make the file whole or not at all; if another process was quicker, what it made stands."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(bytes([_FIRST]) + new_key())
            file.flush()
            os.fsync(file.fileno())
        # a link, not a rename: a rename would overwrite one made in the meantime
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
