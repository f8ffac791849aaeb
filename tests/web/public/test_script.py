"""The open script: every word of it on a page, at every version, with nothing that is for staff only."""

import pytest
from aiohttp import web
from support.page import Element, Page
from support.person import CATALOGUES, Person

from assistant.dialogue.model import Dialogue, Say, Text
from assistant.languages import LANGUAGES, Language
from assistant.service.dialogues import Dialogues
from assistant.web.http.context import CONTEXT
from assistant.web.http.pages import Pages
from assistant.web.public.script import ScriptNamed, ScriptsPage, render_before_visitors, script_page
from assistant.workshop.standalone_pages import script_alone

SCRIPT = "/{language}/script/before_meeting"


def in_use(app: web.Application) -> Dialogue:
    return app[CONTEXT].services.dialogues.before_meeting.dialogue


def every_wording(node: object, language: Language) -> set[str]:
    """Each text of a dialogue in a language."""
    if isinstance(node, Text):
        return {node.in_(language)}
    if isinstance(node, list | tuple):
        return {text for child in node for text in every_wording(child, language)}
    if hasattr(node, "model_fields_set"):
        names = type(node).model_fields  # type: ignore[attr-defined]
        return {text for name in names for text in every_wording(getattr(node, name), language)}
    return set()


def said_on(page: Page) -> str:
    return " ".join(page.root.one("main").text.split())


def link(page: Page, path_ends_with: str) -> Element:
    found = [a for a in page.root.one("main").all("a") if a.attributes["href"].endswith(path_ends_with)]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_word_of_the_dialogue_is_on_the_page(
    app: web.Application, person: Person, language: Language
) -> None:
    page = await person.open(SCRIPT.format(language=language))
    dialogue, said = in_use(app), said_on(page)
    used = {s.section for p in dialogue.parts for s in p.states if not isinstance(s, Say)}
    headings = [section for section in dialogue.frame.sections if section.id in used]
    wanted = every_wording([dialogue.parts, dialogue.frame.title, headings], language)
    assert [text for text in wanted if " ".join(text.split()) not in said] == []


async def test_each_question_says_when_it_comes_and_where_the_answer_lands(person: Person) -> None:
    page = await person.open(SCRIPT.format(language="nb"))
    asked = {box.one("h3").text: " ".join(box.text.split()) for box in page.root.all("div", class_="asked")}
    say = CATALOGUES["nb"].say
    named = asked["Hva er det for et møte, med dine egne ord?"]
    assert "Dette kommer hvis du svarer «Et annet møte»" in named
    assert (
        say("script.lands", heading="Det jeg ønsker")
        in asked["Hva ønsker du deg av dette møtet, eller av hjelpen framover?"]
    )
    assert say("script.stays") in asked["Er det noe du vil skrive bare for deg selv?"]
    assert say("script.offered") in asked["Vil du si mer om noe?"]
    assert "én gang for hvert svar på" in page.root.one("section", id="part-topic").text


async def test_the_old_address_still_shows_all_the_questions(person: Person) -> None:
    page = await person.open("/nn/script")
    assert page.status == 200
    assert CATALOGUES["nn"].say("script.lead") in said_on(page)


async def test_the_drawing_is_a_link_away_and_leads_back(person: Person) -> None:
    page = await person.open(SCRIPT.format(language="en"))
    drawing = await person.open(link(page, "/drawing").attributes["href"])
    svg = drawing.root.one("svg")
    assert svg.one("title").text == "Before the meeting as a drawing"
    assert "What kind of meeting is it?" in svg.text
    back = await person.open(drawing.root.one("main").one("a").attributes["href"])
    assert back.heading == page.heading


async def test_an_older_text_can_be_read_word_for_word(app: web.Application, person: Person) -> None:
    now, site = in_use(app), app[CONTEXT]
    title = Text({**now.frame.title.root, "nb": "Et eldre navn"})
    old = Dialogue(frame=now.frame.model_copy(update={"version": 1, "title": title}), parts=now.parts)
    await Dialogues(site.services.dialogues._database, {old.frame.id: old}).publish(
        site.services.sessions._clock()
    )
    page = await person.open(SCRIPT.format(language="nb"))
    by_hash = await person.open(link(page, old.digest).attributes["href"])
    by_version = await person.open(SCRIPT.format(language="nb") + "/1")
    assert by_hash.heading == by_version.heading == "Et eldre navn: alle spørsmålene"
    assert old.digest[:12] in said_on(by_version)
    drawing = await person.open(link(by_version, "/drawing").attributes["href"])
    assert drawing.heading == "Et eldre navn som tegning"


