"""A review says only what is so: who sees it, who confirmed it, and who says that a text was read."""

from pathlib import Path

import pytest
from support.colleague import Colleague
from support.page import Form, Page
from support.person import CATALOGUES, Person
from support.preparing import ordinary
from support.sharing import choose, code_of, open_by, share

from assistant.config import Settings
from web.user.test_share import WISH, choose_again, promise

NB = CATALOGUES["nb"].say
WHAT = "Vi ringer hverandre på fredag"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", reading=promise("Kari Fagperson"))


async def sat_down(person: Person, kari: Colleague) -> tuple[Page, Page, Page]:
    """The share, and the review as it stands on either screen once they sit together."""
    shared = await share(person, await choose(person, await ordinary(person)))
    hers = await open_by(kari, code_of(shared))
    hers = await kari.send(hers.form("meet").press("meet"))
    return shared, await person.open(f"{shared.path.removesuffix('/share')}/review"), hers


def marking(page: Page, words: str) -> Form:
    """The marks of the entry with these words."""
    entry = next(one for one in page.root.all("article") if words in one.text and one.has("form"))
    return page.form(f"mark-{entry.attributes['data-entry']}")


async def proposed(who: Person | Colleague, page: Page, whose: str) -> Page:
    return await who.send(page.form("proposing").write("what", WHAT).choose("who", whose).press())


async def test_what_is_taken_back_says_that_nobody_else_sees_it(person: Person, kari: Colleague) -> None:
    shared, mine, hers = await sat_down(person, kari)
    mine = await person.send(marking(mine, WISH).press("mark:talked"))
    await person.send((await choose_again(person, shared, WISH, "keep")).form("share").press("change"))
    mine, hers = await person.open(mine.path), await kari.open(hers.path)
    assert WISH not in hers.html
    entry = next(one for one in mine.root.all("article") if WISH in one.text)
    assert NB("review.not_shared") in entry.text
    assert not entry.has("form"), "nothing more comes of it"
    assert mine.main.count(NB("review.not_shared")) == 1
    assert NB("review.not_shared") not in hers.main


async def test_whoever_is_to_do_it_is_called_you_on_their_own_screen(person: Person, kari: Colleague) -> None:
    _, mine, hers = await sat_down(person, kari)
    hers = await proposed(kari, hers, "user")
    mine = await person.open(mine.path)
    agreed = NB("review.who_you")
    assert next(mine.root.one("dl", class_="terms").all("dd")).text == agreed
    assert next(hers.root.one("dl", class_="terms").all("dd")).text == NB("review.who_user_to_professional")


async def test_when_it_is_over_nobody_waits_for_who_cannot_confirm(person: Person, kari: Colleague) -> None:
    shared, mine, _ = await sat_down(person, kari)
    mine = await proposed(person, mine, "user")
    waits, over = NB("review.waits_for_professional"), NB("review.unconfirmed_when_over")
    assert (waits in mine.main, over in mine.main) == (True, False)
    await person.send((await person.open(f"{shared.path}/withdraw")).form("withdraw").press())
    mine = await person.open(mine.path)
    assert (waits in mine.main, over in mine.main) == (False, True)


@pytest.mark.parametrize("together", [True, False])
async def test_it_says_who_says_that_the_text_was_read(
    person: Person, kari: Colleague, together: bool
) -> None:
    _, mine, hers = await sat_down(person, kari)
    hers = await kari.send(hers.form("prepare").press())
    mine = await person.open(mine.path)
    reader, page = (kari, hers) if together else (person, mine)
    see = next(form for form in page.forms() if form.element.attributes["id"].startswith("see-"))
    await reader.send(see.press())
    state = (await person.open(mine.path)).root.one("section", id="record").text
    said = NB("review.record_seen_together", name="Kari Fagperson", day="", clock="").partition(",")[0]
    assert (said in state) == together
    assert (NB("review.record_seen") in state) != together
