"""A dialogue prepared for drawing: parts, states and the transitions between them, in words.

A part with a condition or a `for_each` gets a *door*: arrows into the part end at the door, which leads to
its first state or past the part. `mermaid` writes it as text for other tools; `svg.py` draws it.
"""

from collections.abc import Iterator

from assistant.dialogue.drawing.conditions_in_words import condition_in_words, option_in_words, part_in_words
from assistant.dialogue.model import Address, Dialogue, Part, Question, Say, When, part_id_of
from assistant.languages import Catalogue
from assistant.value_class import value_class

END = "end"
Stop = str
"""The target of an arrow: a state's address, a part's id for its door, or the end."""


@value_class
class DiagramState:
    """A state in the diagram."""

    address: Address
    kind: str
    prompt: str
    lands: str
    """The section that shows the answer; empty if nothing is asked."""
    is_offered: bool
    asks: bool


@value_class
class DiagramPart:
    """A part in the diagram, with its states in one frame."""

    id: str
    title: str
    notes: tuple[str, ...]
    has_door: bool
    repeats: bool
    stations: tuple[DiagramState, ...]

    @property
    def entry(self) -> Stop:
        """The target of arrows into the part."""
        return self.id if self.has_door else self.stations[0].address


@value_class
class DiagramArrow:
    """An arrow and the condition under which it is taken."""

    source: Stop
    to: Stop
    label: str
    is_straight: bool
    """True if the arrow leads to the next state below."""


@value_class
class Diagram:
    """A dialogue in one language, ready for drawing."""

    title: str
    version: str
    end: str
    past: str
    """The label of the arrows that skip a part."""
    groups: tuple[DiagramPart, ...]
    ways: tuple[DiagramArrow, ...]
    passes: tuple[tuple[str, Stop], ...]
    """For each part that can be skipped, its id and the stop that follows."""

    @property
    def stations(self) -> Iterator[DiagramState]:
        """Return every state, in order."""
        for group in self.groups:
            yield from group.stations


def diagram_of(dialogue: Dialogue, catalogue: Catalogue) -> Diagram:
    """Build the diagram of a dialogue in the catalogue's language."""
    groups = tuple(_group(part, dialogue, catalogue) for part in dialogue.parts)
    entries = [*(group.entry for group in groups), END]
    return Diagram(
        title=dialogue.frame.title.in_(catalogue.language),
        version=catalogue.say("drawing.version", version=dialogue.frame.version),
        end=catalogue.say("round_off.heading"),
        past=catalogue.say("drawing.else"),
        groups=groups,
        ways=tuple(_ways(dialogue, groups, catalogue)),
        passes=tuple((g.id, entries[n + 1]) for n, g in enumerate(groups) if g.has_door),
    )


def _group(part: Part, dialogue: Dialogue, catalogue: Catalogue) -> DiagramPart:
    return DiagramPart(
        part.id,
        part.topic.in_(catalogue.language),
        tuple(part_in_words(part, dialogue, catalogue)),
        part.when is not None or part.for_each is not None,
        part.for_each is not None,
        tuple(_station(f"{part.id}/{state.id}", state, dialogue, catalogue) for state in part.states),
    )


def _station(
    address: Address, state: Say | Question, dialogue: Dialogue, catalogue: Catalogue
) -> DiagramState:
    headings = {section.id: section.heading.in_(catalogue.language) for section in dialogue.frame.sections}
    lands, is_offered = "", False
    if not isinstance(state, Say):
        lands = catalogue.say("drawing.stays")
        if state.section:
            lands = catalogue.say("drawing.lands", heading=headings[state.section])
        is_offered = state.offered
    kind = catalogue.say(f"asks.{state.asks}")
    return DiagramState(
        address,
        catalogue.say("drawing.offered", kind=kind) if is_offered else kind,
        state.prompt.in_(catalogue.language),
        lands,
        is_offered,
        asks=not isinstance(state, Say),
    )


