"""The service's figures on pages, without JavaScript: the question, what is counted, and who sees what."""

from pathlib import Path

import pytest
from aiohttp import web
from service.test_insight import tally
from support.clock import Clock
from support.colleague import Colleague, a_colleague, an_administrator
from support.commands import run
from support.page import Page
from support.person import CATALOGUES, NewPerson, Person
from support.preparing import ORDINARY, ordinary
from support.reviewing import answering
from support.sharing import choose, code_of, open_by, share

from assistant.config import Settings, locales_folder, service_file
from assistant.languages import LANGUAGES, Language
from assistant.meetings.insight import KEPT_FOR, Tally
from assistant.papers.printing import print_paper
from assistant.storage.insight import add_quarter
from assistant.web.http.context import CONTEXT
from assistant.web.http.service_file import read_service

NB = CATALOGUES["nb"].say
WISH, _ = ORDINARY["wishes/wish"]
BOX = "counted"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    file = tmp_path / "service.yaml"
    file.write_text("insight: true\n" + (locales_folder() / "service.yaml").read_text("utf-8"), "utf-8")
    return Settings(data=tmp_path / "data", service=file)


@pytest.fixture
async def anne(app: web.Application, new_person: NewPerson, clock: Clock) -> Colleague:
    return await an_administrator(app, new_person, clock)


async def asked(person: Person) -> Page:
    """The preview, where the question is."""
    return await choose(person, await ordinary(person))


async def test_one_box_asks_and_nobody_has_ticked_it(person: Person, settings: Settings) -> None:
    preview = await asked(person)
    assert NB("share.figures") in preview.main
    assert preview.form("share").picked(BOX) == []
    assert preview.root.has("a", href="/nb/insight")
    await share(person, preview)
    assert tally(settings) == Tally(quarter="2026-4")


async def test_ticked_it_counts_and_an_answer_with_it(
    person: Person, anne: Colleague, new_person: NewPerson, settings: Settings
) -> None:
    kari = await a_colleague(anne, new_person, "Kari", "professional")
    preview = await asked(person)
    shared = await person.send(preview.form("share").choose(BOX, "yes").press())
    assert tally(settings) == Tally(quarter="2026-4", shared=1)
    opened = await open_by(kari, code_of(shared))
    assert NB("share.figures") not in opened.html
    page = await kari.send(opened.form("meet").press("meet"))
    await kari.send(answering(page, WISH).choose("kind", "can").press())
    assert tally(settings) == Tally(quarter="2026-4", shared=1, answered=1, answered_in=1)


async def test_the_same_form_sent_twice_counts_once(person: Person, settings: Settings) -> None:
    press = (await asked(person)).form("share").choose(BOX, "yes").press()
    for _ in range(2):
        assert (await person.send(press)).status == 200
    assert tally(settings).shared == 1


async def test_a_changed_share_is_not_asked_about_again(person: Person, settings: Settings) -> None:
    shared = await share(person, await asked(person))
    preview = await person.open(f"{shared.path}/preview")
    assert NB("share.figures") not in preview.main


async def test_the_box_stays_ticked_when_the_page_is_shown_again(person: Person) -> None:
    form = (await asked(person)).form("share").choose(BOX, "yes")
    moved = await person.send(form.press().instead("looked_at", "0"))
    assert moved.status == 409
    assert moved.form("share").picked(BOX) == ["yes"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_page_says_what_is_counted_and_for_how_long(person: Person, language: Language) -> None:
    page, catalogue = await person.open(f"/{language}/insight"), CATALOGUES[language]
    assert page.status == 200
    assert catalogue.say("insight.lead") in page.main
    for name in ("counted", "never", "limits"):
        for line in catalogue.say(f"insight.{name}").split("\n"):
            assert line in page.main
    for line in catalogue.say("insight.shown", least=10, lasts=catalogue.span(KEPT_FOR)).split("\n"):
        assert line in page.main
    told = await person.open(f"/{language}/privacy")
    assert catalogue.say("privacy.why_insight").split("\n")[-1] in told.main


async def test_the_command_prints_quarters_that_are_over(
    app: web.Application, settings: Settings, tmp_path: Path
) -> None:
    asked = ("insight", "--data", str(settings.data))
    assert run(*asked, folder=tmp_path).stdout.startswith("There are no figures")
    await app[CONTEXT].services.insight._database.write(lambda c: add_quarter(c, "2026-3", 20, 0))
    said = "2026-3: preparations shared, at least 20; wishes answered, too few to show\n"
    assert run(*asked, folder=tmp_path).stdout == said
    gone = run("insight", "--data", "elsewhere", folder=tmp_path)
    assert (gone.returncode, gone.stdout) == (1, "")
    assert not (tmp_path / "elsewhere").exists()


async def test_an_administrator_sees_quarters_that_are_over_and_others_do_not(
    app: web.Application, anne: Colleague, new_person: NewPerson, settings: Settings
) -> None:
    kari = await a_colleague(anne, new_person, "Kari", "professional")
    page = await anne.open("/admin/insight")
    assert NB("insight.none", least=10) in page.main
    database = app[CONTEXT].services.insight._database
    await database.write(lambda c: add_quarter(c, "2026-3", 20, 0))
    assert (await anne.open("/admin/staff")).root.has("a", href="/admin/insight")
    page = await anne.open("/admin/insight")
    row = page.root.one("tbody").one("tr").text
    for said in (
        NB("insight.quarter", number=3, year=2026),
        NB("insight.at_least", number=20),
        NB("insight.too_few"),
    ):
        assert said in row
    assert (await kari.open("/admin/insight")).status == 404


def test_the_papers_say_that_it_is_counted_only_where_it_is(settings: Settings) -> None:
    assert settings.service is not None
    shipped = read_service(service_file())
    for language in LANGUAGES:
        for name in ("dpia", "record", "information"):
            with_figures = print_paper(name, language, read_service(settings.service)).text
            assert with_figures != print_paper(name, language, shipped).text
