"""Unsaved text: pages that give back a form that could not be saved.

The text is stored only in the page. From there it is sent again, with its request id, once the notebook is
unlocked or the database answers.
"""

from dataclasses import replace

from aiohttp import web

from assistant.errors import Trouble
from assistant.service.notebook.access import LONGEST
from assistant.web.http.context import reader_catalogue, reader_language
from assistant.web.http.forms import Form
from assistant.web.http.pages import FormError as TroubleShown
from assistant.web.http.pages import UnsavedTextPage
from assistant.web.http.responses import render

_OWN_WORDS = (
    *("statement.", "signal", "then", "support.own", "challenge.own"),
    *("words", "what", "line", "text", "note", "welcome"),
)
_HELD_ITSELF = ("link", "language", "speak")
"""The fields that this page writes itself."""

NOT_KEPT = "not_kept"
"""The field in which a page with help carries the reason why its text was not saved."""

EMPTY = Form({})


class NotLetIn(Trouble):
    """A form that could not be unlocked; carries the page with the reason and the text."""

    def __init__(self, answer: web.Response) -> None:
        super().__init__()
        self.answer = answer


def is_own_words(field: str) -> bool:
    """Whether a form's field holds own words, to be shown in full, rather than a choice."""
    return field.rpartition(":")[2].startswith(
        _OWN_WORDS
    )  # on a page with several questions, each text is shown under its question


def typed_words(form: Form) -> list[tuple[str, str]]:
    """Return the fields with own words, in order."""
    return [
        (name, t) for name, texts in form.fields.items() if is_own_words(name) for t in texts if t.strip()
    ]


def locked(
    request: web.Request, form: Form = EMPTY, trouble: TroubleShown | None = None, status: int = 401
) -> web.Response:
    """Page for an ended session: the text in its fields, and one field to unlock."""
    return render(request, _held(request, form, "locked", asks_link=True, trouble=trouble), status)


def unanswered(request: web.Request, form: Form, public_path: str | None = None) -> web.Response:
    """Page for a database failure: the text in its fields, and a button to send it again."""
    page = _held(request, form, "unanswered", asks_link=False)
    return render(request, replace(page, public_path=public_path or page.public_path), 503)


def help_first(request: web.Request, form: Form, reason: str, status: int) -> web.Response:
    """Page with emergency contacts, then the reason why the text was not saved, then the text and a link to
    its question. `reason` is the class name of the error; the page carries it, so that it can be rendered in
    another language.
    """
    catalogue, why = reader_catalogue(request), f"held.{reason}"
    page = replace(
        _held(request, form, "unanswered", asks_link=False),
        title=catalogue.say("help.title"),
        heading=catalogue.say("help.title"),
        why=catalogue.say(why if why in catalogue.sentences else "held.refused"),
        asks_for_help=True,
        leads_back=True,
    )
    # the button leads back to the question, where the text is shown again; help was given already
    carried = [pair for pair in page.carried if pair[0] not in ("move", NOT_KEPT)]
    return render(request, replace(page, carried=[*carried, ("move", "more"), (NOT_KEPT, reason)]), status)


def in_another_language(request: web.Request, form: Form) -> web.Response:
    """Render the same page in another language; nothing is submitted."""
    if NOT_KEPT in form.fields:
        return help_first(request, form, form.one(NOT_KEPT), 409)
    return locked(request, form) if "link" in form.fields else unanswered(request, form)


def _held(
    request: web.Request, form: Form, why: str, *, asks_link: bool, trouble: TroubleShown | None = None
) -> UnsavedTextPage:
    say = reader_catalogue(request).say
    words = typed_words(form)
    shown = {name for name, _ in words}
    return UnsavedTextPage(
        title=say(f"held.{why}_heading"),
        heading=say(f"held.{why}_heading"),
        why=say(f"held.{why}"),
        # without text to keep, the link leads to its own page
        action=request.path if form.fields else f"/{reader_language(request)}/r",
        asks_link=asks_link,
        words=words,
        carried=[
            (name, text)
            for name, texts in form.fields.items()
            if name not in shown and name not in _HELD_ITSELF
            for text in texts
        ],
        typed=form.one("link")[:LONGEST],
        trouble=trouble,
        asks_for_help=form.one("move").partition(":")[0] == "help",
        public_path=None if form.fields else "/r",
    )
