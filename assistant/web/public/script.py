"""Scripts: every question of every dialogue, at every version, as public pages and drawings."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from aiohttp import web
from markupsafe import Markup

from assistant.dialogue.drawing.conditions_in_words import part_in_words, states_in_words
from assistant.dialogue.drawing.diagram import diagram_of
from assistant.dialogue.drawing.svg import draw
from assistant.dialogue.model import Address, Dialogue, Say, Text
from assistant.languages import LANGUAGES, TAGS, Catalogue, Language
from assistant.web.http.context import CONTEXT, Context, context, path_language, reader_catalogue, services
from assistant.web.http.page_data import page_data
from assistant.web.http.pages import Page
from assistant.web.http.rendered_once import OncePage, answer_once, render_once
from assistant.web.http.responses import render
from assistant.zone import local_day

_DIALOGUE = "/{language}/script/{dialogue:[a-z][a-z0-9_]{0,39}}"
_VERSION = _DIALOGUE + "/{version:[0-9a-f]{1,64}}"


class TextNamed(NamedTuple):
    """A published text of a dialogue, and its address."""

    path: str
    version: int
    digest: str
    on: str


class ScriptNamed(NamedTuple):
    """A dialogue in the list."""

    path: str
    title: Text
    version: int
    questions: int


@page_data
class ScriptPage(Page):
    """The whole script of one dialogue, to read before beginning, and to print."""

    template = "public/script.html"
    dialogue: Dialogue
    headings: Mapping[str, Text]
    had_when: Mapping[str, Sequence[str]]
    asked_when: Mapping[Address, Sequence[str]]
    facilitator: bool = False
    """With facilitator notes; never on a public page."""
    drawing_path: str | None = None
    list_path: str | None = None
    texts: Sequence[TextNamed] = ()
    """All its published texts, if there are others than the one shown."""
    drawing: Markup | None = None
    """The drawing, embedded when the page is a file without a server."""


@page_data
class ScriptsPage(Page):
    """The list of dialogues."""

    template = "public/scripts.html"
    scripts: Sequence[ScriptNamed]


@page_data
class DrawingPage(Page):
    """The drawing of a dialogue."""

    template = "public/drawing.html"
    heading: str
    script_path: str
    drawing: Markup


def script_page(dialogue: Dialogue, catalogue: Catalogue, **more: object) -> ScriptPage:
    """Build the script page of this text, with this catalogue."""
    settled: dict[str, object] = {
        "title": catalogue.say("script.heading", title=dialogue.frame.title.in_(catalogue.language)),
        "dialogue": dialogue,
        "headings": {section.id: section.heading for section in dialogue.frame.sections},
        "had_when": {part.id: part_in_words(part, dialogue, catalogue) for part in dialogue.parts},
        "asked_when": states_in_words(dialogue, catalogue),
    }
    return ScriptPage(**{**settled, **more})  # type: ignore[arg-type]


def drawing_of(dialogue: Dialogue, catalogue: Catalogue, style: str | None = None) -> Markup:
    """Draw the dialogue with this catalogue; with a style, as a complete file."""
    title = catalogue.say("drawing.title", title=dialogue.frame.title.in_(catalogue.language))
    drawn = draw(
        diagram_of(dialogue, catalogue),
        title,
        catalogue.say("drawing.desc"),
        language=TAGS[catalogue.language],
        style=style,
    )
    return Markup(drawn)  # noqa: S704 -- every word in it was escaped where it was drawn


async def scripts(request: web.Request) -> web.Response:
    """List the dialogues; with only one, show it."""
    language, site = path_language(request), context(request)
    current = list(site.services.dialogues.in_use.values())
    if len(current) == 1:
        return await answer_once(request, await _script(site, current[0], language, "/script"))
    named = [
        ScriptNamed(
            f"/script/{dialogue.frame.id}",
            dialogue.frame.title,
            dialogue.frame.version,
            sum(not isinstance(state, Say) for state in dialogue.states.values()),
        )
        for dialogue in current
    ]
    page = ScriptsPage(
        title=reader_catalogue(request).say("script.title"), public_path="/script", scripts=named
    )
    return render(request, page)


async def script(request: web.Request) -> web.Response:
    """Show every question and its reason, in one text of one dialogue."""
    language, dialogue = path_language(request), await _asked_for(request)
    here = f"/script/{dialogue.frame.id}"
    if "version" in request.match_info:
        here = _exact(dialogue)
    return await answer_once(request, await _script(context(request), dialogue, language, here))


async def drawing(request: web.Request) -> web.Response:
    """Show the same text as a drawing."""
    language, dialogue = path_language(request), await _asked_for(request)
    return await answer_once(request, _drawing(context(request), dialogue, language))


async def render_before_visitors(app: web.Application) -> None:
    """Render the scripts in use, as other pages link to them, so that no visitor waits for the first one."""
    site = app[CONTEXT]
    for dialogue in site.services.dialogues.in_use.values():
        for language in LANGUAGES:
            for here in (f"/script/{dialogue.frame.id}", _exact(dialogue)):
                await render_once(app, await _script(site, dialogue, language, here))
            await render_once(app, _drawing(site, dialogue, language))


async def _asked_for(request: web.Request) -> Dialogue:
    """Return the text the path names. Raises `NotFound`."""
    named = request.match_info
    return await services(request).dialogues.text(named["dialogue"], named.get("version"))


def _exact(dialogue: Dialogue) -> str:
    """Return the address of exactly this text; by its version's number it is the same page."""
    return f"/script/{dialogue.frame.id}/{dialogue.digest}"


async def _script(site: Context, dialogue: Dialogue, language: Language, public_path: str) -> OncePage:
    told = site.pages.catalogues[language]
    published = await site.services.dialogues.published(dialogue.frame.id)
    list_path = "/script" if len(site.services.dialogues.in_use) > 1 else None

    def make() -> Page:
        texts = [
            TextNamed(
                f"/script/{dialogue.frame.id}/{text.digest}",
                text.version,
                text.digest[:12],
                told.day(local_day(text.published_at)),
            )
            for text in published
        ]
        return script_page(
            dialogue,
            told,
            public_path=public_path,
            drawing_path=f"{_exact(dialogue)}/drawing",
            list_path=list_path,
            texts=texts if len(texts) > 1 else (),
        )

    digests = (dialogue.digest, list_path, *(text.digest for text in published))
    return OncePage(public_path, language, digests, make)


def _drawing(site: Context, dialogue: Dialogue, language: Language) -> OncePage:
    told, script_path = site.pages.catalogues[language], _exact(dialogue)
    public_path = f"{script_path}/drawing"

    def make() -> Page:
        heading = told.say("drawing.title", title=dialogue.frame.title.in_(language))
        return DrawingPage(
            title=heading,
            public_path=public_path,
            heading=heading,
            script_path=script_path,
            drawing=drawing_of(dialogue, told),
        )

    return OncePage(public_path, language, dialogue.digest, make)


def routes() -> list[web.RouteDef]:
    """Routes for scripts and drawings."""
    return [
        web.get("/{language}/script", scripts),
        web.get(_DIALOGUE, script),
        web.get(_VERSION, script),
        web.get(f"{_VERSION}/drawing", drawing),
    ]
