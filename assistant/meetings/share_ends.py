"""When a share expires."""

from datetime import UTC, date, datetime, time, timedelta

from assistant.meetings.share import Way
from assistant.retention import Retention


def opens_until(way: Way, made_at: datetime, meeting_on: date | None, retention: Retention) -> datetime:
    """Return when it expires if it is not withdrawn before."""
    if way == "together":
        return made_at + retention.together
    return ends_after_meeting(made_at, meeting_on, retention.ahead)


def ends_after_meeting(made_at: datetime, meeting_on: date | None, ahead: timedelta) -> datetime:
    """Return when a summary sent ahead expires. It follows the meeting's date; without a future date it is
    counted from the day it was sent. It falls at the end of a week, so that it does not reveal the day of
    the meeting.
    """
    sent_on = made_at.date()
    last = max(meeting_on or sent_on, sent_on) + ahead
    last += timedelta(days=6 - last.weekday())
    return datetime.combine(last + timedelta(days=1), time.min, tzinfo=UTC)


def last_day(until: datetime) -> date:
    """Return the last day on which it may be opened."""
    return (until - timedelta(microseconds=1)).date()
