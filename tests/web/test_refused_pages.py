"""A refused form leads a browser to an address of its own, so that Back and reload work without a script."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import Colleague, a_colleague
from support.database import content
from support.page import Page, Submission
from support.person import CATALOGUES, FORM, NewPerson, Person
from support.reviewing import SLEEP, WISH, Both, beside, met

from assistant.config import Settings
from assistant.retention import RELEASED
from assistant.web.http.context import CONTEXT, FRAGMENT
from assistant.web.refused_pages import KEPT_FOR

NB = CATALOGUES["nb"].say
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
WORDS = "\n Jeg <tror> «du» & jeg vil det samme\nHalvferdig"


@pytest.fixture
async def kari(anne: Colleague, new_person: NewPerson) -> Colleague:
    return await a_colleague(anne, new_person, "Kari Fagperson", "professional")


@pytest.fixture
async def both(person: Person, kari: Colleague) -> Both:
    return await met(person, kari)


def rows_of(settings: Settings) -> int:
    """How many drafts and refused pages are stored."""
    return len([line for line in content(settings) if line.startswith('INSERT INTO "form_drafts"')])


async def refused(both: Both, side: str) -> tuple[Person, Page]:
    """The page of a refused form in a review, at its own address, and who has it."""
    sender = both.mine if side == "user" else both.hers
    form = (await both.page_of(side)).form("proposing").write("what", WORDS)
    answer = await sender.send(form.press(), BROWSER, follow=False)
    assert answer.status == 303
    page = await sender.open(answer.headers["Location"])
    assert "/refused/" in page.path
    return sender, page


@pytest.mark.parametrize("side", ["user", "professional"])
async def test_a_refused_form_has_an_address_with_its_reason_and_all_that_was_typed(
    both: Both, side: str
) -> None:
    sender, page = await refused(both, side)
    for again in (page, await sender.open(page.path)):
        assert again.status == 422, "a script, and a test, sees that it was refused"
        assert again.has("trouble")
        assert again.form("proposing").text("what") == WORDS
    page = await sender.send(page.form("proposing").choose("who", side).press(), BROWSER)
    assert page.status == 200
    assert page.main.count("Halvferdig") >= 1


async def test_a_script_gets_the_refusal_at_once(both: Both, settings: Settings) -> None:
    sent = (await both.my_page()).form("proposing").write("what", WORDS).press()
    assert (await both.mine.send(sent, {"Accept": "*/*"}, follow=False)).status == 422
    headers = {"Content-Type": FORM, "Sec-Fetch-Site": "same-origin", FRAGMENT: "1", **BROWSER}
    answer = await both.mine.client.post(sent.path, data=urlencode(sent.fields), headers=headers)
    assert (answer.status, answer.history) == (422, ())
    assert rows_of(settings) == 1, "the draft alone"


async def test_once_the_form_is_accepted_its_refused_page_leads_to_the_page_of_the_form(both: Both) -> None:
    _, page = await refused(both, "user")
    sent = page.form("proposing").choose("who", "user").press()
    from_there = {**BROWSER, "Referer": f"{both.mine.address}{page.path}"}
    assert (await both.mine.send(sent, from_there)).status == 200
    again = await both.mine.open(page.path)
    assert (again.status, again.path) == (200, both.here)


async def test_what_was_typed_after_the_refusal_is_on_its_page_too(both: Both) -> None:
    sender, page = await refused(both, "user")
    typed = page.form("proposing").write("what", "Helt nytt").press()
    await sender.send(Submission("/form-draft", typed.fields), {FRAGMENT: "1"})
    again = await sender.open(page.path)
    assert again.status == 422
    assert again.form("proposing").text("what") == "Helt nytt"


async def test_words_that_somebody_else_changed_are_seen_on_the_refused_page_and_replaced_from_there(
    both: Both,
) -> None:
    old = beside(await both.my_page(), WISH, "user").write("words", WORDS).press()
    await both.mine.send(beside(await both.my_page(), WISH, "user").write("words", "I mellomtiden").press())
    page = await both.mine.send(old, BROWSER)
    assert (page.status, "/refused/" in page.path) == (409, True)
    page = await both.mine.send(beside(page, WISH, "user").press(), BROWSER)
    assert page.status == 200, "the page has seen what was written in between"
    assert beside(page, WISH, "user").text("words") == WORDS


async def test_staff_do_not_see_what_is_withdrawn_on_a_refused_page(both: Both, settings: Settings) -> None:
    sender, page = await refused(both, "professional")
    assert SLEEP in page.main
    assert rows_of(settings) == 2
    await both.withdraw()
    assert rows_of(settings) == 0
    again = await sender.open(page.path)
    assert SLEEP not in again.html


async def test_a_closed_opening_is_not_open_on_a_refused_page(both: Both) -> None:
    sender, page = await refused(both, "professional")
    await sender.send((await both.her_page()).form("close").press())
    again = await sender.open(page.path)
    assert again.status in (404, 410)
    assert SLEEP not in again.html


async def test_a_refused_page_is_nobody_elses_and_asks_for_the_session(
    both: Both, new_person: NewPerson, clock: Clock
) -> None:
    _, page = await refused(both, "user")
    other = await new_person()
    await other.begin()
    elsewhere = await other.open(page.path)
    assert (elsewhere.status, elsewhere.path) == (200, "/nb/")
    clock.pass_by(RELEASED.borrowed_browser + timedelta(seconds=1))
    locked = await both.mine.open(page.path)
    assert locked.status == 401
    assert "Halvferdig" not in locked.html


async def test_who_lost_a_role_no_longer_sees_its_refused_pages(
    anne: Colleague, new_person: NewPerson
) -> None:
    ola = await a_colleague(anne, new_person, "Ola Leder", "administrator")
    form = (await ola.open("/admin/staff")).form("add").write("name", "Per")
    page = await ola.send(form.press(), BROWSER)
    assert (page.status, "/refused/" in page.path) == (422, True)
    assert "Anne Administrator" in page.main
    accounts = await anne.open("/admin/staff")
    his = next(link for link in accounts.root.all("a") if "Ola Leder" in link.text).attributes["href"]
    await anne.send((await anne.open(his or "")).form("roles").choose("role", "peer_worker").press())
    again = await ola.open(page.path)
    assert again.status == 404
    assert "Anne Administrator" not in again.html


@pytest.mark.parametrize("move", ["skip", "answer"])
async def test_a_referer_that_is_no_address_is_no_error(person: Person, move: str) -> None:
    form = (await person.reach("matters/now")).form("reply")
    sent = (form.say("Lang " * 5000) if move == "answer" else form).press(move)
    answer = await person.send(sent, {**BROWSER, "Referer": "http://[x"}, follow=False)
    assert answer.status == 303


async def test_a_refused_page_is_kept_for_a_few_hours_and_goes_with_its_meeting(
    app: web.Application, both: Both, settings: Settings, clock: Clock
) -> None:
    await refused(both, "user")
    assert rows_of(settings) == 2
    clock.pass_by(KEPT_FOR + timedelta(seconds=1))
    await app[CONTEXT].services.sweep(clock())
    assert rows_of(settings) == 1, "the draft, which stays until it is sent"
    unlock = (await both.mine.open("/nb/r")).form("open").write("link", both.link)
    await both.mine.send(unlock.press())
    await refused(both, "user")
    ask = await both.mine.open(f"{both.shared.path.partition('/share')[0]}/delete")
    await both.mine.send(ask.form("ask").press())
    assert rows_of(settings) == 0


async def test_a_thief_with_the_database_finds_no_words_of_a_refused_page(
    both: Both, settings: Settings
) -> None:
    for side in ("user", "professional"):
        await refused(both, side)
    assert rows_of(settings) == 4
    stored = "".join(content(settings))
    assert "Halvferdig" not in stored
    assert "Gjennomgang" not in stored
    assert "/refused/" not in stored


async def test_a_typed_secret_is_never_stored_with_its_page(
    person: Person, kari: Colleague, settings: Settings
) -> None:
    await person.begin()
    await person.send((await person.open("/notebook")).form("new-codename").press())
    form = (await person.open("/notebook/codename/try")).form("try").write("typed", "ikke det kodenavnet")
    answer = await person.send(form.press(), BROWSER, follow=False)
    assert answer.status == 422
    assert "ikke det kodenavnet" in answer.html
    envelope = (await kari.open("/d")).form("open").write("link", "ABCD-EFGH-JKLM-NPQ2")
    answer = await kari.send(envelope.press(), BROWSER, follow=False)
    assert answer.status == 422
    assert rows_of(settings) == 0


async def test_a_refused_question_has_an_address_too(person: Person) -> None:
    page = await person.reach("matters/now")
    sent = page.form("reply").say("Lang " * 5000).press("answer")
    page = await person.send(sent, BROWSER)
    assert (page.status, "/refused/" in page.path) == (422, True)
    assert page.form("reply").text(page.form("reply").words[0]).startswith("Lang Lang")


async def test_a_refused_sign_in_has_an_address_with_the_name_and_no_secret(kari: Colleague) -> None:
    await kari.send((await kari.open("/desk")).form("sign-out").press())
    form = (await kari.open("/nb/staff")).form("sign-in")
    form.write("name", "Kari Fagperson").write("password", "ikke dette passordet").write("code", "123456")
    answer = await kari.send(form.press(), BROWSER, follow=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/nb/staff?refused=proof")
    for _ in range(2):
        page = await kari.open(answer.headers["Location"])
        assert page.status == 422
        assert page.has("trouble")
        assert page.form("sign-in").text("name") == "Kari Fagperson"
        assert "ikke dette passordet" not in page.html
    await kari.sign_in()
    assert (await kari.open(answer.headers["Location"])).path == "/desk"
    await kari.send((await kari.open("/desk")).form("sign-out").press())
    page = await kari.open(answer.headers["Location"])
    assert page.status == 200, "the name is forgotten once she was let in"
    assert page.form("sign-in").text("name") == ""


async def test_the_receipt_of_deleting_everything_has_an_address_for_who_did_it(
    person: Person, new_person: NewPerson
) -> None:
    await person.begin()
    ask = await person.open("/delete")
    page = await person.send(ask.form("delete").press(), BROWSER)
    assert (page.path, page.heading) == ("/nb/deleted", NB("deleted.heading"))
    assert (await person.open("/nb/deleted")).heading == NB("deleted.heading")
    other = await new_person()
    await other.begin()
    assert (await other.open("/nb/deleted")).path == "/notebook", "whose words are still there is not told so"


async def test_refused_choices_of_a_new_account_have_an_address_without_the_password(
    app: web.Application, new_person: NewPerson, anne: Colleague
) -> None:
    accounts = app[CONTEXT].services.staff.accounts
    _, link = await accounts.add("Ola Fagperson", frozenset({"professional"}), "o" * 32)
    ola = await new_person()
    page = await ola.open("/nb/staff/welcome")
    page = await ola.send(page.form("open").write("link", link or "").press())
    form = page.form("choose").write("code", "000000")
    for field in ("password", "again"):
        form.write(field, "seks gode ord om natten")
    page = await ola.send(form.press(), BROWSER)
    assert (page.status, page.path) == (422, "/nb/staff/welcome/choose?refused=CodeRefused")
    assert page.has("trouble")
    assert "seks gode ord" not in page.html
