"""The pepper and the salt: what the server knows that is never in the database.

Without the pepper a stolen database cannot even be asked whether a link is right. It lies in one small file,
made once. Losing it loses every notebook, so nothing here overwrites it. `assistant keys rotate` adds a new
version behind the ones before it. The earlier ones stay in the file: look-ups are digests of digests, one for
each version (`digests`), so that they can be carried on without the secret they were made of, and no earlier
version alone finds or opens a row that was carried on.

The salt that codenames are stretched with lies beside it in a file of the same form, and is never changed: it
is drawn by itself, not worked out from the pepper, so that codenames still open when the pepper is changed.
Losing it loses every codename.
"""

import hmac
import os
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.errors import CannotStart, SealBroken
from assistant.vault.encryption import derive
from assistant.vault.key_files import add_record, load_records

FILE = "pepper"
SALT_FILE = "salt"


@dataclass(frozen=True)
class Pepper:
    """The server's secret; every slot says under which version of it it was made."""

    version: int
    secret: bytes = field(repr=False)
    earlier: tuple["Pepper", ...] = field(default=(), repr=False)
    """The versions before this one, the oldest first, each without its own."""
    file: "PepperFile | None" = field(default=None, repr=False, compare=False)

    @classmethod
    def load(cls, folder: Path, *, make: bool) -> "Pepper":
        """The pepper in this folder; with `make`, made with its folder where there is none."""
        file = PepperFile(folder / FILE, make=make)
        return replace(file.now(), file=file)

    @classmethod
    def load_or_make(cls, folder: Path) -> "Pepper":
        """The pepper in this folder; made, with its folder, at the very first start."""
        return cls.load(folder, make=True)

    def now(self) -> "Pepper":
        """The pepper as its file says at this moment, which a running server asks at each use."""
        return self if self.file is None else self.file.now()

    @property
    def versions(self) -> tuple["Pepper", ...]:
        """Every version, the oldest first."""
        return (*self.earlier, self)

    def of(self, version: int) -> "Pepper":
        """The version a row was made under; SealBroken where the file does not have it."""
        for one in self.now().versions:
            if one.version == version:
                return one
        raise SealBroken("made under a version of the pepper that is not here")


class PepperFile:
    """The file of the pepper, read again when it has changed."""

    def __init__(self, path: Path, *, make: bool) -> None:
        self._path = path
        records = load_records(path, make=make)
        self._mark = self._looks()
        self._pepper = self._of(records)

    def now(self) -> Pepper:
        """What the file says; what it said last, where it cannot be read at the moment."""
        mark = self._looks()
        if mark is not None and mark != self._mark:
            try:
                self._pepper = self._of(load_records(self._path, make=False))
                self._mark = mark
            except CannotStart:
                return self._pepper
        return self._pepper

    def _looks(self) -> tuple[int, int, int] | None:
        try:
            found = os.stat(self._path)
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    @staticmethod
    def _of(records: tuple[tuple[int, bytes], ...]) -> Pepper:
        *earlier, newest = (Pepper(version, secret) for version, secret in records)
        return replace(newest, earlier=tuple(earlier))


def add_version(folder: Path) -> Pepper:
    """The pepper with one more version behind those in the file. Raises `CannotStart`."""
    add_record(folder / FILE)
    return Pepper.load(folder, make=False)


def load_salt(folder: Path, *, make: bool) -> bytes:
    """The salt in this folder; with `make`, made where there is none."""
    return load_records(folder / SALT_FILE, make=make)[0][1]


def load_or_make_salt(folder: Path) -> bytes:
    """The salt in this folder; made at the first start that knows codenames."""
    return load_salt(folder, make=True)


def check_value(secret: bytes) -> bytes:
    """What the database keeps of a pepper or salt to see that it is the right one; it yields nothing else."""
    return derive(secret, "check")


def digests(
    pepper: Pepper, purpose: str, content: bytes, *, salt: bytes = b"", length: int = 32
) -> tuple[bytes, ...]:
    """Where something is found, under each version of this pepper, the newest first.

    The digest under a version is the HMAC, under a key of that version, of the digest under the one before.
    """
    found: list[bytes] = []
    for one in pepper.versions:
        content = carry_on(one, purpose, content, salt=salt, length=length)
        found.insert(0, content)
    return tuple(found)


def carry_on(version: Pepper, purpose: str, digest: bytes, *, salt: bytes = b"", length: int = 32) -> bytes:
    """The digest under this version, from the one under the version before it."""
    return hmac.digest(derive(version.secret, purpose, salt=salt), digest, "sha256")[:length]
