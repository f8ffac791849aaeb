"""Several units on one server: each with readers, staff and a contact of its own."""

from pathlib import Path

import pytest
from support.colleague import Colleague, a_colleague
from support.inviting import accept, code_on, invite
from support.page import Page
from support.person import CATALOGUES, NewPerson, Person
from support.preparing import ordinary
from support.sharing import choose, share

from assistant.config import Settings, locales_folder
from assistant.languages import LANGUAGES, Language
from assistant.meetings.notebook import Meeting
from web.peer.test_guided_sessions import open_session

NB = CATALOGUES["nb"].say
ID = "enhet-7"
UNIT = """
  - id: {id}
    owner: {reader}
    last_checked: 2026-11-22
    name: {{nb: DPS {name}, nn: DPS {name}, en: DPS {name}}}
    staff: [{staff}]
    reading:
      who: {{nb: {reader} leser., nn: {reader} les., en: {reader} reads.}}
      by_when: {{nb: Innen fredag., nn: Innan fredag., en: By Friday.}}
      absence: {{nb: Teamet tar over., nn: Teamet tek over., en: The team covers.}}
      readers: [{reader}]
    contact: {{name: Ekspedisjonen {name}, phone: "{phone}"}}
    privacy: {{officer: {{name: Ombudet i {name}, email: {id}@eksempel.example}}}}
"""
PRIVACY = """
privacy:
  owner: Kari
  last_checked: 2026-11-22
  controller: {name: Eksempel kommune, phone: "12 34 56 78"}
  officer: {name: Kommunens ombud, email: ombud@eksempel.example}
"""


def unit(id_: str, name: str, reader: str, staff: str, phone: str) -> str:
    return UNIT.format(id=id_, name=name, reader=reader, staff=staff, phone=phone)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    nord = unit(ID, "Nord", "Kari", "Per, Eva", "11 11 11 11")
    sor = unit("sor", "Sør", "Ola", "Siv", "22 22 22 22")
    file = tmp_path / "service.yaml"
    shipped = (locales_folder() / "service.yaml").read_text("utf-8")
    file.write_text(f"units:{nord}{sor}{PRIVACY}{shipped}", "utf-8")
    return Settings(data=tmp_path / "data", service=file)


@pytest.fixture
async def kari(anne: Colleague, new_person: NewPerson) -> Colleague:
    return await a_colleague(anne, new_person, "Kari", "professional")


@pytest.fixture
async def ola(anne: Colleague, new_person: NewPerson) -> Colleague:
    return await a_colleague(anne, new_person, "Ola", "professional")


def offered(preview: Page) -> list[str]:
    """The ways to share that the preview offers."""
    return [radio.attributes["value"] for radio in preview.form("share").named("way")]


def arrived(desk: Page) -> int:
    return sum("/desk/arrived/" in link.attributes["href"] for link in desk.root.all("a"))


async def to_summary(person: Person, page: Page) -> Page:
    """Say one wish, skip the rest."""
    page = await person.reach("wishes/wish", page)
    return await person.summary(await person.send(page.form("reply").say("Et ønske").press("answer")))


async def prepared_at(person: Person, unit: str) -> Page:
    """Prepare, begun at the unit's own address; return the summary."""
    start = await person.open(f"/nb/at/{unit}")
    return await to_summary(person, await person.send(start.form("start").press()))


async def test_whoever_comes_by_no_units_address_chooses_between_them(
    person: Person, kari: Colleague, ola: Colleague
) -> None:
    preview = await choose(person, await ordinary(person))
    assert offered(preview) == ["together", "ahead:enhet-7", "ahead:sor"]
    for name, reader in (("DPS Nord", "Kari leser."), ("DPS Sør", "Ola leser.")):
        assert NB("share.ahead_to", unit=name) in preview.main
        assert reader in preview.main
    sent = await share(person, preview, "ahead:sor")
    assert sent.heading == NB("share.sent_heading")
    assert [arrived(await one.open("/desk")) for one in (kari, ola)] == [0, 1]


