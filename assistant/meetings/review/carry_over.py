"""What a meeting leaves for the next one: promised answers, and entries put off or never answered."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Literal, get_args

from assistant.meetings.review.asking import is_for_next_time, promise
from assistant.meetings.review.review import HonestAnswer, Review, ReviewedEntry
from assistant.meetings.share import Said
from assistant.value_class import value_class

Why = Literal["promised", "carried", "written", "put_off", "unanswered"]
"""Why an entry is offered next time: a professional promised to ask about it; the user wanted to take it to a
meeting, with a peer worker; the user wrote it after the meeting; it was put off in the meeting; or its answer
never came.
"""


@value_class
class LeftFromMeeting:
    """Entries that a meeting leaves for the next one, for one reason."""

    why: Why
    said: tuple[Said, ...]
    unread: frozenset[Said] = frozenset()
    """Those that another person wrote for the user, who has not approved them."""
    promises: Mapping[Said, HonestAnswer] = field(default_factory=dict)
    """The promise about each, with the day it was promised for."""


def left_from_meeting(
    written: Mapping[str, bool], reviews: Iterable[Review], carried: Mapping[str, bool]
) -> tuple[LeftFromMeeting, ...]:
    """Return what one meeting left, and what was carried from a peer worker since. Each entry is there once,
    under the first reason that applies. `written` and `carried` say of each text whether it is unread.
    """
    left = left_over(reviews)
    promises = {one.entry.said: made for one in left if (made := promise(one)) is not None}
    found: dict[Said, Why] = dict.fromkeys(promises, "promised")
    for text in carried:
        found.setdefault(text, "carried")
    for text in written:
        found.setdefault(text, "written")
    for one in left:
        found.setdefault(one.entry.said, "put_off" if one.mark == "next_time" else "unanswered")
    own: Mapping[Why, Mapping[str, bool]] = {"carried": carried, "written": written}
    reasons: tuple[Why, ...] = get_args(Why)
    groups = [
        LeftFromMeeting(
            why,
            tuple(said for said in found if found[said] == why),
            frozenset(text for text, is_unread in own.get(why, {}).items() if is_unread),
            promises if why == "promised" else {},
        )
        for why in reasons
    ]
    return tuple(group for group in groups if group.said)


def left_over(reviews: Iterable[Review]) -> tuple[ReviewedEntry, ...]:
    """Return what the reviews of one meeting, oldest first, leave for the next one. If it was shared twice,
    an entry answered in one review is not left over by the other; the latest mark counts.
    """
    found: dict[str, ReviewedEntry] = {}
    for review in reviews:
        for id_, one in review.gone_into.items():
            before = found.get(id_, one)
            together = {
                "mark": one.mark or before.mark,
                "wanted": one.wanted or before.wanted,
                "first": before.first if one.first is None else one.first,
                "answers": {**before.answers, **one.answers},
            }
            found[id_] = one.model_copy(update=together)
    return tuple(one for one in found.values() if is_for_next_time(one))
