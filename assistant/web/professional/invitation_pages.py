"""Page types for inviting."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from assistant.web.http.page_data import page_data
from assistant.web.http.pages import FormError
from assistant.web.http.qr import QrCode
from assistant.web.staff.pages import StaffPage
from assistant.web.views.invitation import DoorShown, FactsShown


class KindShown(NamedTuple):
    """A kind of meeting that can be chosen."""

    id: str
    name: str


class MadeShown(NamedTuple):
    """An invitation with everything its maker may hand on."""

    facts: FactsShown
    door: DoorShown
    qr: QrCode
    slips: int


@page_data
class InvitePage(StaffPage):
    """The form for an invitation; every field is optional."""

    template = "professional/invitation_new.html"
    kinds: Sequence[KindShown]
    given: Mapping[str, str]
    limits: Mapping[str, int]
    reply_ahead: bool
    request_id: str
    trouble: FormError | None = None


@page_data
class InvitationPage(StaffPage):
    """One invitation, to hand on or withdraw; `made` is None if its maker's keys have changed."""

    template = "professional/invitation.html"
    label: str
    until: str
    made: MadeShown | None


@page_data
class SlipsPage(StaffPage):
    """Slips to print and cut, in the invitation's own language."""

    template = "professional/invitation_slips.html"
    back: str
    own_tag: str
    """The language it is written in."""
    name: str
    what: str
    """Who it is from, and what for."""
    how: str
    until: str
    when: str
    place: str
    door: DoorShown
    qr: QrCode
    slips: int
