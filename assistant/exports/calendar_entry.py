"""The day of the meeting as a calendar entry (RFC 5545), for a calendar that others may look into.

It holds the day, the time and a word anyone might have there. Nothing that was prepared is in it, not even
what kind of meeting it is, and nothing names this program.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from assistant.engine.conversation import OnDay

ZONE = "Europe/Oslo"
"""Where meetings are held. A day and its time are told as they are there."""


def as_calendar(day: OnDay, title: str, uid: str, made_at: datetime) -> bytes:
    """The entry. The same `uid` again moves the entry in the calendar and does not make another.

    With no time of day it is the whole day. It has no end: nobody said how long the meeting lasts.
    """
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", made_at)
    event.add("summary", title)
    event.add("class", "PRIVATE")
    event.add("dtstart", datetime.combine(day.on, day.at, ZoneInfo(ZONE)) if day.at else day.on)
    calendar = Calendar()
    calendar.add("prodid", "-//calendar entry//")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    entry: bytes = calendar.to_ical()
    return entry
