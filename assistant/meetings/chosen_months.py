"""The day until which a notebook is kept, if its owner chooses one. Only a new choice moves it."""

from calendar import monthrange
from datetime import datetime


def months_from(now: datetime, months: int) -> datetime:
    """Return the same day of the month some months later, or the last day if the month is shorter."""
    year, month = divmod(now.year * 12 + now.month - 1 + months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))
