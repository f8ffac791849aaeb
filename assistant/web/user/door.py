"""The door: what every page does with a private link or a codename that was typed into its one field."""

from aiohttp import web

from assistant.errors import SecretUnknown, TooBusy
from assistant.languages import Language
from assistant.meetings.notebook import Notebook
from assistant.service.visits import Visitor
from assistant.service.ways_in import WORDS
from assistant.web.desk import DESK, TooOften, catalogue, client, not_a_guess, not_too_often
from assistant.web.pages import Trouble

_SOON = 3
"""Seconds until those who wait for the slow part of a codename are through it."""


class TooManyCodenames(TooOften):
    """More codenames than the server tries for one address, or for everybody together."""


async def unlock(request: web.Request, typed: str, language: Language) -> tuple[Visitor, Notebook]:
    """Let in by what was typed. Raises `SecretUnknown`, `TooOften` and `TooManyCodenames`.

    Every limit holds before the slow part, so nobody can make the server work who has used theirs up.
    """
    desk, key = request.app[DESK], client(request)
    not_too_often(desk.links, key)
    if not desk.ways_in.is_codename(typed):
        try:
            return await desk.ways_in.come_back(typed, language)
        except SecretUnknown as unknown:
            not_a_guess(unknown, desk.links, key)
            raise
    not_too_many_codenames(request)
    try:
        found = await desk.ways_in.come_back(typed, language)
    except TooBusy:
        raise TooManyCodenames(_SOON) from None
    desk.codenames.give_back(key)
    return found


def not_too_many_codenames(request: web.Request) -> None:
    """Raises `TooManyCodenames` when this address has tried, or made, more than a person would."""
    if seconds := request.app[DESK].codenames.wait_for(client(request)):
        raise TooManyCodenames(seconds)


def way_on(notebook: Notebook) -> str:
    """Where to go on: the one meeting there is, else the notebook with all of them."""
    meetings = notebook.meetings
    return f"/meetings/{meetings[0].id}" if len(meetings) == 1 else "/notebook"


def unknown_secret(request: web.Request, typed: str) -> Trouble:
    """What is said of something typed that opens nothing: as exactly as can be said without a database."""
    book, ways_in = catalogue(request), request.app[DESK].ways_in
    misread = ways_in.misread(typed)
    if ways_in.is_codename(typed):
        return Trouble(book.say("codename.unknown_heading"), book.say("codename.unknown"), "link")
    if misread is None:
        return Trouble(book.say("open.unknown_heading"), book.say("open.unknown"), "link")
    if misread.count != WORDS:
        sentence = book.say("codename.wrong_count", count=misread.count, words=WORDS)
    elif len(misread.unknown) == 1:
        sentence = book.say("codename.unknown_word", place=misread.unknown[0])
    else:
        sentence = book.say("codename.unknown_words", places=book.listed(misread.unknown))
    return Trouble(book.say("codename.misread_heading"), sentence, "link")


def too_many_links(request: web.Request) -> Trouble:
    """What is said when links are tried faster than a person would."""
    say = catalogue(request).say
    return Trouble(say("trouble.too_often_heading"), say("trouble.too_often"), "link")


def too_many_codenames(request: web.Request) -> Trouble:
    """What is said when there have been too many codenames for now."""
    say = catalogue(request).say
    return Trouble(say("trouble.too_often_heading"), say("codename.too_many"), "link")
