"""A review laid out for the professional's record: what was shared, with answers and agreements.

It contains only what is currently shared. The wording is made once here, so that text, PDF and data say the
same.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby

from assistant.dialogue.model import Text
from assistant.engine.entries import Entry
from assistant.exports.review.sheet import (
    AgreementDetail,
    AgreementOnReviewSheet,
    EntryOnReviewSheet,
    EntryUnderHeading,
    ReviewSheet,
    ReviewSheetGroup,
    ReviewSheetSection,
    ReviewSheetTopic,
    SignedText,
)
from assistant.exports.sheet import SheetText, words_said
from assistant.languages import TAGS, Catalogue
from assistant.meetings.review.agreement import OtherPerson, Who
from assistant.meetings.review.asking import is_unanswered
from assistant.meetings.review.review import (
    SIDES,
    Extent,
    HonestAnswer,
    Proposal,
    Remark,
    Review,
    ReviewedEntry,
    Side,
    Signed,
    Standpoint,
)
from assistant.meetings.review.snapshot_changes import entries_shared, follow
from assistant.meetings.share import Snapshot
from assistant.meetings.summary import SectionTopic, SummarySection
from assistant.value_class import value_class
from assistant.zone import local

_WISHES = "wishes"
_ON_OWN_PAPER = {
    "record.beside_user": "outcome.beside_user",
    "record.written_user": "outcome.written_user",
    "record.written_for_user": "outcome.written_for_user",
    "record.written_for_professional": "outcome.written_for_professional",
    "record.who_user": "outcome.who_user",
    "record.waiting_user": "outcome.waiting_user",
    "record.stands_user_agree": "outcome.stands_user_agree",
    "record.stands_user_differ": "outcome.stands_user_differ",
    "record.stands_user_unfinished": "outcome.stands_user_unfinished",
    "record.silent_user": "outcome.silent_user",
}
"""The texts that are worded differently on the user's own paper."""


def lay_out_review(
    review: Review,
    snapshot: Snapshot,
    catalogue: Catalogue,
    *,
    on: date,
    service: str | None = None,
    extent: Extent = "all",
) -> ReviewSheet:
    """Return the sheet of this review as currently shared, with the day of the meeting, in the reader's
    language.

    `service` is the organisation where the meeting took place. Times are in the service's time zone, as on
    every page. A short `extent` leaves out what was not put first, wished for or dealt with, and says so.
    """
    followed = follow(review, snapshot)
    gone = {**dict(entries_shared(snapshot)), **followed.as_shared.gone_into}
    laid = ReviewWording(catalogue, gone)
    summary, chapters = snapshot.summary, snapshot.summary.chapters
    if extent == "short":
        chapters = _shortened(chapters, gone)
    # a standpoint covers the whole review, including entries that are no longer shared
    standpoints = tuple(
        laid.standpoint(one, still_holds=followed.still_holds(one)) for one in followed.standpoints.values()
    )
    proposals = [proposal for proposal in followed.proposals if proposal.dropped is None]
    return ReviewSheet(
        language=TAGS[catalogue.language],
        title=catalogue.say("record.title", day=catalogue.day(on)),
        lines=(
            catalogue.say("record.whose", day=catalogue.day(snapshot.on)),
            catalogue.say("record.added"),
            *([catalogue.say("record.service", service=service)] if service else []),
            *([catalogue.say("record.extract")] if chapters != summary.chapters else []),
        ),
        empty=catalogue.say("record.empty") if snapshot.is_empty else None,
        first_heading=catalogue.say("summary.first"),
        first=tuple(
            EntryUnderHeading(section.heading.in_(catalogue.language), laid.entry(entry))
            for section, entry in summary.first
        ),
        sections=tuple(
            ReviewSheetSection(
                chapter.section.id,
                chapter.section.heading.in_(catalogue.language),
                tuple(map(laid.passage, chapter.blocks)),
            )
            for chapter in chapters
        ),
        agreements_heading=catalogue.say("record.agreements"),
        agreements=tuple(map(laid.agreement, proposals)),
        standpoints_heading=catalogue.say("record.standpoints"),
        standpoints=standpoints,
        silent=tuple(silent_sides(followed, laid)),
        nameless=catalogue.say("record.nameless"),
        is_settled=_is_settled(followed),
        on=on,
        shared_on=snapshot.on,
    )


