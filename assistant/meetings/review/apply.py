"""Applies an act to a review.

Permissions are checked before, by `may`. The rules here hold for everyone: no author overwrites another's
words or confirms for another, and if two write in the same place at once, the second is shown what the first
wrote.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from assistant.errors import NotFound, NothingSaid, WrittenBetween
from assistant.meetings.review.acts import (
    Act,
    Confirm,
    Drop,
    GiveAnswer,
    MarkEntry,
    Meet,
    Point,
    PrepareRecord,
    Propose,
    PutBeside,
    SeeRecord,
    TakeStand,
    TransferRecord,
    WantAnswer,
)
from assistant.meetings.review.agreement import is_agreement_id
from assistant.meetings.review.asking import with_entry
from assistant.meetings.review.days import see_that_days_are_likely
from assistant.meetings.review.review import (
    Author,
    HonestAnswer,
    Proposal,
    RecordText,
    Remark,
    Review,
    ReviewedEntry,
    Side,
    Signed,
    Standpoint,
)
from assistant.meetings.review.size_limits import check_size
from assistant.meetings.review.snapshot_changes import entries_shared
from assistant.meetings.share import Snapshot
from assistant.value_class import value_class


@value_class
class ActContext:
    """The writer, the time, the version of the review, and what is shared at that moment."""

    by: Author
    at: datetime
    number: int
    snapshot: Snapshot | None
    """None when the share has ended: then the review can only continue with its stored entries."""
    today: date | None = None
    """Dates are compared with this; without it any date is accepted, as when a review is replayed."""

    def signed(self, whose: Side) -> Signed:
        """Return the signature for words of that side."""
        return Signed(whose=whose, by=self.by, at=self.at)

    @property
    def own(self) -> Signed:
        """Return the signature for the author's own words."""
        return self.signed(self.by.side)


def apply_act(review: Review, act: Act, moment: ActContext) -> Review:
    """Return the review after the act; the same object if nothing changes.

    Raises `NotFound` if the target does not exist or is not this author's to change, `NothingSaid` if words
    are required, `WrittenBetween` if the page did not show what is there now, and `DocumentFull` if this
    side has no room left.
    """
    do: Callable[[Review, Any, ActContext], Review] = _DO[type(act)]
    done = do(review, act, moment)
    check_size(review, act, done, moment.by.side)
    return done


def _mark(review: Review, act: MarkEntry, moment: ActContext) -> Review:
    return _gone_into(review, act.entry, moment, {"mark": act.mark})


def _want(review: Review, act: WantAnswer, moment: ActContext) -> Review:
    return _gone_into(review, act.entry, moment, {"wanted": act.wanted})


def _answer(review: Review, act: GiveAnswer, moment: ActContext) -> Review:
    if not act.words.strip() and act.kind != "can":
        raise NothingSaid().in_field("words")
    one, signed = _entry(review, act.entry, moment), moment.signed("professional")
    said = HonestAnswer(
        kind=act.kind,
        words=act.words,
        by_on=act.by_on,
        about=one.entry.version,
        signed=signed,
        written=moment.number,
    )
    before = one.answers.get(signed.key)
    if before is not None and _is_same(before, said):
        return review
    see_that_days_are_likely(act, before, moment.today)
    _see_that_it_was_seen(before.written if before else 0, act.seen)
    return _gone_into(review, act.entry, moment, {"answers": {**one.answers, signed.key: said}})


def _put_beside(review: Review, act: PutBeside, moment: ActContext) -> Review:
    one, signed = _entry(review, act.entry, moment), moment.signed(act.whose)
    before = one.remarks.get(signed.key)
    if (before.words if before else "") == act.words:
        return review
    _see_that_it_was_seen(before.written if before else 0, act.seen)
    remarks = {key: remark for key, remark in one.remarks.items() if key != signed.key}
    if act.words.strip():
        about = one.entry.version
        remarks[signed.key] = Remark(words=act.words, about=about, signed=signed, written=moment.number)
    return _gone_into(review, act.entry, moment, {"remarks": remarks})


def _propose(review: Review, act: Propose, moment: ActContext) -> Review:
    if not act.what.strip():
        raise NothingSaid().in_field("what")
    if not is_agreement_id(act.id):
        raise NotFound
    proposal = Proposal(
        id=act.id,
        what=act.what,
        who=act.who,
        by_on=act.by_on,
        look_again_on=act.look_again_on,
        signed=moment.own,
        written=moment.number,
        # the author of the wording also confirms it
        confirmed={moment.own.key: moment.own},
    )
    before = review.proposal(act.id)
    see_that_days_are_likely(act, before, moment.today)
    if before is None:
        if act.seen:
            raise NotFound
        return review.model_copy(update={"proposals": (*review.proposals, proposal)})
    if before.dropped is None and _is_same(before, proposal):
        return review
    _see_that_it_was_seen(before.written, act.seen)
    return _with_proposal(review, proposal)


def _confirm(review: Review, act: Confirm, moment: ActContext) -> Review:
    proposal = _proposal(review, act.id)
    _see_that_it_was_seen(proposal.written, act.seen)
    if moment.own.key in proposal.confirmed:
        return review
    confirmed = {**proposal.confirmed, moment.own.key: moment.own}
    return _with_proposal(review, proposal.model_copy(update={"confirmed": confirmed}))


