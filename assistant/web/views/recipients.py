"""Who reads what is sent ahead: the readers of the whole service, or of each of its units."""

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from aiohttp import web

from assistant.config import ReadingPromise, Said, units_of
from assistant.meetings.invitation import ReceivedInvitation
from assistant.service.staff.accounts import Account
from assistant.service.staff.members import StaffMember
from assistant.service.staff.reader_accounts import missing_readers, professionals_among
from assistant.web.http.context import context, reader_language, services


class Readers(NamedTuple):
    """Readers to whom something can be sent, and what is promised about them."""

    unit: str
    """The id of the unit; empty where the service has no units."""
    name: str
    """The name of the unit in the reader's language, or empty."""
    promise: tuple[str, str, str]
    members: tuple[StaffMember, ...]

    @property
    def way(self) -> str:
        """Return how a form names the choice to send it to them."""
        return f"ahead:{self.unit}" if self.unit else "ahead"


async def readers_for(
    request: web.Request, invited: ReceivedInvitation | None = None, unit: str = ""
) -> list[Readers]:
    """Return the readers that a user chooses between: those of the unit they came to, or else of the
    inviting professional's units, or else of every unit.
    """
    settings = context(request).settings
    if not settings.units and settings.reading is None:
        return []
    accounts = await services(request).staff.accounts.all()
    if not settings.units:
        return _with_members(request, accounts, [("", {}, settings.reading)])
    chosen = [one for one in settings.units if one.id == unit]
    if not chosen and invited is not None:
        names = [account.member.name for account in accounts if account.member.id == invited.staff_id]
        chosen = [one for name in names for one in units_of(settings.units, name)]
    return _with_members(
        request, accounts, [(one.id, one.name, one.reading) for one in chosen or settings.units]
    )


async def readers_beside(request: web.Request, member: StaffMember) -> list[Readers]:
    """Return the readers of the units where this member of staff works, or of the whole service."""
    units = context(request).settings.units
    found = await readers_for(request)
    here = {unit.id for unit in units_of(units, member.name)}
    return [one for one in found if not units or one.unit in here]


async def inviter(request: web.Request, invited: ReceivedInvitation) -> StaffMember | None:
    """Return the inviting professional, if something can be sent to them."""
    found = professionals_among(await services(request).staff.accounts.all())
    return next((member for member in found if member.id == invited.staff_id), None)


async def recipients(
    request: web.Request, invited: ReceivedInvitation | None, unit: str = ""
) -> list[Readers]:
    """Return who would read it: the readers, and before them the inviting professional.

    None without readers: the inviting professional may be away, and the promise says who reads then.
    """
    found = await readers_for(request, invited, unit)
    host = await inviter(request, invited) if invited and found else None
    if host is None:
        return found
    return [one if host in one.members else one._replace(members=(host, *one.members)) for one in found]


async def host_of_reply(
    request: web.Request, invited: ReceivedInvitation | None, unit: str = ""
) -> StaffMember | None:
    """Return the inviting professional, if a reply can be sent to them ahead of the meeting."""
    if invited is None or not await readers_for(request, invited, unit):
        return None
    return await inviter(request, invited)


def digest_of(found: Sequence[Readers]) -> str:
    """Return a digest of all recipients, to check that they are those the page named."""
    named = [f"{one.unit}:{' '.join(sorted(member.id for member in one.members))}" for one in found]
    return sha256("\n".join(named).encode()).hexdigest()


async def unreachable_readers(request: web.Request) -> list[str]:
    """Return readers named in the service file to whom nothing can be sent, with the names of their units."""
    settings, language = context(request).settings, reader_language(request)
    accounts = await services(request).staff.accounts.all()
    if settings.reading is not None:
        return missing_readers(accounts, settings.reading.readers)
    return [
        f"{name} ({unit.name.get(language, unit.id)})"
        for unit in settings.units
        if unit.reading is not None
        for name in missing_readers(accounts, unit.reading.readers)
    ]


def _with_members(
    request: web.Request,
    accounts: Sequence[Account],
    promises: Sequence[tuple[str, Said, ReadingPromise | None]],
) -> list[Readers]:
    language, members = reader_language(request), professionals_among(accounts)
    found: list[Readers] = []
    for unit, name, promise in promises:
        said = promise.in_(language) if promise else None
        reached = tuple(one for one in members if promise is not None and one.name in promise.readers)
        if said is not None and reached:
            found.append(Readers(unit, name.get(language, unit), said, reached))
    return found
