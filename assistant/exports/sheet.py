"""The summary as a sheet: its content in order and in one language, before it becomes text or paper.

Own words are passed on as the same string. Private entries are included only if the user asks for them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Literal

from assistant.dialogue.model import Text
from assistant.engine.entries import MEETING, Entry
from assistant.languages import TAGS, Catalogue
from assistant.meetings.balance_map import map_balances
from assistant.meetings.map_drawing import MapDrawing, draw_map
from assistant.meetings.paper_fit import PaperFit, fit_on_paper
from assistant.meetings.reading_order import in_reading_order
from assistant.meetings.review.asking import ASKING
from assistant.meetings.share import Said
from assistant.meetings.summary import SectionTopic, Summary
from assistant.value_class import value_class


@value_class
class SheetText:
    """One statement: own words verbatim, or the wording of a chosen option."""

    text: str
    own: bool
    mark: str = ""
    """What a reader is to know about it: that another person wrote it, and the user has not read it yet."""


@value_class
class SheetGroup:
    """The entries of one side of a balance, or of one question."""

    under: str | None
    entries: tuple[SheetText, ...]


@value_class
class SheetTopic:
    """The entries of one topic, or those without a topic."""

    topic: SheetText | None
    groups: tuple[SheetGroup, ...]


@value_class
class SheetSection:
    """A heading of the summary with its entries."""

    heading: str
    passages: tuple[SheetTopic, ...]
    kind: Literal["meeting", "asking", "other"] = "other"
    """Which meeting it is; wishes, needs and questions, which ask for an answer; or something else."""


@value_class
class SheetFirst:
    """An entry that was put first, with its section."""

    heading: str
    topic: SheetText | None
    entry: SheetText


@value_class
class SheetMap:
    """The support–challenge map, and the same in words."""

    heading: str
    drawing: MapDrawing
    frame: tuple[float, float, float, float]
    """X, y, width and height of its frame, in the drawing's own unit."""
    label: tuple[float, float] | None
    """The middle and baseline of the centre's name."""
    drawn: tuple[tuple[SheetText, str], ...]
    """Each name in the drawing, and what is said about it."""
    not_drawn_heading: str
    not_drawn: tuple[tuple[SheetText, str], ...]


@value_class
class SummarySheet:
    """The whole summary sheet."""

    language: str
    title: str
    line: str
    """Whose words they are, and the day the sheet was made."""
    meeting: tuple[SheetText, ...]
    """Which meeting it is, and when."""
    own_words_heading: str
    answer_heading: str
    """Above the column where answers and agreements are written by hand."""
    fit: PaperFit
    """The size of the type and of the room for a pen, by how much there is."""
    empty: str | None
    """The text if the sheet has no entries."""
    first_heading: str
    first: tuple[SheetFirst, ...]
    sections: tuple[SheetSection, ...]
    map: SheetMap | None
    """None if there is nothing to draw."""
    private: SheetSection | None
    """The user's private entries, on a separate sheet; only if the user asked for them."""
    private_line: str
    help: str
    contacts: tuple[tuple[str, str], ...]
    """Emergency contacts: the number, and who answers."""


@value_class
class EntryCard:
    """One entry alone, to be shown to another person."""

    language: str
    title: str
    heading: str
    topic: SheetText | None
    entry: SheetText
    whose: str


