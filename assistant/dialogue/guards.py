"""The only conditions a dialogue file may name, each a pure function.

`transitions` would import and call any dotted string it is given as a condition, so strings from a file are
resolved here and only functions are passed to the machine. There is no expression language, on purpose.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from assistant.dialogue.model import Address, Dialogue, When


class Answered(Protocol):
    """The part of an answer that a guard may see: whether it was given, and which options were chosen."""

    @property
    def given(self) -> bool:
        """False for a question that was skipped."""

    @property
    def options(self) -> tuple[str, ...]:
        """Return the ids of the chosen options; none for an answer in own words only."""


Answers = Mapping[Address, Answered]
Guard = Callable[[Answers], bool]


def chose(address: Address, option: str) -> Guard:
    """Return a guard: this option was chosen in that question."""
    return lambda answers: address in answers and option in answers[address].options


def answered(address: Address) -> Guard:
    """Return a guard: the question was answered, not skipped."""
    return lambda answers: address in answers and answers[address].given


def guard_for(when: When, dialogue: Dialogue, part: str) -> Guard:
    """Return the guard for an author's condition: every guard it names must hold."""
    needed: list[Guard] = []
    for place, option in (when.chose or {}).items():
        needed.append(chose(_known(dialogue, place, part), option))
    if when.answered is not None:
        needed.append(answered(_known(dialogue, when.answered, part)))
    if len(needed) == 1:
        return needed[0]
    # `transitions` compares a guard's result with `== True`: a merely truthy value would fail
    return lambda answers: all(guard(answers) for guard in needed)


def _known(dialogue: Dialogue, place: str, part: str) -> Address:
    address = dialogue.resolve(place, part)
    assert address is not None, "a guard cannot look at the end"
    return address
