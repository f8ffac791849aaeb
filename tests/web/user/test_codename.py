"""The codename on the page: made, shown, printed, typed back, and typed at the door."""

import asyncio
import re
import threading

import pytest
from support.database import rows
from support.page import Page
from support.person import CATALOGUES, NewPerson, Person
from support.short_way import have, unlock

from assistant.config import Settings
from assistant.languages import LANGUAGES, Language
from assistant.vault.codenames import words
from assistant.vault.key_stretching import AT_ONCE, FEW_PLACES, Stretching
from assistant.web.http.rate_limits import CODENAMES

NB = CATALOGUES["nb"].say
WRONG = "acorn tulip kaffe notebook fjell gitar lanterne"


def shown(page: Page) -> list[str]:
    """The words on the page."""
    return [li.text for li in page.root.one("ol", class_="codename").all("li")]


async def make(person: Person) -> list[str]:
    """A codename for the notebook this browser has open."""
    page = await person.open("/notebook")
    page = await person.send(page.form("new-codename").press())
    assert page.path == "/notebook/codename"
    return shown(page)


async def type_in(person: Person, typed: str, language: Language = "nb") -> Page:
    """At the door, as on a phone that has never been here."""
    page = await person.open(f"/{language}/r")
    return await person.send(page.form("open").write("link", typed).press())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_codename_opens_on_another_device_in_any_language(
    new_person: NewPerson, language: Language
) -> None:
    person = await new_person()
    summary, _ = await have(person, "nb")
    codename = await make(person)
    assert len(codename) == 7
    assert set(codename) <= set(words())
    elsewhere = await new_person()
    page = await type_in(elsewhere, " – ".join(codename).upper(), language)
    assert page.language == language
    own = [entry for entry in summary.entries if entry[0] == "wishes"]
    assert [entry for entry in (await elsewhere.open(summary.path)).entries if entry[0] == "wishes"] == own


async def test_it_can_be_seen_again_and_is_the_same(person: Person) -> None:
    await have(person, "nb")
    codename = await make(person)
    page = await person.open("/notebook")
    assert any(a.attributes["href"] == "/notebook/codename" for a in page.root.all("a"))
    assert shown(await person.open("/notebook/codename")) == codename
    assert not page.has("new-codename")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_nothing_on_the_card_tells_what_it_is_for(person: Person, language: Language) -> None:
    await have(person, language)
    codename = await make(person)
    page = await person.open("/notebook/codename/card")
    card = page.root.one("div", class_="cut-out")
    assert shown(page) == codename
    rest = re.sub(r"\s", "", card.text)
    address = f"{person.address.split('://')[1]}/{language}/r"
    assert rest == "".join(codename) + address
    # browsers print the title at the top of the paper
    assert CATALOGUES[language].say("site.name") not in page.root.one("title").text


async def test_typed_back_it_is_right_or_the_place_that_differs_is_told(person: Person) -> None:
    await have(person, "nb")
    codename = await make(person)
    page = await person.open("/notebook/codename/try")
    assert not any(word in page.root.one("main").text.split() for word in codename), "out of sight"
    other = next(word for word in words() if word not in codename)
    for typed, said in (
        ([*codename[:2], other, *codename[3:]], NB("try.one", place=3)),
        ([other] * 2 + codename[2:], NB("try.some", places="1 og 2")),
        (codename[:6], NB("try.one", place=7)),
        ([*codename, other], NB("try.longer")),
        ([other] * 7, NB("try.all")),
        ([], NB("try.nothing")),
    ):
        page = await person.send(page.form("try").write("typed", " ".join(typed)).press())
        assert (page.status, page.trouble) == (422, said)
        assert page.form("try").text("typed") == " ".join(typed)
    page = await person.send(page.form("try").write("typed", "\n".join(codename).title()).press())
    assert page.heading == NB("try.right_heading")


async def test_a_near_miss_in_a_word_suggests_and_one_press_opens(new_person: NewPerson) -> None:
    person, elsewhere = await new_person(), await new_person()
    summary, _ = await have(person, "nb")
    codename = await make(person)
    slip = [*codename[:4], codename[4] + "q", *codename[5:]]
    page = await type_in(elsewhere, " ".join(slip))
    assert page.status == 422
    assert page.trouble == NB("codename.unknown_word", place=5)
    form = page.form("open")
    assert form.text("link") == " ".join(slip)
    assert form.buttons[0].text == NB("open.button"), "Enter sends what was typed"
    right = " ".join(codename)
    assert right in [button.attributes.get("value") for button in form.buttons]
    page = await elsewhere.send(form.press(right))
    assert (await elsewhere.open(summary.path)).entries == summary.entries


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (WRONG, NB("codename.unknown")),
        (WRONG.rpartition(" ")[0], NB("codename.wrong_count", count=6, words=7)),
        (WRONG.replace("ff", "qqqq").replace("fj", "qqqq"), NB("codename.unknown_words", places="3 og 5")),
        ("noe helt annet", NB("open.unknown")),
        ("acorn " * 5000, NB("open.unknown")),
        ("\ud7ff🙂 ‮ \0", NB("open.unknown")),
    ],
)  # fmt: skip
async def test_what_is_no_codename_is_told_as_exactly_as_can_be(
    person: Person, typed: str, said: str
) -> None:
    page = await type_in(person, typed)
    assert (page.status, page.trouble) == (422, said)


