"""Retention: a notebook is kept for a year after its last use, or until the day its owner chose.

Only a new choice moves a chosen day, earlier or later.
"""

from calendar import monthrange
from datetime import datetime

MONTHS = (1, 3, 12, 24)
"""The months from now that a user may choose between."""


def months_from(now: datetime, months: int) -> datetime:
    """Return the same day of the month some months later, or the last day if the month is shorter."""
    year, month = divmod(now.year * 12 + now.month - 1 + months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))
