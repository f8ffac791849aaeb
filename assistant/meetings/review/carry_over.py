"""What a meeting leaves for the next time: what was put off, and what was to be answered and was not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.meetings.review.review import Review, ReviewedEntry
from assistant.meetings.share import Said

Why = Literal["written", "put_off", "unanswered"]
"""Why something is offered the next time: its user wrote it after the meeting, it was put off in the meeting,
or it was to be answered and never was."""


@dataclass(frozen=True)
class LeftFromMeeting:
    """What a meeting left for the next time, for one reason."""

    why: Why
    said: tuple[Said, ...]


def left_from_meeting(written: Sequence[str], reviews: Iterable[Review]) -> tuple[LeftFromMeeting, ...]:
    """What one meeting left, each thing once, under the first reason there is for it."""
    found: dict[Said, Why] = dict.fromkeys(written, "written")
    for one in left_over(reviews):
        found.setdefault(one.entry.said, "put_off" if one.mark == "next_time" else "unanswered")
    reasons: tuple[Why, ...] = ("written", "put_off", "unanswered")
    groups = [LeftFromMeeting(why, tuple(said for said in found if found[said] == why)) for why in reasons]
    return tuple(group for group in groups if group.said)


def left_over(reviews: Iterable[Review]) -> tuple[ReviewedEntry, ...]:
    """What the reviews of one meeting, the oldest first, leave for the next time.

    Where it was shared twice, an entry that got its answer in one of them is not left over by the other; the
    latest mark is the one that counts.
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
    return tuple(one for one in found.values() if one.is_for_next_time)
