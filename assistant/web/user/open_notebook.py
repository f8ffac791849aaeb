"""The notebook that is open in this browser, and what must be asked before another one takes its place."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

from aiohttp import web

from assistant.errors import NotSaved, SessionEnded
from assistant.meetings.notebook import Notebook
from assistant.service.notebook.sessions import SignedInUser
from assistant.web.http.context import LANGUAGE, reader_catalogue, services
from assistant.web.http.forms import Form
from assistant.web.http.pages import Page
from assistant.web.http.responses import render
from assistant.web.http.sessions import signed_in_user
from assistant.web.user.unlock import where_to_go_on

INSTEAD_OF = "instead_of"
"""The field of a form that says which open notebook its page showed."""


@dataclass(frozen=True)
class OpenNotebook:
    """A notebook that is open in this browser."""

    who: SignedInUser
    notebook: Notebook

    @property
    def mark(self) -> str:
        """Tells one open notebook from another in a form, without its id."""
        return sha256(self.who.owner.notebook_id.encode()).hexdigest()[:16]

    @property
    def way_on(self) -> str:
        """Where to go on in it."""
        return where_to_go_on(self.notebook)


@dataclass(frozen=True, kw_only=True)
class AlreadyOpenPage(Page):
    """A notebook is open here that the page before did not show: go on in it, or put another in its place."""

    template = "user/already_open.html"
    way_on: str
    what: str
    yes: str
    action: str
    carried: Sequence[tuple[str, str]]


async def open_notebook(request: web.Request) -> OpenNotebook | None:
    """The notebook this browser has open, if it has one; the request keeps its own language."""
    spoken = request.get(LANGUAGE)
    try:
        who = await signed_in_user(request)
        return OpenNotebook(who, await services(request).sessions.notebook(who))
    except SessionEnded:
        return None
    finally:
        request[LANGUAGE] = spoken


def is_shown(form: Form, found: OpenNotebook | None) -> bool:
    """Whether the page a form was on showed the notebook that is open now, or none is open."""
    return found is None or form.one(INSTEAD_OF) == found.mark


def already_open_page(
    request: web.Request, found: OpenNotebook, action: str, kind: str, typed: str | None = None
) -> AlreadyOpenPage:
    """The choice; `kind` is what would take its place: `begin` a new notebook, or `open` another one."""
    say = reader_catalogue(request).say
    carried = [(INSTEAD_OF, found.mark)]
    if typed is not None:
        carried.append(("link", typed[:1000]))
    return AlreadyOpenPage(
        title=say("start.unfinished_heading"),
        public_path=action,
        way_on=found.way_on,
        what=say("start.unfinished" if kind == "begin" else "start.another_open"),
        yes=say("start.begin_again" if kind == "begin" else "start.open_other"),
        action=action,
        carried=carried,
    )


def already_open(request: web.Request, found: OpenNotebook, typed: str) -> web.Response:
    """The answer when what was typed opens another notebook than the one that is open here."""
    return render(request, already_open_page(request, found, "/r", "open", typed), 409)


async def end_replaced(request: web.Request, found: OpenNotebook | None) -> None:
    """End the session that another has taken the place of: no browser has its cookie any more."""
    if found is not None:
        with suppress(NotSaved):  # then it runs out by itself
            await services(request).sessions.leave(found.who.secret)
