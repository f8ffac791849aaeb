"""A review as shown on a page, in the reader's language: each statement and its author."""

from collections.abc import Iterable, Mapping
from typing import get_args

from aiohttp import web

from assistant.errors import NotFound
from assistant.languages import TAGS, Catalogue, as_language
from assistant.meetings.review.agreement import OtherPerson, Who
from assistant.meetings.review.asking import ASKING, asks
from assistant.meetings.review.record_lines import paragraphs_of
from assistant.meetings.review.review import (
    HonestAnswer,
    Proposal,
    RecordText,
    Remark,
    ReviewedEntry,
    Side,
    Signed,
    Stage,
    Standpoint,
    key_of,
)
from assistant.meetings.review.snapshot_changes import entries_shared
from assistant.service.review.reviews import ReviewView
from assistant.web.http.context import reader_catalogue
from assistant.web.http.forms import new_request_id
from assistant.web.views.review_pages import (
    AgreementShown,
    AgreementTyped,
    AnswerShown,
    AnswerTyped,
    EntryView,
    RecordShown,
    RemarkShown,
    ReviewShown,
    SectionView,
    SignedShown,
    StageShown,
    StandShown,
    TextTyped,
)
from assistant.web.views.said import said_shown
from assistant.web.views.shared_summary import SpokenTimes
from assistant.web.views.shown import Shown
from assistant.web.views.summary import map_shown, name_shown

_LAST_TIME = "agreed"
"""The section with the agreements of an earlier meeting."""
_MEETING = "meeting"
"""The section with the meeting's time."""
RECORD = "{record:[0-9a-zA-Z]{32}}"
"""The text for the record that an address names."""


def sheet_of(request: web.Request, now: ReviewView, act: str) -> ReviewShown:
    """Build the review as this reader may see it; its forms post to `act`."""
    shown = _Shown(request, now)
    review = now.review
    entries = {one.id: one for one in map(shown.entry, _all(now))}
    chapters = shown.chapters(entries)
    folded = [chapter for chapter in chapters.values() if chapter.id not in (_LAST_TIME, *ASKING)]
    folded.sort(key=lambda chapter: chapter.id == _MEETING)  # when one meets is known to both
    stand = review.standpoints.get(key_of(now.author.side, now.author))
    return ReviewShown(
        act=act,
        side=now.author.side,
        is_open=now.snapshot is not None,
        may_act=now.has_met,
        check=now.check,
        is_met=bool(review.met),
        when=meeting_time(request, now),
        # when the share has ended there is no other screen
        pointed=entries.get(review.pointed or "") if now.snapshot is not None else None,
        last=chapters.get(_LAST_TIME),
        map=map_shown(request, now.snapshot.summary) if now.snapshot is not None else None,
        first=sorted((e for e in entries.values() if e.first is not None), key=lambda e: e.first or 0),
        asking=[chapters[id_] for id_ in ASKING if id_ in chapters],
        chapters=folded,
        is_unfolded="all" in request.query,
        more_to_say=now.snapshot is not None and now.snapshot.more_to_say,
        agreements=[shown.agreement(proposal) for proposal in review.proposals],
        new_agreement=AgreementTyped(new_request_id()),
        stands=[shown.stand(one) for one in review.standpoints.values()],
        own_view=stand.view if stand else None,
        own_view_words=stand.words if stand else "",
        own_view_is_old=stand is not None and not review.still_holds(stand),
        own_view_seen=stand.written if stand else 0,
        digest=review.digest,
        stages=shown.stages(review.stage),
        records=[shown.record(record) for record in review.records],
    )


def _all(now: ReviewView) -> Iterable[ReviewedEntry]:
    """Yield every entry: what is shared, in its order, then withdrawn ones with answers or comments."""
    gone = dict(now.review.gone_into)
    if now.snapshot is not None:
        for id_, shared in dict(reversed(list(entries_shared(now.snapshot)))).items():
            gone.setdefault(id_, shared)
        order = list(dict(entries_shared(now.snapshot)))
        gone = {id_: gone[id_] for id_ in [*order, *(i for i in gone if i not in order)]}
    return gone.values()


