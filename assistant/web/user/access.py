"""Access: show, renew and switch off the private link and the codename; the card, and a typing test."""

from typing import Literal

from aiohttp import web

from assistant.errors import NotFound, TooBusy, Trouble
from assistant.meetings.notebook import Notebook
from assistant.service.notebook.access import WORDS
from assistant.service.notebook.sessions import SignedInUser
from assistant.web.http.context import context, public_address, reader_catalogue, reader_language, services
from assistant.web.http.forms import Form, new_request_id, request_id
from assistant.web.http.pages import MessagePage
from assistant.web.http.private_form import private_form
from assistant.web.http.rate_limits import SOON
from assistant.web.http.responses import render, see_other
from assistant.web.http.sessions import signed_in_user
from assistant.web.user.form_handling import USERS
from assistant.web.user.notebook import NOTEBOOK
from assistant.web.user.notebook_pages import AskPage, CardPage, CodenamePage, TryPage
from assistant.web.user.unlock import TooManyCodenames

Way = Literal["link", "codename"]
CODENAME = f"{NOTEBOOK}/codename"
_WAY = "{way:link|codename}"


async def ask_new(request: web.Request) -> web.Response:
    """Explain a renewal before it is done."""
    return await _ask(request, "new")


async def ask_off(request: web.Request) -> web.Response:
    """Explain switching off before it is done."""
    return await _ask(request, "off")


async def _too_busy(request: web.Request, _form: Form, _who: SignedInUser, _trouble: Trouble) -> web.Response:
    say = reader_catalogue(request).say
    page = MessagePage(
        title=say("trouble.too_often_heading"),
        here=NOTEBOOK,
        heading=say("trouble.too_often_heading"),
        sentences=[say("trouble.too_often")],
        ways=[(NOTEBOOK, "notebook.back")],
    )
    return render(request, page, 429)


@private_form(USERS, _too_busy, on=(TooManyCodenames,))
async def new(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    """Renew the link, or create or renew the codename."""
    access, id_ = services(request).access, request_id(form)
    if _way(request) == "link":
        await access.renew_link(who, id_)
        return see_other(f"{NOTEBOOK}#ways")
    if seconds := context(request).limits.new_codenames.wait_for(who.owner.notebook_id):
        raise TooManyCodenames(seconds)
    try:
        await access.renew_codename(who, id_)
        await services(request).loan_tablets.take_along(who)
    except TooBusy:
        raise TooManyCodenames(SOON) from None
    return see_other(CODENAME)


@private_form(USERS)
async def off(request: web.Request, _form: Form, who: SignedInUser) -> web.Response:
    """Switch the link or the codename off."""
    access = services(request).access
    await (access.switch_off_link(who) if _way(request) == "link" else access.switch_off_codename(who))
    return see_other(f"{NOTEBOOK}#ways")


async def show_codename(request: web.Request) -> web.Response:
    """Show the codename in large print."""
    words = await _words(request)
    title = reader_catalogue(request).say("codename.heading")
    return render(request, CodenamePage(title=title, here=CODENAME, words=words, door=_door(request)))


async def card(request: web.Request) -> web.Response:
    """Show the codename on a card to print."""
    words = await _words(request)
    title = reader_catalogue(request).say("card.heading")
    return render(request, CardPage(title=title, here=f"{CODENAME}/card", words=words, door=_door(request)))


async def ask_typed_back(request: web.Request) -> web.Response:
    """Show a field to type the codename into, with the codename hidden."""
    await _words(request)
    return render(request, _try(request, is_right="right" in request.query))


@private_form(USERS)
async def typed_back(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    """Say whether the typed text is the codename, and where it differs. Nothing is stored."""
    typed = form.one("typed")
    differ = await services(request).access.differences(who, typed)
    if differ is None:
        raise NotFound
    if not differ:
        return see_other(f"{CODENAME}/try?right")
    catalogue = reader_catalogue(request)
    if not typed.strip():
        said = catalogue.say("try.nothing")
    elif max(differ) > WORDS:
        said = catalogue.say("try.longer")
    elif len(differ) == 1:
        said = catalogue.say("try.one", place=differ[0])
    elif len(differ) < WORDS:
        said = catalogue.say("try.some", places=catalogue.listed(differ))
    else:
        said = catalogue.say("try.all")
    return render(request, _try(request, typed=typed[:500], differs=said), 422)


def _try(
    request: web.Request, *, typed: str = "", is_right: bool = False, differs: str | None = None
) -> TryPage:
    say = reader_catalogue(request).say
    title = say("try.right_heading" if is_right else "try.heading")
    if differs:
        title = f"{say('try.differs_heading')}: {title}"
    return TryPage(title=title, here=f"{CODENAME}/try", typed=typed, is_right=is_right, differs=differs)


async def _ask(request: web.Request, act: Literal["new", "off"]) -> web.Response:
    """Ask before the act; Back after it leads to what there is now."""
    way = _way(request)
    notebook = await services(request).sessions.notebook(await signed_in_user(request))
    catalogue = reader_catalogue(request)
    if not _has(notebook, way):
        return see_other(f"{NOTEBOOK}#ways")
    other: Way = "codename" if way == "link" else "link"
    page = AskPage(
        title=catalogue.say(f"ways.{way}_{act}_heading"),
        here=request.path,
        heading=catalogue.say(f"ways.{way}_{act}_heading"),
        sentences=[catalogue.say(f"ways.{way}_{act}"), catalogue.say("ways.locked_out")],
        warning=catalogue.say("ways.none_left") if act == "off" and not _has(notebook, other) else None,
        yes=catalogue.say(f"ways.{way}_{act}_yes"),
        no=catalogue.say("ways.no"),
        request_id=new_request_id(),
    )
    return render(request, page)


async def _words(request: web.Request) -> list[str]:
    """Return the codename's words. Raises `NotFound` if there is none."""
    notebook = await services(request).sessions.notebook(await signed_in_user(request))
    if notebook.codename is None:
        raise NotFound
    return notebook.codename.split()


def _has(notebook: Notebook, way: Way) -> bool:
    return (notebook.link if way == "link" else notebook.codename) is not None


def _way(request: web.Request) -> Way:
    return "link" if request.match_info["way"] == "link" else "codename"


def _door(request: web.Request) -> str:
    return f"{public_address(request)}/{reader_language(request)}/r".split("://", 1)[1]


def routes() -> list[web.RouteDef]:
    """Routes for the link and the codename."""
    return [
        web.get(f"{NOTEBOOK}/{_WAY}/new", ask_new),
        web.post(f"{NOTEBOOK}/{_WAY}/new", new),
        web.get(f"{NOTEBOOK}/{_WAY}/off", ask_off),
        web.post(f"{NOTEBOOK}/{_WAY}/off", off),
        web.get(CODENAME, show_codename),
        web.get(f"{CODENAME}/card", card),
        web.get(f"{CODENAME}/try", ask_typed_back),
        web.post(f"{CODENAME}/try", typed_back),
    ]
