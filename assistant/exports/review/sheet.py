"""The content of a review sheet, in order and in one language, before it becomes text, paper or data.

Own words are passed on as the same strings, those of the user and those of the professional. The facts
behind the wordings (`given`, `signed`) are kept too, for data formats.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assistant.exports.sheet import SheetText
from assistant.meetings.review.review import HonestAnswer, Proposal, Remark, Standpoint
from assistant.meetings.share import SharedEntry


@dataclass(frozen=True)
class SignedText:
    """What one side said: an honest answer, words beside an entry, or where they stand."""

    label: str
    """Whose it is, and what they say as far as it was chosen."""
    words: SheetText | None
    """The words as written; None if there are none."""
    until: str | None
    """By when."""
    earlier_label: str
    earlier: SheetText | None
    """The wording it was said to, where that has been edited since."""
    still_holds: bool
    changed: str | None
    """Says that something has changed since it was said."""
    signature: str
    """Whose words they are, and by which hand and when they were written."""
    language: str | None
    """What the words are marked with: the language the hand that wrote them had the page in."""
    given: HonestAnswer | Remark | Standpoint


@dataclass(frozen=True)
class EntryOnReviewSheet:
    """One shared entry, with its marks, answer and comments."""

    words: SheetText
    chosen: str | None
    """Says that it was chosen among wordings; None for own words and for a day."""
    notes: tuple[str, ...]
    """Talked about, for the next time, an answer still to come."""
    voices: tuple[SignedText, ...]
    topic: SheetText | None
    under: str | None
    section: str
    given: SharedEntry


@dataclass(frozen=True)
class ReviewSheetGroup:
    """The entries of one side of a balance, or of one question."""

    under: str | None
    entries: tuple[EntryOnReviewSheet, ...]


@dataclass(frozen=True)
class ReviewSheetTopic:
    """The entries of one topic, or those without a topic."""

    head: EntryOnReviewSheet | None
    """The entry that named the topic, if it is in the same section: it serves as the heading."""
    topic: SheetText | None
    """The topic's name, where no entry is its heading."""
    groups: tuple[ReviewSheetGroup, ...]


@dataclass(frozen=True)
class ReviewSheetSection:
    """A heading of the summary with its entries."""

    id: str
    heading: str
    passages: tuple[ReviewSheetTopic, ...]

    @property
    def entries(self) -> Iterator[EntryOnReviewSheet]:
        """Every entry in it, in order."""
        for passage in self.passages:
            if passage.head:
                yield passage.head
            for group in passage.groups:
                yield from group.entries


@dataclass(frozen=True)
class ReviewSheetFirst:
    """An entry that the user put first, with the heading it comes from."""

    heading: str
    entry: EntryOnReviewSheet


@dataclass(frozen=True)
class AgreementDetail:
    """Something about an agreement, under its name."""

    label: str
    said: SheetText


@dataclass(frozen=True)
class AgreementOnReviewSheet:
    """An agreement or a proposal: what is agreed, and its details."""

    what: SheetText
    facts: tuple[AgreementDetail, ...]
    waiting: tuple[str, ...]
    """Whose confirmation is still to come."""
    look_again: str | None
    """When it is looked at again, as a line of its own; it is among the facts too."""
    language: str | None
    """What the words are marked with: the language the hand that wrote them had the page in."""
    given: Proposal


@dataclass(frozen=True)
class ReviewSheet:
    """The whole review sheet."""

    language: str
    title: str
    """What this is: the user's own words, gone through together, and on which day."""
    lines: tuple[str, ...]
    """Whose words they are and when they were shared; which service it was."""
    empty: str | None
    first_heading: str
    first: tuple[ReviewSheetFirst, ...]
    sections: tuple[ReviewSheetSection, ...]
    agreements_heading: str
    agreements: tuple[AgreementOnReviewSheet, ...]
    standpoints_heading: str
    standpoints: tuple[SignedText, ...]
    silent: tuple[str, ...]
    """Where one side has said where they stand, that the other has not."""
    nameless: str
    """A statement, in data only, that the user was not asked for a name."""
    is_settled: bool
    """Both stand by what it says now, finished with it, and no agreement is waiting."""
    on: date
    """The day it was gone through."""
    shared_on: date

    @property
    def entries(self) -> Iterator[tuple[str, EntryOnReviewSheet]]:
        """Every entry with its heading; what was put first comes first."""
        for first in self.first:
            yield first.heading, first.entry
        for section in self.sections:
            for entry in section.entries:
                yield section.heading, entry
