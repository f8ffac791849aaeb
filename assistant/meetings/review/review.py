"""A review: the summary gone through together, with marks, answers, comments, agreements and standpoints.

Each statement has a speaker, one of the two sides, and a writer. They can differ: on one shared screen one
person types for both, and the review says so. No one changes what another person wrote.

It copies the entries that were answered, marked or commented, so that it can be read after the share has
ended.
"""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Literal, get_args

from pydantic import AwareDatetime, Field

from assistant.dialogue.model import Text
from assistant.engine.conversation import StoredModel
from assistant.meetings.review.agreement import Agreement, AgreementId, Who
from assistant.meetings.share import Said, SharedEntry, Snapshot

Side = Literal["user", "professional"]
SIDES: tuple[Side, ...] = ("user", "professional")
Mark = Literal["talked", "next_time"]
"""Talked about, or something for the next time."""
AnswerKind = Literal["can", "must_ask", "not_possible"]
"""I can; I must ask someone; it is not possible, because."""
View = Literal["agree", "differ", "unfinished"]
"""Three good endings: agree, agree to differ, not finished."""
Stage = Literal["shared", "gone_through", "confirmed", "transferred"]


class Author(StoredModel):
    """The one who writes: the side of their HTTP session, and for staff the account and name."""

    side: Side
    id: str = ""
    name: str = ""
    """A user has none here."""
    language: str = ""
    """The language they have the page in: what they write is marked with it."""


class Signed(StoredModel):
    """Whose words something is, and by which hand and when it was written."""

    whose: Side
    by: Author
    at: AwareDatetime

    @property
    def key(self) -> str:
        """The place of these words: one for each hand and each side it writes for."""
        return key_of(self.whose, self.by)

    @property
    def is_in_own_hand(self) -> bool:
        """Return True if that side wrote it themselves."""
        return self.whose == self.by.side


class Remark(StoredModel):
    """Own words beside an entry: «how the professional sees it», or the user."""

    words: str
    about: int
    """The text version of the entry it was written beside."""
    signed: Signed
    written: int
    """The review's version at the time of writing. A change must name the version it saw."""


class HonestAnswer(StoredModel):
    """What the professional answers to one entry: what they can do, must ask about, or cannot."""

    kind: AnswerKind
    words: str
    by_on: date | None = None
    about: int
    signed: Signed
    written: int


class ReviewedEntry(StoredModel):
    """One entry with its marks, answers and comments."""

    section: str
    heading: Text
    entry: SharedEntry
    """As it was when it was last shared, or last seen here."""
    is_shared: bool = True
    """It is among what is shared now. Where its user has taken it back, it is theirs alone again."""
    first: int | None = None
    """Its place among what the user put first, from 1."""
    mark: Mark | None = None
    wanted: bool = False
    """One of the two wants an honest answer to it."""
    answers: dict[str, HonestAnswer] = Field(default_factory=dict)
    remarks: dict[str, Remark] = Field(default_factory=dict)
    wordings: dict[int, Said] = Field(default_factory=dict)
    """The wordings that were answered or commented, by text version; the newest is in `entry`."""

    @property
    def is_touched(self) -> bool:
        """Return True if anything was marked, answered or commented."""
        return bool(self.mark or self.wanted or self.answers or self.remarks)

    @property
    def is_unanswered(self) -> bool:
        """Whether an answer was to come and has not."""
        return (self.wanted or self.first is not None) and not self.answers

    @property
    def is_for_next_time(self) -> bool:
        """Whether it is to be offered when the next meeting is prepared."""
        return self.mark == "next_time" or (self.is_unanswered and self.mark is None)

    def wording(self, version: int) -> Said:
        """How it was worded at that version."""
        return self.entry.said if version == self.entry.version else self.wordings[version]

    @property
    def trimmed(self) -> "ReviewedEntry":
        """The same without wordings that nothing is said to any more."""
        about = {said.about for said in self.answers.values()} | {
            said.about for said in self.remarks.values()
        }
        about -= {self.entry.version}
        needed = {version: said for version, said in self.wordings.items() if version in about}
        return self.model_copy(update={"wordings": needed})


class Proposal(StoredModel):
    """An agreement on its way: either side proposes, and both confirm the same wording."""

    id: AgreementId
    what: str
    who: Who
    by_on: date | None = None
    look_again_on: date | None = None
    signed: Signed
    """The latest wording's."""
    written: int
    confirmed: dict[str, Signed] = Field(default_factory=dict)
    """This very wording, each by their own hand."""
    dropped: Signed | None = None

    @property
    def confirmed_by(self) -> frozenset[Side]:
        """The sides that have confirmed it as it is worded now."""
        return frozenset(signed.whose for signed in self.confirmed.values())

    @property
    def is_agreed(self) -> bool:
        """Both have confirmed it, and neither has withdrawn."""
        return self.dropped is None and self.confirmed_by == frozenset(SIDES)

    @property
    def is_waiting(self) -> bool:
        """A confirmation is missing."""
        return self.dropped is None and not self.is_agreed

    @property
    def agreement(self) -> Agreement:
        """Return the agreement, or None if both have not confirmed it."""
        return Agreement(
            id=self.id,
            what=self.what,
            who=self.who,
            by_on=self.by_on,
            look_again_on=self.look_again_on,
            agreed_at=max(signed.at for signed in self.confirmed.values()),
        )


