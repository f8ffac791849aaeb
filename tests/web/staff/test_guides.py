"""How to use this in a meeting: a minute's reading for each who meets a user, and the ways to it."""

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import a_colleague, an_administrator, in_role
from support.page import Page
from support.person import CATALOGUES, NewPerson, Person
from support.preparing import ordinary
from support.sharing import choose, code_of, open_by, share

from assistant.languages import LANGUAGES, Language
from assistant.meetings.permissions import Role

PAGES: dict[Role, str] = {"professional": "for-professionals", "peer_worker": "for-peer-workers"}
WORDS_IN_A_MINUTE = 240


def leads_to(page: Page) -> list[str]:
    """The pages of this kind it leads to, in order."""
    links = (link.attributes["href"] for link in page.root.all("a") if "hreflang" not in link.attributes)
    return [href.rpartition("/")[2] for href in links if href.rpartition("/")[2] in PAGES.values()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES.values())
async def test_it_is_read_in_a_minute(person: Person, language: Language, path: str) -> None:
    page = await person.open(f"/{language}/{path}")
    assert page.status == 200
    sheet = page.root.one("article", id="sheet")
    numbers = sheet.one("p", class_="sheet-foot").text.split()
    words = sheet.text.split()
    assert 180 <= len(words) - len(numbers) <= WORDS_IN_A_MINUTE


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_gives_a_professional_words_for_each_kind_of_answer(
    person: Person, language: Language
) -> None:
    page = await person.open(f"/{language}/for-professionals")
    spoken = [line.text for line in page.root.all("p", class_="spoken")]
    answers = CATALOGUES[language].say("minute.professional_answer_aloud").split("\n")
    assert len(answers) == 3
    assert set(answers) < set(spoken)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_peer_worker_finds_whom_to_call_on_the_sheet_itself(
    person: Person, language: Language
) -> None:
    sheet = (await person.open(f"/{language}/for-peer-workers")).root.one("article", id="sheet")
    for number in ("113", "116 117", "116 123", "22 40 00 40"):
        assert number in sheet.text


async def test_the_first_page_leads_staff_there_and_to_the_sign_in(person: Person) -> None:
    page = await person.open("/nb/")
    links = list(page.root.one("section", class_="for-staff").all("a"))
    say = CATALOGUES["nb"].say
    assert [link.text for link in links] == [
        say("sign_in.heading"),
        *(say(f"minute.{role}_link", title="erfaringskonsulent") for role in PAGES),
    ]
    for link in (link.attributes["href"] for link in links):
        assert (await person.open(link)).status == 200


@pytest.mark.parametrize(
    ("roles", "led"),
    [
        (("professional",), ["for-professionals"]),
        (("peer_worker",), ["for-peer-workers"]),
        (("professional", "peer_worker"), ["for-professionals", "for-peer-workers"]),
    ],
)
async def test_the_desk_leads_each_to_their_own(
    app: web.Application, new_person: NewPerson, roles: tuple[Role, ...], led: list[str]
) -> None:
    colleague = await new_person()
    await in_role(app, colleague, *roles)
    desk = await colleague.open("/desk")
    assert leads_to(desk) == led
    links = [link for link in desk.root.all("a") if "/for-" in link.attributes["href"]]
    assert all(link.attributes["target"] == "_blank" for link in links), "what stands on the desk stays"
    for link in links:
        assert (await colleague.open(link.attributes["href"])).heading


async def test_the_door_for_staff_and_the_envelope_lead_there(
    app: web.Application, person: Person, new_person: NewPerson
) -> None:
    assert leads_to(await person.open("/nb/staff")) == list(PAGES.values())
    assert leads_to(await person.open("/d")) == ["for-professionals"]
    colleague = await new_person()
    await in_role(app, colleague, "professional")
    assert leads_to(await colleague.open("/d")) == ["for-professionals"]


async def test_at_the_foot_of_what_is_shared_stands_how_to_use_it(
    app: web.Application, person: Person, new_person: NewPerson, clock: Clock
) -> None:
    shared = await share(person, await choose(person, await ordinary(person)))
    administrator = await an_administrator(app, new_person, clock)
    kari = await a_colleague(administrator, new_person, "Kari Fagperson", "professional")
    opened = await open_by(kari, code_of(shared))
    assert opened.has("summary")
    assert leads_to(opened) == ["for-professionals"]
