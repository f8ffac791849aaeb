"""The dialogue drawn: nothing left out, nothing over anything else, and safe whatever the author wrote."""

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support.as_read import our_catalogues

from assistant.config import dialogues_folder
from assistant.dialogue.drawing.diagram import END, Diagram, diagram_of, mermaid
from assistant.dialogue.drawing.layout import LARGE, Box, lay_out
from assistant.dialogue.drawing.svg import draw
from assistant.dialogue.drawing.text_width import lines, width
from assistant.dialogue.library import read_dialogue
from assistant.dialogue.model import Choice, Dialogue, Frame, Option, Part, Say, Text, Transition, When
from assistant.languages import LANGUAGES, Language

CATALOGUES = our_catalogues()
ENGINE = Path(__file__).parents[2] / "engine"
FOLDERS = [
    *sorted(p.parent for p in dialogues_folder().glob("*/dialogue.yaml")),
    ENGINE / "small",
    ENGINE / "winding",
]
NASTY = 'a "b" <script> & #quot; `c` ]) |x| {y} -->'


def read(folder: Path) -> Dialogue:
    dialogue, issues = read_dialogue(folder)
    assert dialogue is not None, issues
    return dialogue


def words(text: str) -> Text:
    return Text(nb=text, nn=text, en=text)


def long_dialogue(states: int) -> Dialogue:
    """Every question may jump four further on, and to the end: more ways than any author would want."""
    options = [Option(id=f"o{n}", text=words(NASTY)) for n in range(3)]
    made = [
        Choice(
            id=f"q{n}",
            prompt=words(f"{n} {NASTY} " + "veldiglangtordsomaldritarslutt" * 3),
            why=words("Fordi."),
            asks="choice",
            options=options,
            next=[
                Transition(when=When(chose={f"q{n}": "o0"}), to=f"q{min(n + 4, states - 1)}"),
                Transition(when=When(chose={f"q{n}": "o1"}), to="end"),
                Transition(to=f"q{n + 1}" if n + 1 < states else "end"),
            ],
        )
        for n in range(states)
    ]
    part = Part(id="p", topic=words(NASTY), states=[Say(id="hi", prompt=words(NASTY), asks="say"), *made])
    frame = Frame(spec=1, id="long", version=1, title=words(NASTY), sections=[], parts=["p"])
    return Dialogue(frame=frame, parts=[part])


DIALOGUES = {folder.name: read(folder) for folder in FOLDERS} | {"long": long_dialogue(60)}


@pytest.fixture(params=DIALOGUES)
def dialogue(request: pytest.FixtureRequest) -> Dialogue:
    """Each of ours, those with every kind of way, and one beyond measure."""
    return DIALOGUES[request.param]


def drawn(dialogue: Dialogue, language: Language = "nb", style: str | None = None) -> ElementTree.Element:
    diagram = diagram_of(dialogue, CATALOGUES[language])
    return ElementTree.fromstring(draw(diagram, "Tittel", "Beskrevet", language=language, style=style))


