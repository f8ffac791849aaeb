"""Form handling for private pages: session, act and error page.

Typed text is always given back to the person who typed it.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web

from assistant.errors import (
    NotFound,
    NotOnTheWay,
    NotSaved,
    Refusal,
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
from assistant.web.http.cookies import remember
from assistant.web.http.forms import Form
from assistant.web.http.pages import FormError as TroubleShown
from assistant.web.http.pages import days_offered
from assistant.web.http.rate_limits import TooOften, check_rate
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

Act = Callable[[web.Request, Form, SignedInUser], Awaitable[web.Response]]
Refuse = Callable[[web.Request, Form, SignedInUser, Trouble], Awaitable[web.Response]]


async def receive(request: web.Request, form: Form, act: Act, refuse: Refuse) -> web.Response:
    """Unlock if needed, then run the act; no typed text is lost on the way."""
    try:
        who = await let_in(request, form)
    except NotLetIn as held:
        return held.answer
    try:
        check_rate(context(request).limits.acts, who.owner.notebook_id)
        response = await act(request, form, who)
    except SessionEnded:  # everything was deleted on another device meanwhile
        return locked(request, form)
    except (Refusal, NotSaved, RevisionConflict, TooOften) as trouble:
        # a request for help always gets the help page, with any text that could not be saved
        refuses = _unanswered if _asks_for_help(form) else refuse
        response = await refuses(request, form, who, trouble)
    remember(request, response, who)
    return response


async def let_in(request: web.Request, form: Form) -> SignedInUser:
    """Return the user, who may unlock with this form. Raises `NotLetIn` with a page that gives back the
    text.
    """
    speak = as_language(form.one("speak"))
    request[LANGUAGE] = speak or as_language(form.one("language"))
    if speak is not None:
        raise NotLetIn(in_another_language(request, form))
    try:
        return await _let_in(request, form)
    except SessionEnded:
        raise NotLetIn(locked(request, form)) from None
    except SecretUnknown:
        raise NotLetIn(locked(request, form, unknown_secret(request, form.one("link")))) from None
    except TooManyCodenames as often:
        raise NotLetIn(
            with_retry_after(locked(request, form, too_many_codenames(request), 429), often)
        ) from None
    except NotSaved:
        raise NotLetIn(unanswered(request, form)) from None


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
    facts = {name: catalogue.number(value) for name, value in vars(trouble).items() if isinstance(value, int)}
    field = trouble.field if isinstance(trouble, Refusal) else None
    key = f"whole.{name}" if whole and f"whole.{name}" in catalogue.sentences else f"refusal.{name}"
    return TroubleShown(
        catalogue.say("refusal.heading"), catalogue.say(key, **facts), field, days_offered(catalogue, trouble)
    )


async def _unanswered(request: web.Request, form: Form, who: SignedInUser, trouble: Trouble) -> web.Response:
    """Show the text on a page of its own, with emergency contacts first and an accurate explanation."""
    if isinstance(trouble, NotSaved | RevisionConflict):
        return unanswered(request, form)
    response = help_first(request, form, type(trouble).__name__, status_of(trouble))
    return with_retry_after(response, trouble) if isinstance(trouble, TooOften) else response


def _asks_for_help(form: Form) -> bool:
    """Return whether it was sent by the help button."""
    return form.one("move").partition(":")[0] == "help"


async def _let_in(request: web.Request, form: Form) -> SignedInUser:
    """Return the user. A form that carries the private link unlocks first and is then handled as usual."""
    site = context(request)
    meeting = request.match_info.get("meeting")
    if not form.one("link"):
        who = await signed_in_user(request)
        notebook = await site.services.sessions.notebook(who)
        if meeting is not None and not notebook.has(meeting):
            # a new notebook was begun in another tab: keep the text until unlocked
            raise SessionEnded if typed_words(form) else NotFound
        return who
    who, notebook = await unlock(request, form.one("link"), reader_language(request))
    if meeting is not None and not notebook.has(
        meeting
    ):  # another person's link, or that of an older notebook
        await site.services.sessions.leave(who.secret)
        raise SecretUnknown
    return who
