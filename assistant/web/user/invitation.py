"""Open an invitation: one field, its content, and the button to begin.

No one is notified. A short-lived cookie gives the opened invitation its own address (see `link_cookies`).
"""

from aiohttp import web

from assistant.errors import DocumentFull, SecretUnknown, Trouble
from assistant.languages import Language, as_language
from assistant.meetings.share_ends import last_day
from assistant.service.notebook.access import LONGEST
from assistant.service.notebook.notebooks import MOST_MEETINGS
from assistant.service.sharing.invitations import OpenedInvitation
from assistant.web.http.context import (
    LANGUAGE,
    context,
    limit_key,
    path_language,
    reader_catalogue,
    reader_language,
    server_name,
    services,
)
from assistant.web.http.cookies import remember
from assistant.web.http.escaped_links import ESCAPED, secret_in_path
from assistant.web.http.forms import Form, new_request_id, request_id
from assistant.web.http.link_cookies import forget_link, keep_link, kept_link
from assistant.web.http.loan_cookie import is_loan_tablet
from assistant.web.http.pages import FormError
from assistant.web.http.public_form import public_form
from assistant.web.http.rate_limits import check_rate
from assistant.web.http.responses import render, see_other
from assistant.web.user.invitation_pages import InvitationDoorPage, InvitedPage
from assistant.web.user.joining import to_joining
from assistant.web.user.open_notebook import end_replaced, is_shown, open_notebook
from assistant.web.views.invitation import INVITED, facts_shown
from assistant.web.views.recipients import host_of_reply
from assistant.web.views.shared_summary import staff_names


async def invitation_door(request: web.Request) -> web.Response:
    """Show a field for the link or code, because what follows `#` stays in the browser."""
    if "language" in request.match_info:
        path_language(request)
    return render(request, _door(request, secret_in_path(request)))


async def _unopened(request: web.Request, form: Form, _trouble: Trouble | None = None) -> web.Response:
    say = reader_catalogue(request).say
    error = FormError(say("invited.unknown_heading"), say("invited.unknown"), "link")
    response = render(request, _door(request, form.one("link"), error), 422)
    forget_link(request, response, "invitation")
    return response


@public_form(_unopened, on=(SecretUnknown,))
async def show(request: web.Request, form: Form) -> web.Response:
    """Open the invitation, in its own language until another is chosen."""
    request[LANGUAGE] = as_language(form.one("language"))
    try:
        received = await services(request).invitations.open(form.one("link"))
    except SecretUnknown:
        return await to_joining(request, form.one("link"))
    response = _to_page(as_language(received.invited.said.language) or reader_language(request))
    keep_link(request, response, "invitation", received.by)
    return response


async def opened(request: web.Request) -> web.Response:
    """Show the invitation that was opened in this browser."""
    language, kept = path_language(request), kept_link(request, "invitation")
    if not kept:
        return see_other(f"/{language}{INVITED}")
    form = Form({"link": (kept[0],)})
    try:
        received = await services(request).invitations.open(form.one("link"))
    except SecretUnknown:
        return await _unopened(request, form)
    response = render(request, await _page(request, form, received))
    keep_link(request, response, "invitation", kept[0])
    return response


@public_form(_unopened, on=(SecretUnknown,))
async def begin(request: web.Request, form: Form) -> web.Response:
    """Begin the preparation, in a new notebook or in the one that is open here."""
    request[LANGUAGE] = as_language(form.one("language"))
    received = await services(request).invitations.open(form.one("link"))
    site, language = context(request), reader_language(request)
    found = await open_notebook(request)
    wants_new = form.one("into") != "notebook"
    if not is_shown(form, found) or (found is None and not wants_new):
        # another notebook is open than the page showed, or none: show the current state, and ask
        response = _to_page(language)
        keep_link(request, response, "invitation", received.by)
        return response
    if found is None or wants_new:
        check_rate(site.limits.starts, limit_key(request))
        who, meeting = await site.services.sessions.begin(
            language, received.invited, is_on_loan=is_loan_tablet(request)
        )
        await end_replaced(request, found)
    else:
        try:
            who = found.who
            meeting = await site.services.notebooks.begin_another(who, request_id(form), received.invited)
        except DocumentFull:
            catalogue = reader_catalogue(request)
            full = FormError(
                catalogue.say("notebook.full_heading"), catalogue.say("notebook.full", limit=MOST_MEETINGS)
            )
            return render(request, await _page(request, form, received, full), 422)
    response = see_other(f"/meetings/{meeting.id}")
    remember(request, response, who)
    return response


def _to_page(language: Language) -> web.Response:
    return see_other(f"/{language}{INVITED}/opened")


def _door(request: web.Request, typed: str = "", trouble: FormError | None = None) -> InvitationDoorPage:
    title = reader_catalogue(request).say("invited.door_heading")
    return InvitationDoorPage(title=title, public_path=INVITED, typed=typed[:LONGEST], trouble=trouble)


async def _page(
    request: web.Request, form: Form, received: OpenedInvitation, trouble: FormError | None = None
) -> InvitedPage:
    site, invited, catalogue = context(request), received.invited, reader_catalogue(request)
    found = await open_notebook(request)
    meetings = found.notebook.meetings if found else ()
    begun = [m.id for m in meetings if m.invited and m.invited.id == invited.id]
    return InvitedPage(
        title=catalogue.say("invited.heading"),
        public_path=f"{INVITED}/opened",
        link=received.by,
        request_id=new_request_id(),
        inviter=(await staff_names(request)).get(invited.staff_id, ""),
        facts=facts_shown(request, invited.said, catalogue),
        until=catalogue.day(last_day(received.works_until)),
        opening=[say.prompt for say in site.services.dialogues.before_meeting.dialogue.opening()],
        reply_ahead=await host_of_reply(request, invited) is not None,
        has_notebook=found is not None,
        instead_of=found.mark if found else "",
        going_on=f"/meetings/{begun[-1]}" if begun else None,
        server=server_name(request),
        operator=site.settings.operator,
        unencrypted=not (site.settings.is_https or site.settings.is_loopback),
        trouble=trouble,
    )


def routes() -> list[web.RouteDef]:
    """Routes for opening an invitation and beginning."""
    return [
        web.get(INVITED, invitation_door),
        web.get(f"/{{language}}{INVITED}", invitation_door),
        web.get(f"{INVITED}{ESCAPED}", invitation_door),
        web.get(f"/{{language}}{INVITED}{ESCAPED}", invitation_door),
        web.get(f"/{{language}}{INVITED}/opened", opened),
        web.post(INVITED, show),
        web.post(f"{INVITED}/begin", begin),
    ]
