"""Checks of the dates in a review: until when, and when to look at it again."""

from datetime import date

from assistant.engine.likely_day import is_possible, see_that_it_is_likely
from assistant.errors import DayUnlikely
from assistant.meetings.review.acts import GiveAnswer, Propose
from assistant.meetings.review.review import HonestAnswer, Proposal


def see_that_days_are_likely(
    act: GiveAnswer | Propose, before: HonestAnswer | Proposal | None, today: date | None
) -> None:
    """Raise `DayUnlikely` for a past date, or a distant one that was not confirmed. A date that was already
    there `before` is accepted if it is possible at all. Without `today` nothing is checked.
    """
    for field in ("by_on", "look_again_on"):
        on = getattr(act, field, None)
        if on is None or today is None:
            continue
        if on == getattr(before, field, None) and is_possible(on, today):
            continue
        try:
            see_that_it_is_likely(on, today, is_sure=field in act.sure, may_be_over=False)
        except DayUnlikely as unlikely:
            raise unlikely.in_field(field) from None
