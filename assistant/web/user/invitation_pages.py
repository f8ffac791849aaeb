"""Page types for invitations."""

from collections.abc import Sequence

from assistant.dialogue.model import Text
from assistant.web.http.page_data import page_data
from assistant.web.http.pages import FormError, Page
from assistant.web.views.invitation import FactsShown


@page_data
class InvitationDoorPage(Page):
    """One field for the link or code of an invitation."""

    template = "user/invitation_door.html"
    typed: str = ""
    trouble: FormError | None = None


@page_data
class InvitedPage(Page):
    """The invitation, what this is, that it is voluntary, and the button to begin."""

    template = "user/invitation.html"
    link: str
    request_id: str
    inviter: str
    facts: FactsShown
    until: str
    opening: Sequence[Text]
    reply_ahead: bool
    """The preparation can be sent to the inviting professional before the meeting."""
    has_notebook: bool
    instead_of: str
    """Identifies the open notebook that the page shows."""
    going_on: str | None
    """Set if a preparation was already begun from this invitation."""
    server: str
    operator: str | None
    unencrypted: bool
    trouble: FormError | None = None
