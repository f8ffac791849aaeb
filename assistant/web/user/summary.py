"""The summary, and how to finish: show it, keep it, or delete everything."""

from contextlib import suppress

from aiohttp import web

from assistant.errors import SessionEnded
from assistant.languages import as_language
from assistant.service.notebook.sessions import SignedInUser
from assistant.web.http.context import (
    MEETING,
    conversation_path,
    own_path,
    path_language,
    reader_catalogue,
    services,
)
from assistant.web.http.cookies import forget, remember
from assistant.web.http.forms import Form, new_request_id
from assistant.web.http.link_cookies import forget_link
from assistant.web.http.pages import MessagePage
from assistant.web.http.private_form import private_form
from assistant.web.http.responses import render, see_other
from assistant.web.http.sessions import signed_in_user
from assistant.web.user import summary_display
from assistant.web.user.form_handling import USERS
from assistant.web.user.guided_strip import with_strip
from assistant.web.user.notebook import NOTEBOOK, is_kept_as_told
from assistant.web.user.pages import DeletePage
from assistant.web.user.question_pages import offers
from assistant.web.user.unlock import where_to_go_on
from assistant.web.views.links import link_shown, live_at
from assistant.web.views.summary import on_a_sheet, private_shown, to_read
from assistant.web.views.summary_pages import SummaryPage
from assistant.web.views.transcript import carried_over
from assistant.zone import local_day

_DELETED = "/deleted"


async def summary(request: web.Request) -> web.Response:
    """Show all entries on one page, with the possible next steps."""
    who = await signed_in_user(request)
    standing, said = await services(request).preparations.summary(who, request.match_info["meeting"])
    catalogue = reader_catalogue(request)
    standing, strip = await with_strip(request, who, standing)
    page = SummaryPage(
        title=catalogue.say("summary.heading"),
        here=f"{conversation_path(request)}/summary",
        **on_a_sheet(request, standing, said),
        private=private_shown(request, standing, said),
        live=live_at(request, standing),
        offers=offers(standing),
        along=await carried_over(request, who, standing.meeting.id),
        request_id=new_request_id(),
        turn=standing.conversation.turn,
        kept_until=catalogue.day(local_day(standing.kept_until)),
        kept_until_chosen=standing.kept_until_chosen,
        is_kept_as_told=is_kept_as_told(request, standing.kept_until),
        device=who.device,
        is_by_another=standing.is_by_another,
        to_read=to_read(request, standing),
        link=link_shown(request, standing.link),
        strip=strip,
        is_for_treatment=standing.meeting.is_for_treatment,
    )
    return render(request, page)


async def ask_delete(request: web.Request) -> web.Response:
    """Explain the deletion before it is done."""
    who = await signed_in_user(request)
    back = where_to_go_on(await services(request).sessions.notebook(who))
    return render(
        request, DeletePage(title=reader_catalogue(request).say("delete.heading"), here="/delete", back=back)
    )


@private_form(USERS)
async def delete(request: web.Request, _form: Form, who: SignedInUser) -> web.Response:
    """Delete everything."""
    await services(request).guided.joining.take_lines_down(who)
    await services(request).sessions.delete_everything(who)
    response = see_other(f"/{who.language}{_DELETED}")
    forget(request, response)
    forget_link(request, response, "invitation")
    return response


async def deleted(request: web.Request) -> web.Response:
    """Confirm that everything was deleted. No cookie says that it was, so a user who is still signed in is
    redirected to their notebook.
    """
    language = path_language(request)
    with suppress(SessionEnded):
        await signed_in_user(request)
        return see_other(NOTEBOOK)
    say = reader_catalogue(request).say
    page = MessagePage(
        title=say("deleted.heading"),
        public_path=_DELETED,
        heading=say("deleted.heading"),
        sentences=[say("deleted.what"), say("deleted.not_reached"), say("deleted.next")],
        ways=[(f"/{language}/", "trouble.to_start")],
    )
    return render(request, page)


@private_form(USERS)
async def device(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    """Change whether this is the user's own device."""
    who = await services(request).sessions.remember(who, "own" if form.one("device") == "own" else "borrowed")
    response = see_other(own_path(form.one("back")))
    remember(request, response, who)
    return response


@private_form(USERS)
async def language(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    """Change the language of the page."""
    wanted = as_language(form.one("language"))
    if wanted is not None:
        who = await services(request).sessions.speak(who, wanted)
    response = see_other(own_path(form.one("back")))
    remember(request, response, who)
    return response


def routes() -> list[web.RouteDef]:
    """Routes for the summary of one meeting, and for the whole notebook."""
    return [
        web.get(f"{MEETING}/summary", summary),
        *summary_display.routes(),
        web.get("/delete", ask_delete),
        web.post("/delete", delete),
        web.get(f"/{{language}}{_DELETED}", deleted),
        web.post("/device", device),
        web.post("/language", language),
    ]