def meeting_time(request: web.Request, now: ReviewView) -> str:
    """Return when the meeting is, if that is shared; else when it was shared. The same on both screens."""
    catalogue = reader_catalogue(request)
    day = now.snapshot.meeting_day if now.snapshot is not None else None
    if day is None:
        return catalogue.say("review.shared_at", **SpokenTimes.of(catalogue, now.share.made_at)._asdict())
    return said_shown(request, day).text


class _Shown:
    """Turns a review into its view model for one reader."""

    def __init__(self, request: web.Request, now: ReviewView) -> None:
        self._request = request
        self._now = now
        self._book: Catalogue = reader_catalogue(request)
        self._side = now.author.side

    def entry(self, one: ReviewedEntry) -> EntryView:
        """Return one entry."""
        other: Side = "professional" if self._side == "user" else "user"
        author, entry = self._now.author, one.entry
        own, for_other = (one.remarks.get(key_of(whose, author)) for whose in (self._side, other))
        return EntryView(
            id=entry.id,
            name=f"entry-{entry.id}",
            heading=one.heading.in_(self._book.language),
            topic=name_shown(self._request, entry.topic),
            under=entry.under.in_(self._book.language) if entry.under else None,
            said=said_shown(self._request, entry.said),
            tag=_tag(self._now.snapshot.language) if self._now.snapshot else "",
            first=one.first,
            may_be_gone_into=one.is_shared or self._now.snapshot is None,
            mark=one.mark,
            wanted=one.wanted,
            asks=asks(one),
            is_own_request=one.first is None and one.section not in ASKING,
            is_shared=one.is_shared,
            answers=[self._answer(one, answer) for answer in one.answers.values()],
            remarks=[self._remark(one, remark) for remark in one.remarks.values()],
            answer=_answer_typed(one.answers.get(key_of("professional", author))),
            own=_typed(own),
            for_other=_typed(for_other),
        )

    def chapters(self, entries: Mapping[str, EntryView]) -> dict[str, SectionView]:
        """Return the entries that were not put first, by section."""
        by_section: dict[str, list[EntryView]] = {}
        for one in _all(self._now):
            if one.first is None:
                by_section.setdefault(one.section, []).append(entries[one.entry.id])
        return {
            id_: SectionView(id_, inside[0].heading, inside, sum(map(_is_touched, inside)))
            for id_, inside in by_section.items()
        }

    def agreement(self, proposal: Proposal) -> AgreementShown:
        """Return one agreement."""
        say = self._book.say
        own = key_of(self._side, self._now.author)
        if proposal.is_agreed:
            state = say("review.agreed")
        elif self._now.snapshot is None and "professional" not in proposal.confirmed_by:
            state = say("review.unconfirmed_when_over")
        elif self._side in proposal.confirmed_by:
            state = say(f"review.waits_for_{'professional' if self._side == 'user' else 'user'}")
        else:
            state = say("review.waits_for_you")
        return AgreementShown(
            id=proposal.id,
            what=proposal.what,
            who=self._who(proposal.who),
            by=self._book.day(proposal.by_on) if proposal.by_on else "",
            look_again=self._book.day(proposal.look_again_on) if proposal.look_again_on else "",
            has_day_to_look=proposal.look_again_on is not None,
            signed=self._signed(proposal.signed),
            state=state,
            is_agreed=proposal.is_agreed,
            may_confirm=own not in proposal.confirmed and self._side not in proposal.confirmed_by,
            dropped=self._line(proposal.dropped) if proposal.dropped else "",
            typed=_agreement_typed(proposal),
        )

    def stand(self, one: Standpoint) -> StandShown:
        """Return one author's standpoint."""
        holds = self._now.review.still_holds(one)
        return StandShown(
            self._book.say(f"review.view_{one.view}"), one.words, self._signed(one.signed), holds
        )

    def stages(self, here: Stage) -> list[StageShown]:
        """Return the four stages, and the current one."""
        reached = self._now.review.reached
        return [
            StageShown(stage, self._book.say(f"review.stage_{stage}"), stage in reached, stage == here)
            for stage in get_args(Stage)
        ]

    def record(self, record: RecordText) -> RecordShown:
        """Return the text for the record."""
        return RecordShown(
            id=record.id,
            text=record.text,
            paragraphs=paragraphs_of(record.text, record.kinds),
            tag=_tag(record.language),
            prepared=self._line(record.prepared),
            seen=self._seen(record.seen) if record.seen else "",
            transferred=self._line(record.transferred) if record.transferred else "",
            is_current=self._now.review.is_current(record, self._now.snapshot),
            may_be_taken=self._now.review.may_be_taken(record, self._now.snapshot),
        )

    def _answer(self, one: ReviewedEntry, answer: HonestAnswer) -> AnswerShown:
        return AnswerShown(
            answer.kind,
            self._book.say(f"review.kind_{answer.kind}"),
            answer.words,
            self._book.day(answer.by_on) if answer.by_on else "",
            self._signed(answer.signed),
            self._wording(one, answer.about),
        )

    def _remark(self, one: ReviewedEntry, remark: Remark) -> RemarkShown:
        return RemarkShown(remark.words, self._signed(remark.signed), self._wording(one, remark.about))

    def _wording(self, one: ReviewedEntry, about: int) -> Shown | None:
        if about == one.entry.version:
            return None
        return said_shown(self._request, one.wording(about))

    def _who(self, who: Who) -> str:
        if isinstance(who, OtherPerson):
            return who.name
        if who == self._side:  # «I» under the other person's name would be read as theirs
            return self._book.say("review.who_you")
        return self._book.say(f"review.who_{who}_to_{self._side}")

    def _signed(self, signed: Signed) -> SignedShown:
        return SignedShown(self._line(signed), _tag(signed.by.language))

    def _seen(self, signed: Signed) -> str:
        if signed.is_in_own_hand:
            return f"{self._book.say('review.record_seen')} {self._line(signed)}"
        facts = SpokenTimes.of(self._book, signed.at)._asdict()
        return self._book.say("review.record_seen_together", name=signed.by.name, **facts)

    def _line(self, signed: Signed) -> str:
        whose = signed.whose if signed.is_in_own_hand else f"{signed.whose}_written_by_{signed.by.side}"
        facts = SpokenTimes.of(self._book, signed.at)._asdict()
        return self._book.say(f"review.by_{whose}_to_{self._side}", name=signed.by.name, **facts)


