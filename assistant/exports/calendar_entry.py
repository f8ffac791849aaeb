"""The meeting as a calendar entry (RFC 5545), for a calendar that other people may see.

It contains the day, the time and an inconspicuous word. It contains nothing of the preparation, not even the
kind of meeting, and does not name this program.

A time is written as the instant in UTC. All calendars read that correctly. They differ in which time zone
definitions they understand (RDATE, RRULE, names), and some would be an hour off.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from assistant.engine.conversation import OnDay
from assistant.engine.journey import Journey

GUESSED_LENGTH = timedelta(hours=1)
"""How long the entry lasts. The length is unknown, but some calendars refuse an entry without an end."""


class MadeAt(NamedTuple):
    """When the entry was made, and the time zone of its day and time."""

    moment: datetime
    zone: ZoneInfo


def day_of(journey: Journey) -> OnDay | None:
    """Return the meeting's day, if given: the first day answered on the journey."""
    return next((answer for answer in journey.answers.values() if isinstance(answer, OnDay)), None)


def as_calendar(day: OnDay, title: str, uid: str, made: MadeAt) -> bytes:
    """Return the entry. Importing the same `uid` again moves the entry instead of adding another. Without a
    time of day it covers the whole day.
    """
    from icalendar import Calendar, Event  # needed seldom, and slow to import

    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", made.moment.astimezone(UTC))
    event.add("summary", title)
    event.add("class", "PRIVATE")
    start, end = _from_to(day.on, day.at, made.zone)
    event.add("dtstart", start)
    event.add("dtend", end)
    calendar = Calendar()
    calendar.add("prodid", "-//calendar entry//")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    entry: bytes = calendar.to_ical()
    return entry


def _from_to(on: date, at: time | None, zone: ZoneInfo) -> tuple[date, date]:
    """Return begin and end: instants in UTC, or days with an exclusive end (RFC 5545 §3.6.1)."""
    if at is None:
        return on, on + timedelta(days=1) if on < date.max else on
    try:
        start = datetime.combine(on, at, zone).astimezone(UTC)
        return start, start + GUESSED_LENGTH
    except OverflowError:  # an old document may contain the first or last representable date
        return datetime.combine(on, at, UTC), datetime.combine(on, at, UTC)
