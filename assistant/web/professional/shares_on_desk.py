"""The shares on a professional's desk: told apart by meeting and two words, read or not read yet."""

from datetime import datetime

from aiohttp import web

from assistant.service.sharing.openings import ReadableShare
from assistant.service.staff.members import SignedInStaff
from assistant.web.http.context import context, reader_catalogue, services
from assistant.web.professional.share import ARRIVED, SHARED
from assistant.web.staff.desk_sections import DeskRow
from assistant.web.views.said import said_shown
from assistant.web.views.shared_summary import SpokenTimes, said_until


async def on_desk(request: web.Request, who: SignedInStaff, *, is_opened: bool) -> list[DeskRow]:
    """Return the shares that arrived or can still be read: times, and nothing of their content."""
    catalogue, now = reader_catalogue(request), context(request).clock()
    rows = [row for row in await services(request).openings.on_desk(who) if row.was_opened == is_opened]
    return [
        DeskRow(
            f"{SHARED}/{row.opening}" if row.opening else f"{ARRIVED}/{row.share.id}",
            *_row(request, row, now),
            catalogue.say("desk.read" if row.was_opened else "desk.unread"),
            not row.was_opened,
        )
        for row in rows
    ]


def _row(request: web.Request, row: ReadableShare, now: datetime) -> tuple[str, str]:
    """Name a share by the professional's label, or by its meeting and the two words; and say how it came."""
    catalogue = reader_catalogue(request)
    came = catalogue.say(
        f"desk.row_{row.share.way}", **SpokenTimes.of(catalogue, row.share.made_at)._asdict()
    )
    ends = said_until(catalogue, row.share.way, row.share.opens_until, now)
    meeting = said_shown(request, row.meeting).text if row.meeting else None
    named = row.label or meeting
    words = "\N{NO-BREAK SPACE}·\N{NO-BREAK SPACE}".join(row.check or ())  # read as one name
    label = " · ".join(filter(None, [named or came, words]))
    until = catalogue.say("desk.row_until", until=ends)
    return label, f"{came}. {until}" if named else until
