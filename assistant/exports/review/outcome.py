"""The outcome of a review on one sheet for the user: answers, agreements and standpoints.

It is the user's own paper, so it holds all that their page of the review holds, also after the share has
ended.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from assistant.exports.review.layout import ReviewWording, silent_sides
from assistant.exports.review.sheet import AgreementOnReviewSheet, EntryUnderHeading, SignedText
from assistant.languages import TAGS, Catalogue
from assistant.meetings.review.asking import ASKING, asks, is_unanswered
from assistant.meetings.review.review import Review, ReviewedEntry
from assistant.value_class import value_class

_SIZES = ((900, 13), (1500, 12))
"""Up to so many letters, type of so many points; beyond them 11."""
_SMALLEST = 11
_EACH = 90
"""What an entry, an agreement or a standpoint takes besides its letters: headings and signatures."""


@value_class
class OutcomeSheet:
    """The whole sheet."""

    language: str
    title: str
    lines: tuple[str, ...]
    own_words_heading: str
    answers_heading: str
    answered: tuple[EntryUnderHeading, ...]
    unanswered_heading: str
    unanswered: tuple[EntryUnderHeading, ...]
    agreements_heading: str
    agreements: tuple[AgreementOnReviewSheet, ...]
    standpoints_heading: str
    standpoints: tuple[SignedText, ...]
    silent: tuple[str, ...]
    """If only one side has given a standpoint, says that the other has not."""
    points: int
    """The size of the type: larger where there is little to say."""


def has_outcome(review: Review) -> bool:
    """Return whether anything was said in it, so that there is something to take along."""
    return bool(
        any(one.answers or one.remarks for one in review.gone_into.values())
        or any(proposal.dropped is None for proposal in review.proposals)
        or review.standpoints
    )


def lay_out_outcome(
    review: Review, catalogue: Catalogue, *, today: date, service: str | None = None
) -> OutcomeSheet | None:
    """Return the sheet in the reader's language; None if there is nothing to take along."""
    if not has_outcome(review):
        return None
    say, wording = catalogue.say, ReviewWording(catalogue, review.gone_into, reader="user")
    entries = tuple(_in_order(review.gone_into.values()))
    answered = tuple(_row(one, wording) for one in entries if one.is_touched and not _waits(one))
    unanswered = tuple(_row(one, wording) for one in entries if _waits(one))
    agreements = tuple(wording.agreement(one) for one in review.proposals if one.dropped is None)
    standpoints = tuple(
        wording.standpoint(one, still_holds=review.still_holds(one)) for one in review.standpoints.values()
    )
    return OutcomeSheet(
        language=TAGS[catalogue.language],
        title=say("outcome.title"),
        lines=(
            say("outcome.line", day=catalogue.day(today)),
            *([say("record.service", service=service)] if service else []),
        ),
        own_words_heading=say("sheet.own_words"),
        answers_heading=say("outcome.answers"),
        answered=answered,
        unanswered_heading=say("outcome.unanswered"),
        unanswered=unanswered,
        agreements_heading=say("outcome.agreements"),
        agreements=agreements,
        standpoints_heading=say("outcome.standpoints"),
        standpoints=standpoints,
        silent=tuple(silent_sides(review, wording)),
        points=_points((*answered, *unanswered), agreements, standpoints),
    )


def _waits(one: ReviewedEntry) -> bool:
    """Return whether nothing was said to it; a comment or a mark is something said."""
    return is_unanswered(one) and not one.remarks and one.mark is None


def _in_order(entries: Iterable[ReviewedEntry]) -> list[ReviewedEntry]:
    """Return what came first, then what asks for an answer, then the rest that something was said to."""
    kept = [one for one in entries if asks(one) or one.is_touched]
    after = len(ASKING)

    def place(one: ReviewedEntry) -> tuple[bool, int]:
        return one.first is None, one.first or (ASKING.index(one.section) if one.section in ASKING else after)

    return sorted(kept, key=place)


def _row(one: ReviewedEntry, wording: ReviewWording) -> EntryUnderHeading:
    return EntryUnderHeading(one.heading.in_(wording.catalogue.language), wording.reviewed(one))


def _points(
    rows: Iterable[EntryUnderHeading],
    agreements: Iterable[AgreementOnReviewSheet],
    standpoints: Iterable[SignedText],
) -> int:
    """Return the size of the type by the number of letters, so that one sheet is enough for most."""
    length = sum(_EACH + letters for letters in _letters(rows, agreements, standpoints))
    return next((points for most, points in _SIZES if length <= most), _SMALLEST)


def _letters(
    rows: Iterable[EntryUnderHeading],
    agreements: Iterable[AgreementOnReviewSheet],
    standpoints: Iterable[SignedText],
) -> Iterator[int]:
    for row in rows:
        # own words and answers are beside each other: the longer of the two makes the row
        voices = sum(_EACH + _spoken(voice) for voice in row.entry.voices)
        yield max(len(row.entry.words.text), voices)
    yield from (len(one.what.text) for one in agreements)
    yield from map(_spoken, standpoints)


def _spoken(voice: SignedText) -> int:
    return len(voice.words.text) if voice.words else 0
