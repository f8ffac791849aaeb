"""Places a diagram: one column of parts, each with its states inside.

The main path runs down the middle. Other arrows are labelled where they leave it and drawn at the sides:
those that skip a part on the left, those to a later state on the right, one arrow at a time in each lane.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assistant.dialogue.drawing.diagram import END, Diagram, DiagramArrow, DiagramPart, DiagramState, Stop
from assistant.dialogue.drawing.text_width import lines
from assistant.value_class import value_class

LARGE, SMALL = 16.0, 13.0
HEAVY = 17.5
"""Questions are set in 15.5 bold, which is as wide as regular letters of this size in a broad sans serif."""
LARGE_STEP, SMALL_STEP = 21.0, 17.0
LEFT, FRAME, INSET, PAD = 52.0, 424.0, 30.0, 14.0
BOX = FRAME - INSET - 18
LANE = 16.0
_GAP, _BETWEEN = 30.0, 34.0


@value_class
class LabelLine:
    """One line of text; `look` names its text style."""

    text: str
    x: float
    y: float
    look: str


@dataclass
class Box:
    """A rectangle with lines of text: a state, or the door of a part."""

    x: float
    y: float
    width: float
    height: float = 0.0
    look: str = ""
    lines: list[LabelLine] = field(default_factory=list)

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@value_class
class Arrow:
    """A polyline through these points, with the head at the last."""

    points: tuple[tuple[float, float], ...]
    look: str = ""


@dataclass
class Layout:
    """The diagram with a position for everything."""

    width: float = 0.0
    height: float = 0.0
    heading: list[LabelLine] = field(default_factory=list)
    frames: list[Box] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    """In reading order."""
    arrows: list[Arrow] = field(default_factory=list)
    labels: list[LabelLine] = field(default_factory=list)
    end: Box = field(default_factory=lambda: Box(0, 0, 0))


@value_class
class _Leaving:
    """An arrow to the side: where it leaves the box, and its target."""

    x: float
    y: float
    to: Stop


def lay_out(diagram: Diagram, *, headed: bool) -> Layout:
    """Place everything in the diagram, with the dialogue's name at the top if nothing else states it."""
    setting = _Setting(diagram)
    if headed:
        setting.head()
    return setting.done()


