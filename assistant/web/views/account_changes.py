"""Account changes, shown to those they concern: all staff, and users who share with them."""

from collections.abc import Sequence

from aiohttp import web

from assistant.service.staff.account_changes import AccountChange
from assistant.service.staff.members import SignedInStaff
from assistant.web.http.context import context, reader_catalogue, services
from assistant.zone import local


async def all_changes(request: web.Request) -> list[str]:
    """Return every change as a sentence, newest first."""
    return [_said(request, change) for change in await _changes(request)]


async def own_changes(request: web.Request, who: SignedInStaff) -> list[str]:
    """Return the changes others made to this person's account."""
    catalogue, say = reader_catalogue(request), reader_catalogue(request).say
    return [
        say(f"changes.own_{change.what}", day=catalogue.day(local(change.at).date()))
        for change in await _changes(request)
        if change.staff_id == who.member.id and change.what != "added"
    ]


async def new_keys_of(request: web.Request, staff_ids: Sequence[str]) -> list[str]:
    """Return who among these got new keys, and when most recently."""
    if not staff_ids:
        return []
    catalogue, changes = reader_catalogue(request), dict[str, str]()
    for change in await _changes(request):
        if change.what == "reset" and change.staff_id in staff_ids:
            day = catalogue.day(local(change.at).date())
            changes.setdefault(change.staff_id, catalogue.say("share.new_keys", name=change.name, day=day))
    return list(changes.values())


async def _changes(request: web.Request) -> list[AccountChange]:
    return await services(request).staff.accounts.changes()


def _said(request: web.Request, change: AccountChange) -> str:
    catalogue, pages = reader_catalogue(request), context(request).pages
    roles = [
        pages.peer_worker(catalogue.language)
        if role == "peer_worker"
        else catalogue.say(f"role.{role}_in_list")
        for role in sorted(change.roles)
    ]
    day = catalogue.day(local(change.at).date())
    return catalogue.say(f"changes.{change.what}", name=change.name, day=day, roles=catalogue.listed(roles))
