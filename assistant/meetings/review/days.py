"""The days in a review that somebody sets for what is to come: until when, and when it is looked at again."""

from datetime import date

from assistant.engine.likely_day import is_possible, see_that_it_is_likely
from assistant.errors import DayUnlikely
from assistant.meetings.review.acts import GiveAnswer, Propose
from assistant.meetings.review.review import HonestAnswer, Proposal


def see_that_days_are_likely(
    act: GiveAnswer | Propose, before: HonestAnswer | Proposal | None, today: date | None
) -> None:
    """Raise `DayUnlikely` for a day that is over, or far away and not said to be meant.

    A day that stood there `before` stays, where it is possible at all. Without `today` nothing is looked at.
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
