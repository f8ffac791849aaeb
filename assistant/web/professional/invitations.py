"""Invitations: create one, show its link, QR code, code and slips, and withdraw it."""

from collections.abc import Mapping

from aiohttp import web

from assistant.engine.reply import without_hidden
from assistant.errors import Refusal, Trouble
from assistant.languages import Catalogue, as_language
from assistant.meetings.invitation import (
    GREETING_LIMIT,
    LABEL_LIMIT,
    PEOPLE_LIMIT,
    PLACE_LIMIT,
    SLIPS_LIMIT,
    InvitationDraft,
    kinds_in,
    read_wish,
)
from assistant.meetings.share_ends import last_day
from assistant.service.staff.members import SignedInStaff
from assistant.web.http.context import context, reader_catalogue, reader_language, services
from assistant.web.http.forms import Form, new_request_id, request_id
from assistant.web.http.pages import FormError
from assistant.web.http.private_form import private_form
from assistant.web.http.qr import draw
from assistant.web.http.responses import render, see_other
from assistant.web.professional.invitation_pages import (
    InvitationPage,
    InvitePage,
    KindShown,
    MadeShown,
    SlipsPage,
)
from assistant.web.staff.authentication import StaffWhoMay, staff_who_may
from assistant.web.staff.desk_sections import DeskRow
from assistant.web.staff.pages import bar, staff_error_shown
from assistant.web.views.invitation import door_shown, facts_shown, kind_named, when_said
from assistant.web.views.recipients import readers_beside
from assistant.zone import local_day

INVITATIONS = "/desk/invitations"
_ONE = f"{INVITATIONS}/{{invitation:[0-9a-f]{{32}}}}"
_LIMITS = {
    "place": PLACE_LIMIT,
    "people": PEOPLE_LIMIT,
    "greeting": GREETING_LIMIT,
    "label": LABEL_LIMIT,
    "slips": SLIPS_LIMIT,
}
_FIELDS = ("kind", "on", "on.meant", "at", "place", "people", "greeting", "label", "language", "slips")


async def new(request: web.Request) -> web.Response:
    """Show the form for an invitation; every field is optional."""
    who = await staff_who_may(request, "invite")
    return render(request, await _new(request, who, {"language": reader_language(request)}))


async def _not_made(request: web.Request, form: Form, who: SignedInStaff, trouble: Trouble) -> web.Response:
    assert isinstance(trouble, Refusal)
    error = staff_error_shown(request, trouble, "invite.refused_heading")
    given = {name: without_hidden(text) for name, text in _given(form).items()}
    return render(request, await _new(request, who, given, error), 422)


@private_form(StaffWhoMay("invite"), _not_made, on=(Refusal,))
async def make(request: web.Request, form: Form, who: SignedInStaff) -> web.Response:
    """Create an invitation and redirect to its page."""
    given = _given(form)
    language = as_language(given["language"]) or reader_language(request)
    site = context(request)
    dialogue = site.services.dialogues.before_meeting.dialogue
    wish = read_wish(dialogue, given, language, local_day(site.clock()))
    made = await services(request).invitations.make(who, _named(request, wish), request_id(form))
    return see_other(f"{INVITATIONS}/{made}")


async def show(request: web.Request) -> web.Response:
    """Show the maker's own invitation, ready to hand on. It does not say whether it was used.

    Back to one that was taken back leads to those that are left.
    """
    who = await staff_who_may(request, "invite")
    invitations, id_ = services(request).invitations, request.match_info["invitation"]
    found = next((one for one in await invitations.all(who) if one.id == id_), None)
    if found is None:
        return see_other(INVITATIONS)
    catalogue, shown = reader_catalogue(request), None
    if found.label is not None:
        made = await invitations.one(who, id_)
        door = door_shown(request, made.link, made.code, made.said)
        shown = MadeShown(facts_shown(request, made.said, catalogue), door, draw(door.link), made.slips)
    page = InvitationPage(
        title=catalogue.say("invitation.title"),
        here=request.path,
        bar=bar(request, who),
        label=_called(catalogue, found.label),
        until=catalogue.day(last_day(found.works_until)),
        made=shown,
    )
    return render(request, page)


