"""The look back on a meeting: its start page and its result. The conversation is between them.

It is private to the user and optional.
"""

from aiohttp import web

from assistant.errors import NotFound
from assistant.service.notebook.sessions import SignedInUser
from assistant.web.http.context import (
    AFTER,
    context,
    conversation_path,
    preparations,
    reader_catalogue,
    services,
)
from assistant.web.http.forms import Form, new_request_id
from assistant.web.http.private_form import private_form
from assistant.web.http.responses import render, see_other
from assistant.web.http.sessions import signed_in_user
from assistant.web.user import conversation
from assistant.web.user.form_handling import USERS
from assistant.web.user.look_back_pages import BeginLookBackPage, LookBackPage
from assistant.web.user.question_pages import offers
from assistant.web.views.links import live_at
from assistant.web.views.summary import to_read
from assistant.web.views.transcript import all_said


async def show(request: web.Request) -> web.Response:
    """Show the current question; before the look back has begun, explain it with a button to begin. Raises
    `NotFound` for a conversation that no treatment meeting follows.
    """
    who, site = await signed_in_user(request), context(request)
    notebook = await site.services.sessions.notebook(who)
    meeting = notebook.meeting(request.match_info["meeting"])
    if not meeting.is_for_treatment:
        raise NotFound
    if notebook.has_begun(meeting.after):
        return await conversation.show(request)
    page = BeginLookBackPage(
        title=reader_catalogue(request).say("after.heading"),
        here=conversation_path(request),
        opening=[say.prompt for say in site.services.dialogues.after_meeting.dialogue.opening()],
        request_id=new_request_id(),
    )
    return render(request, page)


@private_form(USERS)
async def begin(request: web.Request, _form: Form, who: SignedInUser) -> web.Response:
    """Begin the look back and redirect to its first question."""
    await services(request).notebooks.begin_after(who, request.match_info["meeting"])
    return see_other(conversation_path(request))


async def read_back(request: web.Request) -> web.Response:
    """Show all answers of the look back on one page, private to the user."""
    who = await signed_in_user(request)
    standing = await preparations(request).standing(who, request.match_info["meeting"])
    page = LookBackPage(
        title=reader_catalogue(request).say("after.read_back"),
        here=f"{conversation_path(request)}/summary",
        here_conversation=conversation_path(request),
        live=live_at(request, standing),
        exchanges=[exchange for exchange in all_said(request, standing) if exchange.answer],
        offers=offers(standing),
        is_by_another=standing.is_by_another,
        to_read=to_read(request, standing),
        turn=standing.conversation.turn,
        request_id=new_request_id(),
    )
    return render(request, page)


def routes() -> list[web.RouteDef]:
    """Routes for the look back's start page and result."""
    return [
        web.get(AFTER, show),
        web.post(f"{AFTER}/begin", begin),
        web.get(f"{AFTER}/summary", read_back),
    ]