class _Setting:
    def __init__(self, diagram: Diagram) -> None:
        self._diagram = diagram
        self._layout = Layout()
        self._boxes: dict[Stop, Box] = {}
        self._frame_ends: dict[Stop, float] = {}
        self._leaving: list[_Leaving] = []
        self._prompts = {station.address: station.prompt for station in diagram.stations}
        self._prompts |= {group.id: group.title for group in diagram.groups} | {END: diagram.end}
        self._y = 12.0

    def head(self) -> None:
        box = Box(LEFT, self._y, FRAME)
        self._y += 10
        self._write(box, self._diagram.title, "heading", LARGE * 1.5, LARGE_STEP * 1.5)
        self._write(box, self._diagram.version, "small", SMALL, SMALL_STEP)
        self._y += 16
        self._layout.heading = box.lines

    def done(self) -> Layout:
        layout = self._layout
        for group in self._diagram.groups:
            self._group(group)
        layout.end = self._end()
        self._straight_on()
        self._past()
        lanes = self._aside()
        layout.width = LEFT + FRAME + 14 + LANE * max(lanes, 1)
        layout.height = layout.end.bottom + 12
        return layout

    def _group(self, group: DiagramPart) -> None:
        frame = Box(LEFT, self._y, FRAME, look="frame offered" if group.has_door else "frame")
        self._y += PAD
        # the title keeps to the left of the arrow that comes from above
        title = Box(LEFT + PAD, self._y, FRAME - 2 * PAD if group.has_door else FRAME / 2 - PAD - 8)
        self._write(title, group.title, "title", LARGE, LARGE_STEP)
        for note in group.notes:
            self._write(title, note, "small", SMALL, SMALL_STEP)
        title.height = self._y - title.y
        frame.lines = title.lines
        if group.has_door:
            self._boxes[group.id] = Box(LEFT, frame.y, FRAME, title.height + PAD)
        self._y += _GAP if group.has_door else 10
        for number, station in enumerate(group.stations):
            if number:
                self._y += self._room_after(group.stations[number - 1])
            self._station(station)
        self._y += PAD + 2
        frame.height = self._y - frame.y
        self._layout.frames.append(frame)
        self._frame_ends[group.stations[-1].address] = frame.bottom
        if group.repeats:
            self._again(group)
        self._y += max(_BETWEEN, self._room_after(group.stations[-1]))

    def _station(self, station: DiagramState) -> None:
        look = "box" if station.asks else "say"
        box = Box(LEFT + INSET, self._y, BOX, look=f"{look} offered" if station.is_offered else look)
        self._y += 9
        self._write(box, station.kind, "small", SMALL, SMALL_STEP)
        size, step, at_most = (HEAVY, LARGE_STEP, None) if station.asks else (SMALL, SMALL_STEP, 5)
        self._write(box, station.prompt, "prompt" if station.asks else "said", size, step, at_most)
        if station.lands:
            self._write(box, station.lands, "small", SMALL, SMALL_STEP)
        for way in self._ways_from(station.address):
            if not way.is_straight:
                self._exit(box, way)
        self._y += 9
        box.height = self._y - box.y
        self._boxes[station.address] = box
        self._layout.boxes.append(box)

    def _exit(self, box: Box, way: DiagramArrow) -> None:
        """Place the label of an arrow to the side where it leaves."""
        self._y += 5
        there = f"→ {self._prompts[way.to]}"
        text = f"{way.label} {there}" if way.label else there
        first = self._y
        self._write(box, text, "way", SMALL, SMALL_STEP, at_most=2)
        self._leaving.append(_Leaving(box.x + box.width, first + SMALL_STEP / 2, way.to))

    def _write(
        self, box: Box, text: str, look: str, size: float, step: float, at_most: int | None = None
    ) -> None:
        inside = 12.0 if box.look else 0.0
        for line in lines(text, size, box.width - 2 * inside, at_most):
            box.lines.append(LabelLine(line, box.x + inside, self._y + step * 0.76, look))
            self._y += step

    def _ways_from(self, source: Stop) -> list[DiagramArrow]:
        return [way for way in self._diagram.ways if way.source == source]

    def _labels_below(self, station: DiagramState) -> list[str]:
        """Place the conditions of the main path."""
        return [way.label for way in self._ways_from(station.address) if way.is_straight and way.label]

    def _room_after(self, station: DiagramState) -> float:
        told = [line for label in self._labels_below(station) for line in self._beside(label)]
        return _GAP + (SMALL_STEP * len(told) if told else 0)

    def _beside(self, label: str) -> list[str]:
        return lines(label, SMALL, BOX / 2 - 16)

    def _end(self) -> Box:
        box = Box(LEFT + INSET + BOX / 2 - 110, self._y, 220, 40, look="end")
        shown = lines(self._diagram.end, HEAVY, 200, 1)[0]
        box.lines.append(LabelLine(shown, box.middle, box.y + 26, "prompt centred"))
        self._boxes[END] = box
        return box

    def _straight_on(self) -> None:
        """Place the arrows down the middle, with their conditions beside them."""
        middle = LEFT + INSET + BOX / 2
        for group in self._diagram.groups:
            if group.has_door:
                door, first = self._boxes[group.id], self._boxes[group.stations[0].address]
                self._layout.arrows.append(Arrow(((middle, door.bottom), (middle, first.y))))
            for station in group.stations:
                straight = [way for way in self._ways_from(station.address) if way.is_straight]
                if not straight:
                    continue
                source, target = self._boxes[station.address], self._boxes[straight[0].to]
                self._layout.arrows.append(Arrow(((middle, source.bottom), (middle, target.y))))
                y = self._frame_ends.get(station.address, source.bottom) + 6
                for label in self._labels_below(station):
                    for line in self._beside(label):
                        y += SMALL_STEP
                        self._layout.labels.append(LabelLine(line, middle + 10, y - 5, "way"))

    def _past(self) -> None:
        """Place the arrows on the left, which lead from the door of a skipped part past it."""
        lane = LEFT - 30
        for part, to in self._diagram.passes:
            door, target = self._boxes[part], self._boxes[to]
            leaves, comes = door.y + door.height - 8, target.y + 12
            self._layout.arrows.append(
                Arrow(((door.x, leaves), (lane, leaves), (lane, comes), (target.x, comes)), "past")
            )
            self._layout.labels.append(LabelLine(self._diagram.past, lane - 5, leaves + 16, "way upright"))

    def _again(self, group: DiagramPart) -> None:
        """Return the arrow from the last state of a repeated part back to its door."""
        door, last = self._boxes[group.id], self._boxes[group.stations[-1].address]
        lane, leaves = LEFT + INSET / 2, last.y + last.height / 2
        self._layout.arrows.append(Arrow(((last.x, leaves), (lane, leaves), (lane, door.bottom)), "again"))

    def _aside(self) -> int:
        """Place the arrows on the right, one lane per target; return the number of lanes."""
        taken: list[list[tuple[float, float]]] = []
        for target, leaving in sorted(self._bundles(), key=lambda bundle: _span(*bundle)):
            low, high = _ends(target, leaving)
            lane = next((n for n, spans in enumerate(taken) if _is_free(spans, low, high)), len(taken))
            if lane == len(taken):
                taken.append([])
            taken[lane].append((low, high))
            x, y = LEFT + FRAME + 12 + lane * LANE, target.y + 12
            for way in leaving:
                edge = target.x + target.width
                self._layout.arrows.append(Arrow(((way.x, way.y), (x, way.y), (x, y), (edge, y)), "aside"))
        return len(taken)

    def _bundles(self) -> Iterator[tuple[Box, list[_Leaving]]]:
        for to in dict.fromkeys(way.to for way in self._leaving):
            yield self._boxes[to], [way for way in self._leaving if way.to == to]


def _ends(target: Box, leaving: Iterable[_Leaving]) -> tuple[float, float]:
    heights = [target.y + 12, *(way.y for way in leaving)]
    return min(heights), max(heights)


def _span(target: Box, leaving: list[_Leaving]) -> float:
    low, high = _ends(target, leaving)
    return high - low


def _is_free(spans: list[tuple[float, float]], low: float, high: float) -> bool:
    return all(high < other_low - 6 or low > other_high + 6 for other_low, other_high in spans)
