"""The notebook open in this browser, and the confirmation before another replaces it."""

from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256

from aiohttp import web

from assistant.errors import NotSaved, SessionEnded
from assistant.meetings.notebook import Notebook
from assistant.service.notebook.sessions import SignedInUser
from assistant.value_class import value_class
from assistant.web.http.context import LANGUAGE, reader_catalogue, services
from assistant.web.http.forms import Form
from assistant.web.http.page_data import page_data
from assistant.web.http.pages import Page
from assistant.web.http.responses import render
from assistant.web.http.sessions import signed_in_user
from assistant.web.user.unlock import where_to_go_on

INSTEAD_OF = "instead_of"
"""The form field that identifies the open notebook its page showed."""


@value_class
class OpenNotebook:
    """A notebook that is open in this browser."""

    who: SignedInUser
    notebook: Notebook

    @property
    def mark(self) -> str:
        """Identifies an open notebook in a form, without its id."""
        return sha256(self.who.owner.notebook_id.encode()).hexdigest()[:16]

    @property
    def way_on(self) -> str:
        """Return the path to continue in it."""
        return where_to_go_on(self.notebook)


@page_data
class AlreadyOpenPage(Page):
    """An open notebook that the previous page did not show: continue in it, or replace it."""

    template = "user/already_open.html"
    way_on: str
    what: str
    yes: str
    action: str
    carried: Sequence[tuple[str, str]]


async def open_notebook(request: web.Request) -> OpenNotebook | None:
    """Return the notebook open in this browser, if any; the request keeps its own language."""
    spoken = request.get(LANGUAGE)
    try:
        who = await signed_in_user(request)
        return OpenNotebook(who, await services(request).sessions.notebook(who))
    except SessionEnded:
        return None
    finally:
        request[LANGUAGE] = spoken


def is_shown(form: Form, found: OpenNotebook | None) -> bool:
    """Return whether the form's page showed the notebook that is open now, or none is open."""
    return found is None or form.one(INSTEAD_OF) == found.mark


def already_open_page(
    request: web.Request,
    found: OpenNotebook,
    action: str,
    kind: str,
    typed: str | None = None,
    *,
    unit: str = "",
) -> AlreadyOpenPage:
    """Build the confirmation page; `kind` says what would replace it: `begin` a new notebook, at this unit if
    one is given, or `open` another.
    """
    say = reader_catalogue(request).say
    carried = [(INSTEAD_OF, found.mark)]
    if unit:
        carried.append(("unit", unit))
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
    """Respond when the typed secret opens another notebook than the open one."""
    return render(request, already_open_page(request, found, "/r", "open", typed), 409)


async def end_replaced(request: web.Request, found: OpenNotebook | None) -> None:
    """End the replaced session: no browser has its cookie any more."""
    if found is not None:
        with suppress(NotSaved):  # otherwise it expires by itself
            if found.who.device == "loan":
                await services(request).loan_tablets.finish(found.who.secret)
            else:
                await services(request).sessions.leave(found.who.secret)
