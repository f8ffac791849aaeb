"""The shared sheet and related data for handlers on both sides of a share."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, TypedDict

from aiohttp import web

from assistant.languages import Catalogue
from assistant.meetings.map_drawing import MapDrawing
from assistant.meetings.paper_fit import PaperFit
from assistant.meetings.reading_order import in_reading_order
from assistant.meetings.share import Snapshot
from assistant.meetings.share_ends import last_day
from assistant.web.http.context import reader_catalogue, services
from assistant.web.http.page_data import page_data
from assistant.web.views.summary import chapters_shown, first_shown, map_shown
from assistant.web.views.summary_pages import AskedAgain, EntryToRead, FirstShown, SectionShown
from assistant.zone import local, local_day


@page_data
class SharedSheet:
    """A share as shown on a page: the same for its owner and its readers."""

    first: Sequence[FirstShown]
    chapters: Sequence[SectionShown]
    map: MapDrawing | None
    more_to_say: bool
    today: str
    which_meeting: SectionShown | None = None
    """None here: the meeting comes last, because both know it."""
    first_asked: Sequence[AskedAgain] = ()
    here_conversation: str = ""
    fit: PaperFit | None = None
    """Always in the smallest type: it is mostly read on a screen."""
    with_map: bool = False
    large: bool = False
    changes: bool = False
    holds: bool = False
    is_by_another: bool = False
    to_read: Sequence[EntryToRead] = ()
    """Always empty: what the user has not read is not shared."""


class SharedSheetFields(TypedDict):
    """The fields of every page with a snapshot."""

    first: list[FirstShown]
    chapters: list[SectionShown]
    map: MapDrawing | None
    more_to_say: bool
    today: str


def on_a_shared_sheet(request: web.Request, snapshot: Snapshot) -> SharedSheetFields:
    """Return the fields for the snapshot, and nothing that is not in it."""
    said = replace(snapshot.summary, chapters=in_reading_order(snapshot.summary.chapters))
    return SharedSheetFields(
        first=first_shown(request, said),
        chapters=chapters_shown(request, said, lambda _: None),
        map=map_shown(request, snapshot.summary),
        more_to_say=snapshot.more_to_say,
        today=reader_catalogue(request).day(snapshot.on),
    )


class SpokenTimes(NamedTuple):
    """Formats a moment in words: the day and the time of day, in the service's time zone."""

    day: str
    clock: str

    @classmethod
    def of(cls, catalogue: Catalogue, at: datetime) -> "SpokenTimes":
        """Format this moment."""
        here = local(at)
        return cls(catalogue.day(here.date()), catalogue.clock(here.time()))


def time_ahead(catalogue: Catalogue, at: datetime, now: datetime) -> str:
    """Format a future time, with its day unless it is today: «kl. 15:30», «i morgen kl. 03:28»."""
    day, clock = SpokenTimes.of(catalogue, at)
    days = (local_day(at) - local_day(now)).days
    if days == 0:
        return catalogue.say("share.at_clock", clock=clock)
    return (
        catalogue.say("share.at_tomorrow", clock=clock)
        if days == 1
        else catalogue.say("day.both", on=day, at=clock)
    )


def said_until(catalogue: Catalogue, way: str, until: datetime, now: datetime) -> str:
    """Return when it expires: the last day for what was sent ahead, the time for a meeting."""
    if way == "ahead":
        return catalogue.day(last_day(until))
    return time_ahead(catalogue, until, now)


async def staff_names(request: web.Request) -> dict[str, str]:
    """Return the display name of each member of staff."""
    accounts = await services(request).staff.accounts.all()
    return {account.member.id: account.member.name for account in accounts}