def lay_out(
    said: Summary,
    catalogue: Catalogue,
    today: date,
    contacts: Sequence[tuple[str, str]],
    *,
    with_private: bool = False,
) -> SummarySheet:
    """Return the sheet of this summary in the reader's language."""
    private = _notes(said, catalogue) if with_private and said.private else None
    meeting = [chapter for chapter in said.chapters if chapter.section.id == MEETING]
    chapters = (*meeting, *in_reading_order(c for c in said.chapters if c.section.id != MEETING))
    return SummarySheet(
        language=TAGS[catalogue.language],
        title=catalogue.say("summary.heading"),
        line=catalogue.say("sheet.line", day=catalogue.day(today)),
        meeting=tuple(words_of(entry, catalogue) for chapter in meeting for entry in chapter.entries),
        own_words_heading=catalogue.say("sheet.own_words"),
        answer_heading=catalogue.say("sheet.answer"),
        fit=fit_on_paper(said, catalogue.language),
        empty=None if said.first or said.chapters or private else catalogue.say("summary.empty"),
        first_heading=catalogue.say("summary.first"),
        first=tuple(
            SheetFirst(
                section.heading.in_(catalogue.language),
                _named(entry.topic, catalogue),
                words_of(entry, catalogue),
            )
            for section, entry in said.first
        ),
        sections=tuple(
            SheetSection(
                chapter.section.heading.in_(catalogue.language),
                tuple(_passage(block, catalogue) for block in chapter.blocks),
                _kind(chapter.section.id),
            )
            for chapter in chapters
        ),
        map=_map_of(said, catalogue),
        private=private,
        private_line=catalogue.say("take.private_line"),
        help=catalogue.say("sheet.help"),
        contacts=tuple(contacts),
    )


def _kind(section: str) -> Literal["meeting", "asking", "other"]:
    if section == MEETING:
        return "meeting"
    return "asking" if section in ASKING else "other"


def card_of(heading: Text, entry: Entry, catalogue: Catalogue) -> EntryCard:
    """Return the card with this one entry, under its heading in the summary."""
    words = words_of(entry, catalogue)
    return EntryCard(
        language=TAGS[catalogue.language],
        title=catalogue.say("take.card_title"),
        heading=heading.in_(catalogue.language),
        topic=_named(entry.topic, catalogue),
        entry=words,
        whose=catalogue.say("hold.own") if words.own else catalogue.say("hold.chosen"),
    )


def _map_of(said: Summary, catalogue: Catalogue) -> SheetMap | None:
    drawing = draw_map(map_balances(said), catalogue)
    if drawing is None:
        return None
    drawn, not_drawn = (
        tuple((SheetText(one.name, one.is_own), one.said) for one in placed)
        for placed in (drawing.drawn, drawing.not_drawn)
    )
    return SheetMap(
        catalogue.say("map.title"),
        drawing,
        drawing.layout.frame,
        drawing.layout.label,
        drawn,
        catalogue.say("map.not_drawn"),
        not_drawn,
    )


def words_of(entry: Entry, catalogue: Catalogue) -> SheetText:
    """Return the words of an entry."""
    words = words_said(entry.said, catalogue)
    return replace(words, mark=catalogue.say("written_for.mark_on_paper")) if entry.is_unread else words


def words_said(said: Said, catalogue: Catalogue) -> SheetText:
    """Return own words verbatim, the wording of an option, or a date in words."""
    match said:
        case str() as words:
            return SheetText(words, own=True)
        case Text() as wording:
            return SheetText(wording.in_(catalogue.language), own=False)
        case day:
            on = catalogue.day(day.on)
            return SheetText(
                catalogue.say("day.both", on=on, at=catalogue.clock(day.at)) if day.at else on, own=False
            )


def _passage(block: SectionTopic, catalogue: Catalogue) -> SheetTopic:
    topic = words_of(block.head, catalogue) if block.head else _named(block.topic, catalogue)
    return SheetTopic(topic, tuple(_groups(block.entries, catalogue)))


def _groups(entries: Iterable[Entry], catalogue: Catalogue) -> Iterable[SheetGroup]:
    for (_, under), together in groupby(entries, key=lambda entry: (entry.state, entry.under)):
        yield SheetGroup(
            under.in_(catalogue.language) if under else None,
            tuple(words_of(entry, catalogue) for entry in together),
        )


def _notes(said: Summary, catalogue: Catalogue) -> SheetSection:
    by_topic = groupby(said.private, key=lambda entry: entry.topic)
    return SheetSection(
        catalogue.say("summary.private"),
        tuple(
            SheetTopic(_named(topic, catalogue), tuple(_groups(notes, catalogue)))
            for topic, notes in by_topic
        ),
    )


def _named(topic: str | Text | None, catalogue: Catalogue) -> SheetText | None:
    match topic:
        case None:
            return None
        case str():
            return SheetText(topic, own=True)
        case wording:
            return SheetText(wording.in_(catalogue.language), own=False)
