"""Checks that follow the transitions: unreachable states, loops, and conditions evaluated too early."""

from collections.abc import Iterator

from assistant.dialogue.checks.issues import Issue, Source
from assistant.dialogue.checks.plain_language import PlainWords
from assistant.dialogue.model import (
    AGREEMENTS,
    Address,
    Balance,
    Choice,
    Dialogue,
    Part,
    Rank,
    Say,
    When,
)

FIRST_MEETING = "first"
"""The option for a first meeting, in the question about the kind of meeting."""


def looks_ahead(source: Source) -> Iterator[Issue]:
    """Report conditions and topics that depend on an answer that cannot have been given yet."""
    dialogue, ways = source.dialogue, _Ways(source.dialogue)
    for condition in source.conditions():
        here = condition.state or condition.part
        for name in condition.names:
            looked_at = dialogue.resolve(name, condition.part.id)
            itself = condition.is_over_a_state and looked_at == here
            if itself or not ways.may_have_told(looked_at, here):
                what = f"the guard looks at '{name}', which is asked only after it"
                do = "look at an earlier question"
                yield source.issue(condition.file, condition.path, "D206", what, do)
    for part in dialogue.parts:
        if part.for_each == AGREEMENTS:
            continue  # carried-over agreements exist from the beginning
        if part.for_each and not ways.may_have_told(dialogue.resolve(part.for_each, part.id), part):
            what = f"'{part.for_each}' is not asked before this part"
            yield source.issue(f"{part.id}.yaml", ("for_each",), "D210", what, "ask it in an earlier part")


def ranks(source: Source) -> Iterator[Issue]:
    """Report ranks whose sections contain no earlier answers to rank."""
    dialogue, ways = source.dialogue, _Ways(source.dialogue)
    known = {section.id for section in dialogue.frame.sections}
    said = [a for a, state in dialogue.states.items() if not isinstance(state, Say | Rank) and state.section]
    for address, state, file, path in source.states():
        for number, section in enumerate(state.among if isinstance(state, Rank) else ()):
            here = [question for question in said if dialogue.question(question).section == section]
            if section in known and not any(ways.may_have_told(asked, address) for asked in here):
                what = f"nothing is said in '{section}' before this"
                do = "remove it, or ask a question in it first"
                yield source.issue(file, (*path, "among", number), "D211", what, do)


def compared_with_now(source: Source, plain: PlainWords) -> Iterator[Issue]:
    """Levels that compare with now, on a way that a first meeting goes too."""
    dialogue = source.dialogue
    kinds = [
        address
        for address, state in dialogue.states.items()
        if isinstance(state, Choice) and FIRST_MEETING in [option.id for option in state.options]
    ]
    for address, state, file, path in source.states():
        if not isinstance(state, Balance) or not any(_may_meet(dialogue, address, kind) for kind in kinds):
            continue
        for side in ("support", "challenge"):
            for number, level in enumerate(getattr(state, side).levels):
                for language in plain:
                    if (found := plain[language].with_now.search(level.text.in_(language))) is not None:
                        what = f"«{found.group()}» has nothing to compare with at a first meeting"
                        do = f"lead '{FIRST_MEETING}' to a question of its own, without a now"
                        place = (*path, side, "levels", number, "text", language)
                        yield source.issue(file, place, "D407", what, do)


def _may_meet(dialogue: Dialogue, address: Address, kind: Address) -> bool:
    """Return True if a person who chose a first meeting can reach this state.

    They cannot if a condition requires another kind, or if every transition to it follows one for them.
    """
    part, state = dialogue.part_of(address), dialogue.state(address)
    for when in filter(None, (part.when, state.when)):
        chosen = [option for place, option in (when.chose or {}).items() if _is(dialogue, place, part, kind)]
        if any(option != FIRST_MEETING for option in chosen):
            return False
    every = [dialogue.transitions_from(other) for other in dialogue.states]
    comes = [ways for ways in every if address in [to for _, to in ways]]
    return not comes or not all(_turns_off(dialogue, ways, address, part, kind) for ways in comes)


