"""Check that the readers named in the service file have accounts."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from assistant.config import Settings
from assistant.dialogue.checks.issues import Issue
from assistant.errors import CannotStart, NotSaved
from assistant.service.staff.accounts import Account, StaffAccounts
from assistant.service.staff.among_staff import among_staff
from assistant.service.staff.reader_accounts import missing_readers
from assistant.web.http.service_file import Service, look_at_service


def issues_of_readers(settings: Settings, service: Path) -> list[Issue]:
    """Return a warning for each reader in the service file to whom nothing can be sent. Raises
    `CannotStart`. They are only warnings, because a server must be started before its first accounts exist.
    """
    settings.check_where()
    if settings.database is None and not settings.database_file.exists():
        raise CannotStart(f"There is no database in {settings.data}; give the server's folder with --data.")
    found = look_at_service(service)
    named = [] if found.service is None else list(_readers_named(found.service))
    if not named:
        return []
    try:
        accounts = asyncio.run(_accounts(settings))
    except NotSaved:
        raise CannotStart("The database does not answer; check that it is running.") from None
    do = "make the account and let them set it up, or correct the name; nothing is sent to them until then"
    lacks = "has no account in use as a professional"
    return [
        Issue(found.file, *found.marks.get(place, (1, 1)), "S105", f"'{name}'{at} {lacks}", do)
        for place, at, readers in named
        for name in missing_readers(accounts, readers)
    ]


def _readers_named(service: Service) -> Iterator[tuple[tuple[str | int, ...], str, Iterable[str]]]:
    """Yield each list of readers: its place in the file, the unit in words, and the names."""
    if service.promise is not None:
        yield ("reading", "readers"), "", service.promise.readers
    for number, group in enumerate(service.units):
        if group.reading is not None:
            yield ("units", number, "reading", "readers"), f" at '{group.id}'", group.reading.readers


async def _accounts(settings: Settings) -> Sequence[Account]:
    async def act(accounts: StaffAccounts) -> Sequence[Account]:
        return await accounts.all()

    return await among_staff(settings.database_url, settings.keys, act)
