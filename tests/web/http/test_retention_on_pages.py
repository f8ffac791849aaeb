"""What people read about how long things are kept is what the service set, page by page."""

from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import Colleague, a_colleague
from support.page import Page
from support.person import CATALOGUES, NewPerson, Person
from support.preparing import ordinary
from support.sharing import choose, share
from test_retention import UNUSUAL

from assistant.config import Settings, locales_folder
from assistant.languages import LANGUAGES, Catalogue, Language
from assistant.meetings.chosen_months import months_from
from assistant.retention import RELEASED
from assistant.web.http.context import CONTEXT
from assistant.zone import local_day
from web.user.test_share import promise

KARI = "Kari Fagperson"
NB = CATALOGUES["nb"].keeping(UNUSUAL)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A service that decided about every period."""
    decided = "\n".join(
        f"  {name}: {lasts // timedelta(minutes=1)} minutes" for name, lasts in UNUSUAL if name not in DAYS
    )
    days = "\n".join(f"  {name}: {getattr(UNUSUAL, name).days} days" for name in DAYS if name != "months")
    file = tmp_path / "service.yaml"
    whole = (locales_folder() / "service.yaml").read_text("utf-8")
    months = list(UNUSUAL.months)
    file.write_text(f"retention:\n{decided}\n{days}\n  months: {months}\n{whole}", "utf-8")
    return Settings(data=tmp_path / "data", service=file, reading=promise(KARI))


DAYS = {"months"} | {
    name for name, lasts in UNUSUAL if isinstance(lasts, timedelta) and lasts == timedelta(days=lasts.days)
}


def days_from(clock: Clock, lasts: timedelta, catalogue: Catalogue = NB) -> str:
    return catalogue.day(local_day(clock() + lasts))


def names_no_released_period(page: Page, catalogue: Catalogue) -> None:
    """No sentence on the page names a period that this service does not have."""
    released = {catalogue.span(lasts) for _, lasts in RELEASED if isinstance(lasts, timedelta)}
    words = " ".join(page.main.split()).lower()
    assert [period for period in released if f" {period}" in words] == []


def test_the_services_periods_are_those_of_the_file(app: web.Application) -> None:
    assert app[CONTEXT].settings.retention == UNUSUAL


@pytest.mark.parametrize("language", LANGUAGES)
async def test_public_pages_name_them(person: Person, language: Language) -> None:
    catalogue = CATALOGUES[language].keeping(UNUSUAL)
    told = {
        "how-it-is-kept": ("notebook", "unanswered", "account_changes", "known_browser"),
        "privacy": ("notebook", "ahead", "account_changes", "known_browser", "security_log"),
    }
    for path, names in told.items():
        page = await person.open(f"/{language}/{path}")
        for name in names:
            assert catalogue.span(getattr(UNUSUAL, name)) in page.main, (path, name)
        names_no_released_period(page, catalogue)


async def test_the_notebook_offers_and_keeps_them(person: Person, clock: Clock) -> None:
    await ordinary(person)
    page = await person.open("/notebook")
    assert NB.say("notebook.kept", day=days_from(clock, UNUSUAL.notebook)) in page.main
    assert NB.say("notebook.keep_use", day=days_from(clock, UNUSUAL.notebook)) in page.main
    for months in UNUSUAL.months:
        until = NB.day(local_day(months_from(clock(), months)))
        assert f"{NB.months(months)}, til {until}" in page.main.lower()
    names_no_released_period(page, NB)
    form = page.form("keep").choose("months", "7")
    page = await person.send(form.press())
    assert NB.say("notebook.kept_chosen", day=NB.day(local_day(months_from(clock(), 7)))) in page.main


async def test_a_browser_stays_open_as_long_as_its_page_says(person: Person, clock: Clock) -> None:
    page = await person.begin()
    pause = await person.send(page.form("reply").press("pause"))
    assert NB.span(UNUSUAL.borrowed_browser) in pause.main
    assert NB.span(UNUSUAL.only_looking) in pause.main
    names_no_released_period(pause, NB)
    clock.pass_by(UNUSUAL.borrowed_browser - timedelta(minutes=1))
    assert (await person.open("/notebook")).status == 200
    clock.pass_by(UNUSUAL.borrowed_browser + timedelta(minutes=1))
    assert (await person.open("/notebook")).status == 401


async def test_what_is_shared_lasts_as_long_as_the_preview_says(
    person: Person, new_person: NewPerson, anne: Colleague, clock: Clock
) -> None:
    kari = await a_colleague(anne, new_person, KARI, "professional")
    preview = await choose(person, await ordinary(person))
    assert NB.span(UNUSUAL.together) in preview.main
    names_no_released_period(preview, NB)
    # the meeting of the ordinary preparation is on Friday 5 February
    assert "søndag 28. februar 2027" in preview.main
    await share(person, preview, "ahead")
    clock.at = clock.at.replace(year=2027, month=2, day=28, hour=12)
    assert (await kari.sign_in()).path.startswith("/desk")
    assert "/desk/arrived/" in (await kari.open("/desk")).html


@pytest.mark.one_application
async def test_a_share_sent_before_the_service_lengthened_the_period_ends_when_its_owner_was_told(
    app: web.Application, person: Person, new_person: NewPerson, anne: Colleague
) -> None:
    await a_colleague(anne, new_person, KARI, "professional")
    sessions = app[CONTEXT].services.sessions
    sessions._retention = UNUSUAL.model_copy(update={"ahead": timedelta(days=14)})
    summary = await ordinary(person)
    sent = await share(person, await choose(person, summary), "ahead")
    assert "21. februar 2027" in sent.main
    sessions._retention = UNUSUAL
    meeting = summary.path.removesuffix("/summary")
    page = await person.open(f"{meeting}/form")
    await person.send(page.form("whole").press("save:meeting"))
    assert "21. februar 2027" in (await person.open(sent.path)).main


async def test_staff_pages_name_them(anne: Colleague, clock: Clock) -> None:
    page = await anne.open("/staff/account")
    assert NB.say("changes.heading") in page.main
    names_no_released_period(page, NB)
    added = await anne.open("/admin/staff")
    added = await anne.send(added.form("add").write("name", "Per").choose("role", "professional").press())
    assert days_from(clock, UNUSUAL.staff_link) in added.main


async def test_a_sign_in_of_staff_ends_when_the_service_says(anne: Colleague, clock: Clock) -> None:
    clock.pass_by(UNUSUAL.staff_idle - timedelta(minutes=1))
    assert (await anne.open("/staff/account")).path == "/staff/account"
    clock.pass_by(UNUSUAL.staff_idle + timedelta(minutes=1))
    assert (await anne.open("/staff/account")).root.has("form", id="sign-in")