def _turns_off(
    dialogue: Dialogue,
    ways: list[tuple[When | None, Address | None]],
    address: Address,
    part: Part,
    kind: Address,
) -> bool:
    for when, to in ways:
        if to == address:
            return False
        for place, option in (when.chose or {}).items() if when else ():
            if _is(dialogue, place, part, kind) and option == FIRST_MEETING:
                return True
    return False


def _is(dialogue: Dialogue, place: str, part: Part, kind: Address) -> bool:
    return dialogue.resolve(place, part.id) == kind


def blocked_ways(source: Source) -> Iterator[Issue]:
    """Report transitions that come after one that is always taken."""
    for _, state, file, path in source.states():
        ways = state.next or []
        for number, way in enumerate(ways[:-1]):
            if way.when is None or way.when == When():
                what = "the transitions after this one are never taken, because it has no condition"
                do = "give it a 'when', or move it last"
                yield source.issue(file, (*path, "next", number), "D209", what, do)


def last_ways(source: Source) -> Iterator[Issue]:
    for address, state, file, path in source.states():
        if state.next is not None and (not state.next or state.next[-1].when is not None):
            what = f"'{address}' has only conditional transitions"
            do = "remove 'when' from the last line of 'next'"
            yield source.issue(file, (*path, "next"), "D204", what, do)


def reach(source: Source) -> Iterator[Issue]:
    first = next(iter(source.dialogue.states))
    reached = {first, *_Ways(source.dialogue).beyond(first)}
    for address, _, file, path in source.states():
        if address not in reached:
            do = "add a 'next' that leads here, or remove it"
            yield source.issue(file, path, "D203", f"no transition leads to '{address}'", do)


def endless(source: Source) -> Iterator[Issue]:
    """Report transitions that lead back to an earlier state. A question is answered once, so they never
    end.
    """
    ways = _Ways(source.dialogue)
    beyond = {address: ways.beyond(address) for address in source.dialogue.states}
    told: set[Address] = set()
    for address, _, file, path in source.states():
        if address in beyond[address] and address not in told:
            told |= {other for other in beyond[address] if address in beyond[other]}
            what = f"the transitions from '{address}' form a loop that never ends"
            yield source.issue(file, (*path, "next"), "D205", what, "lead on to a later state, or to 'end'")


class _Ways:
    """The transitions of a dialogue, ignoring guards."""

    def __init__(self, dialogue: Dialogue) -> None:
        self._dialogue = dialogue
        self._next = {address: _ways_from(dialogue, address) for address in dialogue.states}
        self._beyond: dict[Address, set[Address]] = {}

    def beyond(self, address: Address) -> set[Address]:
        """Return every state that can be reached from here."""
        if address not in self._beyond:
            reached: set[Address] = set()
            waiting = list(self._next[address])
            while waiting:
                there = waiting.pop()
                if there is not None and there not in reached:
                    reached.add(there)
                    waiting += self._next[there]
            self._beyond[address] = reached
        return self._beyond[address]

    def may_have_told(self, question: Address | None, here: Address | Part) -> bool:
        """Return whether the question may have been answered when this state, or this part, is reached."""
        assert question is not None, "the other checks refuse a look at the end"
        beyond = self.beyond(question)
        if isinstance(here, str):
            return question == here or here in beyond
        is_inside = self._dialogue.part_of(question) == here
        return not is_inside and any(f"{here.id}/{s.id}" in beyond for s in here.states)


def _ways_from(dialogue: Dialogue, address: Address) -> list[Address | None]:
    """Return the states that can follow this one; a part with a guard may be skipped."""
    part = dialogue.part_of(address)
    past = [dialogue.after_part(part.id)] if part.when or part.for_each else []
    return [*(to for _, to in dialogue.transitions_from(address)), *past]
