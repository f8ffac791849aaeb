"""What can be done in a review, one act each. `reviewing` does them."""

from dataclasses import dataclass
from datetime import date

from assistant.meetings.review.agreement import Who
from assistant.meetings.review.review import AnswerKind, Mark, Side, View


@dataclass(frozen=True)
class MarkEntry:
    """It was talked about, or is for the next time, or neither."""

    entry: str
    mark: Mark | None


@dataclass(frozen=True)
class WantAnswer:
    """One of the two wants an honest answer to this entry, or wants none any more."""

    entry: str
    wanted: bool


@dataclass(frozen=True)
class GiveAnswer:
    """The honest answer. What must be asked says whom, what is not possible says why."""

    entry: str
    kind: AnswerKind
    words: str
    by_on: date | None
    seen: int
    sure: frozenset[str] = frozenset()
    """The days that were said to be the ones that are meant."""


@dataclass(frozen=True)
class PutBeside:
    """Own words beside an entry; without any, those that stood there are taken away."""

    entry: str
    whose: Side
    words: str
    seen: int


@dataclass(frozen=True)
class Propose:
    """An agreement, or another wording of one that is on its way or agreed: then both confirm anew."""

    id: str
    what: str
    who: Who
    by_on: date | None
    look_again_on: date | None
    seen: int
    """At which writing the page saw it; 0 for a new one."""
    sure: frozenset[str] = frozenset()
    """The days that were said to be the ones that are meant."""


@dataclass(frozen=True)
class Confirm:
    """Confirm an agreement as it was worded at this writing."""

    id: str
    seen: int


@dataclass(frozen=True)
class Drop:
    """Take an agreement away; that it was there, and who took it away, is still to be seen."""

    id: str
    seen: int


@dataclass(frozen=True)
class TakeStand:
    """Give a standpoint on the whole."""

    view: View
    words: str
    on: str
    """The print of what the page showed."""
    seen: int


@dataclass(frozen=True)
class Point:
    """Put one entry on everybody's screen, or take it away again. Only the user does."""

    entry: str | None


@dataclass(frozen=True)
class Meet:
    """A professional says of this opening: this is the person I sit with."""

    opening: str


@dataclass(frozen=True)
class PrepareRecord:
    """Lay out the exact text that is to go into the professional's record."""

    id: str
    text: str
    language: str
    on: str


@dataclass(frozen=True)
class SeeRecord:
    """The user has seen that text: on their own screen, or on this one together."""

    id: str


@dataclass(frozen=True)
class TransferRecord:
    """The professional has put that text into their record."""

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
