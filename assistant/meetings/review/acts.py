"""The acts possible in a review. `apply` performs them."""

from datetime import date

from assistant.meetings.review.agreement import Who
from assistant.meetings.review.review import AnswerKind, Extent, Mark, Side, View
from assistant.value_class import value_class


@value_class
class MarkEntry:
    """Mark an entry as talked about, for the next time, or neither."""

    entry: str
    mark: Mark | None


@value_class
class WantAnswer:
    """Request an honest answer to this entry, or withdraw the request."""

    entry: str
    wanted: bool


@value_class
class GiveAnswer:
    """Give an honest answer. `must_ask` needs a person, `not_possible` needs a reason."""

    entry: str
    kind: AnswerKind
    words: str
    by_on: date | None
    seen: int
    sure: frozenset[str] = frozenset()
    """Dates that the author confirmed as intended."""


@value_class
class PutBeside:
    """Comment on an entry; without words, delete the existing comment."""

    entry: str
    whose: Side
    words: str
    seen: int


@value_class
class Propose:
    """Propose an agreement, or reword a proposed or agreed one: then both must confirm again."""

    id: str
    what: str
    who: Who
    by_on: date | None
    look_again_on: date | None
    seen: int
    """The version the page showed; 0 for a new one."""
    sure: frozenset[str] = frozenset()
    """Dates that the author confirmed as intended."""


@value_class
class Confirm:
    """Confirm an agreement in this version of its wording."""

    id: str
    seen: int


@value_class
class Drop:
    """Drop an agreement. It stays visible that it existed and who dropped it."""

    id: str
    seen: int


@value_class
class TakeStand:
    """Give a standpoint on the whole."""

    view: View
    words: str
    on: str
    """The digest of what the page showed."""
    seen: int


@value_class
class Point:
    """Highlight one entry on all screens, or remove the highlight. Only the user does."""

    entry: str | None


@value_class
class Meet:
    """Confirm, as a professional, that this opening is with the person in the meeting."""

    opening: str


@value_class
class PrepareRecord:
    """Prepare the exact text for the professional's record."""

    id: str
    text: str
    language: str
    on: str
    extent: Extent = "all"
    kinds: str = ""


@value_class
class SeeRecord:
    """Confirm, as the user, that the text was seen: on their own screen or on the shared one."""

    id: str


@value_class
class TransferRecord:
    """Confirm, as the professional, that the text was put into the record."""

    id: str


Act = (
    MarkEntry
    | WantAnswer
    | GiveAnswer
    | PutBeside
    | Propose
    | Confirm
    | Drop
    | TakeStand
    | Point
    | Meet
    | PrepareRecord
    | SeeRecord
    | TransferRecord
)
