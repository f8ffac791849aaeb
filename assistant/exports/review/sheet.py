"""The content of a review sheet, in order and in one language, before it becomes text, PDF or data.

Own words are passed on as the same strings, those of the user and those of the professional. The facts
behind the wordings (`given`, `signed`) are kept too, for data formats.
"""

from collections.abc import Iterator
from datetime import date

from assistant.exports.sheet import SheetText
from assistant.meetings.review.review import HonestAnswer, Proposal, Remark, Standpoint
from assistant.meetings.share import SharedEntry
from assistant.value_class import value_class


@value_class
class SignedText:
    """A statement of one side: an honest answer, a comment on an entry, or a standpoint."""

    label: str
    """Whose it is, and the chosen part of the statement."""
    words: SheetText | None
    """The words as written; None if there are none."""
    until: str | None
    """The date until which it is to be done."""
    earlier_label: str
    earlier: SheetText | None
    """The wording it referred to, if that has been edited since."""
    still_holds: bool
    changed: str | None
    """Says that something has changed since the statement."""
    signature: str
    """Whose words they are, who wrote them and when."""
    language: str | None
    """The language the words are marked with: that of the page its writer used."""
    given: HonestAnswer | Remark | Standpoint


@value_class
class EntryOnReviewSheet:
    """One shared entry, with its marks, answer and comments."""

    words: SheetText
    chosen: str | None
    """Says that it was chosen from options; None for own words and dates."""
    notes: tuple[str, ...]
    """Notes: talked about, for the next time, or an answer still to come."""
    voices: tuple[SignedText, ...]
    topic: SheetText | None
    under: str | None
    section: str
    given: SharedEntry


@value_class
class ReviewSheetGroup:
    """The entries of one side of a balance, or of one question."""

    under: str | None
    entries: tuple[EntryOnReviewSheet, ...]


@value_class
class ReviewSheetTopic:
    """The entries of one topic, or those without a topic."""

    head: EntryOnReviewSheet | None
    """The entry that named the topic, if it is in the same section: it serves as the heading."""
    topic: SheetText | None
    """The topic's name, if no entry serves as its heading."""
    groups: tuple[ReviewSheetGroup, ...]


@value_class
class ReviewSheetSection:
    """A heading of the summary with its entries."""

    id: str
    heading: str
    passages: tuple[ReviewSheetTopic, ...]

    @property
    def entries(self) -> Iterator[EntryOnReviewSheet]:
        """Return every entry in the section, in order."""
        for passage in self.passages:
            if passage.head:
                yield passage.head
            for group in passage.groups:
                yield from group.entries


@value_class
class EntryUnderHeading:
    """An entry that is apart from its section, with the heading it comes from."""

    heading: str
    entry: EntryOnReviewSheet


@value_class
class AgreementDetail:
    """One detail of an agreement, listed under its name."""

    label: str
    said: SheetText


@value_class
class AgreementOnReviewSheet:
    """An agreement or a proposal: what is agreed, and its details."""

    what: SheetText
    facts: tuple[AgreementDetail, ...]
    waiting: tuple[str, ...]
    """Whose confirmation is missing."""
    look_again: str | None
    """When it is to be looked at again, as a line of its own; it is also among the details."""
    language: str | None
    """The language the words are marked with: that of the page its writer used."""
    given: Proposal


@value_class
class ReviewSheet:
    """The whole review sheet."""

    language: str
    title: str
    """The title: the user's own words, gone through together, with the date."""
    lines: tuple[str, ...]
    """Whose words they are, when they were shared, and at which service."""
    empty: str | None
    first_heading: str
    first: tuple[EntryUnderHeading, ...]
    sections: tuple[ReviewSheetSection, ...]
    agreements_heading: str
    agreements: tuple[AgreementOnReviewSheet, ...]
    standpoints_heading: str
    standpoints: tuple[SignedText, ...]
    silent: tuple[str, ...]
    """If only one side has given a standpoint, says that the other has not."""
    nameless: str
    """A statement, in data only, that the user was not asked for a name."""
    is_settled: bool
    """Both stand by the current text, have finished with it, and no agreement is waiting."""
    on: date
    """The day of the meeting."""
    shared_on: date

    @property
    def entries(self) -> Iterator[tuple[str, EntryOnReviewSheet]]:
        """Return every entry with its heading; entries put first come first."""
        for first in self.first:
            yield first.heading, first.entry
        for section in self.sections:
            for entry in section.entries:
                yield section.heading, entry
