"""Pages are what plain jinja makes of their templates, byte by byte. None is compiled when it is wanted."""

import re
from collections.abc import Mapping
from dataclasses import fields
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, get_type_hints

import jinja2
import pytest
from aiohttp import web
from jinja2 import nodes
from support.clock import Clock
from support.colleague import a_colleague, an_administrator
from support.person import NewPerson, Person
from support.reviewing import WISH, marks, met

import assistant.web
from assistant.languages import LANGUAGES, Language
from assistant.web.http.compiled_templates import FOLDER, compiled_templates
from assistant.web.http.context import CONTEXT
from assistant.web.http.pages import Page, Pages
from assistant.web.http.rendered_once import compile_templates, load_templates
from assistant.web.http.template_environment import MAPPINGS, OPTIONS, SpokenEnvironment


def plain(templates: SpokenEnvironment) -> jinja2.Environment:
    """Jinja as it comes, with what our templates know."""
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(FOLDER), **OPTIONS)
    environment.globals = dict(templates.globals)
    return environment


@pytest.fixture
def compared(app: web.Application, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Render each page in both ways, and note its template."""
    pages, ours, compared = app[CONTEXT].pages, Pages._rendered, list[str]()
    plainly = {language: plain(templates) for language, templates in pages.templates.items()}

    def both(self: Pages, page: Page, language: Language, *given: Any, **more: Any) -> str:
        html = ours(self, page, language, *given, **more)
        compiled, self.templates = self.templates, plainly  # type: ignore[assignment]
        try:
            assert html == ours(self, page, language, *given, **more)
        finally:
            self.templates = compiled
        compared.append(page.template)
        return html

    monkeypatch.setattr(Pages, "_rendered", both)
    return compared


@pytest.mark.parametrize("language", LANGUAGES)
async def test_pages_are_what_plain_jinja_makes_of_them(
    person: Person, compared: list[str], language: Language
) -> None:
    for path in ("", "help", "script", "how-it-is-kept", "script/before_meeting", "script/nothing"):
        await person.open(f"/{language}/{path}")
    await person.summary(await person.begin(language))
    assert {"public/help.html", "user/question.html", "user/save_access.html"} <= set(compared)


async def test_both_sides_of_a_review_are_what_plain_jinja_makes_of_them(
    app: web.Application, person: Person, new_person: NewPerson, clock: Clock, compared: list[str]
) -> None:
    administrator = await an_administrator(app, new_person, clock)
    both = await met(person, await a_colleague(administrator, new_person, "Kari Fagperson", "professional"))
    await both.send("professional", marks(await both.her_page(), WISH).press("mark:talked"))
    await both.pages()
    assert {"user/review.html", "professional/review.html"} <= set(compared)


def test_what_a_template_takes_from_a_mapping_is_known() -> None:
    """Attributes are asked for straight, and a mapping has none for its items."""
    for module in walk_packages(assistant.web.__path__, "assistant.web."):
        import_module(module.name)
    mappings = {
        one.name
        for page in pages_below(Page)
        for one in fields(page)
        if re.match(r"(collections\.abc\.)?(Mapping|dict)\b", str(get_type_hints(page)[one.name]))
    }
    assert mappings
    environment = jinja2.Environment(**OPTIONS)
    for template in FOLDER.rglob("*.html"):
        tree = environment.parse(template.read_text("utf-8"))
        for node in tree.find_all(nodes.Getattr):
            if isinstance(node.node, nodes.Name) and node.node.name in mappings - MAPPINGS:
                assert hasattr(Mapping, node.attr), f"{template.name}: {node.node.name}.{node.attr}"


def pages_below(kind: type[Page]) -> set[type[Page]]:
    """Every kind of page."""
    return {kind, *(page for child in kind.__subclasses__() for page in pages_below(child))}


async def test_no_template_is_compiled_once_all_are(
    app: web.Application, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    compile_templates(app[CONTEXT].pages)
    monkeypatch.setattr(jinja2.Environment, "compile", lambda *_: pytest.fail("compiled too late"))
    await load_templates(app[CONTEXT].pages)
    await person.open("/nb/help")
    await person.begin("nb")


async def test_a_template_that_is_not_kept_is_compiled_before_the_server_is_ready(
    app: web.Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str] = []
    loaded = jinja2.Environment.get_template

    def get_template(self: jinja2.Environment, name: str, *rest: object) -> object:
        compiled.append(name)
        return loaded(self, name)

    compile_templates(app[CONTEXT].pages)
    monkeypatch.setattr(jinja2.Environment, "get_template", get_template)
    compile_templates(app[CONTEXT].pages)
    assert compiled == []
    monkeypatch.setattr(compiled_templates(), "directory", "")
    compile_templates(app[CONTEXT].pages)
    assert len(set(compiled)) == len(list(FOLDER.rglob("*.html")))
