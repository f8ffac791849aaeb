"""Texts edited while the server runs: taken up when whole, kept when not, and told to their authors only."""

import asyncio
import logging
import re
import shutil
import threading
from pathlib import Path

import pytest
from aiohttp import web
from support.clock import Clock
from support.page import Page
from support.person import CATALOGUES, NewPerson, Person
from support.quick import LOW_COST

from assistant.config import TEXTS, Settings, dialogues_folder, locales_folder
from assistant.languages import LANGUAGES
from assistant.web.app import make_app
from assistant.web.authoring.page import WORKSHOP
from assistant.web.authoring.reload import TextReloader

pytestmark = pytest.mark.one_application  # one program watches the texts

NB = CATALOGUES["nb"].say


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of all the texts, to write in."""
    for folder in (dialogues_folder(), locales_folder()):
        shutil.copytree(folder, tmp_path / "texts" / folder.name)
    monkeypatch.setenv(TEXTS, str(tmp_path / "texts"))
    return tmp_path / "texts"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", watch=True)


@pytest.fixture
def app(texts: Path, settings: Settings, clock: Clock, first_data: Path) -> web.Application:
    """The whole program on texts that are watched."""
    shutil.copytree(first_data, settings.data)
    return make_app(settings, clock, cost=LOW_COST)


@pytest.fixture
def workshop(app: web.Application) -> TextReloader:
    return app[WORKSHOP]


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def issues_on(page: Page) -> list[str]:
    return [code.text for part in page.root.all("ul", class_="issues") for code in part.all("code")]


async def first_heading(person: Person) -> str:
    return (await person.reach("matters/now")).heading


async def test_an_edited_question_is_asked_from_now_on(
    texts: Path, workshop: TextReloader, person: Person
) -> None:
    assert await first_heading(person) == "Hva er viktig for deg nå?"
    edit(texts / "dialogues/before_meeting/matters.yaml", "Hva er viktig for deg nå?", "Hva betyr noe nå?")
    await workshop.look()
    assert await first_heading(person) == "Hva betyr noe nå?"


async def test_what_has_begun_stays_on_its_text_also_after_a_restart(
    texts: Path, workshop: TextReloader, new_person: NewPerson
) -> None:
    person = await new_person()
    page = await person.reach("matters/now")
    edit(texts / "dialogues/before_meeting/matters.yaml", "Hva er viktig for deg nå?", "Hva betyr noe nå?")
    await workshop.look()
    assert (await person.open(page.path)).heading == "Hva er viktig for deg nå?"
    assert await first_heading(await new_person()) == "Hva betyr noe nå?"
    edit(texts / "dialogues/before_meeting/matters.yaml", "Hva betyr noe nå?", "Og hva nå?")
    await workshop.look()
    assert (await person.open(page.path)).heading == "Hva er viktig for deg nå?"


async def test_a_broken_edit_keeps_the_last_good_text_and_says_what_is_wrong(
    texts: Path, workshop: TextReloader, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    part = texts / "dialogues/before_meeting/needs.yaml"
    caplog.set_level(logging.INFO, "assistant.texts")
    edit(part, "asks: statements", "asks: feelings")
    await workshop.look()
    page = await person.open("/nb/authors")
    (issue,) = issues_on(page)
    assert re.fullmatch(r"before_meeting/needs\.yaml:\d+:\d+: D105 .+ → .+", issue)
    assert NB("authors.kept") in page.main
    assert f"kept as it was: before_meeting: {issue}" in caplog.messages
    await person.reach("needs/need")
    told = len(caplog.messages)
    part.touch()
    await workshop.look()
    assert len(caplog.messages) == told, "it is said once"
    edit(part, "asks: feelings", "asks: statements")
    await workshop.look()
    assert issues_on(await person.open("/nb/authors")) == []
    assert caplog.messages[-1] == "mended: before_meeting"


async def test_an_older_look_that_takes_longer_does_not_bring_its_texts_back(
    texts: Path, workshop: TextReloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = texts / "dialogues/before_meeting/needs.yaml"
    edit(part, "asks: statements", "asks: feelings")
    has_read, may_go_on, read = threading.Event(), threading.Event(), workshop._read

    def slow() -> object:
        found = read()
        has_read.set()
        may_go_on.wait(10)
        return found

    monkeypatch.setattr(workshop, "_read", slow)
    older = asyncio.create_task(workshop.look())
    await asyncio.to_thread(has_read.wait, 10)
    monkeypatch.setattr(workshop, "_read", read)
    edit(part, "asks: feelings", "asks: statements")
    newer = asyncio.create_task(workshop.look())
    await asyncio.sleep(0.5)
    may_go_on.set()
    await asyncio.gather(older, newer)
    assert not workshop.issues["before_meeting"]


async def test_a_broken_dialogue_does_not_hold_up_another(
    texts: Path, workshop: TextReloader, person: Person
) -> None:
    new = texts / "dialogues/trial"
    new.mkdir()
    (new / "dialogue.yaml").write_text(
        "spec: 1\nid: trial\nversion: 7\ntitle: {nb: Prøve, nn: Prøve, en: Trial}\n"
        "sections: []\nparts: [first]\n"
    )
    await workshop.look()
    page = await person.open("/en/authors")
    (issue,) = issues_on(page)
    assert issue.startswith("trial/dialogue.yaml:6:9: D106 ")
    assert CATALOGUES["en"].say("authors.not_in_use") in page.main
    edit(texts / "dialogues/before_meeting/matters.yaml", "What matters to you right now?", "What matters?")
    (new / "first.yaml").write_text(
        "id: first\ntopic: {nb: Først, nn: Først, en: First}\nstates:\n- id: hello\n  asks: say\n"
        "  prompt: {nb: Hei., nn: Hei., en: Hello.}\n"
    )
    await workshop.look()
    page = await person.open("/en/authors")
    assert issues_on(page) == []
    assert "version 7, with 1 steps" in page.main
    assert "What matters?" in (await person.open("/en/script/before_meeting")).main


async def test_a_dialogue_that_is_taken_away_is_still_had(
    texts: Path, workshop: TextReloader, person: Person
) -> None:
    shutil.rmtree(texts / "dialogues/before_meeting")
    await workshop.look()
    (issue,) = issues_on(await person.open("/nb/authors"))
    assert issue.startswith("before_meeting/dialogue.yaml:1:1: W101 ")
    await person.begin()


async def test_a_sentence_of_the_interface_is_taken_up(
    texts: Path, workshop: TextReloader, person: Person
) -> None:
    edit(texts / "locales/nb/LC_MESSAGES/messages.po", 'msgstr "Begynn"', 'msgstr "Sett i gang"')
    edit(texts / "locales/service.yaml", "nb: Legevakten", "nb: Legevakta")
    await workshop.look()
    page = await person.open("/nb/")
    assert page.form("start").buttons[0].text == "Sett i gang"
    assert "Legevakta" in page.root.one(id="help").text


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (
            "nb/LC_MESSAGES/messages.po",
            'msgstr "Begynn"',
            'msgstr ""',
            r"messages\.po:\d+:1: C104 'start\.begin'",
        ),
        (
            "nb/LC_MESSAGES/messages.po",
            'msgid "start.begin"',
            'msgid "start.go"',
            r"C103 'start\.begin' is missing",
        ),
        (
            "service.yaml",
            "nn: Legevakta, ",
            "",
            r"service\.yaml:\d+:13: D104 the wording in 'nn' is missing",
        ),
        ("service.yaml", "\n  owner:", "\n  owner", r"service\.yaml:\d+:\d+: D101 "),
        (
            "languages.toml",
            "[nn]",
            "[se]",
            r"languages\.toml:1:1: W102 .+ has changed since the server started",
        ),
        ("languages.toml", "[nn]", "[zz]", r"languages\.toml:1:1: W102 .+ is not a language code"),
    ],
)
async def test_a_broken_interface_is_kept_as_it_was_and_told(
    texts: Path, workshop: TextReloader, person: Person, file: str, old: str, new: str, says: str
) -> None:
    edit(texts / "locales" / file, old, new)
    await workshop.look()
    page = await person.open("/nb/authors")
    assert re.search(says, "\n".join(issues_on(page)))
    assert (await person.open("/nb/")).form("start").buttons[0].text == "Begynn"
    assert "Legevakta" in (await person.open("/nn/")).root.one(id="help").text


async def test_it_looks_by_itself(texts: Path, workshop: TextReloader, person: Person) -> None:
    edit(texts / "dialogues/before_meeting/matters.yaml", "Hva er viktig for deg nå?", "Hva betyr noe nå?")
    async with asyncio.timeout(20):
        while "Hva betyr noe nå?" not in (await person.open("/nb/script/before_meeting")).main:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_page_is_whole_in_every_language(
    workshop: TextReloader, person: Person, language: str
) -> None:
    page = await person.open("/authors", {"Accept-Language": language})
    assert (page.status, page.language) == (200, language)
    assert page.heading == CATALOGUES[language].say("authors.heading")
    assert workshop.in_use["before_meeting"].digest[:12] in page.main


@pytest.mark.parametrize(
    "headers",
    [{"X-Forwarded-For": "203.0.113.7"}, {"Forwarded": "for=203.0.113.7"}, {"Via": "1.1 proxy"}],
)
async def test_nobody_is_let_in_through_a_proxy(
    workshop: TextReloader, person: Person, headers: dict[str, str]
) -> None:
    for path in ("/authors", "/nb/authors"):
        assert (await person.open(path, headers)).status == 404


async def test_behind_a_public_address_there_is_no_such_page(
    texts: Path, tmp_path: Path, clock: Clock, aiohttp_client: object
) -> None:
    settings = Settings(data=tmp_path / "other", watch=True, public_url="https://motet.example.no")
    client = await aiohttp_client(make_app(settings, clock))  # type: ignore[operator]
    assert (await client.get("/nb/authors", headers={"Host": "localhost"})).status == 404


class TestWithoutWatching:
    """As people meet it."""

    @pytest.fixture
    def settings(self, tmp_path: Path) -> Settings:
        return Settings(data=tmp_path / "data")

    @pytest.mark.parametrize("path", ["/authors", "/nb/authors"])
    async def test_there_is_no_page_for_authors(self, person: Person, path: str) -> None:
        assert (await person.open(path)).status == 404


async def test_a_conversation_from_before_a_language_was_offered_says_so_and_goes_on_in_another(
    app: web.Application, workshop: TextReloader, person: Person, clock: Clock
) -> None:
    whole = workshop.in_use["before_meeting"]
    without = type(whole).model_validate_json(re.sub(r',"nn":"(?:[^"\\]|\\.)*"', "", whole.model_dump_json()))
    scripts = workshop._dialogues
    await scripts.take_up(without, clock())
    page = await person.reach("matters/now")
    await scripts.take_up(whole, clock())
    page = await person.send(page.form("reply").say("Barna mine.").press("language:nn"))
    assert page.status == 406
    assert page.language == "nn"
    assert page.heading == CATALOGUES["nn"].say("trouble.other_language_heading")
    switch = next(form for form in page.forms() if form.path == "/language")
    page = await person.send(switch.press("nb"))
    assert page.form("reply").text(page.form("reply").words[0]) == "Barna mine.", "and nothing typed is lost"