def record_to_copy(request: web.Request, sheet: ReviewShown) -> RecordShown:
    """Return the text for the record that the address names. Raises `NotFound`."""
    named = request.match_info["record"]
    record = next((record for record in sheet.records if record.id == named and record.text), None)
    if record is None:
        raise NotFound
    return record


def _is_touched(entry: EntryView) -> bool:
    return bool(entry.mark or entry.wanted or entry.answers or entry.remarks)


def _typed(remark: Remark | None) -> TextTyped:
    return TextTyped(remark.words, remark.written) if remark else TextTyped()


def _answer_typed(answer: HonestAnswer | None) -> AnswerTyped:
    if answer is None:
        return AnswerTyped()
    return AnswerTyped(
        answer.kind, answer.words, answer.by_on.isoformat() if answer.by_on else "", answer.written
    )


def _agreement_typed(proposal: Proposal) -> AgreementTyped:
    is_other = isinstance(proposal.who, OtherPerson)
    return AgreementTyped(
        proposal.id,
        proposal.what,
        None if isinstance(proposal.who, OtherPerson) else proposal.who,
        proposal.who.name if isinstance(proposal.who, OtherPerson) and is_other else "",
        proposal.by_on.isoformat() if proposal.by_on else "",
        proposal.look_again_on.isoformat() if proposal.look_again_on else "",
        proposal.written,
    )


def _tag(language: str) -> str:
    known = as_language(language)
    return TAGS[known] if known else ""
