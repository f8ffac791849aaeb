"""Connect to a database URL with two engines, one for writing and one for reading.

SQLite and PostgreSQL are configured so that acknowledged writes are on the disk, and the settings are read
back to verify it. Errors are for the operator, in one sentence that says what to do, without the driver's
own text, which may hold the password.
"""

import os
import re
import sqlite3
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
)

from assistant.errors import CannotStart
from assistant.storage.compiled_once import COMPILED
from assistant.value_class import value_class

READERS = 4
WRITERS = 6
"""Connections that write to PostgreSQL. More would wait for the same disk, and for this process to run."""
_INLINE_PATIENCE = 20
"""Milliseconds that the event loop waits for a lock before a thread reads or writes instead. Readers of a
write-ahead log wait for none, but for a moment while the log is recovered; writers, for another program that
writes.
"""
# parameters are people's words, though sealed: never in an error message
_SETTLED: dict[str, Any] = {"hide_parameters": True, "max_overflow": 0}
_SHARED = {"compiled_cache": COMPILED}

_SQLITE: dict[str, int | str] = {
    "busy_timeout": 5000,
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: a commit is on the disk before it returns
    "foreign_keys": 1,
    "secure_delete": 1,  # deleted content is overwritten
    "trusted_schema": 0,
    "cell_size_check": 1,
}
_POSTGRESQL = {
    "synchronous_commit": ("on", "local", "remote_write", "remote_apply"),
    "fsync": ("on",),
    "server_encoding": ("UTF8",),
}
# a lock or a dead network may delay the writer, but not block it for good
CONNECTING = {"client_encoding": "utf8", "connect_timeout": 5, "tcp_user_timeout": 10_000}
_TERMS = {
    **CONNECTING,
    "options": "-c lock_timeout=5000 -c statement_timeout=20000",
}
_REFUSED = (
    "PostgreSQL refused the connection; "
    "check that it is running, and that the address has the right host, port, database, user and password."
)
# the driver has no codes for these: its message is inspected but never shown, because it contains names
_REFUSALS = (
    (
        r"password authentication failed|no password supplied",
        "PostgreSQL refuses the password, or has no such user; it does not say which. "
        "Correct the user and the password in the address.",
    ),
    (
        r"role \".*\" does not exist|(peer|ident) authentication failed|no pg_hba\.conf entry",
        "PostgreSQL has no such user, or refuses it from this host. "
        "Correct the user in the address, or add the user and its rule in pg_hba.conf.",
    ),
    (
        r"database \".*\" does not exist",
        "PostgreSQL has no database with the name in the address. Correct the name, or create the database.",
    ),
    (
        r"(resolve|translate) host|name or service not known|no address associated|name resolution",
        "The host in the address of the database is not found. Correct its name.",
    ),
    (
        r"connection refused|no such file or directory|no route to host|unreachable|timeout|timed out",
        "No PostgreSQL server answers at that host and port. Check that it is running, and correct the port.",
    ),
)
_ADVICE = {
    "SQLITE_FULL": "The disk is full; make room and start again.",
    "SQLITE_BUSY": "Another program is using the database file; stop it and start again.",
    "SQLITE_NOTADB": "The database file is not a database; correct the address, or restore a backup.",
    "SQLITE_CORRUPT": "The database file is damaged; restore a backup.",
    "SQLITE_CANTOPEN": "The database file cannot be opened; make the program's user the owner of the folder.",
    "SQLITE_READONLY": "The database file cannot be written; make the program's user its owner.",
    "53100": "The disk of PostgreSQL is full; make room and start again.",
    "42501": "The PostgreSQL user may not create tables; make it the owner of the database.",
    # a refused connection has no code of its own
    "OperationalError": _REFUSED,
    "ConnectionTimeout": _REFUSED,
}


@value_class
class Engines:
    """Connection pools for one database."""

    writing: Engine
    reading: Engine
    inline: Engine | None = None
    """One connection for reads on the event loop itself, which begins its transactions explicitly; SQLite
    only, where a look-up by key takes less time than handing it to a thread.
    """
    brief: Engine | None = None
    """One connection for short writes on the event loop itself, which begins its transactions explicitly too;
    SQLite only.
    """

    def dispose(self) -> None:
        self.reading.dispose()
        self.writing.dispose()
        for engine in (self.inline, self.brief):
            if engine is not None:
                engine.dispose()


def connect(address: str, *, make: bool = True) -> Engines:
    """Return engines for ``sqlite:///path/to/file`` or ``postgresql://user:password@host/name``."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        url = URL.create("unknown")
    match url.get_backend_name():
        case "sqlite":
            return _connect_sqlite(url, make=make)
        case "postgresql":
            return _connect_postgresql(url)
        case _:
            raise CannotStart("The database address cannot be read; write sqlite:///… or postgresql://…")


def verify(connection: Connection) -> None:
    """Raise `CannotStart` if the database's settings do not guarantee durability."""
    if connection.dialect.name == "sqlite":
        for name, wanted in _SQLITE.items():
            if connection.exec_driver_sql(f"PRAGMA {name}").scalar() != wanted:
                raise CannotStart(f"SQLite did not accept {name} = {wanted}; put its file on a local disk.")
        return
    for name, accepted in _POSTGRESQL.items():
        found = connection.exec_driver_sql(f"SHOW {name}").scalar()
        if found not in accepted:
            raise CannotStart(f"PostgreSQL has {name} = {found}, which can lose words; set {accepted[0]}.")


