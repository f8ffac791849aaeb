"""Another person writes for the user: saying so, and reading through what was written afterwards."""

from dataclasses import replace

from aiohttp import web

from assistant.service.notebook.sessions import SignedInUser
from assistant.service.preparation.written_for import approve, let_another_write, write_again
from assistant.web.http.context import AFTER, MEETING, conversation_path, preparations
from assistant.web.http.forms import Form, new_request_id
from assistant.web.http.private_form import private_form
from assistant.web.http.responses import see_other
from assistant.web.user.form_handling import USERS

WRITER = "writer"
"""The field in which a page with a form says that another person writes. It holds also if the time of the
other person is over when the form comes: what the page says is what holds.
"""
_ANOTHER = "another"


def as_typed(who: SignedInUser, form: Form) -> SignedInUser:
    """Return the user, with what the page said about who writes."""
    is_by_another = form.one(WRITER) == _ANOTHER
    return who if who.is_by_another == is_by_another else replace(who, is_by_another=is_by_another)


async def set_writer(request: web.Request, who: SignedInUser, *, another: bool) -> None:
    """Record who writes from now on."""
    think = let_another_write(who) if another else write_again
    await preparations(request).change_writing(who, request.match_info["meeting"], think)


@private_form(USERS)
async def read_through(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    """Approve or take away one entry; or the user writes again."""
    meeting, entry, version = request.match_info["meeting"], form.one("entry"), _version(form)
    match form.one("act"):
        case "approve":
            await preparations(request).change_writing(who, meeting, approve(who, entry, version))
        case "take_away":
            await preparations(request).take_away(who, meeting, entry, version, new_request_id())
        case "write_again":
            await set_writer(request, who, another=False)
    return see_other(f"{conversation_path(request)}/summary#written-for")


def _version(form: Form) -> int:
    """Return the version in the form; 0, which no entry has, for anything else."""
    text = form.one("version")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def routes() -> list[web.RouteDef]:
    """Routes for a preparation and for the look back."""
    return [web.post(f"{at}/written-for", read_through) for at in (MEETING, AFTER)]
