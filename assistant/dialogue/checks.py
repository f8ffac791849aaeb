"""The checks: what may be wrong with a dialogue of the right shape.

Each is a small function over the whole dialogue that yields its issues; `check` puts them in file order.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from assistant.dialogue.issues import Issue, Source
from assistant.dialogue.marked_yaml import Path
from assistant.dialogue.model import (
    Address,
    Balance,
    Choice,
    Choices,
    Dialogue,
    Option,
    Rank,
    Say,
    When,
)

_FRAME = "dialogue.yaml"


def check(source: Source) -> list[Issue]:
    """Every issue in a dialogue of the right shape, in file order."""
    doubles = list(_doubles(source))
    found = [*doubles, *_folder(source), *_sections(source), *_opening(source)]
    if not doubles:  # with two states of one name, no way between them means anything
        unknown = [*_targets(source), *_conditions(source), *_topics(source)]
        found += unknown or [*_reach(source), *_endless(source)]
        found += [*_last_ways(source), *_blocked_ways(source)]
    order = {file: number for number, file in enumerate(source.marks)}
    return sorted(
        found, key=lambda i: (order[i.file.removeprefix(f"{source.folder}/")], i.line, i.column, i.code)
    )


def _named(names: Iterable[tuple[str, str, Path]]) -> Iterator[tuple[str, str, Path]]:
    """Those that repeat an earlier name."""
    seen: Counter[str] = Counter()
    for name, file, path in names:
        seen[name] += 1
        if seen[name] > 1:
            yield name, file, path


def _option_lists(source: Source) -> Iterator[tuple[str, Path, list[Option]]]:
    for _, state, file, path in source.states():
        if isinstance(state, Choice | Choices):
            yield file, (*path, "options"), state.options
        elif isinstance(state, Balance):
            for side in ("support", "challenge"):
                for group in ("levels", "forms"):
                    yield file, (*path, side, group), getattr(getattr(state, side), group)


def _doubles(source: Source) -> Iterator[Issue]:
    frame = source.dialogue.frame
    lists: list[list[tuple[str, str, Path]]] = [
        [(section.id, _FRAME, ("sections", n, "id")) for n, section in enumerate(frame.sections)],
        [(address, file, (*path, "id")) for address, _, file, path in source.states()],
    ]
    for file, path, options in _option_lists(source):
        lists.append([(option.id, file, (*path, n, "id")) for n, option in enumerate(options)])
    for names in lists:
        for name, file, path in _named(names):
            yield source.issue(file, path, "D201", f"'{name}' is used twice", "give one of them another id")
    for part, name in zip(source.dialogue.parts, frame.parts, strict=True):
        if part.id != name:
            do = f"call it '{name}', as its file is called"
            yield source.issue(f"{name}.yaml", ("id",), "D201", f"this part calls itself '{part.id}'", do)


def _folder(source: Source) -> Iterator[Issue]:
    called = source.dialogue.frame.id
    if called != source.folder:
        do = f"call it '{source.folder}', as its folder is called"
        yield source.issue(_FRAME, ("id",), "D201", f"this dialogue calls itself '{called}'", do)


def _sections(source: Source) -> Iterator[Issue]:
    known = [section.id for section in source.dialogue.frame.sections]
    for _, state, file, path in source.states():
        if isinstance(state, Say):
            continue
        named = [(state.section, (*path, "section"))] if state.section is not None else []
        if isinstance(state, Rank):
            named += [(section, (*path, "among", number)) for number, section in enumerate(state.among)]
        for section, place in named:
            if section not in known:
                do = _did_you_mean(section, known, f"add it to 'sections' in {_FRAME}")
                yield source.issue(file, place, "D207", f"there is no section '{section}'", do)


def _opening(source: Source) -> Iterator[Issue]:
    if not any(True for _ in source.dialogue.opening()):
        file = f"{source.dialogue.frame.parts[0]}.yaml"
        do = "begin with a 'say': what this is, who sees it, and whom to call when it is urgent"
        yield source.issue(file, ("states", 0), "D208", "the dialogue asks before it has said what it is", do)


def _targets(source: Source) -> Iterator[Issue]:
    known = source.dialogue.states
    for address, _, file, path in source.states():
        for number, (_, to) in enumerate(source.dialogue.transitions_from(address)):
            if to is not None and to not in known:
                do = _did_you_mean(to, known, "name a state, a part, or 'end'")
                place = (*path, "next", number, "to")
                yield source.issue(file, place, "D202", f"there is no state '{to}'", do)


def _named_conditions(source: Source) -> Iterator[tuple[When, str, str, Path]]:
    """Every condition, with the part it is written in and where it stands."""
    for part in source.dialogue.parts:
        if part.when is not None:
            yield part.when, part.id, f"{part.id}.yaml", ("when",)
    for address, _, file, path in source.states():
        for number, (when, _) in enumerate(source.dialogue.transitions_from(address)):
            if when is not None:
                yield when, address.split("/")[0], file, (*path, "next", number, "when")


def _topics(source: Source) -> Iterator[Issue]:
    """Parts that are had for each of something that names no topics, or that comes later."""
    dialogue = source.dialogue
    order = list(dialogue.states)
    for part in dialogue.parts:
        if part.for_each is None:
            continue
        named = dialogue.resolve(part.for_each, part.id)
        if named is None or not isinstance(dialogue.states.get(named), Choices):
            choices = [address for address, state in dialogue.states.items() if isinstance(state, Choices)]
            do = _did_you_mean(part.for_each, choices, "name a question that asks 'choices'")
            what = f"'{part.for_each}' names no topics"
            yield source.issue(f"{part.id}.yaml", ("for_each",), "D210", what, do)
        elif order.index(named) > order.index(f"{part.id}/{part.states[0].id}"):
            what = f"'{part.for_each}' is asked after this part"
            yield source.issue(f"{part.id}.yaml", ("for_each",), "D210", what, "ask it in an earlier part")


def _conditions(source: Source) -> Iterator[Issue]:
    dialogue = source.dialogue
    asking = [address for address, state in dialogue.states.items() if not isinstance(state, Say)]
    for when, part, file, place in _named_conditions(source):
        named = dict.fromkeys([*(when.chose or {}), *([when.answered] if when.answered else [])])
        for name in named:
            looked_at = dialogue.resolve(name, part)
            state = dialogue.states.get(looked_at or "")
            if state is None or isinstance(state, Say):
                do = _did_you_mean(looked_at or name, asking, "name a state that asks something")
                yield source.issue(
                    file, place, "D206", f"the guard looks at '{name}', which asks nothing", do
                )
                continue
            option = (when.chose or {}).get(name)
            options = [o.id for o in state.options] if isinstance(state, Choice | Choices) else []
            if option is not None and option not in options:
                do = _did_you_mean(option, options, "name an option of that question")
                yield source.issue(file, place, "D206", f"'{name}' offers no option '{option}'", do)


def _blocked_ways(source: Source) -> Iterator[Issue]:
    """Ways that stand behind one that is always taken."""
    for _, state, file, path in source.states():
        ways = state.next or []
        for number, way in enumerate(ways[:-1]):
            if way.when is None or way.when == When():
                what = "the ways after this one are never taken, for it has no condition"
                do = "give it a 'when', or let it stand last"
                yield source.issue(file, (*path, "next", number), "D209", what, do)


def _last_ways(source: Source) -> Iterator[Issue]:
    for address, state, file, path in source.states():
        if state.next is not None and (not state.next or state.next[-1].when is not None):
            what = f"'{address}' can only be left under a condition"
            do = "let the last line of 'next' stand without 'when'"
            yield source.issue(file, (*path, "next"), "D204", what, do)


def _reach(source: Source) -> Iterator[Issue]:
    reached = _reached(source.dialogue, [next(iter(source.dialogue.states))])
    for address, _, file, path in source.states():
        if address not in reached:
            do = "let some 'next' lead here, or take it away"
            yield source.issue(file, path, "D203", f"no way leads to '{address}'", do)


def _endless(source: Source) -> Iterator[Issue]:
    """Ways that lead back to where they have been. A question is answered once, so such a way has no end."""
    dialogue = source.dialogue
    beyond = {
        address: _reached(dialogue, (to for _, to in dialogue.transitions_from(address)))
        for address in dialogue.states
    }
    told: set[Address] = set()
    for address, _, file, path in source.states():
        if address in beyond[address] and address not in told:
            told |= {other for other in beyond[address] if address in beyond[other]}
            what = f"a way from '{address}' leads back to it and never ends"
            yield source.issue(file, (*path, "next"), "D205", what, "lead on to a later state, or to 'end'")


def _reached(dialogue: Dialogue, starts: Iterable[Address | None]) -> set[Address]:
    """Every state that some way leads to from here, whatever the guards say."""
    reached: set[Address] = set()
    waiting = list(starts)
    while waiting:
        address = waiting.pop()
        if address is not None and address not in reached:
            reached.add(address)
            waiting += [to for _, to in dialogue.transitions_from(address)]
    return reached


def _did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"did you mean '{close[0]}'?" if close else otherwise
