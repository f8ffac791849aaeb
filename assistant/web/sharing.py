"""What handlers on both sides of a share have at hand, and the sheet both sides see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypedDict

from aiohttp import web

from assistant.config import ReadingPromise
from assistant.languages import Catalogue
from assistant.meetings.share import Snapshot, last_day
from assistant.service.choosing import Choosing
from assistant.service.invitations import Invitations
from assistant.service.readings import Readings
from assistant.service.records import Records
from assistant.service.reviews import Reviews
from assistant.service.shares import Shares
from assistant.service.staff import StaffMember
from assistant.service.staff_accounts import missing_readers
from assistant.web.desk import DESK, catalogue
from assistant.web.limits import Buckets
from assistant.web.user.entries import chapters_shown, first_shown
from assistant.web.user.sheet_pages import ChapterShown, FirstShown


@dataclass(frozen=True)
class Sharing:
    """Everything the handlers of shares need."""

    invitations: Invitations
    choosing: Choosing
    shares: Shares
    readings: Readings
    reviews: Reviews
    records: Records
    wrong_codes: Buckets
    new_codes: Buckets
    promise: ReadingPromise | None


SHARING = web.AppKey("sharing", Sharing)


@dataclass(frozen=True, kw_only=True)
class SharedSheet:
    """What is shared, as it stands on a page: the same page for whoever shares and whoever reads."""

    first: Sequence[FirstShown]
    chapters: Sequence[ChapterShown]
    more_to_say: bool
    today: str
    here_conversation: str = ""
    large: bool = False
    changes: bool = False
    holds: bool = False


class OnASharedSheet(TypedDict):
    """What every page with a snapshot on it is given."""

    first: list[FirstShown]
    chapters: list[ChapterShown]
    more_to_say: bool
    today: str


def on_a_shared_sheet(request: web.Request, snapshot: Snapshot) -> OnASharedSheet:
    """The snapshot, and nothing that is not in it."""
    said = snapshot.summary
    return OnASharedSheet(
        first=first_shown(request, said, lambda _: None),
        chapters=chapters_shown(request, said, lambda _: None),
        more_to_say=snapshot.more_to_say,
        today=catalogue(request).day(snapshot.on),
    )


class Moments(NamedTuple):
    """A moment as it is read aloud: the day and the time of day, where the server stands."""

    day: str
    clock: str

    @classmethod
    def of(cls, book: Catalogue, at: datetime) -> "Moments":
        """This moment."""
        here = at.astimezone()
        return cls(book.day(here.date()), book.clock(here.time()))


def said_until(book: Catalogue, way: str, until: datetime) -> str:
    """Until when it may be opened: the last day of what was sent ahead, the time for a meeting."""
    if way == "ahead":
        return book.day(last_day(until))
    return book.say("share.at_clock", clock=Moments.of(book, until).clock)


async def staff_names(request: web.Request) -> dict[str, str]:
    """What each member of staff is called."""
    accounts = await request.app[DESK].staff.accounts.all()
    return {account.member.id: account.member.name for account in accounts}


async def professionals(request: web.Request) -> tuple[StaffMember, ...]:
    """Those who can be sent something: set up, and not shut out."""
    return tuple(
        account.member
        for account in await request.app[DESK].staff.accounts.all()
        if "professional" in account.member.roles and account.is_set_up and account.disabled_at is None
    )


async def unreachable_readers(request: web.Request) -> list[str]:
    """Those named as readers in the service file whom nothing can be sent to."""
    promise = request.app[SHARING].promise
    if promise is None:
        return []
    return missing_readers(await request.app[DESK].staff.accounts.all(), promise.readers)


async def readers(request: web.Request) -> tuple[StaffMember, ...]:
    """Those who have promised to read what is sent ahead, and can."""
    promise = request.app[SHARING].promise
    if promise is None:
        return ()
    return tuple(member for member in await professionals(request) if member.name in promise.readers)
