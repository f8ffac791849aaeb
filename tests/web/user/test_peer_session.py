"""A preparation with a peer worker, on the page: only what the user carries to a meeting is not private."""

import json
from collections.abc import Mapping, Sequence

import pytest
from aiohttp import web
from support.page import Page
from support.person import CATALOGUES, Person

from assistant.languages import LANGUAGES, Language
from assistant.service.dialogues import PEER_SESSION
from assistant.web.http.context import CONTEXT

CARRIED = "Jeg vil si at det er for lenge mellom samtalene."
PRIVATE = "Bare for meg og den som satt her"
OF_TREATMENT: Mapping[Language, Sequence[str]] = {
    "nb": ("selve møtet", "dette møtet", "fagperson", "forberedelse", "gjennomgang"),
    "nn": ("sjølve møtet", "dette møtet", "fagperson", "førebuing", "gjennomgang"),
    "en": ("the meeting", "this meeting", "professional", "prepared", "went through together"),
}
"""What is said only where a treatment meeting follows."""


async def begun(app: web.Application, person: Person, language: Language = "nb") -> str:
    """Begin one, as joining a guided session does, and return its address."""
    services = app[CONTEXT].services
    who, meeting = await services.sessions.begin(language, dialogue=PEER_SESSION)
    person.client.session.cookie_jar.update_cookies({"s": who.secret}, person.client.make_url("/"))
    return f"/meetings/{meeting.id}"


async def had(person: Person, path: str) -> Page:
    """Say something private, and something to carry; skip the rest."""
    page = await person.reach("matters/now", await person.open(path))
    page = await person.send(page.form("reply").say(PRIVATE).press())
    page = await person.reach("onward/carry", page)
    return await person.summary(await person.send(page.form("reply").say(CARRIED).press()))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_is_had_to_the_end_and_only_what_is_carried_is_an_entry(
    app: web.Application, person: Person, language: Language
) -> None:
    path = await begun(app, person, language)
    page = await had(person, path)
    assert page.has("summary")
    assert page.language == language
    assert [said for _, said in page.entries] == [CARRIED]
    private = page.root.one("section", **{"aria-labelledby": "private"})
    assert PRIVATE in private.text
    assert CARRIED not in private.text
    for sheet in ("print", "show"):
        shown = (await person.open(f"{path}/{sheet}")).main
        assert CARRIED in shown
        assert PRIVATE not in shown


async def test_the_plain_form_has_every_question_of_it(app: web.Application, person: Person) -> None:
    path = await begun(app, person)
    page = await had(person, path)
    page = await person.open(f"{path}/form")
    form = page.form("whole")
    texts = {form.text(name) for name in form.words}
    assert {PRIVATE, CARRIED} <= texts
    page = await person.send(form.write("leaving/now:statement.new1", "Roligere").press("save:leaving"))
    assert (
        "Roligere"
        in (await person.open(f"{path}/summary")).root.one("section", **{"aria-labelledby": "private"}).text
    )


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_meeting_follows_so_nothing_is_shared_or_looked_back_on(
    app: web.Application, person: Person, language: Language
) -> None:
    path = await begun(app, person, language)
    say = CATALOGUES[language].say
    summary, notebook = await had(person, path), await person.open("/notebook")
    for page in (summary, notebook):
        assert say("share.heading") not in page.main
        assert say("after.heading") not in page.main
        assert say("notebook.no_date") not in page.main
    for way in ("share", "share/each", "share/preview", "after", "after/summary"):
        assert (await person.client.get(f"{path}/{way}")).status == 404, way


async def test_its_title_names_it_in_the_notebook_and_before_it_is_deleted(
    app: web.Application, person: Person
) -> None:
    path = await begun(app, person)
    title = app[CONTEXT].services.dialogues.current(PEER_SESSION).dialogue.frame.title.in_("nb")
    notebook = await person.open("/notebook")
    assert [card.one("h2").text for card in notebook.root.one("main").all("li", class_="card")] == [title]
    page = await person.open(f"{path}/delete")
    assert title in page.main
    assert CATALOGUES["nb"].say("notebook.no_date") not in page.main
    assert (await person.send(page.form("ask").press())).heading == CATALOGUES["nb"].say(
        "notebook.deleted_heading"
    )
    assert title not in (await person.open("/notebook")).main


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_page_about_it_speaks_of_a_meeting_or_a_professional(
    app: web.Application, person: Person, language: Language
) -> None:
    path = await begun(app, person, language)
    say = CATALOGUES[language].say
    summary = await had(person, path)
    deletion = await person.open(f"{path}/delete")
    assert deletion.heading == say("notebook.delete_talk_heading")
    pages = [summary, deletion, *[await person.open(f"{path}/{way}") for way in ("show", "print", "take")]]
    deleted = await person.send(deletion.form("ask").press())
    assert deleted.heading == say("notebook.deleted_heading")
    for page in (*pages, deleted):
        said = page.main.replace(CARRIED, "").casefold()
        assert not [word for word in OF_TREATMENT[language] if word in said], page.path


async def test_a_notebook_is_listed_when_the_service_no_longer_has_the_dialogue(
    app: web.Application, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await begun(app, person)
    dialogues = app[CONTEXT].services.dialogues
    title = dialogues.current(PEER_SESSION).dialogue.frame.title.in_("nb")
    monkeypatch.delitem(dialogues._current, PEER_SESSION)
    assert title in (await person.open("/notebook")).main
    assert (await person.open(path)).status == 200


async def test_all_the_data_of_it_says_which_dialogue_it_was(app: web.Application, person: Person) -> None:
    path = await begun(app, person)
    await had(person, path)
    everything = json.loads(await (await person.client.get(f"{path}/take/everything.json")).text())
    assert everything["dialogue"]["id"] == PEER_SESSION
    assert everything["shares"] == []
    private = {said["text"]: asked["private"] for asked in everything["asked"] for said in asked["said"]}
    assert private == {PRIVATE: True, CARRIED: False}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_next_preparation_opens_with_what_is_carried(
    app: web.Application, person: Person, language: Language
) -> None:
    await had(person, await begun(app, person, language))
    notebook = await person.open("/notebook")
    page = await person.send(notebook.form("another").press())
    page = await person.open(page.path)
    assert page.state == "meeting/kind"
    along = page.root.one("section", **{"aria-labelledby": "along"}).text
    assert CATALOGUES[language].say("along.carried") in along
    assert CARRIED in along
    assert PRIVATE not in page.main
