"""What a meeting leaves for the next time: what was put off, and what was to be answered and was not."""

from collections.abc import Iterable

from assistant.meetings.review import GoneInto, Review


def left_over(reviews: Iterable[Review]) -> tuple[GoneInto, ...]:
    """What the reviews of one meeting, the oldest first, leave for the next time.

    Where it was shared twice, an entry that got its answer in one of them is not left over by the other; the
    latest mark is the one that counts.
    """
    found: dict[str, GoneInto] = {}
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