async def test_a_locked_text_is_taken_along_through_the_codename(new_person: NewPerson) -> None:
    person = await new_person()
    page = await person.reach("matters/now")
    form = page.form("reply").say("Barna mine.")
    codename = " ".join(await make(person))
    await person.send((await person.open("/nb/help")).form("leave").press())
    page = await person.send(form.press())
    assert page.status == 401
    page = await person.send(page.form("unlock").write("link", codename).press())
    assert page.state == "wishes/wish"


async def test_codenames_cannot_be_tried_without_end_but_links_can(new_person: NewPerson) -> None:
    person = await new_person()
    _, link = await have(person, "nb")
    codename = " ".join(await make(person))
    for _ in range(3):
        # what opens is not counted
        assert (await type_in(await new_person(), codename)).status == 200
    stranger = await new_person()
    pages = [await type_in(stranger, WRONG) for _ in range(int(CODENAMES.burst) + 2)]
    assert [page.status for page in pages[-3:]] == [422, 429, 429]
    slow = pages[-1]
    assert 1 <= int(slow.headers["Retry-After"]) <= 60
    assert slow.trouble == NB("codename.too_many")
    assert slow.form("open").text("link") == WRONG
    assert (await unlock(await new_person(), link)).status == 200, "the link still opens"
    assert (await type_in(await new_person(), codename)).status == 200, "and so does the right codename"


@pytest.mark.one_application
async def test_after_many_wrong_ones_an_address_has_few_places(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(int(CODENAMES.burst)):
        await type_in(person, WRONG)
    stretched: list[str] = []
    may_go_on = threading.Event()

    def stretch(self: Stretching, typed: str, salt: bytes) -> bytes:
        stretched.append(typed)
        may_go_on.wait(60)
        return bytes(32)

    monkeypatch.setattr(Stretching, "_stretch", stretch)
    tries = [asyncio.create_task(type_in(person, WRONG)) for _ in range(20)]
    refused = asyncio.as_completed(tries)
    for _ in range(20 - AT_ONCE - FEW_PLACES):
        await next(refused)
    may_go_on.set()
    assert {page.status for page in await asyncio.gather(*tries)} == {429}
    assert len(stretched) == AT_ONCE + FEW_PLACES


async def test_a_group_behind_one_address_makes_a_codename_each(new_person: NewPerson) -> None:
    people = [await new_person() for _ in range(20)]
    for one in people:
        await one.begin()
    assert len({" ".join(words) for words in await asyncio.gather(*map(make, people))}) == 20


@pytest.mark.one_application
async def test_codenames_cannot_be_made_without_end_in_one_notebook(person: Person) -> None:
    await have(person, "nb")
    await make(person)
    again = (await person.open("/notebook/codename/new")).form("ask")
    pages = [await person.send(again.press().instead("request", f"{n:032x}")) for n in range(10)]
    assert [page.status for page in pages] == [200] * 9 + [429]


async def test_renewing_ends_the_old_codename_and_the_other_browsers(new_person: NewPerson) -> None:
    person, elsewhere = await new_person(), await new_person()
    summary, _ = await have(person, "nb")
    codename = await make(person)
    await type_in(elsewhere, " ".join(codename))
    page = await person.open("/notebook/codename/new")
    assert NB("ways.locked_out") in page.main
    assert not page.has("warning")
    page = await person.send(page.form("ask").press())
    assert shown(page) != codename
    assert (await elsewhere.open(summary.path)).status == 401
    assert (await type_in(elsewhere, " ".join(codename))).status == 422
    assert (await person.open(summary.path)).status == 200


async def test_switching_off_the_last_way_is_warned_of_first(
    new_person: NewPerson, settings: Settings
) -> None:
    person, elsewhere = await new_person(), await new_person()
    summary, link = await have(person, "nb")
    await make(person)
    page = await person.open("/notebook/link/off")
    assert not page.has("warning")
    page = await person.send(page.form("ask").press())
    assert NB("ways.link_is_off") in page.main
    assert (await unlock(elsewhere, link)).status == 422
    page = await person.open("/notebook/codename/off")
    assert page.root.one(id="warning").text == NB("ways.none_left")
    page = await person.send(page.form("ask").press())
    assert NB("ways.none") in page.main
    assert rows(settings)["slots"] == 0
    # every page that showed the link now says that there is none
    for path in (summary.path, summary.path.replace("summary", "pause")):
        page = await person.open(path)
        assert NB("ways.link_is_off") in page.main
    page = await person.open("/notebook")
    page = await person.send(page.form("new-link").press())
    link = page.root.one("input", id="link").attributes["value"]
    assert (await unlock(elsewhere, link)).status == 200


async def test_pages_for_a_codename_that_is_not_there_are_not_found(person: Person) -> None:
    await person.begin()
    for path in ("", "/card", "/try"):
        assert (await person.open(f"/notebook/codename{path}")).status == 404, path
    for path in ("/new", "/off"):
        assert (await person.open(f"/notebook/codename{path}")).heading == NB("notebook.heading"), path
    assert (await person.open("/notebook/pin/new")).status == 404