def words_in(svg: ElementTree.Element) -> str:
    return " ".join(" ".join(element.itertext()) for element in svg.iter("text"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_question_and_condition_is_in_the_drawing(dialogue: Dialogue, language: Language) -> None:
    said = "".join(words_in(drawn(dialogue, language)).split())
    diagram = diagram_of(dialogue, CATALOGUES[language])
    told = [g.title for g in diagram.groups] + [note for g in diagram.groups for note in g.notes]
    told += [station.prompt for station in diagram.stations if station.asks]
    told += [way.label for way in diagram.ways if way.is_straight]
    missing = [text for text in told if "".join(text.split()) not in said]
    assert missing == []


def test_it_has_a_title_and_a_description_and_its_arrows_are_not_read_out(dialogue: Dialogue) -> None:
    svg = drawn(dialogue)
    assert [svg[0].text, svg[1].text] == ["Tittel", "Beskrevet"]
    assert [svg[0].get("id"), svg[1].get("id")] == [svg.get("aria-labelledby"), svg.get("aria-describedby")]
    hidden = svg.find("g[@aria-hidden='true']")
    assert hidden is not None
    assert len(hidden.findall("path")) == len(list(svg.iter("path"))) > 0
    assert not list(hidden.iter("text"))


def test_every_way_has_an_arrow(dialogue: Dialogue) -> None:
    diagram = diagram_of(dialogue, CATALOGUES["nb"])
    layout = lay_out(diagram, headed=False)
    doors = [group for group in diagram.groups if group.has_door]
    below = {way.source for way in diagram.ways if way.is_straight}
    aside = [way for way in diagram.ways if not way.is_straight]
    again = [group for group in diagram.groups if group.repeats]
    assert len(layout.arrows) == len(doors) * 2 + len(below) + len(aside) + len(again)


def overlap(one: Box, other: Box) -> bool:
    return one.y < other.bottom and other.y < one.bottom


def test_nothing_stands_over_anything_else(dialogue: Dialogue) -> None:
    layout = lay_out(diagram_of(dialogue, CATALOGUES["nb"]), headed=True)
    for boxes in (layout.frames, [*layout.boxes, layout.end]):
        assert not [pair for pair in combinations(boxes, 2) if overlap(*pair)]
    for box in layout.boxes:
        assert [frame for frame in layout.frames if frame.y < box.y and box.bottom < frame.bottom]
        for line in box.lines:
            assert box.y < line.y < box.bottom
            assert line.x + width(line.text, LARGE if line.look == "prompt" else 13) <= box.x + box.width
    for arrow in layout.arrows:
        assert all(0 < x < layout.width and 0 < y < layout.height for x, y in arrow.points)


def test_arrows_with_different_goals_never_share_a_piece_of_a_lane(dialogue: Dialogue) -> None:
    arrows = [
        a for a in lay_out(diagram_of(dialogue, CATALOGUES["nb"]), headed=False).arrows if a.look == "aside"
    ]
    spans: dict[float, list[tuple[float, float, tuple[float, float]]]] = {}
    for arrow in arrows:
        (_, leaves), (lane, _), (_, comes), goal = arrow.points
        spans.setdefault(lane, []).append((min(leaves, comes), max(leaves, comes), goal))
    for together in spans.values():
        for (low, high, goal), (other_low, other_high, other) in combinations(together, 2):
            assert goal == other or high < other_low or other_high < low


def test_what_an_author_wrote_is_only_ever_words() -> None:
    text = draw(diagram_of(DIALOGUES["long"], CATALOGUES["nb"]), NASTY, NASTY, language="nb", style="text {}")
    svg = ElementTree.fromstring(text)
    assert {element.tag.rpartition("}")[2] for element in svg.iter()} == {
        "svg",
        "title",
        "desc",
        "style",
        "rect",
        "g",
        "path",
        "text",
    }
    assert svg[0].text == NASTY
    assert "style=" not in text, "a page may not hold a style"


def arrows_in(text: str) -> set[tuple[str, str]]:
    return set(re.findall(r"^  (\w+) -\.?->(?:\|.*\|)? (\w+)$", text, re.MULTILINE))


def test_mermaid_says_the_same(dialogue: Dialogue) -> None:
    diagram = diagram_of(dialogue, CATALOGUES["en"])
    text = mermaid(diagram)
    wanted = {tuple("s_" + stop.replace("/", "__") for stop in (way.source, way.to)) for way in diagram.ways}
    assert wanted <= arrows_in(text)
    known = set(re.findall(r"^ +(\w+)[\[({]", text, re.MULTILINE))
    assert {stop for arrow in arrows_in(text) for stop in arrow} <= known
    assert text.count("subgraph ") == text.count("\n  end\n") == len(diagram.groups)
    for line in text.splitlines()[1:]:
        labels = re.findall(r'"([^"]*)"', line)
        assert not [label for label in labels if re.search(r"[<>`]", label.replace("<br>", ""))]
        assert line.count('"') == 2 * len(labels)


def test_a_jump_and_what_is_offered_are_drawn_as_such() -> None:
    diagram: Diagram = diagram_of(DIALOGUES["before_meeting"], CATALOGUES["nb"])
    ways = {(way.source, way.to): way for way in diagram.ways}
    assert ways["meeting/kind", "meeting/own_kind"].label == "Ved svaret «Et annet møte»"
    assert ways["meeting/kind", "meeting/day"].label == "Ellers"
    assert not ways["meeting/kind", "meeting/day"].is_straight
    assert ways["closing/done", END].is_straight
    assert "more/about" in [station.address for station in diagram.stations if station.is_offered]
    assert ("topic", "frame") in diagram.passes


def test_long_words_are_broken_and_long_texts_end_in_an_ellipsis() -> None:
    assert "".join(lines("x" * 200, 16, 100)) == "x" * 200
    assert all(width(line, 16) <= 100 for line in lines("x" * 200 + " ord " * 50, 16, 100))
    shown = lines("ord " * 50, 16, 100, at_most=2)
    assert len(shown) == 2
    assert shown[-1].endswith(" …")


@pytest.mark.parametrize("room", range(90, 200, 10))
def test_a_number_to_call_is_never_broken_in_two(room: int) -> None:
    shown = lines("Ring legevakten på 116 117 nå", 16, room)
    assert [line for line in shown if "116\N{NO-BREAK SPACE}117" in line]
