"""The day of the meeting as a calendar entry (RFC 5545), for a calendar that others may look into.

It holds the day, the time and a word anyone might have there. Nothing that was prepared is in it, not even
what kind of meeting it is, and nothing names this program.

A time is written as the instant in UTC. Every reader has that right, summer and winter: calendars differ in
which definitions of a time zone they understand (RDATE, RRULE, names), and some are then an hour off.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from assistant.engine.conversation import OnDay

GUESSED_LENGTH = timedelta(hours=1)
"""How long the entry lasts. Nobody said it, and some calendars refuse an entry without an end."""


class MadeAt(NamedTuple):
    """When the entry is made, and in which zone its day and time are meant."""

    moment: datetime
    zone: ZoneInfo


def as_calendar(day: OnDay, title: str, uid: str, made: MadeAt) -> bytes:
    """The entry. The same `uid` again moves the entry in the calendar and does not make another.

    With no time of day it is the whole day.
    """
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
    """Where it begins and ends: instants in UTC, or days, the last of them left out (RFC 5545 §3.6.1)."""
    if at is None:
        return on, on + timedelta(days=1) if on < date.max else on
    try:
        start = datetime.combine(on, at, zone).astimezone(UTC)
        return start, start + GUESSED_LENGTH
    except OverflowError:  # an old document may hold the first or the last day there is
        return datetime.combine(on, at, UTC), datetime.combine(on, at, UTC)
