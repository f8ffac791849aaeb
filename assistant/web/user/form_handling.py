"""The user part of `private_form`: unlocking with a form, help first, and error messages.

Typed text is always given back to the person who typed it.
"""

import re

from aiohttp import web

from assistant.dialogue.model import Address
from assistant.errors import (
    NotFound,
    NotOnTheWay,
    NotSaved,
    RequestReused,
    RevisionConflict,
    SecretUnknown,
    SessionEnded,
    StaleTurn,
    Trouble,
)
from assistant.languages import as_language
from assistant.service.notebook.sessions import SignedInUser
from assistant.web.http.context import LANGUAGE, context, reader_catalogue, reader_language
from assistant.web.http.cookies import cookie_name, remember
from assistant.web.http.forms import Form
from assistant.web.http.pages import FormError as TroubleShown
from assistant.web.http.pages import form_error
from assistant.web.http.private_form import Senders
from assistant.web.http.rate_limits import TooOften
from assistant.web.http.responses import with_retry_after
from assistant.web.http.sessions import signed_in_user
from assistant.web.http.unsaved_text import (
    NotLetIn,
    help_first,
    in_another_language,
    locked,
    typed_words,
    unanswered,
)
from assistant.web.user.unlock import (
    TooManyCodenames,
    too_many_codenames,
    unknown_secret,
    unlock,
)

_ADDRESS = re.compile(r"[a-z0-9_]+(/[a-z0-9_.]+){1,2}")


class Users(Senders[SignedInUser]):
    """Users send forms with their session; a form with a private link or codename unlocks first."""

    async def find(self, request: web.Request, form: Form, *, comes_back: bool) -> SignedInUser:
        """Find the user, or unlock with what a form that `comes_back` carries. Raises `NotLetIn`."""
        if not comes_back:
            return await signed_in_user(request)
        speak = as_language(form.one("speak"))
        request[LANGUAGE] = speak or as_language(form.one("language"))
        if speak is not None:
            raise NotLetIn(in_another_language(request, form))
        try:
            return await (_unlocked(request, form) if form.one("link") else signed_in_user(request))
        except SessionEnded:
            raise NotLetIn(locked(request, form)) from None
        except SecretUnknown:
            raise NotLetIn(locked(request, form, unknown_secret(request, form.one("link")))) from None
        except TooManyCodenames as often:
            page = locked(request, form, too_many_codenames(request), 429)
            raise NotLetIn(with_retry_after(page, often)) from None
        except NotSaved:
            raise NotLetIn(unanswered(request, form)) from None

    def rate_key(self, who: SignedInUser) -> str:
        """Count by notebook: the user's devices count together."""
        return who.owner.notebook_id

    def urgent_page(self, request: web.Request, form: Form, trouble: Trouble) -> web.Response | None:
        """Return the help page if the form asks for help; text that could not be saved stays on it."""
        if not _asks_for_help(form):
            return None
        if isinstance(trouble, NotSaved | RevisionConflict):
            return unanswered(request, form)
        return help_first(request, form, type(trouble).__name__, status_of(trouble))

    async def check_meeting(self, request: web.Request, form: Form, who: SignedInUser) -> None:
        """Check that the meeting is in this notebook; it is not if another was begun in another tab.

        Raises `NotFound`; if words were typed, `NotLetIn` with them, so that they wait until unlocked.
        """
        meeting = request.match_info.get("meeting")
        if meeting is None or (await context(request).services.sessions.notebook(who)).has(meeting):
            return
        if typed_words(form):
            raise NotLetIn(locked(request, form))
        raise NotFound

    def remember(self, request: web.Request, response: web.Response, who: SignedInUser) -> None:
        """Set the session cookie again, unless the act has set or deleted it."""
        if cookie_name(context(request).settings) not in response.cookies:
            remember(request, response, who)


USERS = Users()


def status_of(trouble: Trouble) -> int:
    """Return the HTTP status for a page with this error."""
    if isinstance(trouble, TooOften):
        return 429
    if isinstance(trouble, NotSaved | RevisionConflict):
        return 503
    return 409 if isinstance(trouble, StaleTurn | RequestReused | NotOnTheWay) else 422


def error_shown(request: web.Request, trouble: Trouble, *, whole: bool = False) -> TroubleShown:
    """A refusal as a sentence in the reader's language; its parameters are numbers only. The page with the
    `whole` form has its own sentences if they name a button.
    """
    catalogue, name = reader_catalogue(request), type(trouble).__name__
    own = f"whole.{name}"
    return form_error(catalogue, trouble, key=own if whole and own in catalogue.sentences else "")


def _asks_for_help(form: Form) -> bool:
    """Return whether it was sent by the help button."""
    return form.one("move").partition(":")[0] == "help"


async def _unlocked(request: web.Request, form: Form) -> SignedInUser:
    """Unlock with the form's link or codename. Raises `SecretUnknown` if it opens another notebook."""
    who, notebook = await unlock(request, form.one("link"), reader_language(request))
    meeting = request.match_info.get("meeting")
    if meeting is not None and not notebook.has(meeting):  # another person's link, or an older notebook's
        await context(request).services.sessions.leave(who.secret)
        raise SecretUnknown
    return who


def turn_of(form: Form) -> int:
    """Return the turn the form was rendered at; a form without one is treated as stale."""
    text = form.one("turn")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def anchor(address: Address) -> str:
    """Return the anchor of a question on the page with all of them; empty at the round-off."""
    return f"#{address}" if _ADDRESS.fullmatch(address) else ""