async def slips(request: web.Request) -> web.Response:
    """Show the slips on A4 sheets, in the invitation's language."""
    who = await staff_who_may(request, "invite")
    made = await services(request).invitations.one(who, request.match_info["invitation"])
    catalogue = context(request).pages.catalogues[as_language(made.said.language) or reader_language(request)]
    door = door_shown(request, made.link, made.code, made.said)
    facts = facts_shown(request, made.said, catalogue)
    operator = context(request).settings.operator
    page = SlipsPage(
        title=reader_catalogue(request).say("slips.heading"),
        here=request.path,
        bar=bar(request, who),
        back=f"{INVITATIONS}/{made.id}",
        own_tag=facts.tag,
        name=catalogue.say("site.name"),
        what=catalogue.say("slip.what_from", service=operator) if operator else catalogue.say("slip.what"),
        how=catalogue.say("slip.how"),
        until=catalogue.say("slip.until", day=catalogue.day(last_day(made.works_until))),
        when=facts.when,
        place=facts.place,
        door=door,
        qr=draw(door.link),
        slips=made.slips,
    )
    return render(request, page)


@private_form(StaffWhoMay("invite"))
async def take_back(request: web.Request, _form: Form, who: SignedInStaff) -> web.Response:
    """Withdraw an invitation."""
    await services(request).invitations.take_back(who, request.match_info["invitation"])
    return see_other("/desk")


async def invitations_on_desk(request: web.Request, who: SignedInStaff) -> list[DeskRow]:
    """Return the open invitations by label, with their end dates."""
    catalogue = reader_catalogue(request)
    return [
        DeskRow(
            f"{INVITATIONS}/{one.id}",
            _called(catalogue, one.label),
            catalogue.say("desk.invitation_until", day=catalogue.day(last_day(one.works_until))),
        )
        for one in await services(request).invitations.all(who)
    ]


async def _new(
    request: web.Request, who: SignedInStaff, given: Mapping[str, str], trouble: FormError | None = None
) -> InvitePage:
    catalogue = reader_catalogue(request)
    kinds = kinds_in(services(request).dialogues.before_meeting.dialogue)
    return InvitePage(
        title=catalogue.say("invite.heading"),
        here=INVITATIONS,
        bar=bar(request, who),
        kinds=[KindShown(kind.id, kind.text.in_(catalogue.language).partition(":")[0]) for kind in kinds],
        given={name: given.get(name, "") for name in _FIELDS},
        limits=_LIMITS,
        reply_ahead=bool(await readers_beside(request, who.member)),
        request_id=new_request_id(),
        trouble=trouble,
    )


def _given(form: Form) -> dict[str, str]:
    return {name: form.one(name) for name in _FIELDS}


def _named(request: web.Request, wish: InvitationDraft) -> InvitationDraft:
    """Name an invitation: by the maker's label, else the day, else the kind of meeting."""
    catalogue = reader_catalogue(request)
    label = wish.label or when_said(catalogue, wish.said) or kind_named(request, wish.said, catalogue)
    return wish.model_copy(update={"label": label[:LABEL_LIMIT]})


def _called(catalogue: Catalogue, label: str | None) -> str:
    if label is None:
        return catalogue.say("invitation.before_reset")
    return label or catalogue.say("invitation.unnamed")


def routes() -> list[web.RouteDef]:
    """Routes for invitations."""
    return [
        web.get(INVITATIONS, new),
        web.post(INVITATIONS, make),
        web.get(_ONE, show),
        web.get(f"{_ONE}/slips", slips),
        web.post(f"{_ONE}/take-back", take_back),
    ]
