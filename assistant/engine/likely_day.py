"""Check whether a typed date is plausible, and suggest the date that was probably meant.

A year of two figures arrives from a date field as the year 26, and a typing slip turns 2026 into 2062. This
module covers every date a person types: the meeting's, an answer's, an agreement's and an invitation's.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from assistant.errors import DayImpossible, DayOver, DayUnlikely

MEANT = ".meant"
"""Suffix of a date field's name: the button pressed when asked which day was meant."""
_SOON = timedelta(days=366)
_JUST_OVER = timedelta(days=60)
_YEARS = 10
"""The farthest a date may be, in years, when the person confirms it."""


def see_that_it_is_likely(on: date, today: date, *, is_sure: bool, may_be_over: bool) -> None:
    """Raise `DayUnlikely` if the day is past or more than a year away.

    With `is_sure` (the person was asked and confirmed) up to ten years are accepted; a past day only if
    `may_be_over`.
    """
    if today <= on <= today + _SOON:
        return
    meant = next(_meant(on, today), None)
    if abs(on.year - today.year) > _YEARS:
        raise DayImpossible(on, meant)
    if on < today and not may_be_over:
        raise DayOver(on, meant)
    if not is_sure:
        raise DayUnlikely(on, meant)


def is_possible(on: date, today: date) -> bool:
    """Return whether a stored date is plausible, past or not."""
    return abs(on.year - today.year) <= _YEARS


def _meant(on: date, today: date) -> Iterator[date]:
    """Return similarly written dates within a year, the likeliest first."""
    if today - _JUST_OVER <= on < today:
        return
    for year in (2000 + on.year % 100, today.year, today.year + 1):
        try:
            found = on.replace(year=year)
        except ValueError:  # 29 February
            continue
        if today <= found <= today + _SOON:
            yield found
