"""Page types for guided sessions, as facilitators see them."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from assistant.dialogue.model import Address, Text
from assistant.meetings.guided.room import Form, HeldUp
from assistant.web.http.page_data import page_data
from assistant.web.http.pages import FormError
from assistant.web.http.qr import QrCode
from assistant.web.staff.desk_sections import HelpShown
from assistant.web.staff.pages import StaffPage

Say = Callable[..., str]
"""Looks up a text in one language."""


class QuestionRow(NamedTuple):
    """A question that can be pointed at."""

    address: Address
    prompt: Text
    is_here: bool


class NoteRow(NamedTuple):
    """A question or a statement, with the note for the facilitator."""

    prompt: Text
    note: Text | None


class PartNotes(NamedTuple):
    """The notes of one part of a dialogue: one for all of it, and one for each question."""

    topic: Text
    note: Text | None
    rows: Sequence[NoteRow]


class Door(NamedTuple):
    """The ways in, while the door is open."""

    link: str
    code: str
    address: str
    """The page to type the code on."""
    qr: QrCode


class AnswerSeen(NamedTuple):
    """An answer that a user shows."""

    prompt: Text
    texts: Sequence[tuple[str, bool]]
    """Each text, and whether it is the user's own words."""


class MessageSeen(NamedTuple):
    """A message; `prompt` is set for words that were offered for a question."""

    is_mine: bool
    text: str
    prompt: Text | None


@page_data
class OpenPage(StaffPage):
    """The form that opens a guided session."""

    template = "peer/open.html"
    request_id: str
    dialogues: Sequence[tuple[str, Text]]
    minutes: Sequence[int]
    given: Mapping[str, str]
    limit: int
    trouble: FormError | None = None


@page_data
class LeadPage(StaffPage):
    """A guided session, for those who lead it."""

    template = "peer/lead.html"
    request_id: str
    form: Form
    until: str
    ends_at: str
    """The end as the form sends it back, so that the same press counts once."""
    can_last_longer: bool
    joined: int
    ready: int | None
    door: Door | None
    is_resting: bool
    note: str
    room_until: str
    prompt: Text | None
    said: Sequence[NoteRow]
    """The statements before the question, or before the first one while people gather."""
    facilitator_note: Text | None
    next: QuestionRow | None
    questions: Sequence[QuestionRow]
    waiting: Sequence[HeldUp]
    board: Sequence[HeldUp]
    others: Sequence[tuple[str, str]]
    """The peer workers who can be asked to lead, too, by id."""
    names: str
    call: HelpShown | None
    dialogue: str
    """The dialogue whose notes are linked."""
    seen: Sequence[AnswerSeen] = ()
    user_at: Text | None = None
    words: tuple[str, str] | None = None
    messages: Sequence[MessageSeen] = ()
    limits: Mapping[str, int]
    given: Mapping[str, str]
    trouble: FormError | None = None


@page_data
class ScreenPage(StaffPage):
    """What everybody may see, for a projector."""

    template = "peer/screen.html"
    door: Door | None
    is_resting: bool
    said: Sequence[Text]
    prompt: Text | None
    note: str
    until: str
    board: Sequence[HeldUp]


@page_data
class GuidedSlipsPage(StaffPage):
    """A sheet for the table, slips, and blank cards for codenames."""

    template = "peer/slips.html"
    what: str
    """The key of the sentence that says who it is from, and what for."""
    service: str
    back: str
    own_tag: str
    """The language of the session, in which everything on paper is."""
    own_say: Say
    names: str
    until: str
    door: Door
    slips: int
    way_back: str
    """The page on which a codename is typed."""


@page_data
class EndPage(StaffPage):
    """The question before a session ends."""

    template = "peer/end.html"
    back: str


@page_data
class OverPage(StaffPage):
    """After a session, or for one that can only be ended."""

    template = "peer/over.html"
    is_lost: bool = False
    is_over: bool = True
    """False if the session runs, but the one to whom something was to be said has left it."""
    typed: str = ""
    """The text typed for a session that was over before it was sent."""


@page_data
class PlanPage(StaffPage):
    """The plan for an hour."""

    template = "peer/plan.html"
    rows: Sequence[tuple[str, str]]
    call: HelpShown | None


@page_data
class NotesPage(StaffPage):
    """The notes of one dialogue, to read and print."""

    template = "peer/notes.html"
    dialogue: Text
    parts: Sequence[PartNotes]
