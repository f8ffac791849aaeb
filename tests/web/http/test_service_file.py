"""The words a service has of its own, from its own file to the pages."""

from pathlib import Path

import pytest
from aiohttp import web
from pytest_aiohttp import AiohttpClient
from support.clock import Clock
from support.colleague import a_colleague, an_administrator
from support.page import Page
from support.person import CATALOGUES, NewPerson, Person
from support.quick import LOW_COST, our_texts

from assistant.config import SERVICE, Settings, dialogues_folder
from assistant.dialogue.library import read_library
from assistant.errors import CannotStart
from assistant.languages import LANGUAGES, Language
from assistant.web.app import make_app
from assistant.web.authoring.page import WORKSHOP
from assistant.web.http.context import CONTEXT
from assistant.workshop.standalone_pages import script_alone

WHOLE = (Path(__file__).parents[2] / "workshop" / "service.yaml").read_text("utf-8")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The file of a service, somewhere of its own."""
    file = tmp_path / "ours.yaml"
    file.write_text(WHOLE, "utf-8")
    return file


@pytest.fixture
def settings(tmp_path: Path, own: Path) -> Settings:
    return Settings(data=tmp_path / "data", service=own, watch=True)


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def help_on(page: Page) -> str:
    return page.root.one(id="help").text


@pytest.mark.parametrize("path", ["/nb/", "/nb/how-it-is-kept"])
async def test_who_runs_the_server_stands_where_one_is_told_who_sees_it(person: Person, path: str) -> None:
    page = await person.open(path)
    assert CATALOGUES["nb"].say("start.operator", operator="Eksempel kommune") in page.main
    assert "Nødtelefon" in help_on(page)
    assert "Kirkens SOS" not in help_on(page)


def test_what_is_said_at_the_start_comes_before_the_file(settings: Settings, clock: Clock) -> None:
    told = settings.model_copy(update={"operator": "Annen kommune"})
    assert make_app(told, clock)[CONTEXT].settings.operator == "Annen kommune"


def test_the_reading_promise_is_given_in_every_language(app: web.Application) -> None:
    promise = app[CONTEXT].settings.reading
    assert promise is not None
    assert promise.in_("nn") == (
        "Kari les det.",
        "Det blir lese innan to dagar.",
        "Ola les når Kari er borte.",
    )
    assert all(promise.in_(language) for language in LANGUAGES)
    assert promise.in_("pl") is None
    assert promise.readers == {"Kari", "Ola"}


def test_without_a_file_of_its_own_nothing_is_promised(tmp_path: Path, clock: Clock) -> None:
    settings = make_app(Settings(data=tmp_path / "data"), clock)[CONTEXT].settings
    assert (settings.operator, settings.reading) == (None, None)


def test_a_file_that_is_not_whole_stops_the_start_with_every_place(
    own: Path, settings: Settings, clock: Clock
) -> None:
    edit(own, ", nn: Kari les det.", "")
    edit(own, "readers: [Kari, Ola]", "readers: Kari")
    with pytest.raises(CannotStart) as refused:
        make_app(settings, clock)
    assert str(refused.value).splitlines() == [
        f"{own}:9:8: D104 the wording in 'nn' is missing → write it, as its own language",
        f"{own}:12:12: D103 'readers' is not written as it should be "
        "→ write a list, each line beginning with '-'",
    ]


async def test_numbers_are_taken_up_while_it_runs_and_who_runs_it_is_not(
    own: Path, app: web.Application, person: Person
) -> None:
    workshop = app[WORKSHOP]
    await workshop.look()
    edit(own, "nb: Nødtelefon", "nb: Nødnummer")
    await workshop.look()
    assert "Nødnummer" in help_on(await person.open("/nb/"))
    edit(own, "name: Eksempel kommune", "name: Annen kommune")
    await workshop.look()
    assert "Eksempel kommune" in (await person.open("/nb/")).main
    assert f"{own}:1:1: W103 " in (await person.open("/nb/authors")).main


def test_the_peer_worker_is_called_as_the_service_says(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dialogue = read_library(dialogues_folder())["peer_session"]
    assert "(erfaringskonsulent)" in script_alone(dialogue, "nn", facilitator=True)
    assert "(peer worker)" in script_alone(dialogue, "en", facilitator=True)
    monkeypatch.setenv(SERVICE, str(own))
    assert "(likeperson)" in script_alone(dialogue, "nb", facilitator=True)
    assert "(peer supporter)" in script_alone(dialogue, "en", facilitator=True)


@pytest.mark.parametrize(
    ("language", "title"), [("nb", "likeperson"), ("nn", "likekvinne"), ("en", "peer supporter")]
)
async def test_the_page_for_the_peer_worker_calls_them_as_the_service_says(
    person: Person, language: Language, title: str
) -> None:
    assert title in (await person.open(f"/{language}/for-peer-workers")).heading
    assert title in (await person.open(f"/{language}/")).root.one("footer").text


async def test_the_roles_of_the_staff_are_named_as_the_service_does(
    app: web.Application, person: Person, new_person: NewPerson, clock: Clock
) -> None:
    for language, title in (("nb", "likeperson"), ("en", "peer supporter")):
        assert title in (await person.open(f"/{language}/staff")).main
    anne = await an_administrator(app, new_person, clock)
    accounts = await anne.open("/admin/staff")
    assert "Likeperson" in accounts.form("add").element.text
    ola = await a_colleague(anne, new_person, "Ola Nord", "peer_worker")
    pages = [accounts, await anne.open("/admin/staff"), await ola.open("/staff/account")]
    assert all("Likeperson" in page.main for page in pages)
    assert not any("rfaringskonsulent" in page.main for page in pages)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
async def test_the_page_about_privacy_names_who_is_responsible_and_whom_to_complain_to(
    person: Person, language: Language
) -> None:
    page = await person.open(f"/{language}/privacy")
    links = {link.attributes.get("href") for link in page.root.one("main").all("a")}
    for told in ("Eksempel kommune", "Personvernombudet", "Pasient- og brukerombudet", "Datatilsynet"):
        assert told in page.main
    assert {"tel:12345678", "mailto:ombud@eksempel.example", "https://ombud.example/klage"} <= links
    basis, backups = {
        "nb": ("Loven sier det.", "Kopier blir slettet etter 30 dager."),
        "nn": ("Lova seier det.", "Kopiar blir sletta etter 30 dagar."),
        "en": ("The law says so.", "Copies are deleted after 30 days."),
    }[language]
    assert basis in page.main
    assert backups in page.main
    assert CATALOGUES[language].say("privacy.no_controller") not in page.main


@pytest.mark.parametrize("path", ["/nb/", "/nn/how-it-is-kept", "/en/r", "/nb/staff"])
async def test_the_foot_of_every_page_names_the_service_and_leads_to_its_statements(
    person: Person, path: str
) -> None:
    foot = (await person.open(path)).root.one("footer")
    links = {link.attributes.get("href") for link in foot.all("a")}
    assert {f"/{path[1:3]}/privacy", "https://uustatus.example/nb/1", "tel:12345678"} <= links
    assert "Eksempel kommune" in foot.text


async def test_how_it_is_kept_names_who_is_responsible(person: Person) -> None:
    page = await person.open("/nb/how-it-is-kept")
    assert CATALOGUES["nb"].say("privacy.controller", name="Eksempel kommune") in page.main


async def test_without_them_the_page_says_that_they_are_not_there(
    tmp_path: Path, clock: Clock, aiohttp_client: AiohttpClient
) -> None:
    app = make_app(Settings(data=tmp_path / "data", security_log_days=77), clock, our_texts(), LOW_COST)
    person = Person(await aiohttp_client(app))
    page = await person.open("/en/privacy")
    for missing in ("no_controller", "no_basis", "no_backups"):
        assert CATALOGUES["en"].say(f"privacy.{missing}") in page.main
    assert "in a security log for 77 days" in page.main
    assert [link.attributes.get("href") for link in page.root.one("footer").all("a")] == [
        f"/en/{path}" for path in ("how-it-is-kept", "privacy", "script", "help")
    ]
