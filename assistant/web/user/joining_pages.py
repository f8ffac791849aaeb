"""The page about joining a guided session."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.dialogue.model import Text
from assistant.meetings.guided.room import Form
from assistant.web.http.pages import FormError, Page


@dataclass(frozen=True, kw_only=True)
class JoinPage(Page):
    """What is said before joining, the choices, and the button."""

    template = "user/join.html"
    link: str
    request_id: str
    names: str
    title_of_facilitator: str
    form: Form
    welcome: str
    welcome_language: str
    dialogue: Text
    record: str
    """What the service says about health records; empty if it says nothing."""
    until: str
    opening: Sequence[Text]
    has_notebook: bool
    meetings: Sequence[tuple[str, str]]
    """The meetings in the open notebook that can take part, by id, as the notebook names them."""
    instead_of: str
    server: str
    operator: str | None
    trouble: FormError | None = None