def _shortened(
    chapters: tuple[SummarySection, ...], gone: Mapping[str, ReviewedEntry]
) -> tuple[SummarySection, ...]:
    """Return the wishes, and all that was answered, marked or commented, under their headings."""
    kept = (
        SummarySection(
            one.section,
            tuple(e for e in one.entries if one.section.id == _WISHES or gone[e.id].is_touched),
        )
        for one in chapters
    )
    return tuple(one for one in kept if one.entries)


def _is_settled(review: Review) -> bool:
    holding = [one for one in review.standpoints.values() if review.still_holds(one)]
    return (
        {one.signed.whose for one in holding} == set(SIDES)
        and all(one.view != "unfinished" for one in holding)
        and not any(proposal.is_waiting for proposal in review.proposals)
    )


def silent_sides(review: Review, wording: "ReviewWording") -> Iterator[str]:
    """Say which side has not given a standpoint; otherwise one side's statement would read as both sides'."""
    standing = {one.signed.whose for one in review.standpoints.values()}
    for side in SIDES:
        if standing and side not in standing:
            yield wording.say(f"record.silent_{side}")


@value_class
class ReviewWording:
    """Words the parts of a sheet in one language."""

    catalogue: Catalogue
    gone: Mapping[str, ReviewedEntry]
    reader: Side = "professional"
    """Whose paper it is: on the user's own they are «I», on the professional's «the user»."""

    def say(self, key: str, **values: str) -> str:
        """Say what depends on who is «I» on this paper."""
        return self.catalogue.say(_ON_OWN_PAPER.get(key, key) if self.reader == "user" else key, **values)

    def passage(self, block: SectionTopic) -> ReviewSheetTopic:
        return ReviewSheetTopic(
            head=self.entry(block.head) if block.head else None,
            topic=words_said(block.topic, self.catalogue) if block.topic is not None else None,
            groups=tuple(self._groups(block.entries)),
        )

    def _groups(self, entries: Iterable[Entry]) -> Iterator[ReviewSheetGroup]:
        for (_, under), together in groupby(entries, key=lambda entry: (entry.state, entry.under)):
            yield ReviewSheetGroup(
                under.in_(self.catalogue.language) if under else None, tuple(map(self.entry, together))
            )

    def entry(self, entry: Entry) -> EntryOnReviewSheet:
        return self.reviewed(self.gone[entry.id])

    def reviewed(self, one: ReviewedEntry) -> EntryOnReviewSheet:
        shared = one.entry
        return EntryOnReviewSheet(
            words=words_said(shared.said, self.catalogue),
            chosen=self.catalogue.say("record.chosen") if isinstance(shared.said, Text) else None,
            notes=tuple(self._notes(one)),
            voices=(
                *(self._answer(one, answer) for answer in one.answers.values()),
                *(self._remark(one, remark) for remark in one.remarks.values()),
            ),
            topic=words_said(shared.topic, self.catalogue) if shared.topic is not None else None,
            under=shared.under.in_(self.catalogue.language) if shared.under else None,
            section=one.section,
            given=shared,
        )

    def _notes(self, one: ReviewedEntry) -> Iterator[str]:
        if one.mark is not None:
            yield self.catalogue.say(f"record.mark_{one.mark}")
        if is_unanswered(one):
            yield self.catalogue.say("record.wanted")

    def _answer(self, one: ReviewedEntry, answer: HonestAnswer) -> SignedText:
        by_on = answer.by_on
        until = self.catalogue.say("record.answer_by", day=self.catalogue.day(by_on)) if by_on else None
        return self._voice(self.say(f"record.answer_{answer.kind}"), answer, one=one, until=until)

    def _remark(self, one: ReviewedEntry, remark: Remark) -> SignedText:
        return self._voice(self.say(f"record.beside_{remark.signed.whose}"), remark, one=one)

    def standpoint(self, said: Standpoint, *, still_holds: bool) -> SignedText:
        label = self.say(f"record.stands_{said.signed.whose}_{said.view}")
        return self._voice(label, said, still_holds=still_holds)

    def _voice(
        self,
        label: str,
        said: HonestAnswer | Remark | Standpoint,
        *,
        one: ReviewedEntry | None = None,
        until: str | None = None,
        still_holds: bool = True,
    ) -> SignedText:
        earlier = None
        if one is not None and not isinstance(said, Standpoint) and said.about != one.entry.version:
            earlier = words_said(one.wording(said.about), self.catalogue)
        return SignedText(
            label=label,
            words=SheetText(said.words, own=True) if said.words.strip() else None,
            until=until,
            earlier_label=self.catalogue.say("record.earlier"),
            earlier=earlier,
            still_holds=still_holds,
            changed=None if still_holds else self.catalogue.say("record.stands_before"),
            signature=self._signature(said.signed),
            language=TAGS.get(said.signed.by.language),
            given=said,
        )

    def _signature(self, signed: Signed) -> str:
        name = signed.by.name or self.catalogue.say("record.some_professional")
        author = signed.whose if signed.is_in_own_hand else f"for_{signed.whose}"
        return self.say(f"record.written_{author}", name=name, moment=self._moment(signed))

    def _moment(self, signed: Signed) -> str:
        here = local(signed.at)
        if self.reader == "user":
            return self.catalogue.day(here.date())
        return self.catalogue.say(
            "day.both", on=self.catalogue.day(here.date()), at=self.catalogue.clock(here.time())
        )

    def agreement(self, proposal: Proposal) -> AgreementOnReviewSheet:
        return AgreementOnReviewSheet(
            what=SheetText(proposal.what, own=True),
            facts=tuple(self._facts(proposal)),
            waiting=tuple(
                self.say(f"record.waiting_{side}") for side in SIDES if side not in proposal.confirmed_by
            ),
            look_again=self._look_again(proposal),
            language=TAGS.get(proposal.signed.by.language),
            given=proposal,
        )

    def _facts(self, proposal: Proposal) -> Iterator[AgreementDetail]:
        say, day = self.catalogue.say, self.catalogue.day
        yield AgreementDetail(say("record.agreement_who"), self._who(proposal.who))
        if proposal.by_on:
            yield AgreementDetail(say("record.agreement_by"), SheetText(day(proposal.by_on), own=False))
        if proposal.look_again_on:
            yield AgreementDetail(
                say("record.agreement_look"), SheetText(day(proposal.look_again_on), own=False)
            )
        confirmed = "; ".join(self._confirmer(signed) for signed in proposal.confirmed.values())
        label = say("record.agreement_both") if proposal.is_agreed else say("record.agreement_one")
        if confirmed:
            yield AgreementDetail(label, SheetText(confirmed, own=False))

    def _look_again(self, proposal: Proposal) -> str | None:
        on = proposal.look_again_on
        return f"{self.catalogue.say('record.agreement_look')}: {self.catalogue.day(on)}" if on else None

    def _confirmer(self, signed: Signed) -> str:
        name = signed.by.name if signed.whose == "professional" else ""
        return f"{name or self._who(signed.whose).text}, {self._moment(signed)}"

    def _who(self, who: Who) -> SheetText:
        if isinstance(who, OtherPerson):
            return SheetText(who.name, own=True)
        return SheetText(self.say(f"record.who_{who}"), own=False)
