"""A review: the summary gone through together, with marks, answers, comments, agreements and standpoints.

Each statement has a speaker, one of the two sides, and a writer. They can differ: on one shared screen one
person types for both, and the review says so. No one changes what another person wrote.

It copies the entries that ask for an answer and those that were answered, marked or commented, so that it
stays readable after the share has ended.
"""

import operator
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
"""Talked about, or for the next time."""
AnswerKind = Literal["can", "must_ask", "not_possible"]
"""I can; I must ask someone; not possible, with a reason."""
View = Literal["agree", "differ", "unfinished"]
"""The three possible conclusions: agree, agree to differ, not finished."""
Extent = Literal["short", "all"]
"""What a text for the record has of what is shared: what came first, was wished for or dealt with; or all."""
Stage = Literal["shared", "gone_through", "confirmed", "transferred"]


class Author(StoredModel):
    """The writer: the side of their HTTP session, and for staff the account and name."""

    side: Side
    id: str = ""
    name: str = ""
    """Empty for a user."""
    language: str = ""
    """The page language of the writer: their words are marked with it."""


class Signed(StoredModel):
    """Whose words they are, who wrote them and when."""

    whose: Side
    by: Author
    at: AwareDatetime

    @property
    def key(self) -> str:
        """Identifies the words: one for each writer and each side they write for."""
        return key_of(self.whose, self.by)

    @property
    def is_in_own_hand(self) -> bool:
        """Return True if that side wrote it themselves."""
        return self.whose == self.by.side


class Remark(StoredModel):
    """A comment on an entry, by the professional («how the professional sees it») or the user."""

    words: str
    about: int
    """The text version of the entry it refers to."""
    signed: Signed
    written: int
    """The review's version at the time of writing. A change must name the version it saw."""


class HonestAnswer(StoredModel):
    """The professional's answer to one entry: what they can do, must ask about, or cannot do."""

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
    """The entry as last shared, or as last seen here."""
    is_shared: bool = True
    """Whether the entry is currently shared. Once withdrawn, it is visible only to the user again."""
    first: int | None = None
    """Its position among the entries the user put first, from 1."""
    mark: Mark | None = None
    wanted: bool = False
    """One of the two requests an honest answer to it."""
    answers: dict[str, HonestAnswer] = Field(default_factory=dict)
    remarks: dict[str, Remark] = Field(default_factory=dict)
    wordings: dict[int, Said] = Field(default_factory=dict)
    """The wordings that were answered or commented, by text version; the newest is in `entry`."""

    @property
    def is_touched(self) -> bool:
        """Return True if anything was marked, answered or commented."""
        return bool(self.mark or self.wanted or self.answers or self.remarks)

    def wording(self, version: int) -> Said:
        """Return its wording at that version."""
        return self.entry.said if version == self.entry.version else self.wordings[version]

    @property
    def trimmed(self) -> "ReviewedEntry":
        """Return the entry without wordings that no answer or comment refers to any more."""
        about = {said.about for said in self.answers.values()} | {
            said.about for said in self.remarks.values()
        }
        about -= {self.entry.version}
        needed = {version: said for version, said in self.wordings.items() if version in about}
        return self.model_copy(update={"wordings": needed})


class Proposal(StoredModel):
    """A proposed agreement: either side proposes, and both confirm the same wording."""

    id: AgreementId
    what: str
    who: Who
    by_on: date | None = None
    look_again_on: date | None = None
    signed: Signed
    """The signature of the latest wording."""
    written: int
    confirmed: dict[str, Signed] = Field(default_factory=dict)
    """Confirmations of the current wording, each by its own side."""
    dropped: Signed | None = None

    @property
    def confirmed_by(self) -> frozenset[Side]:
        """Return the sides that have confirmed the current wording."""
        return frozenset(signed.whose for signed in self.confirmed.values())

    @property
    def is_agreed(self) -> bool:
        """Both have confirmed it and neither has withdrawn."""
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
    """One author's standpoint on the whole review."""

    view: View
    words: str
    signed: Signed
    on: str
    """The digest of what it refers to. If that changes, the standpoint is asked for again."""
    written: int


