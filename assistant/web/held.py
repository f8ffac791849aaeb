"""Holding what was typed: pages that give a form back when it could not be taken.

The text stays in the page and nowhere else. From there it goes on, with its request id, once the notebook
is unlocked or the database answers again.
"""

from aiohttp import web

from assistant.web.desk import answer, catalogue
from assistant.web.forms import Form
from assistant.web.pages import HeldPage, Trouble

_OWN_WORDS = ("statement.", "signal", "then", "support.own", "challenge.own")

EMPTY = Form({})


def is_own_words(field: str) -> bool:
    """Whether a form's field holds own words, to be shown in full, rather than a choice."""
    return field.startswith(_OWN_WORDS)


def typed_words(form: Form) -> list[tuple[str, str]]:
    """The fields with own words in them, in order."""
    return [
        (name, t) for name, texts in form.fields.items() if is_own_words(name) for t in texts if t.strip()
    ]


def locked(request: web.Request, form: Form = EMPTY, trouble: Trouble | None = None) -> web.Response:
    """The session is over: the text in its fields, and one field that unlocks."""
    return answer(request, _held(request, form, "locked", asks_link=True, trouble=trouble), 401)


def unanswered(request: web.Request, form: Form) -> web.Response:
    """The database did not answer: the text in its fields, and a button that sends it again."""
    return answer(request, _held(request, form, "unanswered", asks_link=False), 503)


def _held(
    request: web.Request, form: Form, why: str, *, asks_link: bool, trouble: Trouble | None = None
) -> HeldPage:
    say = catalogue(request).say
    words = typed_words(form)
    shown = {name for name, _ in words}
    return HeldPage(
        title=say(f"held.{why}_heading"),
        heading=say(f"held.{why}_heading"),
        why=say(f"held.{why}"),
        action=request.path,
        asks_link=asks_link,
        words=words,
        carried=[(n, t) for n, texts in form.fields.items() if n not in shown and n != "link" for t in texts],
        trouble=trouble,
        public_path=None,
        here=request.path,
    )
