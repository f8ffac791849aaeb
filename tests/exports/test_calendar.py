"""The day of the meeting in a calendar that others may see."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as some
from icalendar import Calendar

from assistant.engine.conversation import OnDay
from assistant.exports.calendar_entry import as_calendar

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_with_a_time_it_is_that_time_in_oslo() -> None:
    made = as_calendar(OnDay(on=date(2027, 2, 5), at=time(12, 30)), "Møte", "u", NOW)
    calendar = Calendar.from_ical(made)
    (event,) = calendar.events
    assert event.start == datetime(2027, 2, 5, 11, 30, tzinfo=UTC)
    assert b"DTSTART;TZID=Europe/Oslo:20270205T123000\r\n" in made
    assert [str(zone["TZID"]) for zone in calendar.timezones] == ["Europe/Oslo"]


@pytest.mark.parametrize(("month", "away"), [(1, 1), (7, 2)])
def test_summer_time_is_in_it(month: int, away: int) -> None:
    made = as_calendar(OnDay(on=date(2027, month, 5), at=time(9)), "Møte", "u", NOW)
    (event,) = Calendar.from_ical(made).events
    assert isinstance(event.start, datetime)
    assert event.start.utcoffset() == timedelta(hours=away)


def test_without_a_time_it_is_the_whole_day() -> None:
    made = as_calendar(OnDay(on=date(2027, 2, 5)), "Meeting", "u", NOW)
    assert b"DTSTART;VALUE=DATE:20270205\r\n" in made
    assert b"VTIMEZONE" not in made


@for_any(some.builds(OnDay, on=some.dates(date(1990, 1, 1), date(2100, 1, 1)), at=some.none() | some.times()))
def test_there_is_nothing_in_it_but_the_day_and_a_neutral_word(day: OnDay) -> None:
    calendar = Calendar.from_ical(as_calendar(day, "Møte", "0f", NOW))
    (event,) = calendar.events
    assert set(event) == {"UID", "DTSTAMP", "SUMMARY", "CLASS", "DTSTART"}
    assert str(event["SUMMARY"]) == "Møte"
    assert (str(event["UID"]), str(event["CLASS"])) == ("0f", "PRIVATE")
    assert set(calendar) == {"PRODID", "VERSION"}