def _drop(review: Review, act: Drop, moment: ActContext) -> Review:
    proposal = review.proposal(act.id)
    if proposal is None:
        raise NotFound
    if proposal.dropped is not None:
        return review
    _see_that_it_was_seen(proposal.written, act.seen)
    dropped = {"dropped": moment.own, "written": moment.number}
    return _with_proposal(review, proposal.model_copy(update=dropped))


def _stand(review: Review, act: TakeStand, moment: ActContext) -> Review:
    if act.on != review.digest:
        raise WrittenBetween
    said = Standpoint(view=act.view, words=act.words, signed=moment.own, on=act.on, written=moment.number)
    before = review.standpoints.get(said.signed.key)
    if before is not None and _is_same(before, said):
        return review
    _see_that_it_was_seen(before.written if before else 0, act.seen)
    return review.model_copy(update={"standpoints": {**review.standpoints, said.signed.key: said}})


def _point(review: Review, act: Point, moment: ActContext) -> Review:
    if moment.by.side != "user":
        raise NotFound
    if act.entry is not None:
        _entry(review, act.entry, moment)
    return review.model_copy(update={"pointed": act.entry}) if act.entry != review.pointed else review


def _meet(review: Review, act: Meet, moment: ActContext) -> Review:
    if moment.by.side != "professional":
        raise NotFound
    if act.opening in review.met:
        return review
    return review.model_copy(update={"met": (*review.met, act.opening)})


def _prepare_record(review: Review, act: PrepareRecord, moment: ActContext) -> Review:
    if moment.by.side != "professional":
        raise NotFound
    if any(record.id == act.id for record in review.records):
        return review
    if act.on != review.print_for_record(moment.snapshot):
        raise WrittenBetween
    made = RecordText(prepared=moment.own, **vars(act))
    # an earlier text that was not transferred is obsolete
    kept = tuple(record for record in review.records if record.transferred)
    return review.model_copy(update={"records": (*kept, made)})


def _see_record(review: Review, act: SeeRecord, moment: ActContext) -> Review:
    record = _record(review, act.id)
    if not record.seen and not review.is_current(record, moment.snapshot):
        raise WrittenBetween
    return review if record.seen else _with_record(review, record, "seen", moment.signed("user"))


def _transfer(review: Review, act: TransferRecord, moment: ActContext) -> Review:
    record = _record(review, act.id)
    if moment.by.side != "professional" or record.seen is None:
        raise NotFound
    # also allowed if the review changed since: the text is in the record regardless
    return review if record.transferred else _with_record(review, record, "transferred", moment.own)


_DO: Mapping[type, Callable[[Review, Any, ActContext], Review]] = {
    MarkEntry: _mark,
    WantAnswer: _want,
    GiveAnswer: _answer,
    PutBeside: _put_beside,
    Propose: _propose,
    Confirm: _confirm,
    Drop: _drop,
    TakeStand: _stand,
    Point: _point,
    Meet: _meet,
    PrepareRecord: _prepare_record,
    SeeRecord: _see_record,
    TransferRecord: _transfer,
}


def _entry(review: Review, id_: str, moment: ActContext) -> ReviewedEntry:
    """Return the entry's state; a new one if it is shared and untouched."""
    shared = dict(entries_shared(moment.snapshot)).get(id_) if moment.snapshot is not None else None
    one = review.gone_into.get(id_, shared)
    if one is None or (moment.snapshot is not None and shared is None):
        raise NotFound
    return one


def _gone_into(review: Review, id_: str, moment: ActContext, change: Mapping[str, Any]) -> Review:
    before = _entry(review, id_, moment)
    one = before.model_copy(update=change).trimmed
    if one == before:
        return review
    return with_entry(review, id_, one)


def _proposal(review: Review, id_: str) -> Proposal:
    proposal = review.proposal(id_)
    if proposal is None or proposal.dropped is not None:
        raise NotFound
    return proposal


def _with_proposal(review: Review, proposal: Proposal) -> Review:
    kept = tuple(proposal if one.id == proposal.id else one for one in review.proposals)
    return review.model_copy(update={"proposals": kept})


def _record(review: Review, id_: str) -> RecordText:
    found = next((record for record in review.records if record.id == id_), None)
    if found is None:
        raise NotFound
    return found


def _with_record(review: Review, record: RecordText, field: str, signed: Signed) -> Review:
    after_it = record.model_copy(update={field: signed})
    kept = tuple(after_it if one.id == record.id else one for one in review.records)
    return review.model_copy(update={"records": kept})


_WHEN: Mapping[str, Any] = {"signed": None, "written": 0, "confirmed": {}}


def _is_same(one: HonestAnswer | Proposal | Standpoint, other: HonestAnswer | Proposal | Standpoint) -> bool:
    """Return True if both say the same, regardless of when."""
    return one.model_copy(update=_WHEN) == other.model_copy(update=_WHEN)


def _see_that_it_was_seen(written: int, seen: int) -> None:
    if written != seen:
        raise WrittenBetween
