"""Both doors, without JavaScript: together in the meeting, and sent ahead of it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import Colleague, a_colleague, an_administrator, in_role
from support.page import Page
from support.person import CATALOGUES, NewPerson, Person
from support.preparing import NOTE, ORDINARY, ordinary, say
from support.sharing import choose, code_of, open_by, share, sheet, switched

from assistant.config import ReadingPromise, Settings
from assistant.languages import LANGUAGES, Language
from assistant.web.http.context import CONTEXT

WISH, KEPT = ORDINARY["wishes/wish"]
NEED, SAID = ORDINARY["needs/need"]


def promise(*readers: str) -> ReadingPromise:
    said = {
        "who": {"nb": "Teamet leser.", "nn": "Teamet les.", "en": "The team reads."},
        "by_when": {"nb": "Dagen før.", "nn": "Dagen før.", "en": "The day before."},
        "absence": {"nb": "Ola tar over.", "nn": "Ola tek over.", "en": "Ola covers."},
    }
    return ReadingPromise.model_validate(said | {"readers": readers})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", reading=promise("Kari Fagperson"))


@pytest.fixture
async def kari(app: web.Application, new_person: NewPerson, clock: Clock) -> Colleague:
    """With a password: what is sent ahead is sealed to the key under it."""
    administrator = await an_administrator(app, new_person, clock)
    return await a_colleague(administrator, new_person, "Kari Fagperson", "professional")


async def test_the_list_has_the_order_of_the_page_that_is_shared(person: Person) -> None:
    summary = await ordinary(person)
    listed = await person.open(f"{summary.path.removesuffix('/summary')}/share")
    preview = await choose(person, summary)
    in_list = [heading.text for heading in listed.root.one("form", id="choices").all("h2")]
    on_page = [heading.text for heading in preview.root.one("div", class_="shared-sheet").all("h2")]
    assert len(in_list) > 5
    assert [heading for heading in on_page if heading in in_list] == in_list


async def test_together_from_the_preview_to_the_end(person: Person, kari: Colleague) -> None:
    summary = await ordinary(person)
    preview = await choose(person, summary, **{KEPT: "keep", SAID: "say"})
    shared = await share(person, preview)
    assert not shared.root.has("b", dir="auto"), "nobody has opened it"
    page = await open_by(kari, code_of(shared))
    assert page.path.startswith("/desk/shared/")
    assert sheet(page) == sheet(preview), "what was previewed is what is seen"
    assert WISH in page.html
    assert NEED in page.html
    for hidden in (KEPT, SAID, NOTE):
        assert hidden not in page.html
    assert CATALOGUES["nb"].say("share.more_to_say") in page.main
    desk = await kari.open("/desk")
    assert desk.root.has("a", href=page.path)
    now = await person.open(shared.path)
    assert now.root.one("b", dir="auto").text == "Kari Fagperson"
    ask = await person.open(f"{shared.path}/withdraw")
    after = await person.send(ask.form("withdraw").press())
    assert (after.status, after.path) == (200, f"{shared.path}/withdrawn")
    assert after.heading == CATALOGUES["nb"].say("share.withdrawn_heading"), "what is now so comes first"
    assert "Kari Fagperson" in after.main
    gone = await kari.open(page.path)
    assert gone.status == 410
    assert gone.heading == CATALOGUES["nb"].say("read.withdrawn_heading")
    assert WISH not in gone.html
    assert not (await kari.open("/desk")).root.has("a", href=page.path)
    again = await open_by(kari, code_of(shared))
    assert again.status == 422
    assert WISH not in again.html


async def test_the_receipt_of_withdrawing_is_there_only_once_it_is_withdrawn(
    person: Person, kari: Colleague, clock: Clock
) -> None:
    summary = await ordinary(person)
    receipt = f"{summary.path.removesuffix('/summary')}/share/withdrawn"
    assert (await person.open(receipt)).path != receipt
    shared = await share(person, await choose(person, summary))
    assert (await person.open(receipt)).path == shared.path
    await person.send((await person.open(f"{shared.path}/withdraw")).form("withdraw").press())
    assert (await person.open(receipt)).heading == CATALOGUES["nb"].say("share.withdrawn_heading")
    back = await person.open(f"{shared.path}/withdraw")
    assert back.heading == CATALOGUES["nb"].say("share.withdrawn_heading"), "the way back asks no more"
    again = await person.open(shared.path)
    assert CATALOGUES["nb"].say("share.withdrawn_heading") in again.main, "and the list says what is so"


async def test_ahead_from_sending_to_the_end(person: Person, kari: Colleague, clock: Clock) -> None:
    preview = await choose(person, await ordinary(person))
    assert "Teamet leser. Dagen før. Ola tar over." in preview.main
    assert "søndag 21. februar 2027" in preview.main
    sent = await share(person, preview, "ahead")
    desk = await kari.open("/desk")
    (row,) = [a for a in desk.root.all("a") if a.attributes["href"].startswith("/desk/arrived/")]
    envelope = await kari.open(row.attributes["href"])
    assert WISH not in envelope.html + desk.html
    assert "5. februar" not in desk.main, "the time of the meeting is read only when it is opened"
    assert desk.root.one("span", class_="read-mark").text == CATALOGUES["nb"].say("desk.unread")
    assert not (await person.open(sent.path)).root.has("b", dir="auto"), "an envelope is not an opening"
    page = await kari.send(envelope.form("open").press())
    assert sheet(page) == sheet(preview)
    assert (await person.open(sent.path)).root.one("b", dir="auto").text == "Kari Fagperson"
    say = CATALOGUES["nb"].say
    assert page.root.one("form", id="meet").text.strip() == say("review.meet_ahead"), (
        "read alone, days before"
    )
    assert not page.root.has("button", class_="primary")
    assert page.main.index(WISH) < page.main.index(say("review.check_ahead")), "the words come first"
    words = page.root.one("p", class_="check-words").text.replace(" ", "\N{NO-BREAK SPACE}")
    assert row.text.endswith(words), "two words are one name, on one line"
    (read,) = [a for a in (await kari.open("/desk")).root.all("a") if a.attributes["href"] == page.path]
    assert read.text == f"fredag 5. februar 2027 kl. 12:30 · {words}"
    clock.pass_by(timedelta(days=95))
    await kari.sign_in()
    gone = await kari.open(page.path)
    assert gone.heading == CATALOGUES["nb"].say("read.expired_heading")
    assert not [a for a in (await kari.open("/desk")).root.all("a") if "/desk/arr" in a.attributes["href"]]


async def test_all_of_it_as_data_holds_the_sharing_with_its_trail(person: Person, kari: Colleague) -> None:
    summary = await ordinary(person)
    here = summary.path.removesuffix("/summary")
    before = await everything(person, here)
    assert (before["sharing"], before["shares"]) == (None, [])
    shared = await share(person, await choose(person, summary, **{KEPT: "keep", SAID: "say"}))
    await open_by(kari, code_of(shared))
    file = await everything(person, here)
    by_words = {said["text"]: said["id"] for asked in file["asked"] for said in asked["said"]}
    assert file["sharing"]["for_all"] == "share"
    assert file["sharing"]["exceptions"] == {by_words[KEPT]: "keep", by_words[SAID]: "say"}
    (now,) = file["shares"]
    assert [(act["act"], act["by"]) for act in now["trail"]] == [
        ("shared", None),
        ("opened", "Kari Fagperson"),
    ]
    seen = json.dumps(now["seen"], ensure_ascii=False)
    assert WISH in seen
    for hidden in (KEPT, SAID, NOTE):
        assert hidden not in seen
    whole = json.dumps(file)
    assert code_of(shared) not in whole
    assert shared.root.one("input", id="link").attributes["value"].partition("#")[2] not in whole
    ask = await person.open(f"{shared.path}/withdraw")
    await person.send(ask.form("withdraw").press())
    (over,) = (await everything(person, here))["shares"]
    assert (over["ended"], over["seen"], over["trail_is_whole"]) == ("withdrawn", None, True)
    assert [act["act"] for act in over["trail"]] == ["shared", "opened", "withdrawn"]


async def test_who_opened_and_has_left_is_someone_who_no_longer_works_here(
    app: web.Application, person: Person, kari: Colleague
) -> None:
    summary = await ordinary(person)
    shared = await share(person, await choose(person, summary, **{KEPT: "keep", SAID: "say"}))
    await open_by(kari, code_of(shared))
    accounts = app[CONTEXT].services.staff.accounts
    await accounts.rename(kari.staff_id, "Kari Nyttnavn")
    assert (await person.open(shared.path)).root.one("b", dir="auto").text == "Kari Nyttnavn"
    await accounts.disable(kari.staff_id)
    await accounts.remove(kari.staff_id)
    now = await person.open(shared.path)
    assert now.root.one("b", dir="auto").text == "en som ikke lenger arbeider her"
    assert "Kari" not in now.html
    (file,) = (await everything(person, summary.path.removesuffix("/summary")))["shares"]
    assert [(act["act"], act["by"]) for act in file["trail"]] == [
        ("shared", None),
        ("opened", "en som ikke lenger arbeider her"),
    ]
    assert file["trail_is_whole"] is True


async def everything(person: Person, here: str) -> dict[str, Any]:
    """All of it as data."""
    file: dict[str, Any] = json.loads((await person.open(f"{here}/take/everything.json")).html)
    return file


async def test_it_is_not_sent_ahead_where_nobody_can_read_it(person: Person) -> None:
    preview = await choose(person, await ordinary(person))
    assert not preview.form("share").named("way")[1:]
    assert CATALOGUES["nb"].say("share.only_together") in preview.main
    form = preview.form("share").press().instead("way", "ahead")
    assert (await person.send(form)).status == 404


async def test_what_is_changed_is_seen_only_when_it_is_shared_again(person: Person, kari: Colleague) -> None:
    preview = await choose(person, await ordinary(person))
    shared = await share(person, preview)
    page = await open_by(kari, code_of(shared))
    preview = await choose_again(person, shared, WISH, "keep")
    assert WISH in (await kari.open(page.path)).html
    receipt = await person.send(preview.form("share").press("change"))
    assert (receipt.path, receipt.heading) == (
        f"{shared.path}/changed",
        CATALOGUES["nb"].say("share.changed_heading"),
    )
    assert sheet(await kari.open(page.path)) == sheet(preview)
    assert WISH not in (await kari.open(page.path)).html
    assert sheet(await person.open(f"{shared.path}/shown")) == sheet(preview)


async def choose_again(person: Person, shared: Page, words: str, choice: str) -> Page:
    """From what is shared to a new preview, with another choice for the entry with these words."""
    page = await person.open(f"{shared.path}/each")
    return await person.send(switched(page, **{words: choice}).press())


async def test_what_is_kept_stays_kept_and_what_is_new_is_on(person: Person) -> None:
    summary = await ordinary(person)
    preview = await choose(person, summary, **{KEPT: "keep", SAID: "say"})
    again = await person.open(f"{preview.path.removesuffix('/preview')}/each")
    before = again.form("choices")
    page = await person.send((await person.open(summary.path)).form("change").press("go:wishes/wish"))
    await say(person, page, WISH, KEPT, "Noe nytt jeg ønsker")
    preview = await person.send(before.press())
    assert "Noe nytt jeg ønsker" in sheet(preview), "it was not on the page, and everything is on at first"
    for hidden in (KEPT, SAID):
        assert hidden not in sheet(preview)
    page = await person.open(again.path)
    assert len(page.form("choices").picked("share")) == len(before.picked("share")) + 1
    assert page.form("choices").picked("say") == before.picked("say")


async def test_a_page_from_before_the_list_chooses_nothing(person: Person) -> None:
    summary = await ordinary(person)
    page = await person.open(f"{summary.path.removesuffix('/summary')}/share")
    old = page.form("choices").press().without("listed").instead("choice:x", "keep")
    assert (await person.send(old)).path == page.path
    assert (await person.open(page.path.replace("/each", "/preview"))).path == page.path, "nothing is chosen"


async def test_the_time_and_the_kind_of_a_meeting_are_shared_or_kept(person: Person) -> None:
    summary = await ordinary(person)
    page = await person.open(f"{summary.path.removesuffix('/summary')}/share")
    form = page.form("choices")
    assert len(form.named("share")) - len(form.named("say")) == 2


async def test_what_was_written_after_the_preview_is_looked_at_first(person: Person) -> None:
    preview = await choose(person, await ordinary(person))
    summary = await person.open(f"{preview.path.removesuffix('/share/preview')}/summary")
    page = await person.send(summary.form("change").press("go:wishes/wish"))
    await person.send(page.form("reply").say("Noe ganske annet").press())
    again = await share(person, preview)
    assert again.status == 409
    assert again.trouble == CATALOGUES["nb"].say("share.moved")
    assert "Noe ganske annet" in again.html
    assert (await share(person, again)).has("code")


async def test_a_wrong_code_says_so_and_stands_in_its_field(kari: Colleague) -> None:
    page = await open_by(kari, "ABCD-EFGHJ-KMNPQ")
    assert page.status == 422
    assert page.trouble == CATALOGUES["nb"].say("d.unknown")
    assert page.form("open").text("link") == "ABCD-EFGHJ-KMNPQ"
    for _ in range(4):
        await open_by(kari, "ABCD-EFGHJ-KMNPQ")
    page = await open_by(kari, "ABCD-EFGHJ-KMNPQ")
    assert (page.status, page.trouble) == (429, CATALOGUES["nb"].say("d.too_many"))


async def test_a_code_typed_before_signing_in_is_carried_along(person: Person, kari: Colleague) -> None:
    shared = await share(person, await choose(person, await ordinary(person)))
    await kari.send((await kari.open("/desk")).form("sign-out").press())
    page = await open_by(kari, code_of(shared))
    assert page.status == 401
    page = await kari.sign_in(page=page)
    held = next(form for form in page.forms() if form.path == "/d")
    assert WISH in (await kari.send(held.press())).html


async def test_foreign_and_missing_look_the_same(
    app: web.Application, person: Person, new_person: NewPerson, kari: Colleague
) -> None:
    shared = await share(person, await choose(person, await ordinary(person)))
    page = await open_by(kari, code_of(shared))
    other = await new_person()
    await in_role(app, other, "professional")
    foreign, missing = await other.open(page.path), await other.open("/desk/shared/" + "0" * 32)
    assert (foreign.status, foreign.html) == (missing.status, missing.html)
    assert foreign.status == 404
    for role in ("peer_worker", "administrator"):
        other = await new_person()
        await in_role(app, other, role)
        assert (await other.open(page.path)).html == missing.html
        assert (await other.open("/d")).status == 404
    stranger = await new_person()
    await stranger.begin()
    theirs, nobodys = (
        await stranger.open(shared.path),
        await stranger.open("/meetings/" + "0" * 32 + "/share"),
    )
    assert (theirs.status, theirs.html) == (nobodys.status, nobodys.html)


async def test_closing_puts_it_away(person: Person, kari: Colleague) -> None:
    shared = await share(person, await choose(person, await ordinary(person)))
    page = await open_by(kari, code_of(shared))
    desk = await kari.send(page.form("close").press())
    assert desk.path == "/desk"
    closed = await kari.open(page.path)
    assert (closed.status, closed.heading) == (410, CATALOGUES["nb"].say("read.closed_heading"))
    assert CATALOGUES["nb"].say("share.act_closed") in (await person.open(shared.path)).main


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_of_sharing_speaks_one_language(
    person: Person, kari: Colleague, language: Language
) -> None:
    summary = await ordinary(person, language)
    path = summary.path.removesuffix("/summary") + "/share"
    pages = [await person.open(path)]
    pages.append(await choose(person, summary))
    pages.append(await share(person, pages[1]))
    pages += [await person.open(f"{path}/{name}") for name in ("shown", "withdraw")]
    preview = await choose_again(person, pages[2], WISH, "keep")
    pages.append(await person.send(preview.form("share").press("change")))
    pages.append(await person.send(pages[4].form("withdraw").press()))
    assert {page.language for page in pages} == {language}
    # the preview and what is shown have the summary's own heading
    assert len({page.heading for page in pages}) == 6


async def test_codes_are_not_made_faster_than_a_person_would(person: Person) -> None:
    shared = await share(person, await choose(person, await ordinary(person)))
    for _ in range(9):
        shared = await person.send(shared.form("code").press())
    assert (await person.send(shared.form("code").press())).status == 429


async def test_pressing_new_code_twice_makes_one(person: Person) -> None:
    shared = await share(person, await choose(person, await ordinary(person)))
    pressed = shared.form("code").press()
    first, second = await person.send(pressed), await person.send(pressed)
    assert code_of(first) == code_of(second) != code_of(shared)


async def test_what_was_sent_ahead_to_someone_who_left_is_still_the_users_own(
    app: web.Application, person: Person, kari: Colleague
) -> None:
    summary = await ordinary(person)
    sent = await share(person, await choose(person, summary), "ahead")
    accounts = app[CONTEXT].services.staff.accounts
    await accounts.disable(kari.staff_id)
    await accounts.remove(kari.staff_id)
    assert "Kari" not in (await person.open(sent.path)).main
    ask = await person.open(f"{sent.path}/withdraw")
    withdrawn = await person.send(ask.form("withdraw").press())
    assert withdrawn.status == 200
    (over,) = (await everything(person, summary.path.removesuffix("/summary")))["shares"]
    assert over["ended"] == "withdrawn"