class RecordText(StoredModel):
    """The exact text for the professional's record. Nothing is copied unseen."""

    id: str
    text: str
    language: str
    prepared: Signed
    on: str
    """The digest of what it was made from."""
    extent: Extent = "all"
    kinds: str = ""
    """The kind of each line of the text, one letter each; none in texts that were stored before."""
    seen: Signed | None = None
    transferred: Signed | None = None


class Review(StoredModel):
    """Everything recorded in the review of one share."""

    format: Literal[1] = 1
    gone_into: dict[str, ReviewedEntry] = Field(default_factory=dict)
    proposals: tuple[Proposal, ...] = ()
    standpoints: dict[str, Standpoint] = Field(default_factory=dict)
    pointed: str | None = None
    """The entry the user highlights on all screens."""
    met: tuple[str, ...] = ()
    """The openings that a professional has confirmed: this is the person in the meeting."""
    records: tuple[RecordText, ...] = ()
    counted_in: str = Field(default="", exclude_if=operator.not_)
    """The quarter in which answers are counted, if the user chose that and the service has figures."""

    @property
    def agreed(self) -> tuple[Agreement, ...]:
        """Return the agreements that both have confirmed."""
        return tuple(proposal.agreement for proposal in self.proposals if proposal.is_agreed)

    @property
    def has_begun(self) -> bool:
        """Return whether anything has been written or marked."""
        touched = any(one.is_touched for one in self.gone_into.values())
        return touched or bool(self.proposals or self.standpoints or self.records)

    @property
    def is_gone_through(self) -> bool:
        """Return whether the two have met: a professional confirmed that, or something was written."""
        return bool(self.met) or self.has_begun

    @property
    def digest(self) -> str:
        """A digest of answers, comments, agreements and wordings of entries: changes when any of them does.
        Marks are not included, because a standpoint does not cover them.
        """
        said = Review(gone_into=dict(self._unmarked), proposals=self.proposals)
        return sha256(said.model_dump_json().encode()).hexdigest()

    @property
    def stage(self) -> Stage:
        """The furthest stage towards the professional's record, computed each time."""
        reached: list[Stage] = [stage for stage in get_args(Stage) if stage in self.reached]
        return reached[-1]

    @property
    def reached(self) -> frozenset[Stage]:
        """Return every stage that applies now: a text may be in the record without both confirmations."""
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
        """Return the latest text for the record."""
        return self.records[-1] if self.records else None

    def still_holds(self, standpoint: Standpoint) -> bool:
        """Return True if nothing changed since the standpoint was given."""
        return standpoint.on == self.digest

    def print_for_record(self, snapshot: Snapshot | None) -> str:
        """A digest that changes when a text for the record is outdated; marks and standpoints are
        included.
        """
        left_out = {"pointed": None, "met": (), "records": (), "counted_in": ""}
        shown = self.as_shared.model_copy(update=left_out)
        shared = snapshot.digest if snapshot else ""
        return sha256(f"{shown.model_dump_json()} {shared}".encode()).hexdigest()

    def may_be_taken(self, record: RecordText | None, snapshot: Snapshot | None) -> bool:
        """Return whether a text for the record was seen and is still complete."""
        return record is not None and record.seen is not None and self.is_current(record, snapshot)

    def is_current(self, record: RecordText, snapshot: Snapshot | None) -> bool:
        """Return whether nothing has changed since this text was made."""
        return record.on == self.print_for_record(snapshot)

    def proposal(self, id_: str) -> Proposal | None:
        """Return the proposal with this id."""
        return next((proposal for proposal in self.proposals if proposal.id == id_), None)

    @property
    def _unmarked(self) -> Mapping[str, ReviewedEntry]:
        unmarked = {
            id_: one.model_copy(update={"mark": None}) for id_, one in self.as_shared.gone_into.items()
        }
        return {id_: one for id_, one in unmarked.items() if one.is_touched or one.first is not None}

    @property
    def as_shared(self) -> "Review":
        """Return the review without anything about withdrawn entries: the version for staff."""
        kept = {id_: one for id_, one in self.gone_into.items() if one.is_shared}
        return self.model_copy(update={"gone_into": kept})


def key_of(whose: Side, by: Author) -> str:
    """Return the key of what this writer writes as that side's words."""
    return f"{whose}/{by.side}/{by.id}"
