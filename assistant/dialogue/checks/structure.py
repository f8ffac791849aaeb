"""Structural checks on a dialogue of valid shape.

Each is a small function over the whole dialogue that yields its issues; `check` sorts them in file order.
Checks that follow transitions are in `reachability.py`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from assistant.dialogue.checks.issues import Issue, Source, did_you_mean
from assistant.dialogue.checks.reachability import blocked_ways, endless, last_ways, looks_ahead, ranks, reach
from assistant.dialogue.model import AGREEMENTS, Balance, Choice, Choices, Option, Rank, Say
from assistant.dialogue.positions import Path

_FRAME = "dialogue.yaml"


def check(source: Source) -> list[Issue]:
    """Return every structural issue of a dialogue of valid shape, in file order."""
    doubles = list(_doubles(source))
    found = [*doubles, *_folder(source), *_sections(source), *_opening(source)]
    if not doubles:  # with duplicate state names, transitions are ambiguous
        unknown = [*_targets(source), *_conditions(source), *_topics(source)]
        found += [*last_ways(source), *blocked_ways(source)]
        found += unknown or [*reach(source), *endless(source), *looks_ahead(source), *ranks(source)]
    order = {file: number for number, file in enumerate(source.marks)}
    return sorted(
        found, key=lambda i: (order[i.file.removeprefix(f"{source.folder}/")], i.line, i.column, i.code)
    )


def _named(names: Iterable[tuple[str, str, Path]]) -> Iterator[tuple[str, str, Path]]:
    """Yield the items that repeat an earlier name."""
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
            yield source.issue(f"{name}.yaml", ("id",), "D201", f"this part has the id '{part.id}'", do)


def _folder(source: Source) -> Iterator[Issue]:
    called = source.dialogue.frame.id
    if called != source.folder:
        do = f"call it '{source.folder}', as its folder is called"
        yield source.issue(_FRAME, ("id",), "D201", f"this dialogue has the id '{called}'", do)


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
                do = did_you_mean(section, known, f"add it to 'sections' in {_FRAME}")
                yield source.issue(file, place, "D207", f"there is no section '{section}'", do)


def _opening(source: Source) -> Iterator[Issue]:
    if not any(True for _ in source.dialogue.opening()):
        file = f"{source.dialogue.frame.parts[0]}.yaml"
        do = "begin with a 'say': what this is, who sees it, and whom to call when it is urgent"
        yield source.issue(file, ("states", 0), "D208", "there is a question before the opening", do)


def _targets(source: Source) -> Iterator[Issue]:
    known = source.dialogue.states
    for address, _, file, path in source.states():
        for number, (_, to) in enumerate(source.dialogue.transitions_from(address)):
            if to is not None and to not in known:
                do = did_you_mean(to, known, "name a state, a part, or 'end'")
                place = (*path, "next", number, "to")
                yield source.issue(file, place, "D202", f"there is no state '{to}'", do)


def _topics(source: Source) -> Iterator[Issue]:
    """Report `for_each` parts whose source names no topics, and sources that must not be used."""
    dialogue = source.dialogue
    for part in dialogue.parts:
        if part.for_each is None:
            continue
        file, path = f"{part.id}.yaml", ("for_each",)
        if part.for_each == AGREEMENTS:
            if {AGREEMENTS, f"{part.id}/{AGREEMENTS}"} & {*(p.id for p in dialogue.parts), *dialogue.states}:
                what = f"'{AGREEMENTS}' is reserved for earlier agreements, but something here has that name"
                yield source.issue(file, path, "D210", what, "call that by another name")
            continue
        named = dialogue.resolve(part.for_each, part.id) or ""
        question = dialogue.states.get(named)
        if not isinstance(question, Choices):
            choices = [address for address, state in dialogue.states.items() if isinstance(state, Choices)]
            do = did_you_mean(
                part.for_each, [*choices, AGREEMENTS], "name a question that asks 'choices', or 'agreements'"
            )
            yield source.issue(file, path, "D210", f"'{part.for_each}' names no topics", do)
        elif dialogue.part_of(named) == part:
            what = f"'{part.for_each}' is asked in this part, not before it"
            yield source.issue(file, path, "D210", what, "ask it in an earlier part")
        elif dialogue.part_of(named).for_each is not None:
            what = f"'{part.for_each}' is itself asked once for each topic"
            yield source.issue(file, path, "D210", what, "name a question that is asked once")
        elif question.section is None and any(getattr(state, "section", None) for state in part.states):
            what = f"'{part.for_each}' has no section, but what is said of its topics has"
            do = f"give '{named}' a section, or remove the sections in this part"
            yield source.issue(file, path, "D210", what, do)


def _conditions(source: Source) -> Iterator[Issue]:
    """Report guards that can never hold."""
    dialogue = source.dialogue
    asking = [address for address, state in dialogue.states.items() if not isinstance(state, Say)]
    for condition in source.conditions():
        part, chose = condition.part, condition.when.chose or {}
        for name in condition.names:
            looked_at = dialogue.resolve(name, part.id) or ""
            state = dialogue.states.get(looked_at)
            options = [o.id for o in state.options] if isinstance(state, Choice | Choices) else []
            if state is None or isinstance(state, Say):
                what = f"the guard looks at '{name}', which asks nothing"
                do = did_you_mean(looked_at or name, asking, "name a state that asks something")
            elif name in chose and chose[name] not in options:
                what = f"'{name}' offers no option '{chose[name]}'"
                do = did_you_mean(chose[name], options, "name an option of that question")
            elif (there := dialogue.part_of(looked_at)).for_each and not (condition.state and there == part):
                what = f"the guard looks at '{name}', which is asked once for each topic"
                do = "look at a question that is asked once"
            else:
                continue
            yield source.issue(condition.file, condition.path, "D206", what, do)