@pytest.mark.parametrize("rest", ["/99", "/" + "0" * 64, "/x", "/1/drawing", "/99/drawing", "/2/nothing"])
async def test_what_is_not_there_is_not_found(person: Person, rest: str) -> None:
    page = await person.open(SCRIPT.format(language="nb") + rest)
    assert page.status == 404


async def test_another_dialogue_or_language_is_not_found(person: Person) -> None:
    for path in ("/nb/script/nothing", "/nb/script/Before", "/sv/script/before_meeting", "/nb/script/a/1"):
        assert (await person.open(path)).status == 404


@pytest.mark.parametrize("language", LANGUAGES)
async def test_with_several_dialogues_there_is_a_list_of_them(
    app: web.Application, language: Language
) -> None:
    pages: Pages = app[CONTEXT].pages
    dialogue = in_use(app)
    named = ScriptNamed("/script/before_meeting", dialogue.frame.title, 2, 30)
    say = CATALOGUES[language].say
    page = ScriptsPage(title=say("script.title"), public_path="/script", scripts=[named, named])
    html = pages.render(page, language)
    assert html.count(f'href="/{language}/script/before_meeting"') == 2
    shown = script_page(dialogue, CATALOGUES[language], public_path="/x", list_path="/script")
    assert say("script.other") in pages.render(shown, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_needs_nothing_else(app: web.Application, language: Language) -> None:
    html = script_alone(in_use(app), language, facilitator=False)
    page = Page("", 200, {}, html)
    assert page.language.startswith(language)
    assert not [e for e in page.root.all() if {"src", "action"} & e.attributes.keys()]
    addresses = [e.attributes["href"] for e in page.root.all() if "href" in e.attributes]
    assert all(address.startswith("#") and page.has(address[1:]) for address in addresses)
    assert "url(" not in html
    assert "http" not in html
    assert page.root.has("svg")
    said = said_on(page)
    wanted = every_wording(in_use(app).parts, language)
    assert [text for text in wanted if " ".join(text.split()) not in said] == []


NOTE = Text(nb="Vent litt her.\n\nSi lite.", nn="Vent litt no.", en="Pause here.")


def with_notes(dialogue: Dialogue) -> Dialogue:
    """The same, with a note for the peer worker at each part and at each state."""
    noted = {"facilitator": NOTE}
    parts = [
        part.model_copy(update={"states": [s.model_copy(update=noted) for s in part.states], **noted})
        for part in dialogue.parts
    ]
    return dialogue.model_copy(update={"parts": parts})


def test_notes_for_the_peer_worker_stand_only_where_they_are_asked_for(app: web.Application) -> None:
    noted, told = with_notes(in_use(app)), CATALOGUES["nb"]
    public = app[CONTEXT].pages.render(script_page(noted, told, public_path="/script"), "nb")
    assert "Vent litt her." not in public
    assert "Vent litt her." not in script_alone(noted, "nb", facilitator=False)
    with_them = script_alone(noted, "nb", facilitator=True)
    assert with_them.count("<p>Vent litt her.</p>") == len(noted.parts) + len(noted.states)
    assert told.say("script.facilitator", title=told.say("service.peer_worker")) in with_them


@pytest.mark.one_application
async def test_scripts_are_rendered_before_the_first_visitor_comes(
    app: web.Application, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await render_before_visitors(app)
    rendered: list[str] = []
    monkeypatch.setattr(app[CONTEXT].pages, "render", lambda page, *_, **__: rendered.append(page.template))
    for path in ("script/before_meeting", "script/after_meeting"):
        for language in LANGUAGES:
            assert (await person.client.get(f"/{language}/{path}")).status == 200
    assert rendered == []
