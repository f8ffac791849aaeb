"""The only conditions a dialogue file may name, each a pure function.

`transitions` would import and call any dotted string it is given as a condition, so strings from a
file end here and only functions go on to the machine. There is no expression language, on purpose.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from assistant.dialogue.model import Address, Dialogue, When


class Answered(Protocol):
    """What a guard may know of an answer: whether it was given, and which options were chosen."""

    @property
    def given(self) -> bool:
        """False for a question that was skipped."""

    @property
    def options(self) -> tuple[str, ...]:
        """The ids chosen, none for an answer in own words."""


Answers = Mapping[Address, Answered]
Guard = Callable[[Answers], bool]


def chose(address: Address, option: str) -> Guard:
    """This option is among those chosen there."""
    return lambda answers: address in answers and option in answers[address].options


def answered(address: Address) -> Guard:
    """The question was answered, not skipped."""
    return lambda answers: address in answers and answers[address].given


def guard_for(when: When, dialogue: Dialogue, part: str) -> Guard:
    """Return the guard for an author's condition: every guard it names must hold."""
    needed: list[Guard] = []
    for place, option in (when.chose or {}).items():
        needed.append(chose(_known(dialogue, place, part), option))
    if when.answered is not None:
        needed.append(answered(_known(dialogue, when.answered, part)))
    # `transitions` compares a guard's result with `== True`: a merely truthy value would fail
    return lambda answers: all(guard(answers) for guard in needed)


def _known(dialogue: Dialogue, place: str, part: str) -> Address:
    address = dialogue.resolve(place, part)
    assert address is not None, "a guard cannot look at the end"
    return address
