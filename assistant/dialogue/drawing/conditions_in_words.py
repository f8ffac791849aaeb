"""Conditions in words: when a part is included, and when a question in it is asked.

Explains the guards of `guards.py` to people who read the script.
"""

from collections.abc import Mapping

from assistant.dialogue.model import AGREEMENTS, Address, Choice, Choices, Dialogue, Part, When, part_id_of
from assistant.languages import Catalogue


def condition_in_words(when: When, dialogue: Dialogue, part: str, catalogue: Catalogue) -> str:
    """Word a condition, such as `you answer “Another kind of meeting” to “What kind of meeting is it?”`, to
    follow “if” or “unless”.
    """
    needed = [
        catalogue.say(
            "guard.chose", option=option_in_words(dialogue, place, option, part, catalogue), question=asked
        )
        for place, option in (when.chose or {}).items()
        for asked in [_asked(dialogue, place, part, catalogue)]
    ]
    if when.answered is not None:
        needed.append(
            catalogue.say("guard.answered", question=_asked(dialogue, when.answered, part, catalogue))
        )
    return f" {catalogue.say('guard.and')} ".join(needed)


def option_in_words(dialogue: Dialogue, place: str, option: str, part: str, catalogue: Catalogue) -> str:
    """The wording of the option that a guard names."""
    question = dialogue.state(dialogue.resolve(place, part) or "")
    assert isinstance(question, Choice | Choices), "the check lets guards name options of choices only"
    return next(o.text.in_(catalogue.language) for o in question.options if o.id == option)


def part_in_words(part: Part, dialogue: Dialogue, catalogue: Catalogue) -> list[str]:
    """Say when a part is included and how often; empty for a part that everyone meets once."""
    sentences = []
    if part.when is not None:
        condition = condition_in_words(part.when, dialogue, part.id, catalogue)
        sentences.append(catalogue.say("script.part_if", condition=condition))
    if part.for_each == AGREEMENTS:
        sentences.append(catalogue.say("script.part_each_agreement"))
    elif part.for_each is not None:
        question = _asked(dialogue, part.for_each, part.id, catalogue)
        sentences.append(catalogue.say("script.part_each", question=question))
    return sentences


def states_in_words(dialogue: Dialogue, catalogue: Catalogue) -> Mapping[Address, list[str]]:
    """Say under which condition each state is asked, given its part; empty for unconditional states."""
    ways_in: dict[Address, list[str]] = {address: [] for address in dialogue.states}
    for address in dialogue.states:
        part = part_id_of(address)
        passed: list[str] = []
        for when, to in dialogue.transitions_from(address):
            guard = condition_in_words(when, dialogue, part, catalogue) if when and when != When() else ""
            if to is not None:
                ways_in[to].append(_way_in(address, guard, passed, dialogue, catalogue))
            passed += [guard] if guard else []
    certain = _always_met(dialogue)
    return {
        address: [] if address in certain else list(dict.fromkeys(ways)) for address, ways in ways_in.items()
    }


def _way_in(source: Address, guard: str, passed: list[str], dialogue: Dialogue, catalogue: Catalogue) -> str:
    if guard:
        return catalogue.say("script.asked_if", condition=guard)
    if passed:
        return catalogue.say("script.asked_unless", condition=f" {catalogue.say('guard.or')} ".join(passed))
    return catalogue.say("script.asked_after", question=dialogue.state(source).prompt.in_(catalogue.language))


def _always_met(dialogue: Dialogue) -> set[Address]:
    """Return the states that every path meets, judged by the transitions between states."""
    start = next(iter(dialogue.states))
    return {address for address in dialogue.states if not _ends_without(dialogue, start, address)}


def _ends_without(dialogue: Dialogue, start: Address, avoided: Address) -> bool:
    waiting: list[Address | None] = [start]
    met: set[Address] = {avoided}
    while waiting:
        at = waiting.pop()
        if at is None:
            return True
        if at not in met:
            met.add(at)
            waiting += [to for _, to in dialogue.transitions_from(at)]
    return False


def _asked(dialogue: Dialogue, place: str, part: str, catalogue: Catalogue) -> str:
    return dialogue.state(dialogue.resolve(place, part) or "").prompt.in_(catalogue.language)
