"""Whether a day that was typed can be the one that was meant, and which day was probably meant instead.

A year of two figures arrives from a date field as the year 26, and a slip of a key makes 2062 of 2026. This
is the one place for every day a person types: the meeting's, an answer's, an agreement's and an invitation's.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from assistant.errors import DayImpossible, DayOver, DayUnlikely

MEANT = ".meant"
"""Added to the name of a day's field: what was pressed as the answer to the question which day was meant."""
_SOON = timedelta(days=366)
_JUST_OVER = timedelta(days=60)
_YEARS = 10
"""How many years away a day may be, where somebody says that it is right."""


def see_that_it_is_likely(on: date, today: date, *, is_sure: bool, may_be_over: bool) -> None:
    """Raise a `DayUnlikely` where the day is over or more than a year away.

    A person who was asked and `is_sure` is believed, within ten years; a day that is over is taken only where
    it `may_be_over`.
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
    """Return whether a day that is kept already is no slip of a key, be it over or not."""
    return abs(on.year - today.year) <= _YEARS


def _meant(on: date, today: date) -> Iterator[date]:
    """Days within a year that are written almost so, the likeliest first."""
    if today - _JUST_OVER <= on < today:
        return
    for year in (2000 + on.year % 100, today.year, today.year + 1):
        try:
            found = on.replace(year=year)
        except ValueError:  # 29 February
            continue
        if today <= found <= today + _SOON:
            yield found
