"""The support–challenge map: where the user has placed each topic on the two axes.

It is read from the entries of a summary, so a share's map holds what is shared and nothing else. Only topics
placed on both axes are drawn; the rest are listed, because a guessed position would not be the user's own
statement. No position has a name, a colour or a score.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from assistant.dialogue.model import Text
from assistant.engine.entries import Entry
from assistant.meetings.share import entries_in
from assistant.meetings.summary import Summary
from assistant.value_class import value_class

SCALES = (("less", "same", "more"), ("little", "some", "much"))
"""Positions along an axis by level id: compared with now, or on their own for a first meeting.

Any other level («I don't know yet») has no position.
"""
COMPARED = SCALES[0]


@value_class
class Placement:
    """One placement by the user: a topic, or support and challenge in general."""

    topic: str | Text | None
    """The topic; None for a placement without a topic, and for a topic whose name is not in the summary."""
    is_general: bool
    """Whether it is about the help as a whole."""
    support: str | None
    """The level's id; None if nothing is said about it."""
    challenge: str | None
    scale: tuple[str, ...] = COMPARED
    cell: tuple[int, int] | None = None
    """Support and challenge as 0, 1 or 2; None if either has no position on its axis."""


@value_class
class BalanceMap:
    """The placements to draw, all on one scale, and those only listed."""

    drawn: tuple[Placement, ...]
    not_drawn: tuple[Placement, ...]
    scale: tuple[str, ...] = COMPARED


def map_balances(said: Summary) -> BalanceMap:
    """Map every level in the summary, in its order, with the help as a whole first."""
    levels = [entry for _, entry in entries_in(said) if entry.level is not None]
    order = list(dict.fromkeys(entry.state for entry in levels))
    levels.sort(key=lambda entry: (entry.about is not None, order.index(entry.state)))
    placed = [_placement(tuple(group)) for _, group in groupby(levels, key=lambda entry: entry.state)]
    scale = next((placement.scale for placement in placed if placement.cell is not None), COMPARED)
    return BalanceMap(
        tuple(one for one in placed if one.cell is not None and one.scale == scale),
        tuple(replace(one, cell=None) for one in placed if one.cell is None or one.scale != scale),
        scale,
    )


def _placement(entries: Sequence[Entry]) -> Placement:
    """Return the placement of the one or two levels that answer the same question."""
    said = dict(entry.level.split(".", 1) for entry in entries if entry.level is not None)
    support, challenge = said.get("support"), said.get("challenge")
    scale = next((scale for scale in SCALES if support in scale and challenge in scale), None)
    cell = None
    if scale is not None and support is not None and challenge is not None:
        cell = (scale.index(support), scale.index(challenge))
    return Placement(entries[0].topic, entries[0].about is None, support, challenge, scale or COMPARED, cell)
