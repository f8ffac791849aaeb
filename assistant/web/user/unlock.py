"""Unlock by a private link or a codename typed into a page's field."""

from aiohttp import web

from assistant.errors import NothingToTry, SecretUnknown, TooBusy
from assistant.languages import Language
from assistant.meetings.notebook import Notebook
from assistant.service.notebook.access import WORDS
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.queueing import ask_as
from assistant.web.http.context import address_of, context, limit_key, reader_catalogue, services
from assistant.web.http.loan_cookie import is_loan_tablet
from assistant.web.http.pages import FormError
from assistant.web.http.rate_limits import SOON, TooOften


class TooManyCodenames(TooOften):
    """More codenames than the server tries or creates for one address or notebook."""


async def unlock(request: web.Request, typed: str, language: Language) -> tuple[SignedInUser, Notebook]:
    """Unlock by the typed secret. Raises `SecretUnknown` and `TooManyCodenames`. The right secret always
    unlocks, even after many wrong ones from the same address. Only wrong codenames are counted; after many
    of them the address has few places in the queue.
    """
    site, address = context(request), address_of(request)
    if not site.services.access.is_codename(typed):
        return await _here(request, *await site.services.access.come_back(typed, language))
    if await site.limits.codenames.are_many(address):
        ask_as(limit_key(request), after_failures=True)
    try:
        return await _here(request, *await site.services.access.come_back(typed, language))
    except TooBusy:
        raise TooManyCodenames(SOON) from None
    except NothingToTry:  # not a codename, so not a guess either
        raise
    except SecretUnknown:
        if seconds := await site.limits.codenames.failed(address):
            raise TooManyCodenames(seconds) from None
        raise


async def _here(request: web.Request, who: SignedInUser, notebook: Notebook) -> tuple[SignedInUser, Notebook]:
    """Adapt an unlocked notebook to this browser; the user has shown that they have a way back to it."""
    if notebook.is_on_loan:
        await services(request).loan_tablets.take_along(who)
    if is_loan_tablet(request):
        who = await services(request).sessions.lend(who)
    return who, notebook


def where_to_go_on(notebook: Notebook) -> str:
    """Return the path to continue: the only meeting, else the notebook."""
    meetings = notebook.meetings
    return f"/meetings/{meetings[0].id}" if len(meetings) == 1 else "/notebook"


def unknown_secret(request: web.Request, typed: str) -> FormError:
    """Build the error message for a link or codename that matches nothing, using format checks only."""
    catalogue, access = reader_catalogue(request), services(request).access
    misread = access.misread(typed)
    if access.is_codename(typed):
        return FormError(catalogue.say("codename.unknown_heading"), catalogue.say("codename.unknown"), "link")
    if misread is None:
        return FormError(catalogue.say("open.unknown_heading"), catalogue.say("open.unknown"), "link")
    if misread.count != WORDS:
        sentence = catalogue.say("codename.wrong_count", count=misread.count, words=WORDS)
    elif len(misread.unknown) == 1:
        sentence = catalogue.say("codename.unknown_word", place=misread.unknown[0])
    else:
        sentence = catalogue.say("codename.unknown_words", places=catalogue.listed(misread.unknown))
    return FormError(catalogue.say("codename.misread_heading"), sentence, "link")


def too_many_codenames(request: web.Request) -> FormError:
    """Build the error message for too many tries with codenames."""
    say = reader_catalogue(request).say
    return FormError(say("trouble.too_often_heading"), say("codename.too_many"), "link")
