"""A share: a snapshot of the entries a user chose to show, and how long it may be opened.

Nothing else is in it: no words, no count, no name of a withheld topic, and no id that would reveal the
chosen option. The snapshot is a copy. Later changes are included only when the user shares again.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field

from assistant.dialogue.model import Section, Text
from assistant.engine.conversation import OnDay, StoredModel
from assistant.engine.entries import Entry
from assistant.meetings.summary import Summary, SummarySection
from assistant.value_class import value_class

Choice = Literal["share", "keep", "say"]
"""Share it, keep it private, or say it in the meeting instead."""
CHOICES: tuple[Choice, ...] = ("share", "keep", "say")
Way = Literal["together", "ahead"]
"""Opened together in the meeting, or sent ahead."""
End = Literal["withdrawn", "expired"]

_REF = 18
_MEETING = "meeting"
"""The section with the meeting's kind and time."""


class SharingChoices(StoredModel):
    """A user's sharing choices for one meeting's summary. They stay in the notebook."""

    format: Literal[1] = 1
    salt: str
    """Keeps the snapshot's ids of chosen options from being guessed."""
    explained: bool = False
    """Whether the page that explains what it means that a professional reads it was answered."""
    for_all: Choice | None = None
    """The choice for everything without an exception; None until the first answer."""
    exceptions: dict[str, Choice] = Field(default_factory=dict)
    """By entry id. A choice stays when the entry is edited; each snapshot names the text version it
    contains.
    """

    def choice(self, entry: Entry) -> Choice:
        """Return the choice for an entry. Without any choice nothing is shared."""
        return self.exceptions.get(entry.id, self.for_all or "keep")

    def answered(self) -> "SharingChoices":
        """Return the choices as the page offers them: before the first answer everything is on."""
        return self.model_copy(update={"explained": True, "for_all": self.for_all or "share"})

    def choosing(self, chosen: Mapping[str, Choice]) -> "SharingChoices":
        """Return the choices with this choice for each of these entries; a choice equal to the general one
        is removed.
        """
        kept = {id_: choice for id_, choice in self.exceptions.items() if id_ not in chosen}
        apart = {id_: choice for id_, choice in chosen.items() if choice != self.for_all}
        return self.model_copy(update={"exceptions": kept | apart})


# a wording is spelled as any languages and their words, so a day is tried first
Said = Annotated[str | OnDay | Text, Field(union_mode="left_to_right")]


class SharedEntry(StoredModel):
    """One entry as it was when shared."""

    id: str
    version: int
    asked: str
    """Groups entries that answer the same question. It reveals nothing else."""
    said: Said
    under: Text | None = None
    topic: str | Text | None = None
    """The name of its topic, if that was shared too."""
    about: str | None = None
    names: str | None = None
    level: str | None = None
    """What its wording says already, in the form that the map is drawn from. Absent in older shares."""


class SharedSection(StoredModel):
    """A section of what is shared."""

    id: str
    heading: Text
    entries: tuple[SharedEntry, ...]


class SharedFirst(StoredModel):
    """An entry that the user put first, with its section."""

    section: str
    heading: Text
    entry: SharedEntry


class Snapshot(StoredModel):
    """Exactly what the other person sees, and nothing else."""

    format: Literal[1] = 1
    on: date
    """The day it was shared."""
    first: tuple[SharedFirst, ...]
    sections: tuple[SharedSection, ...]
    more_to_say: bool
    """The user would rather say something in the meeting. Not what, and not how much."""
    language: str = ""
    """The user's page language when it was shared: their words are marked with it."""

    @property
    def is_empty(self) -> bool:
        """Return True if the snapshot shows nothing."""
        return not (self.first or self.sections)

    @property
    def digest(self) -> str:
        """A digest of what would be shared, independent of the day and the page's language: used to check
        that it is what the user looked at.
        """
        content = self.model_copy(update={"on": date.min, "language": ""}).model_dump_json()
        return sha256(content.encode()).hexdigest()

    @property
    def meeting_day(self) -> OnDay | None:
        """Return when the meeting is, if that is shared."""
        said = [first.entry.said for first in self.first if first.section == _MEETING]
        said += [
            entry.said for section in self.sections if section.id == _MEETING for entry in section.entries
        ]
        return next((day for day in said if isinstance(day, OnDay)), None)

    @property
    def summary(self) -> Summary:
        """Return the snapshot as a summary, so that the same page can show it."""
        first = tuple((Section(id=f.section, heading=f.heading), _entry(f.entry)) for f in self.first)
        chapters = tuple(
            SummarySection(Section(id=s.id, heading=s.heading), tuple(map(_entry, s.entries)))
            for s in self.sections
        )
        return Summary(first, chapters, ())


def entries_in(summary: Summary) -> list[tuple[Section, Entry]]:
    """Return every entry that can be shared, in page order. Private notes are not among them."""
    inside = [(chapter.section, entry) for chapter in summary.chapters for entry in chapter.entries]
    return [*summary.first, *inside]


def waiting_in(summary: Summary) -> int:
    """Return how many entries cannot be shared yet, because another person wrote them and the user has not
    read them.
    """
    return sum(entry.is_unread for _, entry in entries_in(summary))


def take_snapshot(summary: Summary, sharing: SharingChoices, on: date) -> Snapshot:
    """Copy exactly the chosen entries, without those that another person wrote and the user has not read."""
    read = [entry for _, entry in entries_in(summary) if not entry.is_unread]
    chosen = [entry for entry in read if sharing.choice(entry) == "share"]
    taken = _Copier(sharing.salt, chosen)
    sections = [(c.section, taken.all(c.entries)) for c in summary.chapters]
    return Snapshot(
        on=on,
        first=tuple(
            SharedFirst(section=section.id, heading=section.heading, entry=copy)
            for section, entry in summary.first
            for copy in taken.all([entry])
        ),
        sections=tuple(SharedSection(id=s.id, heading=s.heading, entries=e) for s, e in sections if e),
        more_to_say=any(sharing.choice(entry) == "say" for entry in read),
    )


@value_class
class _Copier:
    """Copies chosen entries, with new ids for everything whose id could reveal something."""

    salt: str
    chosen: list[Entry]

    def all(self, entries: Iterable[Entry]) -> tuple[SharedEntry, ...]:
        return tuple(self._copy(entry) for entry in entries if entry in self.chosen)

    def _copy(self, entry: Entry) -> SharedEntry:
        topic_is_shared = entry.about in {e.names for e in self.chosen if e.names is not None}
        return SharedEntry(
            # a statement's id is random; an option's would reveal which it was
            id=entry.id if isinstance(entry.said, str) else self._ref(f"entry {entry.id}"),
            version=entry.version,
            asked=self._ref(f"state {entry.state}"),
            said=entry.said,
            under=entry.under,
            topic=entry.topic if topic_is_shared else None,
            about=self._ref(f"topic {entry.about}") if entry.about is not None else None,
            names=self._ref(f"topic {entry.names}") if entry.names is not None else None,
            level=entry.level,
        )

    def _ref(self, name: str) -> str:
        return sha256(f"{self.salt} {name}".encode()).hexdigest()[:_REF]


def _entry(shared: SharedEntry) -> Entry:
    return Entry(
        id=shared.id,
        version=shared.version,
        state=shared.asked,
        said=shared.said,
        under=shared.under,
        topic=shared.topic,
        about=shared.about,
        names=shared.names,
        level=shared.level,
    )
