"""The summary: the user's own entries, in order, as one page.

It is computed from the answers and contains nothing else. Own words are passed on as the same string, so
what is shown is, character for character, what was written.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from assistant.dialogue.model import (
    AGREEMENTS,
    Address,
    Choice,
    Choices,
    Dialogue,
    Question,
    Section,
    Text,
    topic_of,
)
from assistant.engine.conversation import Answer, ChosenOptions, RankedStatements
from assistant.engine.entries import Entry, entries_of
from assistant.engine.journey import Journey
from assistant.value_class import value_class

Unread = Mapping[str, int]
"""The entries that another person wrote and the user has not approved, by id, each with its version."""
NOTHING_UNREAD: Unread = {}


@value_class
class SectionTopic:
    """The entries of one topic, or those without a topic."""

    head: Entry | None
    """The entry that named the topic, if it is in the same section: it serves as the heading."""
    topic: str | Text | None
    """The topic's name, where no entry is its heading."""
    entries: tuple[Entry, ...]


@value_class
class SummarySection:
    """A section of the summary with the user's entries in it."""

    section: Section
    entries: tuple[Entry, ...]

    @property
    def blocks(self) -> tuple[SectionTopic, ...]:
        """Return the same entries: those without a topic first, then topic by topic in the order named."""
        heads = {entry.names: entry for entry in self.entries if entry.names is not None}
        said = [entry for entry in self.entries if entry.names is None]
        topics = dict.fromkeys([*heads, *(e.about for e in said if e.about is not None)])
        general = tuple(entry for entry in said if entry.about is None)
        return tuple(SectionTopic(None, None, entries) for entries in [general] if entries) + tuple(
            SectionTopic(
                heads.get(topic),
                next((e.topic for e in said if e.about == topic and topic not in heads), None),
                tuple(entry for entry in said if entry.about == topic),
            )
            for topic in topics
        )


@value_class
class Summary:
    """The user's entries: those put first, the rest by section, and private ones."""

    first: tuple[tuple[Section, Entry], ...]
    chapters: tuple[SummarySection, ...]
    private: tuple[Entry, ...]
    """Own words and single choices from questions without a section; never shown to anyone else."""


def summarise(dialogue: Dialogue, journey: Journey, unread: Unread = NOTHING_UNREAD) -> Summary:
    """Return the summary of the answers on the journey, with the `unread` entries marked; answers set aside
    are not in it.
    """
    said: list[Entry] = []
    private: list[Entry] = []
    for address, answer in journey.answers.items():
        question = dialogue.question(address)
        entries = marked(entries_of(address, question, answer), unread)
        if question.section is None:
            topic = topic_named(dialogue, journey, address)
            # a single option is meaningful alone; several would only list the topics chosen
            is_said = isinstance(question, Choice)
            private += [replace(e, topic=topic) for e in entries if is_said or isinstance(e.said, str)]
        else:
            said += [_in_its_topic(dialogue, journey, entry) for entry in entries]
    section_of = {entry.id: dialogue.question(entry.state).section or "" for entry in said}
    by_id = {entry.id: entry for entry in said}
    first = {id_: by_id[id_] for id_ in _put_first(journey) if id_ in by_id}
    chapters = [
        SummarySection(
            section, tuple(e for e in said if section_of[e.id] == section.id and e.id not in first)
        )
        for section in dialogue.frame.sections
    ]
    sections = {section.id: section for section in dialogue.frame.sections}
    return Summary(
        tuple((sections[section_of[id_]], entry) for id_, entry in first.items()),
        tuple(chapter for chapter in chapters if chapter.entries),
        tuple(private),
    )


def marked(entries: Iterable[Entry], unread: Unread) -> Iterator[Entry]:
    """Return the entries, with a mark on those that are unread."""
    if not unread:
        return iter(entries)
    return (
        replace(entry, is_unread=True) if unread.get(entry.id) == entry.version else entry
        for entry in entries
    )


def is_unread(address: Address, question: Question, answer: Answer, unread: Unread) -> bool:
    """Return whether there is an unread entry in an answer."""
    if not unread:
        return False
    return any(entry.is_unread for entry in marked(entries_of(address, question, answer), unread))


def _in_its_topic(dialogue: Dialogue, journey: Journey, entry: Entry) -> Entry:
    """Return the entry with the topic it is about, or names."""
    naming = {dialogue.names_topics(part) for part in dialogue.parts}
    return replace(
        entry,
        topic=topic_for_others(dialogue, journey, entry.state),
        about=topic_of(entry.state),
        # an option's entry is named after its question; own words have their own id
        names=entry.id.removeprefix(f"{entry.state}.") if entry.state in naming else None,
    )


def topic_named(dialogue: Dialogue, journey: Journey, address: Address) -> str | Text | None:
    """Return the topic of an address as it was chosen or named; None if its part is not repeated."""
    topic = topic_of(address)
    if topic is None:
        return None
    asked_at = dialogue.names_topics(dialogue.part_of(address))
    if asked_at is None:
        return None
    if asked_at == AGREEMENTS:
        return next(agreement.text for agreement in journey.carried if agreement.id == topic)
    question, answer = dialogue.question(asked_at), journey.answers[asked_at]
    assert isinstance(question, Choices), "the check lets only choices name topics"
    assert isinstance(answer, ChosenOptions), "a topic was chosen where topics are named"
    wordings: dict[str, str | Text] = {option.id: option.text for option in question.options}
    return wordings.get(topic) or next(own.text for own in answer.own if own.id == topic)


def topic_for_others(dialogue: Dialogue, journey: Journey, address: Address) -> str | Text | None:
    """Return the topic of an address; None if it was named in a question without a section.

    Such a name is private to the user, even if something shared was said about it.
    """
    asked_at = dialogue.names_topics(dialogue.part_of(address))
    if asked_at is None or (asked_at != AGREEMENTS and dialogue.question(asked_at).section is None):
        return None
    return topic_named(dialogue, journey, address)


def _put_first(journey: Journey) -> tuple[str, ...]:
    return tuple(id_ for a in journey.answers.values() if isinstance(a, RankedStatements) for id_ in a.first)