async def test_at_a_units_own_address_only_its_readers_are_offered_and_nothing_is_asked(
    person: Person, kari: Colleague, ola: Colleague
) -> None:
    preview = await choose(person, await prepared_at(person, ID))
    assert offered(preview) == ["together", "ahead:enhet-7"]
    assert "Ola leser." not in preview.main
    forged = preview.form("share").press().instead("way", "ahead:sor")
    assert (await person.send(forged)).status == 404
    await share(person, preview, "ahead:enhet-7")
    assert [arrived(await one.open("/desk")) for one in (kari, ola)] == [1, 0]


async def test_an_invitation_leads_to_the_inviters_unit(
    person: Person, kari: Colleague, ola: Colleague
) -> None:
    page = await accept(person, code_on(await invite(ola)))
    preview = await choose(person, await to_summary(person, page))
    assert "Kari leser." not in preview.main
    assert "Ola leser." in preview.main
    ways = [button.attributes["value"] for button in preview.form("share").buttons]
    assert ways == ["ahead:sor", "together"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_foot_and_the_privacy_page_have_the_units_contact_where_it_is_known(
    person: Person, language: Language
) -> None:
    start = await person.open(f"/{language}/at/sor")
    assert CATALOGUES[language].say("start.unit", unit="DPS Sør") in start.main
    page = await person.send(start.form("start").press())
    for known in (start, page):
        foot = known.root.one("footer").one(id="unit")
        assert foot.has("a", href="tel:22222222")
        assert foot.has("a", href=f"/{language}/at/sor/privacy")
    about = await person.open(f"/{language}/at/sor/privacy")
    assert "Ekspedisjonen Sør" in about.main
    assert "Ombudet i Sør" in about.main
    assert "Eksempel kommune" in about.main, "what the unit does not say is as for the whole service"
    assert "Kommunens ombud" not in about.main
    whole_service = await person.open(f"/{language}/privacy")
    assert "Kommunens ombud" in whole_service.main
    assert not whole_service.root.one("footer").has(id="unit")


async def test_an_address_of_no_unit_is_not_found(person: Person) -> None:
    for path in ("/nb/at/vest", "/nb/at/vest/privacy", "/nb/at/"):
        assert (await person.open(path)).status == 404


async def test_a_unit_is_kept_when_another_notebook_is_open_already(person: Person) -> None:
    await person.begin()
    start = await person.open("/nb/at/enhet-7")
    unseen = start.form("start").press().without("instead_of")
    ask = await person.send(unseen)
    assert ask.path == "/nb/start?at=enhet-7"
    page = await person.send(ask.form("instead").press())
    assert page.root.one("footer").has(id="unit")


async def test_nothing_in_the_database_says_which_unit(person: Person, settings: Settings) -> None:
    await prepared_at(person, ID)
    stored = b"".join(path.read_bytes() for path in settings.data.glob("words.db*"))
    assert len(stored) > 10_000
    assert ID.encode() not in stored


def test_a_meeting_without_a_unit_is_stored_as_before_there_were_units() -> None:
    assert "unit" not in Meeting(id="a").model_dump_json()
    there = Meeting(id="a", unit=ID)
    assert Meeting.model_validate_json(there.model_dump_json()) == there


async def test_a_peer_worker_asks_only_those_of_the_same_unit_to_lead(
    anne: Colleague, new_person: NewPerson
) -> None:
    per, _eva, siv = [
        await a_colleague(anne, new_person, name, "peer_worker") for name in ("Per", "Eva", "Siv")
    ]
    lead = await open_session(per, "group")
    assert [option.text for option in lead.root.one("select", id="second").all("option")] == ["Eva"]
    forged = lead.form("invite").press("invite").instead("staff", siv.staff_id)
    assert (await per.send(forged)).status == 404


async def test_administrators_see_which_unit_lacks_which_reader(anne: Colleague, kari: Colleague) -> None:
    page = await anne.open("/admin/staff")
    assert [item.text for item in page.root.one("section", id="readers").all("li")] == ["Ola (DPS Sør)"]
