"""A guided session as its facilitators choose it, list it and see it, and as users see it."""

from dataclasses import field
from datetime import datetime

from assistant.engine.machine import DialogueMachine
from assistant.languages import Language
from assistant.meetings.guided.participation import Message, Participation, SeatContent
from assistant.meetings.guided.room import (
    Form,
    HeldUp,
    Room,
)
from assistant.storage.guided_sessions import (
    StoredGuidedSession,
)
from assistant.value_class import value_class


@value_class
class OpeningWish:
    """What a peer worker chose on the form that opens a session."""

    form: Form
    dialogue: str
    language: Language
    minutes: int
    welcome: str
    title: str
    """What the service calls a peer worker, in the session's language."""


@value_class
class ListedSession:
    """A running session in a facilitator's list. `is_lost` means made with keys from before a reset."""

    id: str
    form: Form
    ends_at: datetime
    joined: int
    is_lost: bool


@value_class
class LedSeat:
    """What the user in a session with one person shows, and the messages between the two."""

    arrival: str
    shown: SeatContent | None
    machine: DialogueMachine | None
    """The dialogue that the shown answers belong to."""
    messages: tuple[Message, ...]
    words: tuple[str, str]
    """Two words that both screens show."""
    revision: int


@value_class
class LedSession:
    """A session as its facilitators see it."""

    id: str
    form: Form
    ends_at: datetime
    room: Room
    machine: DialogueMachine
    link: str | None = field(repr=False)
    code: str | None = field(repr=False)
    joined: int
    ready: int | None
    """How many pressed that they are ready; None while too few have joined for a count."""
    waiting: tuple[HeldUp, ...]
    """Lines to read before they are put forward; none are shown below three."""
    seat: LedSeat | None
    can_last_longer: bool


def form_of(session: StoredGuidedSession) -> Form:
    """Return the form of a session."""
    return "one" if session.form == "one" else "group"


@value_class
class JoinableSession:
    """A guided session as someone sees it who has its link or code."""

    id: str
    room: Room
    ends_at: datetime
    latest_end: datetime
    """When it ends after all the time its facilitators may add."""
    is_full: bool
    by: str = field(repr=False)
    """The link or code it was opened with, without the text around it."""
    key: bytes = field(repr=False)


@value_class
class ParticipantRoom:
    """A guided session as a participant sees it. Without a room, it is over."""

    participation: Participation
    room: Room | None
    ends_at: datetime
    revision: int
    is_ready: bool = False
    has_line_waiting: bool = False
    may_hold_up: bool = False
    """One line each at a step, and one that waits at a time: three lines are three people."""
