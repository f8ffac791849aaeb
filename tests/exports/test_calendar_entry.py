"""The day of the meeting in a calendar that others may see, read back by libraries that did not write it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ics
import pytest
import vobject
from hypothesis import given as for_any
from hypothesis import strategies as some
from icalendar import Calendar

from assistant.engine.conversation import OnDay
from assistant.exports.calendar_entry import MadeAt, as_calendar

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OSLO, KOLKATA = ZoneInfo("Europe/Oslo"), ZoneInfo("Asia/Kolkata")

Span = tuple[datetime | date | None, datetime | date | None]


def made(day: OnDay, zone: ZoneInfo = OSLO) -> bytes:
    return as_calendar(day, "Møte", "0f", MadeAt(NOW, zone))


def as_icalendar_reads(entry: bytes) -> Span:
    (event,) = Calendar.from_ical(entry).events
    return event.start, event.end


def as_vobject_reads(entry: bytes) -> Span:
    event: Any = vobject.readOne(entry.decode()).vevent
    return event.dtstart.value, event.dtend.value


def as_ics_reads(entry: bytes) -> Span:
    (event,) = ics.Calendar(entry.decode()).events
    if event.all_day:
        return event.begin.date(), event.end.date()
    return event.begin.datetime, event.end.datetime


READERS = [as_icalendar_reads, as_vobject_reads, as_ics_reads]
MEETINGS = [
    (OSLO, "2027-01-05 09:30", "2027-01-05 08:30"),
    (OSLO, "2027-06-03 09:30", "2027-06-03 07:30"),
    (OSLO, "2027-03-27 09:00", "2027-03-27 08:00"),
    (OSLO, "2027-03-28 09:00", "2027-03-28 07:00"),  # summer time begins
    (OSLO, "2027-10-30 09:00", "2027-10-30 07:00"),
    (OSLO, "2027-10-31 09:00", "2027-10-31 08:00"),  # summer time ends
    (OSLO, "2039-06-03 09:30", "2039-06-03 07:30"),  # past the end of many lists
    (KOLKATA, "2027-01-05 09:30", "2027-01-05 04:00"),  # no summer time
    (KOLKATA, "2027-06-03 09:30", "2027-06-03 04:00"),
    (ZoneInfo("America/New_York"), "2027-06-03 20:30", "2027-06-04 00:30"),
]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(("zone", "told", "instant"), MEETINGS)
def test_every_reader_finds_the_instant(
    read: Callable[[bytes], Span], zone: ZoneInfo, told: str, instant: str
) -> None:
    here, start = datetime.fromisoformat(told), datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert read(made(OnDay(on=here.date(), at=here.time()), zone)) == (start, start + timedelta(hours=1))


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("on", [date(2027, 2, 5), date(2027, 3, 28), date(2027, 12, 31)])
def test_without_a_time_every_reader_finds_the_whole_day(read: Callable[[bytes], Span], on: date) -> None:
    assert read(made(OnDay(on=on))) == (on, on + timedelta(days=1))


def test_there_is_no_definition_of_a_zone_to_be_misread() -> None:
    entry = made(OnDay(on=date(2027, 6, 3), at=time(9, 30)))
    assert b"DTSTART:20270603T073000Z\r\nDTEND:20270603T083000Z\r\n" in entry
    assert b"VTIMEZONE" not in entry
    assert b"TZID" not in entry


@for_any(
    some.builds(OnDay, on=some.dates(), at=some.none() | some.times()), some.sampled_from([OSLO, KOLKATA])
)
def test_there_is_nothing_in_it_but_the_day_and_a_neutral_word(day: OnDay, zone: ZoneInfo) -> None:
    # any day at all: an old document may hold one that is refused today
    calendar = Calendar.from_ical(made(day, zone))
    (event,) = calendar.events
    assert set(event) == {"UID", "DTSTAMP", "SUMMARY", "CLASS", "DTSTART", "DTEND"}
    assert str(event["SUMMARY"]) == "Møte"
    assert (str(event["UID"]), str(event["CLASS"])) == ("0f", "PRIVATE")
    assert set(calendar) == {"PRODID", "VERSION"}
