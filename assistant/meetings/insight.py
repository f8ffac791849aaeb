"""The service's figures: how much was shared and answered in a quarter, of what users chose to have counted.

Each notebook adds at most one preparation to a quarter, and answers are counted only in the quarter in which
it was shared. So the number of preparations is also the number of people, and no person weighs more than one
review. Figures are made once, after the quarter, and are whole tens: no two figures are about the same acts,
so the difference between two says nothing about one person.
"""

from datetime import date, timedelta
from typing import NamedTuple

from assistant.engine.conversation import StoredModel
from assistant.meetings.review.review import Review

LEAST = 10
"""The fewest people that a figure is made from; and figures are rounded down to a multiple of it."""
KEPT_FOR = timedelta(days=3 * 365)
"""How long figures are kept after the quarter."""
UNCOUNTED = "0000-0"
"""In place of a quarter, where nothing is counted: as long as one, so that sealed sizes do not differ."""
_WISHES = "wishes"


class Figures(NamedTuple):
    """What the service sees of a quarter that is over; 0 means fewer than ten."""

    quarter: str
    shared: int
    answered: int

    @property
    def year(self) -> int:
        """Return the year."""
        return int(self.quarter.partition("-")[0])

    @property
    def number(self) -> int:
        """Return which quarter of the year it is, from 1."""
        return int(self.quarter.partition("-")[2])


class Tally(StoredModel):
    """The exact counts of the running quarter. They are sealed, and are gone when the quarter is over."""

    quarter: str
    shared: int = 0
    """Preparations, each from a notebook of its own."""
    answered: int = 0
    """Wishes with an answer."""
    answered_in: int = 0
    """The reviews that those wishes are in."""

    def plus(self, shared: int, answered: int, answered_in: int) -> "Tally":
        """Return the tally after an act."""
        return Tally(
            quarter=self.quarter,
            shared=self.shared + shared,
            answered=self.answered + answered,
            answered_in=self.answered_in + answered_in,
        )

    @property
    def figures(self) -> Figures | None:
        """Return what is made public of it; None if that is nothing."""
        if self.shared < LEAST:
            return None
        answered = self.answered if self.answered_in >= LEAST else 0
        return Figures(self.quarter, _whole_tens(self.shared), _whole_tens(answered))


def quarter_of(day: date) -> str:
    """Return the quarter that a day is in: 2026-4. Quarters sort as their days do."""
    return f"{day.year:04}-{(day.month + 2) // 3}"


def newly_answered(before: Review, after: Review, quarter: str) -> tuple[int, int]:
    """Return how many wishes an act gave their first answer, and how many reviews it gave their first one: 0
    or 1. Both are 0 if the share was not counted in this quarter.

    An answer is changed but never removed, so each wish is counted once.
    """
    if after.counted_in != quarter:
        return 0, 0
    had, has = _answered(before), _answered(after)
    return len(has - had), int(bool(has) and not had)


def _answered(review: Review) -> frozenset[str]:
    entries = review.gone_into.items()
    return frozenset(id_ for id_, one in entries if one.section == _WISHES and one.answers)


def _whole_tens(number: int) -> int:
    return number - number % LEAST
