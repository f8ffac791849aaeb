"""Copies of a whole database, with SQLite's backup API or PostgreSQL's own programs."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path
from secrets import token_hex

from sqlalchemy import make_url

from assistant.errors import CannotStart
from assistant.storage.engines import explain
from assistant.storage.schema import metadata

_SQLITE = b"SQLite format 3\0"
_POSTGRESQL = b"PGDMP"


def is_sqlite(address: str) -> bool:
    """Return whether this is the URL of a SQLite file."""
    return make_url(address).get_backend_name() == "sqlite"


def sqlite_file(address: str) -> Path:
    """Return the file of a SQLite database."""
    return Path(make_url(address).database or "")


def see_what_kind(file: Path, address: str) -> None:
    """Raise `CannotStart` unless this is a backup of the right kind for this database."""
    try:
        with file.open("rb") as opened:
            begins = opened.read(16)
    except OSError as error:
        raise CannotStart(f"The backup {file} cannot be read ({error.strerror}).") from None
    wanted = _SQLITE if is_sqlite(address) else _POSTGRESQL
    if not begins.startswith(wanted):
        what = "a SQLite file" if is_sqlite(address) else "made by pg_dump in its custom format"
        raise CannotStart(f"{file} is not a backup of this kind of database: it is not {what}.")


def copy_to(address: str, file: Path) -> None:
    """Copy the database into a new file, readable by this user only, also while it is written to."""
    if file.exists():
        raise CannotStart(f"{file} already exists; choose a new name, so that no backup is overwritten.")
    draft = file.with_name(f".{file.name}.{token_hex(8)}")
    try:
        os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        if is_sqlite(address):
            copy_sqlite(sqlite_file(address), draft)
        else:
            _run("pg_dump", address, "--format=custom", "--no-owner", f"--file={draft}")
        with draft.open("rb") as opened:
            os.fsync(opened.fileno())
        os.link(draft, file)
    except OSError as error:
        raise CannotStart(f"The backup {file} cannot be written ({error.strerror}).") from None
    finally:
        draft.unlink(missing_ok=True)


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy one SQLite file whole, as at one moment, into another; and see that the copy is sound."""
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as reading,
            closing(sqlite3.connect(target)) as writing,
        ):
            # in one step: with several steps it would restart at each write of the server
            reading.backup(writing)
            if writing.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise CannotStart(f"The copy of {source} is damaged, so it was not kept; try again.")
    except sqlite3.Error as error:
        raise explain(error) from None


def see_that_nobody_uses(file: Path) -> None:
    """Raise `CannotStart` if a program has this SQLite file open."""
    try:
        with closing(sqlite3.connect(file, timeout=0.5)) as connection:
            # only the sole program that has it open can switch off the write-ahead log
            connection.execute("PRAGMA journal_mode = delete").fetchone()
    except sqlite3.OperationalError:
        raise CannotStart(f"The server that uses {file} is running; stop it first.") from None
    except sqlite3.DatabaseError:
        return  # a damaged file is a reason to restore a backup


def replace_sqlite(draft: Path, file: Path) -> None:
    """Replace the database with the prepared file."""
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    draft.replace(file)


def postgresql_checks(file: Path, address: str) -> dict[str, bytes]:
    """Read the check values of the keys from a dump, without restoring it."""
    said = _run("pg_restore", None, "--data-only", "--table=key_checks", "--file=-", str(file))
    rows = [line.split("\t") for line in said.splitlines() if "\t\\\\x" in line]
    return {name: bytes.fromhex(value.removeprefix("\\\\x")) for name, value in rows}


def restore_postgresql(file: Path, address: str) -> None:
    """Put the dump in the place of what is in the database, all or nothing.

    Tables that a newer version of the program has added to the database are not in the dump, so all of ours
    are dropped first, in the same transaction.
    """
    tables = ", ".join(metadata.tables)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script"
        _run("pg_restore", None, "--no-owner", f"--file={script}", str(file))
        drop = f"--command=DROP TABLE IF EXISTS {tables} CASCADE"
        once = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction")
        _run("psql", address, *once, drop, f"--file={script}")


def _run(program: str, address: str | None, *arguments: str) -> str:
    """Run one of PostgreSQL's programs and return its output. The password is passed in the environment,
    never as an argument.
    """
    if shutil.which(program) is None:
        raise CannotStart(f"{program} is not installed; install PostgreSQL's client programs.")
    environment, where = dict(os.environ), []
    if address is not None:
        url = make_url(address).set(drivername="postgresql")
        if url.password:
            environment["PGPASSWORD"] = str(url.password)
        where = [f"--dbname={url.set(password=None).render_as_string()}"]
    done = subprocess.run(  # noqa: S603 (fixed programs, and arguments of the operator's own)
        [program, *where, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        # its messages may contain data from the database
        raise CannotStart(f"{program} failed with code {done.returncode}; run it by hand to see why.")
    return done.stdout
