"""The pages beside a conversation: a pause, help, and everything said so far."""

from contextlib import suppress

from aiohttp import web

from assistant.errors import NotSaved, SessionEnded
from assistant.web.http.context import conversation_path, preparations, reader_catalogue
from assistant.web.http.forms import new_request_id
from assistant.web.http.responses import render
from assistant.web.http.sessions import signed_in_user
from assistant.web.user.form_handling import anchor
from assistant.web.user.pages import HelpHerePage, PausePage, TranscriptPage
from assistant.web.views.links import link_shown
from assistant.web.views.transcript import transcript


async def pause(request: web.Request) -> web.Response:
    """Say that everything is saved, and how to come back."""
    who = await signed_in_user(request)
    standing = await preparations(request).standing(who, request.match_info["meeting"])
    here = conversation_path(request)
    page = PausePage(
        title=reader_catalogue(request).say("pause.heading"),
        here=f"{here}/pause",
        here_conversation=here,
        link=link_shown(request, standing.link),
        device=who.device,
    )
    return render(request, page)


async def whole_conversation(request: web.Request) -> web.Response:
    """Show everything that was asked and answered so far, each with a way to change it."""
    who = await signed_in_user(request)
    standing = await preparations(request).standing(who, request.match_info["meeting"])
    here = conversation_path(request)
    page = TranscriptPage(
        title=reader_catalogue(request).say("talk.all"),
        here=f"{here}/transcript",
        here_conversation=here,
        talk=transcript(request, standing),
        turn=standing.conversation.turn,
        request_id=new_request_id(),
    )
    return render(request, page)


async def help_here(request: web.Request) -> web.Response:
    """Show emergency contacts and a link back. Needs no session."""
    view, here = "chat", conversation_path(request)
    with suppress(SessionEnded, NotSaved):
        view = (await signed_in_user(request)).view
    back = f"{here}/form{anchor(request.query.get('at', ''))}" if view == "form" else here
    page = HelpHerePage(
        title=reader_catalogue(request).say("help.title"), here=f"{here}/help", here_conversation=back
    )
    return render(request, page)
