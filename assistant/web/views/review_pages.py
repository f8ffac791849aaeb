"""The view model of a review page: the same for both readers, except for what each may do."""

from collections.abc import Sequence
from typing import NamedTuple

from assistant.meetings.map_drawing import MapDrawing
from assistant.meetings.review.record_lines import RecordParagraph
from assistant.meetings.review.review import AnswerKind, Mark, Side, Stage, View
from assistant.web.http.page_data import page_data
from assistant.web.http.pages import FormError, Page
from assistant.web.views.shown import Shown


class SignedShown(NamedTuple):
    """The author and time of some words, in one line, and their language."""

    line: str
    tag: str


class AnswerShown(NamedTuple):
    """One honest answer."""

    kind: AnswerKind
    heading: str
    """I can; I must ask; not possible."""
    words: str
    by: str
    """The date by which it is to be known, in words; empty if none was given."""
    signed: SignedShown
    to: Shown | None
    """The wording it was given to, if the entry has been reworded since."""


class RemarkShown(NamedTuple):
    """A comment on an entry."""

    words: str
    signed: SignedShown
    to: Shown | None


class TextTyped(NamedTuple):
    """The content of the fields for own words, and the version the page saw."""

    words: str = ""
    seen: int = 0


class AnswerTyped(NamedTuple):
    """The content of the fields of an honest answer."""

    kind: AnswerKind | None = None
    words: str = ""
    by_on: str = ""
    seen: int = 0


@page_data
class EntryView:
    """One entry with its marks, answers and comments, and what this reader may do."""

    id: str
    name: str
    """The entry's name on the page, used in element ids."""
    heading: str
    topic: Shown | None
    under: str | None
    said: Shown
    tag: str
    """The user's page language when they shared it."""
    first: int | None
    may_be_gone_into: bool
    """Whether it may be answered or commented: not if it was withdrawn from an open share."""
    mark: Mark | None
    wanted: bool
    asks: bool
    """An answer is expected: it was put first, or asked about, or is a wish, a need or a question."""
    is_own_request: bool
    """The request for an answer can be made and withdrawn: the entry does not ask by itself."""
    is_shared: bool
    """False if the user has withdrawn this entry from an open share; it is then read-only, for the user."""
    answers: Sequence[AnswerShown]
    remarks: Sequence[RemarkShown]
    answer: AnswerTyped
    own: TextTyped
    for_other: TextTyped

    @property
    def is_answered(self) -> bool:
        """Return whether there is an answer."""
        return bool(self.answers)

    @property
    def awaits_answer(self) -> bool:
        """Return whether an answer is expected and none is given yet."""
        return self.asks and not self.answers


class SectionView(NamedTuple):
    """A section of the summary with the state of its entries."""

    id: str
    heading: str
    entries: Sequence[EntryView]
    touched: int
    """The number of entries with a mark, answer or comment."""


class AgreementTyped(NamedTuple):
    """The content of the fields of an agreement."""

    id: str
    what: str = ""
    who: Side | None = None
    """None for another person."""
    name: str = ""
    by_on: str = ""
    look_again_on: str = ""
    seen: int = 0
    is_other: bool = False
    """Another person was chosen but is not named yet."""


@page_data
class AgreementShown:
    """A proposed or confirmed agreement."""

    id: str
    what: str
    who: str
    by: str
    look_again: str
    has_day_to_look: bool
    signed: SignedShown
    state: str
    """Whose confirmation is missing, or that both have confirmed it."""
    is_agreed: bool
    may_confirm: bool
    dropped: str
    """Who removed it and when; empty while it applies."""
    typed: AgreementTyped


class StandShown(NamedTuple):
    """One author's standpoint on the whole."""

    view: str
    words: str
    signed: SignedShown
    still_holds: bool


class StageShown(NamedTuple):
    """One stage on the way to the professional's record."""

    stage: Stage
    sentence: str
    is_reached: bool
    is_here: bool


@page_data
class RecordShown:
    """The text for the professional's record, and its stage."""

    id: str
    text: str
    paragraphs: Sequence[RecordParagraph]
    """The same text, to be read on a page."""
    tag: str
    prepared: str
    seen: str
    """Who says that the user has read it, and when; empty before that."""
    transferred: str
    is_current: bool
    """Nothing has changed since it was made."""
    may_be_taken: bool


@page_data
class ReviewShown:
    """A review as shown to either side."""

    act: str
    """The address its forms post to."""
    side: Side
    is_open: bool
    """Whether the share is open: otherwise only the user has access."""
    may_act: bool
    check: tuple[str, str]
    is_met: bool
    """A professional has confirmed that this is the person in the meeting."""
    when: str
    pointed: EntryView | None
    last: SectionView | None
    """The agreements from last time, if the user shared them."""
    map: MapDrawing | None
    """The support–challenge map of what is shared; None if there is nothing to draw."""
    first: Sequence[EntryView]
    asking: Sequence[SectionView]
    """The wishes, needs and questions that were not put first, which ask for an answer: shown unfolded."""
    chapters: Sequence[SectionView]
    is_unfolded: bool
    """All entries are unfolded, for a reader who wants to read everything."""
    more_to_say: bool
    agreements: Sequence[AgreementShown]
    new_agreement: AgreementTyped
    stands: Sequence[StandShown]
    own_view: View | None
    own_view_words: str
    own_view_is_old: bool
    own_view_seen: int
    digest: str
    stages: Sequence[StageShown]
    records: Sequence[RecordShown]
    trouble: FormError | None = None
    trouble_at: str = ""
    """The part of the page the error is in."""
    trouble_in: str = ""
    """Which of an entry's forms it concerns."""
    left_over: Sequence[str] = ()
    """Text typed for something that no longer exists."""

    @property
    def asked(self) -> Sequence[EntryView]:
        """Return every entry that asks for an answer, apart from those that were put first."""
        return [entry for section in self.asking for entry in section.entries]


@page_data
class RecordCopyPage(Page):
    """The plain text for the record, as the user sees it."""

    template = "user/record_copy.html"
    record: RecordShown
    back: str


@page_data
class ReviewPage(Page):
    """The user's page of a review, during the share and after it."""

    template = "user/review.html"
    sheet: ReviewShown
    share: str
    lacking: str = ""
    """Only the professional takes the record as a PDF."""

    @property
    def refusal(self) -> FormError | None:
        """The title of the error, if an act failed."""
        return self.sheet.trouble
