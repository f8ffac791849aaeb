"""The page about joining a guided session."""

from collections.abc import Sequence

from assistant.dialogue.model import Text
from assistant.meetings.guided.room import Form
from assistant.web.http.page_data import page_data
from assistant.web.http.pages import FormError, Page


@page_data
class JoinPage(Page):
    """The page before joining: what is told, the choices, and the button."""

    template = "user/join.html"
    link: str
    request_id: str
    names: str
    title_here: str
    form: Form
    welcome: str
    dialogue: Text
    record: str
    """What the service says about health records; empty if it says nothing."""
    until: str
    opening: Sequence[Text]
    has_notebook: bool
    meetings: Sequence[tuple[str, str]]
    """The meetings in the open notebook that can take part, by id, as the notebook names them."""
    joined_with: str
    """The meeting that takes part already: joining again goes on with it."""
    is_own_device: bool
    is_on_loan: bool
    """The browser is a loan tablet, so the page does not ask whose screen it is."""
    instead_of: str
    trouble: FormError | None = None
