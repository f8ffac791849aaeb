"""Text typed in a staff form whose session had ended: it goes along to the sign-in page and comes back."""

from collections.abc import Mapping

from aiohttp import web

from assistant.web.http.context import reader_catalogue
from assistant.web.http.forms import DRAFT, Form
from assistant.web.http.pages import UnsavedTextPage
from assistant.web.http.responses import render

HELD = "held."
_OWN_WORDS = (
    *("name", "label", "greeting", "answer", "note", "words", "what", "place", "people", "link"),
    *("text", "welcome"),
)
"""Fields in staff forms that hold free text."""


def words_of(form: Form) -> list[tuple[str, str]]:
    """Return the fields of a staff form that contain own words."""
    return [
        (name, text)
        for name, texts in form.fields.items()
        if name.startswith(_OWN_WORDS)
        for text in texts
        if text.strip()
    ]


def give_back(request: web.Request, action: str, held: Mapping[str, tuple[str, ...]]) -> web.Response:
    """Return the earlier form, ready to be sent again to its address."""
    say, words = reader_catalogue(request).say, words_of(Form(held))
    shown = {name for name, _ in words}
    page = UnsavedTextPage(
        title=say("ended.back_heading"),
        heading=say("ended.back_heading"),
        why=say("ended.back"),
        action=action,
        asks_link=False,
        words=words,
        carried=[(name, text) for name, texts in held.items() if name not in shown for text in texts],
        public_path=None if DRAFT in held else "/staff",
        takes_draft=DRAFT in held,
    )
    return render(request, page)


def held_fields(form: Form) -> Mapping[str, tuple[str, ...]]:
    """Return the fields of the earlier form."""
    return {name.removeprefix(HELD): texts for name, texts in form.fields.items() if name.startswith(HELD)}