def durability(connection: Connection) -> dict[str, str]:
    """Return the settings that `verify` checks, as the database has them now."""
    if connection.dialect.name == "sqlite":
        return {name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar()) for name in _SQLITE}
    return {name: str(connection.exec_driver_sql(f"SHOW {name}").scalar()) for name in _POSTGRESQL}


def is_whole(connection: Connection) -> bool:
    """Return whether SQLite finds its file undamaged; PostgreSQL checks its own pages as it reads them."""
    if connection.dialect.name != "sqlite":
        return True
    try:
        return connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() == "ok"
    except DBAPIError as error:
        if symptom(error).startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            return False
        raise


def is_outage(error: BaseException) -> bool:
    """Return True if the database failed, and not the statement."""
    mistakes = (IntegrityError, DataError, ProgrammingError, NotSupportedError)
    # SQLite reports an error in SQL as an OperationalError too
    is_mistake = isinstance(error, mistakes) or symptom(error) == "SQLITE_ERROR"
    return isinstance(error, DBAPIError) and not is_mistake


def discard(connection: Connection | None) -> None:
    """Close a connection for good, which rolls back what it has not committed."""
    if connection is not None:
        with suppress(DBAPIError):
            connection.invalidate()
            connection.close()


def symptom(error: BaseException) -> str:
    """Return the driver's error code, such as SQLITE_FULL or 53100, never its message."""
    cause = getattr(error, "orig", None) or error
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    return code or type(cause).__name__


def explain(error: Exception) -> CannotStart:
    """Explain what to do about a database that does not open."""
    found = symptom(error)
    if found in ("OperationalError", "ConnectionTimeout"):
        said = str(getattr(error, "orig", None) or error)
        for pattern, cause in _REFUSALS:
            if re.search(pattern, said, re.IGNORECASE):
                return CannotStart(cause)
    advice = next((advice for code, advice in _ADVICE.items() if found.startswith(code)), None)
    unknown = f"The database cannot be used ({found}); correct its address or permissions."
    return CannotStart(advice or unknown)


def _connect_sqlite(url: URL, *, make: bool) -> Engines:
    if not url.database or url.database == ":memory:":
        raise CannotStart("SQLite needs a permanent file; write sqlite:////path/to/file")
    if make:
        _make_file(Path(url.database))
    elif not Path(url.database).exists():
        raise CannotStart(
            f"There is no database at {url.database}, and none was created. "
            "Give the server's own data folder with --data, or start the server there once."
        )
    engines = _engines(url, {}, {"execution_options": _SHARED})
    _prepare(engines.writing, "BEGIN IMMEDIATE", _SQLITE)
    _prepare(engines.reading, "BEGIN", _SQLITE | {"query_only": 1})
    inline = create_engine(url, pool_size=1, execution_options=_SHARED, **_SETTLED)
    _prepare(inline, None, _SQLITE | {"query_only": 1, "busy_timeout": _INLINE_PATIENCE})
    brief = create_engine(url, pool_size=1, **_SETTLED)
    _prepare(brief, None, _SQLITE | {"busy_timeout": _INLINE_PATIENCE})
    return replace(engines, inline=inline, brief=brief)


def _connect_postgresql(url: URL) -> Engines:
    address = url.set(drivername="postgresql+psycopg")
    # check each connection before use, so that a restart of PostgreSQL costs no one a turn
    lasting = {"connect_args": _TERMS, "pool_pre_ping": True}
    # a writer keeps its connection, and tries again when it finds it lost
    kept = {"connect_args": _TERMS, "isolation_level": "READ COMMITTED"}
    unmoving = {
        "isolation_level": "REPEATABLE READ",
        "execution_options": {"postgresql_readonly": True, **_SHARED},
    }
    try:
        return _engines(address, kept, lasting | unmoving, writers=WRITERS)
    except ModuleNotFoundError:
        raise CannotStart("PostgreSQL needs psycopg; run: pip install 'for-motet[postgres]'") from None


def _engines(url: URL, writing: dict[str, Any], reading: dict[str, Any], *, writers: int = 1) -> Engines:
    return Engines(
        writing=create_engine(url, pool_size=writers, execution_options=_SHARED, **_SETTLED, **writing),
        reading=create_engine(url, pool_size=READERS, **_SETTLED, **reading),
    )


def _make_file(path: Path) -> None:
    """Create the database file, readable by this user only, atomically: programs that start at the same time
    find it complete or not at all. An existing file is not touched; opening and closing it would drop
    SQLite's locks on it.
    """
    draft = path.with_name(f"{path.name}.{token_hex(8)}")
    try:
        if path.exists():
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        # SQLite gives its auxiliary files the same permissions
        with closing(sqlite3.connect(draft)) as connection:
            connection.execute("PRAGMA journal_mode = wal")
        with suppress(FileExistsError):
            os.link(draft, path)
    except sqlite3.Error as error:
        raise explain(error) from None
    except OSError as error:
        raise CannotStart(
            f"The database file {path} cannot be created ({error.strerror}); "
            "make the user who runs the program the owner of the folder, and check that the disk is not full."
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink()


def _prepare(engine: Engine, begin: str | None, settings: dict[str, int | str]) -> None:
    """Configure every new connection, and begin transactions explicitly: the driver's own way breaks
    savepoints. Without `begin`, the caller begins them.
    """

    @event.listens_for(engine, "connect")
    def settle(connection: Any, record: object) -> None:
        connection.isolation_level = None
        for name, value in settings.items():
            connection.execute(f"PRAGMA {name} = {value}")

    if begin is None:
        return

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)
