"""The support–challenge map: where the user has placed each topic on the two axes.

It shows positions without judging them: no position has a name, a colour or a score. Only topics placed on
both axes are drawn; the rest are listed, because a guessed position would not be the user's own statement.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, sqrt

from assistant.dialogue.model import Address, Balance, Dialogue, Option, Text, topic_of
from assistant.engine.conversation import Axis, PlacedBalance
from assistant.engine.journey import Journey
from assistant.meetings.summary import topic_for_others

SCALES = (("less", "same", "more"), ("little", "some", "much"))
"""Positions along an axis by level id: compared with now, or on their own for a first meeting.

Any other level («I don't know yet») has no position.
"""
WIDEST = 0.18
"""The radius of a mark that is alone in its cell, in cells."""


@dataclass(frozen=True)
class Placement:
    """One placement by the user: a topic, or support and challenge in general."""

    state: Address
    topic: str | Text | None
    """The topic; None for a placement without a topic."""
    support: Text | None
    """The chosen wording; None if the axis was left open."""
    challenge: Text | None
    cell: tuple[int, int] | None
    """Support and challenge as 0, 1 or 2; None if either has no position on its axis."""

    @property
    def is_general(self) -> bool:
        """Return whether it is about the help as a whole."""
        return topic_of(self.state) is None


@dataclass(frozen=True)
class MapMark:
    """A drawn placement, numbered from 1. Lengths are in cells, from the lower left corner."""

    number: int
    placement: Placement
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class BalanceMap:
    """The placements to draw, and those only listed."""

    marks: tuple[MapMark, ...]
    not_drawn: tuple[Placement, ...]
    support: Text | None
    """The names of the axes; None if no question asked for them."""
    challenge: Text | None
    scale: tuple[str, ...] = SCALES[0]
    """The levels along both axes, from the least; those of the questions that were asked."""


def map_balances(dialogue: Dialogue, journey: Journey) -> BalanceMap:
    """Map everything placed on the journey. Balances without a section are private and left out."""
    asked = [
        (address, question)
        for address in journey.questions
        if isinstance(question := dialogue.question(address), Balance) and question.section is not None
    ]
    placed = [
        placement
        for address, question in asked
        if (placement := _placement(dialogue, journey, address, question)) is not None
    ]
    axes = asked[0][1] if asked else None
    return BalanceMap(
        tuple(_marks(placed)),
        tuple(placement for placement in placed if placement.cell is None),
        axes.support.label if axes else None,
        axes.challenge.label if axes else None,
        _scale(axes),
    )


def _scale(asked: Balance | None) -> tuple[str, ...]:
    levels = [level.id for level in asked.support.levels] if asked else []
    return next((scale for scale in SCALES if set(scale) <= set(levels)), SCALES[0])


def _placement(dialogue: Dialogue, journey: Journey, address: Address, question: Balance) -> Placement | None:
    answer = journey.answers.get(address)
    if not isinstance(answer, PlacedBalance):
        # a chosen topic is listed even if open; the question about the help as a whole is not
        answer = PlacedBalance(support=Axis(), challenge=Axis())
        if topic_of(address) is None:
            return None
    support, challenge = _place(answer.support), _place(answer.challenge)
    return Placement(
        address,
        topic_for_others(dialogue, journey, address),
        _wording(question.support.levels, answer.support),
        _wording(question.challenge.levels, answer.challenge),
        None if support is None or challenge is None else (support, challenge),
    )


def _place(axis: Axis) -> int | None:
    return next((scale.index(axis.level) for scale in SCALES if axis.level in scale), None)


def _wording(levels: list[Option], axis: Axis) -> Text | None:
    return next((level.text for level in levels if level.id == axis.level), None)


def _marks(placed: list[Placement]) -> Iterator[MapMark]:
    """Number the marks in journey order. Marks in the same cell are arranged in a square."""
    drawn = [placement for placement in placed if placement.cell is not None]
    for number, placement in enumerate(drawn, start=1):
        assert placement.cell is not None, "only what has a place is drawn"
        here = [other for other in drawn if other.cell == placement.cell]
        row, column = divmod(here.index(placement), across := ceil(sqrt(len(here))))
        rows = ceil(len(here) / across)
        in_row = min(across, len(here) - row * across)
        column_in, row_in = (column + (across - in_row) / 2, row + (across - rows) / 2)
        yield MapMark(
            number,
            placement,
            placement.cell[0] + (column_in + 0.5) / across,
            placement.cell[1] + 1 - (row_in + 0.5) / across,
            min(WIDEST, 0.42 / across),
        )
