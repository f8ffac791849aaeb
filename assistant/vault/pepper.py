"""The pepper and the salt: server secrets that are never in the database.

Without the pepper, a stolen database cannot even confirm whether a link is right. It is in one small file,
created once. Losing it loses every notebook, so nothing here overwrites it. `assistant keys rotate` appends
a new version. The earlier ones stay in the file: look-ups are digests of digests, one for each version
(`digests`), so that rows can be converted without the secret they were made from, and an earlier version
alone neither finds nor opens a converted row.

The salt for stretching codenames is in a second file of the same format, and never changes: it is random,
not derived from the pepper, so that codenames still open after the pepper is changed. Losing it loses every
codename.
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
    """The server's secret; every slot stores the version it was made under."""

    version: int
    secret: bytes = field(repr=False)
    earlier: tuple["Pepper", ...] = field(default=(), repr=False)
    """The earlier versions, oldest first."""
    file: "PepperFile | None" = field(default=None, repr=False, compare=False)

    @classmethod
    def load(cls, folder: Path, *, make: bool) -> "Pepper":
        """Load the pepper from this folder; with `make`, create it if missing."""
        file = PepperFile(folder / FILE, make=make)
        return replace(file.now(), file=file)

    @classmethod
    def load_or_make(cls, folder: Path) -> "Pepper":
        """Load the pepper from this folder, or create it at the very first start."""
        return cls.load(folder, make=True)

    def now(self) -> "Pepper":
        """Return the pepper currently in its file, which a running server reads on each use."""
        return self if self.file is None else self.file.now()

    @property
    def versions(self) -> tuple["Pepper", ...]:
        """Return every version, oldest first."""
        return (*self.earlier, self)

    def of(self, version: int) -> "Pepper":
        """Return the version a row was made under. Raises `SealBroken` if the file does not have it."""
        for one in self.now().versions:
            if one.version == version:
                return one
        raise SealBroken("made under a version of the pepper that is not here")


class PepperFile:
    """The pepper's file, reread when it has changed."""

    def __init__(self, path: Path, *, make: bool) -> None:
        self._path = path
        records = load_records(path, make=make)
        self._mark = self._looks()
        self._pepper = self._of(records)

    def now(self) -> Pepper:
        """Return the file's content; the last known one if it cannot be read at the moment."""
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
    """Append a new version to the file and return the pepper. Raises `CannotStart`."""
    add_record(folder / FILE)
    return Pepper.load(folder, make=False)


def load_salt(folder: Path, *, make: bool) -> bytes:
    """Load the salt from this folder; with `make`, create it if missing."""
    return load_records(folder / SALT_FILE, make=make)[0][1]


def load_or_make_salt(folder: Path) -> bytes:
    """Load the salt from this folder, or create it at the first start."""
    return load_salt(folder, make=True)


def check_value(secret: bytes) -> bytes:
    """Return the check value by which a database recognises its pepper or salt; it reveals nothing else."""
    return derive(secret, "check")


def relay_key(pepper: Pepper) -> bytes:
    """Return the key under which processes on one database tell each other what was written. It stays the
    same when the pepper is changed, so that they understand each other throughout.
    """
    return derive(pepper.now().versions[0].secret, "relay")


def rate_key(pepper: Pepper, day: str) -> bytes:
    """Return the key under which the limits of one day are counted; without it, whom they count cannot be
    tried out.
    """
    return derive(pepper.now().versions[0].secret, f"limits/{day}")


def digests(
    pepper: Pepper, purpose: str, content: bytes, *, salt: bytes = b"", length: int = 32
) -> tuple[bytes, ...]:
    """Return the lookup digests under each version of this pepper, newest first.

    The digest under a version is the HMAC, under a key of that version, of the digest under the one before.
    """
    found: list[bytes] = []
    for one in pepper.versions:
        content = carry_on(one, purpose, content, salt=salt, length=length)
        found.insert(0, content)
    return tuple(found)


def carry_on(version: Pepper, purpose: str, digest: bytes, *, salt: bytes = b"", length: int = 32) -> bytes:
    """Return the digest under this version from the one under the version before."""
    return hmac.digest(derive(version.secret, purpose, salt=salt), digest, "sha256")[:length]
