"""What many tests begin with: the pages make it once in each process, and its rows are copied after that."""

import sqlite3
from collections.abc import Awaitable, Callable, Hashable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import wraps
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from aiohttp import web

from assistant.config import Settings
from assistant.storage.schema import metadata
from assistant.web.http.context import CONTEXT, Context
from support.page import Page
from support.quick import is_shared

if TYPE_CHECKING:
    from support.person import Person

P = ParamSpec("P")
T = TypeVar("T")
Rows = Mapping[str, frozenset[tuple[Any, ...]]]
"""The rows of each table."""


@dataclass(frozen=True)
class Made:
    """What came of it: the new rows, the cookies, and what was returned at which address."""

    rows: Rows
    cookies: Mapping[str, str]
    address: str
    returned: Any


_MADE: dict[Hashable, Made] = {}


def made_once(
    make: Callable[Concatenate["Person", P], Awaitable[T]],
) -> Callable[Concatenate["Person", P], Awaitable[T]]:
    """Have what somebody makes with a new browser made by the pages once, and then copied.

    It is copied only into an application that would come to the same: it has the same settings, dialogues,
    keys and time, one database in a file, and does not hold it already. Otherwise the pages make it again, so
    whatever a test does before, it gets what the pages would make. Limits of how often are not counted up.
    """

    @wraps(make)
    async def made(person: "Person", /, *args: P.args, **kwargs: P.kwargs) -> T:
        here = _application(person)
        if here is None:
            return await make(person, *args, **kwargs)
        key = (make.__module__, make.__qualname__, args, frozenset(kwargs.items()), _surroundings(here))
        kept = _MADE.get(key)
        if kept is not None:
            with suppress(sqlite3.IntegrityError):  # somebody else here has it
                _add_rows(here.settings, kept.rows)
                person.client.session.cookie_jar.update_cookies(kept.cookies, person.client.make_url("/"))
                returned: T = _at(kept.returned, kept.address, person.address)
                return returned
            return await make(person, *args, **kwargs)
        before = _rows(here.settings)
        result = await make(person, *args, **kwargs)
        after = _rows(here.settings)
        if all(before[table] <= after[table] for table in after):
            rows = {table: after[table] - before[table] for table in after if after[table] != before[table]}
            cookies = {cookie.key: cookie.value for cookie in person.client.session.cookie_jar}
            _MADE[key] = Made(rows, cookies, person.address, result)
        return result

    return made


def _application(person: "Person") -> Context | None:
    """The application that a new browser asks; None if the browser is not new, or others can write there."""
    # a client that goes through a proxy has no server here
    app = getattr(getattr(person.client, "server", None), "app", None)
    if not isinstance(app, web.Application) or CONTEXT not in app:
        return None
    here, session = app[CONTEXT], person.client.session
    is_new = not session.headers and not any(True for _ in session.cookie_jar)
    is_in_a_file = here.settings.database is None and here.settings.keys_folder is None
    # pages that only one application has may change
    return here if is_new and is_in_a_file and is_shared(here.pages) else None


def _surroundings(here: Context) -> Hashable:
    keys = b"".join(path.read_bytes() for path in sorted(here.settings.keys.iterdir()) if path.is_file())
    dialogues = frozenset(dialogue.digest for dialogue in here.services.dialogues.in_use.values())
    settings = here.settings.model_dump_json(exclude={"data"})
    return here.clock(), id(here.pages), settings, dialogues, sha256(keys).digest()


_TABLES = [name for name in metadata.tables if name not in ("clock", "heartbeat")]
"""The tables but for those that the program writes by itself, at any time."""


def _rows(settings: Settings) -> Rows:
    with closing(sqlite3.connect(settings.database_file)) as database:
        return {name: frozenset(database.execute(f"SELECT * FROM {name}")) for name in _TABLES}


def _add_rows(settings: Settings, rows: Rows) -> None:
    with closing(sqlite3.connect(settings.database_file)) as database, database:
        for table, several in rows.items():
            marks = ", ".join("?" * len(next(iter(several))))
            database.executemany(f"INSERT INTO {table} VALUES ({marks})", several)


def _at(returned: Any, address: str, now: str) -> Any:
    """The same where the application has this address now."""
    match returned:
        case Page() if address in returned.html:
            return replace(returned, html=returned.html.replace(address, now))
        case str():
            return returned.replace(address, now)
        case tuple():
            return tuple(_at(one, address, now) for one in returned)
    return returned