def _ways(
    dialogue: Dialogue, groups: tuple[DiagramPart, ...], catalogue: Catalogue
) -> Iterator[DiagramArrow]:
    doors = {group.stations[0].address: group.entry for group in groups}
    order = [stop for group in groups for stop in _stops(group)] + [END]
    repeats = {group.id for group in groups if group.repeats}
    for address in dialogue.states:
        part = part_id_of(address)
        below = order[order.index(address) + 1]
        others = False
        for when, to in dialogue.transitions_from(address):
            label = _label(dialogue, address, when, catalogue) if when and when != When() else ""
            if not label and others:
                label = catalogue.say("drawing.else")
            others = others or bool(label)
            leaves = to is None or part_id_of(to) != part
            if leaves and part in repeats:
                label = " · ".join(filter(None, [label, catalogue.say("drawing.after_last")]))
            stop = END if to is None else (doors.get(to, to) if leaves else to)
            yield DiagramArrow(address, stop, label, stop == below)


def _stops(group: DiagramPart) -> list[Stop]:
    return ([group.id] if group.has_door else []) + [station.address for station in group.stations]


def _label(dialogue: Dialogue, address: Address, when: When, catalogue: Catalogue) -> str:
    """Word the condition on an arrow; shorter if it concerns the answer just given."""
    part = part_id_of(address)
    here = [
        catalogue.say("drawing.chose", option=option_in_words(dialogue, place, option, part, catalogue))
        for place, option in (when.chose or {}).items()
        if dialogue.resolve(place, part) == address
    ]
    if here and len(when.chose or {}) == 1 and when.answered is None:
        return here[0]
    return catalogue.say("drawing.if", condition=condition_in_words(when, dialogue, part, catalogue))


def mermaid(diagram: Diagram) -> str:
    """Return the diagram as Mermaid text: `flowchart TD` with a subgraph for each part."""
    return "\n".join(_mermaid(diagram)) + "\n"


def _mermaid(diagram: Diagram) -> Iterator[str]:
    yield f"%% {diagram.title}, {diagram.version}"
    yield "flowchart TD"
    yield f'  start(["{_quoted(diagram.title)}"])'
    for group in diagram.groups:
        yield f'  subgraph part_{group.id}["{_quoted(group.title)}"]'
        if group.has_door:
            yield f'    {_id(group.id)}{{{{"{_quoted(" ".join(group.notes))}"}}}}'
        for station in group.stations:
            text = "<br>".join(_quoted(t) for t in (station.kind, station.prompt, station.lands) if t)
            left, right = ("[", "]") if station.asks else ("[/", "/]")
            yield f'    {_id(station.address)}{left}"{text}"{right}'
        yield "  end"
    yield f'  {_id(END)}(["{_quoted(diagram.end)}"])'
    yield f"  start --> {_id(diagram.groups[0].entry)}"
    for group in diagram.groups:
        if group.has_door:
            yield f"  {_id(group.id)} --> {_id(group.stations[0].address)}"
        if group.repeats:
            yield f"  {_id(group.stations[-1].address)} -.-> {_id(group.id)}"
    for way in diagram.ways:
        label = f'|"{_quoted(way.label)}"|' if way.label else ""
        yield f"  {_id(way.source)} -->{label} {_id(way.to)}"
    for part, to in diagram.passes:
        yield f'  {_id(part)} -->|"{_quoted(diagram.past)}"| {_id(to)}'
    offered = [_id(station.address) for station in diagram.stations if station.is_offered]
    if offered:
        yield "  classDef offered stroke-dasharray: 5 4"
        yield f"  class {','.join(offered)} offered"


def _id(stop: Stop) -> str:
    """Return an id that is valid in Mermaid: `end` alone would end a subgraph."""
    return "s_" + stop.replace("/", "__")


def _quoted(text: str) -> str:
    """Quote a text so that Mermaid shows it unchanged."""
    text = " ".join(text.split()).replace("&", "&amp;").replace("#", "#35;")
    return text.replace('"', "#quot;").replace("<", "&lt;").replace(">", "&gt;").replace("`", "#96;")
