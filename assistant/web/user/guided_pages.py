"""The page of a guided session, as a participant sees it."""

from collections.abc import Sequence
from typing import NamedTuple

from assistant.dialogue.model import Address, Text
from assistant.meetings.guided.participation import Scope
from assistant.meetings.guided.room import HeldUp
from assistant.web.http.page_data import page_data
from assistant.web.http.pages import FormError, Page
from assistant.web.views.shown import Exchange, StripShown


class PieceShown(NamedTuple):
    """A part of an answer that can be shown to the facilitator."""

    id: str
    texts: Sequence[str]
    own: bool
    state: str
    """`shown`, `changed` since it was shown, or `kept` private."""
    is_unread: bool = False
    """Another person wrote it for the user, who has to read it before it can be shown."""


class OwnAnswerShown(NamedTuple):
    """A question with the parts of its answer."""

    prompt: Text
    pieces: Sequence[PieceShown]


class MessageShown(NamedTuple):
    """A message; `at` and `prompt` are set for words that were offered for a question."""

    id: str
    is_mine: bool
    text: str
    at: Address | None = None
    prompt: Text | None = None


@page_data
class GuidedPage(Page):
    """Where the session is, what the facilitator sees, and what a participant can do."""

    template = "user/guided.html"
    here_conversation: str
    request_id: str
    names: str
    strip: StripShown
    form: str
    own: Exchange | None
    """The user's answer to the question the room is at, if there is one."""
    ends_at: str
    answers: Sequence[OwnAnswerShown] = ()
    scope: Scope = "nothing"
    words: tuple[str, str] | None = None
    messages: Sequence[MessageShown] = ()
    board: Sequence[HeldUp] = ()
    mine: Sequence[str] = ()
    """The ids of the user's own lines."""
    can_hold_up: bool = False
    has_line_waiting: bool = False
    is_ready: bool = False
    has_left: bool = False
    """Whether another session was left for this one, just now."""
    typed: str = ""
    trouble: FormError | None = None


@page_data
class LateWordsPage(Page):
    """The text typed for a session that ended before it was sent."""

    template = "user/late_words.html"
    here_conversation: str
    typed: str
    trouble: FormError


@page_data
class HoldUpPage(Page):
    """The warning before a line is held up, and its field."""

    template = "user/hold_up.html"
    request_id: str
    back: str
    limit: int
    typed: str = ""
    is_preview: bool = False
    """Whether the line is shown as the group will see it, before it is held up."""
    trouble: FormError | None = None