class Standpoint(StoredModel):
    """One author's standpoint on the whole."""

    view: View
    words: str
    signed: Signed
    on: str
    """The print of what it was said to. When that has changed, it is asked again."""
    written: int


class RecordText(StoredModel):
    """The exact text that is to go into the professional's record. Nothing of it is copied unseen."""

    id: str
    text: str
    language: str
    prepared: Signed
    on: str
    """The print of what it was made from."""
    seen: Signed | None = None
    transferred: Signed | None = None


class Review(StoredModel):
    """Everything that was done with one share."""

    format: Literal[1] = 1
    gone_into: dict[str, ReviewedEntry] = Field(default_factory=dict)
    proposals: tuple[Proposal, ...] = ()
    standpoints: dict[str, Standpoint] = Field(default_factory=dict)
    pointed: str | None = None
    """The entry the user has put on everybody's screen."""
    met: tuple[str, ...] = ()
    """The openings of which a professional has said: this is the person I sit with."""
    records: tuple[RecordText, ...] = ()

    @property
    def agreed(self) -> tuple[Agreement, ...]:
        """What both have confirmed."""
        return tuple(proposal.agreement for proposal in self.proposals if proposal.is_agreed)

    @property
    def has_begun(self) -> bool:
        """Whether anybody has said or marked anything."""
        touched = any(one.is_touched for one in self.gone_into.values())
        return touched or bool(self.proposals or self.standpoints or self.records)

    @property
    def print(self) -> str:
        """Tells whether the same has been said: answers, words beside, agreements, wordings of entries.

        A mark says nothing that anybody has to stand for.
        """
        said = Review(gone_into=dict(self._unmarked), proposals=self.proposals)
        return sha256(said.model_dump_json().encode()).hexdigest()

    @property
    def stage(self) -> Stage:
        """How far it has come towards the professional's record, worked out anew each time."""
        reached: list[Stage] = [stage for stage in get_args(Stage) if stage in self.reached]
        return reached[-1]

    @property
    def reached(self) -> frozenset[Stage]:
        """Every stage that is true of it now: a text may be in the record that not both have confirmed."""
        standing = {one.signed.whose for one in self.standpoints.values() if self.still_holds(one)}
        is_waiting = any(proposal.is_waiting for proposal in self.proposals)
        is_so: dict[Stage, bool] = {
            "shared": True,
            "gone_through": bool(self.standpoints),
            "confirmed": standing == set(SIDES) and not is_waiting,
            "transferred": any(record.transferred for record in self.records),
        }
        return frozenset(stage for stage, so in is_so.items() if so)

    @property
    def record(self) -> RecordText | None:
        """The text for the record that was made last."""
        return self.records[-1] if self.records else None

    def still_holds(self, standpoint: Standpoint) -> bool:
        """Return True if nothing changed since the standpoint was given."""
        return standpoint.on == self.print

    def print_for_record(self, snapshot: Snapshot | None) -> str:
        """Tells whether a text for the record is still all there is: marks and standpoints count here too."""
        shown = self.as_shared.model_copy(update={"pointed": None, "met": (), "records": ()})
        shared = snapshot.print if snapshot else ""
        return sha256(f"{shown.model_dump_json()} {shared}".encode()).hexdigest()

    def may_be_taken(self, record: RecordText | None, snapshot: Snapshot | None) -> bool:
        """Whether a text for the record was seen, and is still all that has been said."""
        return record is not None and record.seen is not None and self.is_current(record, snapshot)

    def is_current(self, record: RecordText, snapshot: Snapshot | None) -> bool:
        """Whether nothing has been said, and nothing shared otherwise, since this text was made."""
        return record.on == self.print_for_record(snapshot)

    def proposal(self, id_: str) -> Proposal | None:
        """The agreement on its way with this id."""
        return next((proposal for proposal in self.proposals if proposal.id == id_), None)

    @property
    def _unmarked(self) -> Mapping[str, ReviewedEntry]:
        unmarked = {
            id_: one.model_copy(update={"mark": None}) for id_, one in self.as_shared.gone_into.items()
        }
        return {id_: one for id_, one in unmarked.items() if one.is_touched or one.first is not None}

    @property
    def as_shared(self) -> "Review":
        """The review without what is said about entries that were taken back: all there is for staff."""
        kept = {id_: one for id_, one in self.gone_into.items() if one.is_shared}
        return self.model_copy(update={"gone_into": kept})


def key_of(whose: Side, by: Author) -> str:
    """The place of what this hand writes as that side's words."""
    return f"{whose}/{by.side}/{by.id}"
