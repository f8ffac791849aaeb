"""Page types for the look back."""

from collections.abc import Sequence

from assistant.dialogue.model import Text
from assistant.web.http.page_data import page_data
from assistant.web.http.pages import Page
from assistant.web.views.shown import Exchange, StateNamed
from assistant.web.views.summary_pages import EntryToRead


@page_data
class BeginLookBackPage(Page):
    """What a look back is, before it begins."""

    template = "user/look_back_begin.html"
    opening: Sequence[Text]
    request_id: str


@page_data
class LookBackPage(Page):
    """The answers of a look back."""

    template = "user/look_back.html"
    here_conversation: str
    exchanges: Sequence[Exchange]
    offers: Sequence[StateNamed]
    is_by_another: bool
    to_read: Sequence[EntryToRead]
    turn: int
    request_id: str
