"""Every button of every page is pressed twice, from a restored page, and from two tabs: never a 5xx.

An old page is what a browser restores after Back, what a second tab still shows, and what a double press
sends. So each page is kept as it was given, and all its buttons are pressed, twice each, in the order of the
page and then backwards.
"""

import re
from collections.abc import Iterator

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import Colleague, a_colleague, an_administrator
from support.page import Form, Page, Submission
from support.person import CATALOGUES, NewPerson, Person
from support.preparing import short_way
from support.reviewing import opened, prepared
from support.sharing import choose, code_of, share

from assistant.web.http.rate_limits import RateLimit

NB = CATALOGUES["nb"].say
TAKES_AWAY = re.compile(r"/leave|/delete|/sign-out|/withdraw|/close|/codename/off|/link/off")
"""What ends what the other buttons need; pressed last, on pages of its own."""


@pytest.fixture(autouse=True)
def nobody_is_too_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test press quicker than a person."""
    monkeypatch.setattr(RateLimit, "wait_for", lambda *_: 0.0)


def presses(page: Page, *, taking_away: bool = False) -> Iterator[Submission]:
    """What each button of the page sends."""
    for form in page.forms():
        for button in form.buttons:
            sent = _pressed(form, button.attributes.get("value"))
            if sent.path != "/leave" and bool(TAKES_AWAY.search(sent.path)) == taking_away:
                yield sent


def _pressed(form: Form, value: str | None) -> Submission:
    for name in form.words:
        form.write(name, "Noe jeg skriver")
    return form.press(value)


async def press_everything(
    person: Person, page: Page, *, taking_away: bool = False, from_the_end: bool = False
) -> list[str]:
    """Press each button of this one page twice, forwards and backwards; what was answered with a fault."""
    sent = list(presses(page, taking_away=taking_away))
    if from_the_end:
        sent.reverse()
    faults = []
    # where a press leads is looked at on the way forwards; backwards it is the same pages
    twice = [(what, follow) for what in sent for follow in (False, True)]
    for what, follow in [*twice, *((what, False) for what, _ in reversed(twice))]:
        answer = await person.send(what, follow=follow)
        if answer.status >= 500:
            faults.append(f"{answer.status} {page.path} → {what.path} {dict(what.fields).get('move')}")
    return faults


@pytest.mark.parametrize("state", ["meeting/kind", "continue", "matters/now", "balance/now"])
async def test_every_button_of_a_question_also_when_it_was_answered_in_another_tab(
    person: Person, caplog: pytest.LogCaptureFixture, state: str
) -> None:
    older = await person.reach(state)
    assert not await press_everything(person, older)
    assert "nobody speaks for" not in caplog.text


async def test_every_button_of_the_round_off(person: Person, caplog: pytest.LogCaptureFixture) -> None:
    page = await short_way(person)
    again = await person.open(page.path)
    assert not await press_everything(person, page)
    assert not await press_everything(person, again, from_the_end=True)
    page = await short_way(person)
    change = page.form("change")
    assert (await person.send(change.press("go:meeting/kind"))).state == "meeting/kind"
    back = await person.send(page.form("continue").press("back"))
    assert (back.status, back.state) == (200, "meeting/kind")
    assert "nobody speaks for" not in caplog.text


async def test_every_button_of_the_pages_of_a_user(new_person: NewPerson) -> None:
    person = await new_person()
    summary, _ = await prepared(person)
    here, faults = summary.path.removesuffix("/summary"), []
    paths = [
        f"{here}/form",
        "/notebook",
        f"{here}/pause",
        f"{here}/transcript",
        f"{here}/after",
        f"{here}/help",
        "/notebook/link/new",
    ]
    for path in paths:
        page = await person.open(path)
        faults += await press_everything(person, page)
    preview = await choose(person, await person.open(summary.path))
    faults += await press_everything(person, await person.open(f"{here}/share/each"))
    faults += await press_everything(person, preview)
    faults += await press_everything(person, await person.open(f"{here}/share"))
    for path in (f"{here}/share/withdraw", "/notebook/link/off", f"{here}/delete", "/delete"):
        page = await person.open(path)
        faults += await press_everything(person, page, taking_away=True)
    assert not faults


async def test_every_button_of_the_pages_of_staff(
    app: web.Application, new_person: NewPerson, clock: Clock
) -> None:
    anne = await an_administrator(app, new_person, clock)
    kari = await a_colleague(anne, new_person, "Kari Fagperson", "professional")
    other = await a_colleague(anne, new_person, "Per Person", "professional")
    both = await opened(await new_person(), kari)
    faults = await press_everything(kari, await both.her_page())
    await kari.open(both.desk)
    await _meet(kari, await kari.open(both.desk))
    mine, hers = await both.pages()
    faults += await press_everything(both.mine, mine)
    faults += await press_everything(kari, hers)
    for path in ("/desk", "/d", "/staff/account", "/desk/invitations", "/desk/invitations/new"):
        faults += await press_everything(kari, await kari.open(path))
    faults += await press_everything(kari, await kari.open(both.desk), taking_away=True)
    accounts = await anne.open("/admin/staff")
    faults += await press_everything(anne, accounts)
    for row in [a.attributes["href"] for a in accounts.root.one("main").all("a")]:
        if row.startswith("/admin/staff/"):
            faults += await press_everything(anne, await anne.open(row))
            faults += await press_everything(anne, await anne.open(f"{row}/reset"))
    assert other.name
    assert not faults


async def _meet(kari: Colleague, page: Page) -> None:
    if page.has("meet"):
        await kari.send(page.form("meet").press("meet"))


async def test_an_opening_sent_again_with_another_code_opens_nothing_and_says_so(
    app: web.Application, new_person: NewPerson, clock: Clock
) -> None:
    anne = await an_administrator(app, new_person, clock)
    kari = await a_colleague(anne, new_person, "Kari Fagperson", "professional")
    codes = []
    for _ in range(2):
        user = await new_person()
        summary, _ = await prepared(user)
        codes.append((user, code_of(await share(user, await choose(user, summary))), summary.path))
    envelope = await kari.open("/d")
    first = await kari.send(envelope.form("open").write("link", codes[0][1]).press())
    assert first.status == 200
    again = await kari.send(envelope.form("open").write("link", codes[0][1].lower()).press())
    assert again.path == first.path
    for typed in (codes[1][1], "noe helt annet"):
        refused = await kari.send(envelope.form("open").write("link", typed).press())
        assert (refused.status, refused.trouble) == (409, NB("d.reused"))
        assert refused.form("open").text("link") == typed
    refused = await kari.send(envelope.form("open").write("link", codes[1][1]).press())
    second = await kari.send(refused.form("open").press())
    assert second.status == 200
    assert second.path != first.path


async def test_help_with_words_that_another_tab_has_overtaken_is_help_and_the_true_reason(
    person: Person,
) -> None:
    older = await person.reach("matters/now")
    newer = await person.open(older.path)
    await person.send(newer.form("reply").say("Fra den nye fanen").press("more"))
    page = await person.send(older.form("reply").say("Fra den gamle fanen").press("help"))
    assert (page.status, page.heading) == (409, NB("help.title"))
    assert page.root.one("main").has("a", href="tel:113")
    assert NB("held.StaleTurn") in page.main
    assert NB("held.unanswered") not in page.main
    assert [e.text for e in page.root.one("main").all("textarea")] == ["Fra den gamle fanen"]
    nynorsk = await person.send(page.form("again").press("nn"))
    assert CATALOGUES["nn"].say("held.StaleTurn") in nynorsk.main
    assert [e.text for e in nynorsk.root.one("main").all("textarea")] == ["Fra den gamle fanen"]
    back = await person.send(page.form("again").press())
    assert (back.status, back.state) == (409, "matters/now")
    assert back.form("reply").text("statement.new1") == "Fra den gamle fanen"
    kept = await person.send(back.form("reply").press())
    assert (await person.open(f"{kept.path}/summary")).entries == [("matters", "Fra den gamle fanen")]
