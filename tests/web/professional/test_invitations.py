"""Invitations from being made to what comes of them, without JavaScript; and what nobody is told."""

import logging
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import Colleague, a_colleague, an_administrator, in_role
from support.inviting import GREETING, LABEL, PEOPLE, PLACE, accept, code_on, invite, link_on, look_at
from support.markers import hits, new_marker
from support.page import Page
from support.person import CATALOGUES, NewPerson, Person
from support.sharing import choose, code_of, open_by, share, sheet

from assistant.config import Settings
from assistant.languages import LANGUAGES, TAGS, Language
from assistant.web.http.context import CONTEXT
from web.user.test_share import promise

NB = CATALOGUES["nb"].say
WORDS = "Jeg vil ha færre folk på møtene."


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", reading=promise("Ola Vikar"))


@pytest.fixture
async def administrator(app: web.Application, new_person: NewPerson, clock: Clock) -> Colleague:
    return await an_administrator(app, new_person, clock)


@pytest.fixture
async def kari(administrator: Colleague, new_person: NewPerson) -> Colleague:
    return await a_colleague(administrator, new_person, "Kari Fagperson", "professional")


@pytest.fixture
async def ola(administrator: Colleague, new_person: NewPerson) -> Colleague:
    return await a_colleague(administrator, new_person, "Ola Vikar", "professional")


def rows(settings: Settings) -> list[tuple[object, ...]]:
    """Every byte about invitations in the database."""
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        return [
            row
            for table in ("invitations", "invitation_ways")
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY id")
        ]


async def prepare(person: Person, page: Page) -> Page:
    """From the beginning of the preparation to the summary, with something said."""
    page = await person.reach("matters/now", page)
    page = await person.send(page.form("reply").say(WORDS).press())
    return await person.summary(page)


async def to_preview(person: Person, summary: Page) -> Page:
    """Everything, as the other would see it, in one step."""
    return await choose(person, summary)


async def test_from_the_invitation_together_to_withdrawn(
    person: Person, kari: Colleague, ola: Colleague
) -> None:
    invitation = await invite(kari)
    page = await look_at(person, link_on(invitation))
    assert "Kari Fagperson" in page.main
    for said in (PLACE, PEOPLE, GREETING, "Ansvarsgruppemøte", "torsdag 3. desember 2026 kl. 10:00"):
        assert said in page.main
    assert LABEL not in page.html
    assert NB("invited.voluntary") in page.main
    page = await person.send(page.form("begin").press())
    assert not page.has("reply"), "the kind and the day are answered, so own words come next"
    summary = await prepare(person, page)
    assert ("meeting", "Ansvarsgruppemøte: flere som hjelper meg, er med") in summary.entries
    preview = await to_preview(person, summary)
    shared = await person.send(preview.form("share").press("together"))
    read = await open_by(kari, code_of(shared))
    assert sheet(read) == sheet(preview)
    desk = await kari.open("/desk")
    assert desk.root.one("a", href=read.path).text.startswith(f"{LABEL} · ")
    ask = await person.open(f"{shared.path}/withdraw")
    await person.send(ask.form("withdraw").press())
    gone = await kari.open(read.path)
    assert (gone.status, WORDS in gone.html) == (410, False)
    assert not (await kari.open("/desk")).root.has("a", href=read.path)


async def test_sent_back_with_one_tap_and_over_in_time(
    person: Person, kari: Colleague, ola: Colleague, clock: Clock
) -> None:
    page = await accept(person, code_on(await invite(kari)))
    preview = await to_preview(person, await prepare(person, page))
    assert "Kari Fagperson" in preview.main
    assert "Teamet leser. Dagen før. Ola tar over." in preview.main
    assert f"{NB('share.also_to')} Ola Vikar" in preview.main, "everybody who can open it is named first"
    sent = await person.send(preview.form("share").press())
    assert sent.heading == NB("share.sent_heading")
    arrived = {}
    for name, colleague in (("kari", kari), ("ola", ola)):
        desk = await colleague.open("/desk")
        (arrived[name],) = [a for a in desk.root.all("a") if "/desk/arrived/" in a.attributes["href"]]
        assert (LABEL in desk.html) == (name == "kari"), "only its maker sees what it is called"
    assert arrived["kari"].text.startswith(f"{LABEL} · ")
    envelope = await kari.open(arrived["kari"].attributes["href"])
    assert sheet(await kari.send(envelope.form("open").press())) == sheet(preview)
    clock.pass_by(timedelta(days=40))
    await kari.sign_in()
    desk = await kari.open("/desk")
    assert LABEL not in desk.html
    assert not [a for a in desk.root.all("a") if "/desk/shared/" in a.attributes["href"]]


async def test_it_goes_to_nobody_who_was_not_named_on_the_preview(
    app: web.Application, person: Person, kari: Colleague, ola: Colleague
) -> None:
    page = await accept(person, code_on(await invite(kari)))
    accounts = app[CONTEXT].services.staff.accounts
    account = await accounts.named("Kari Fagperson")
    await accounts.disable(account.member.id)
    preview = await to_preview(person, await prepare(person, page))
    assert "Kari Fagperson" not in preview.main
    await accounts.enable(account.member.id)
    await kari.sign_in()
    moved = await share(person, preview, "ahead")
    assert (moved.status, moved.trouble) == (409, NB("share.moved"))
    for colleague in (kari, ola):
        assert "/desk/arrived/" not in (await colleague.open("/desk")).html
    assert "Kari Fagperson" in moved.main, "now she is named"
    for sent in [await person.send(moved.form("share").press("ahead")) for _ in range(2)]:
        assert sent.heading == NB("share.sent_heading")
    again = await share(person, preview, "ahead")
    assert again.heading == NB("share.sent_heading"), "what is shared already is not said to be unshared"


async def test_without_a_reading_promise_it_is_opened_together_and_that_is_said_at_once(
    person: Person, kari: Colleague
) -> None:
    """Ola has no account here, so nobody has promised to read."""
    assert NB("invite.reply_together") in (await kari.open("/desk/invitations")).main
    typed = code_on(await invite(kari))
    assert NB("invited.reply_together") in (await look_at(person, typed)).main
    preview = await to_preview(person, await prepare(person, await accept(person, typed)))
    assert [button.text for button in preview.form("share").buttons] == [NB("share.yes")]
    assert (await share(person, preview)).heading == NB("share.code_heading")


async def test_who_chooses_piece_by_piece_can_still_send_it_back(
    person: Person, kari: Colleague, ola: Colleague
) -> None:
    summary = await prepare(person, await accept(person, code_on(await invite(kari))))
    preview = await choose(person, summary, **{WORDS: "say"})
    assert "Kari Fagperson" in preview.main
    assert preview.form("share").offers("ahead")


async def test_using_it_leaves_no_trace_its_maker_could_find(
    new_person: NewPerson, kari: Colleague, ola: Colleague, settings: Settings
) -> None:
    invitation = await invite(kari)
    before, desk = rows(settings), (await kari.open("/desk")).main
    shown = (await kari.open(invitation.path)).main
    for typed in (link_on(invitation), code_on(invitation), code_on(invitation).lower().replace("-", " ")):
        person = await new_person()
        summary = await prepare(person, await accept(person, typed))
        assert len(summary.entries) == 3
    assert rows(settings) == before
    assert (await kari.open("/desk")).main == desk
    assert (await kari.open(invitation.path)).main == shown


async def test_what_was_filled_in_is_an_answer_like_any_other(person: Person, kari: Colleague) -> None:
    summary = await prepare(person, await accept(person, code_on(await invite(kari))))
    page = await person.send(summary.form("change").press("go:meeting/kind"))
    assert page.form("reply").picked("option") == ["care_team"]
    await person.send(page.form("reply").choose("option", "medication").press())
    entries = dict((await person.open(summary.path)).entries)
    assert entries["meeting"].startswith("torsdag 3. desember"), entries


async def test_an_invitation_may_leave_everything_open(person: Person, kari: Colleague) -> None:
    invitation = await invite(kari, "", "", place="", people="", greeting="", label="")
    assert invitation.heading == NB("invitation.unnamed")
    page = await accept(person, code_on(invitation))
    assert page.state == "meeting/kind"


async def test_the_day_is_the_label_where_none_was_given(kari: Colleague) -> None:
    assert (await invite(kari, label="")).heading == "torsdag 3. desember 2026 kl. 10:00"


async def test_a_meeting_goes_into_the_notebook_that_is_open(person: Person, kari: Colleague) -> None:
    first = await prepare(person, await person.begin())
    typed = code_on(await invite(kari))
    page = await look_at(person, typed)
    pressed = page.form("begin").press("notebook")
    begun, twice = await person.send(pressed), await person.send(pressed)
    assert begun.path == twice.path
    notebook = await person.open("/notebook")
    assert len(notebook.root.one("ul", class_="meetings").inside) > 1
    assert first.path in notebook.html
    for said in (PLACE, PEOPLE, GREETING):
        assert said in notebook.html
    again = await look_at(person, typed)
    assert again.root.has("a", href=begun.path), "who has begun is led back to it"
    assert not again.form("begin").offers("notebook")


async def test_a_session_that_ended_meanwhile_loses_nothing(person: Person, kari: Colleague) -> None:
    await person.begin()
    page = await look_at(person, code_on(await invite(kari)))
    pressed = page.form("begin").press("notebook")
    await person.send(page.form("leave").press())
    page = await person.send(pressed)
    assert not page.form("begin").offers("notebook")
    assert (await person.send(page.form("begin").press("new"))).path.startswith("/meetings/")


async def test_it_is_in_its_own_language_until_another_is_asked_for(person: Person, kari: Colleague) -> None:
    typed = code_on(await invite(kari, language="en"))
    page = await look_at(person, typed, "nb")
    assert page.language == "en"
    assert page.root.one("blockquote").attributes["lang"] == "en-GB"
    nn = next(a for a in page.root.all("a") if a.attributes.get("hreflang") == TAGS["nn"])
    page = await person.open(nn.attributes["href"])
    assert page.language == "nn"
    assert page.root.one("blockquote").attributes["lang"] == "en-GB"
    assert (await person.send(page.form("begin").press())).language == "nn"


@pytest.mark.parametrize("typed", ["", "x", "ABCDE-FGHJK-MNPQR", "0" * 26, "0" * 15 + "\0", "å" * 15])
async def test_what_opens_nothing_says_so_and_how_to_begin_without(person: Person, typed: str) -> None:
    page = await look_at(person, typed)
    assert page.status == 422
    assert page.root.one(id="trouble").one("a", href="#link").text == NB("invited.unknown")
    assert page.form("open").text("link") == typed
    start = next(a for a in page.root.one(id="trouble").all("a") if a.attributes["href"] == "/nb/")
    assert (await person.open(start.attributes["href"])).has("start")


async def test_taken_back_and_over_look_like_never_made(
    person: Person, kari: Colleague, clock: Clock, settings: Settings
) -> None:
    kept = await invite(kari, label="mandag")
    taken = await invite(kari)
    begun = await accept(person, code_on(taken))
    pressed = (await look_at(person, code_on(taken))).form("begin").press("new")
    desk = await kari.send(taken.form("take-back").press())
    assert desk.path == "/desk"
    assert LABEL not in desk.html
    assert (await kari.open(taken.path)).path == "/desk/invitations"
    gone, never = await look_at(person, code_on(taken)), await look_at(person, "0" * 15)
    assert gone.main == never.main
    assert gone.status == never.status
    assert (await person.send(pressed)).status == 422
    assert (await person.open(begun.path)).status == 200, "what was begun stays"
    assert (await look_at(person, code_on(kept))).status == 200
    clock.pass_by(timedelta(days=13))
    assert (await look_at(person, code_on(kept))).status == 422
    await kari.sign_in()
    assert "mandag" not in (await kari.open("/desk")).main


@pytest.mark.parametrize(
    ("field", "text", "key"),
    [
        ("on", "i morgen", "refusal.DayUnreadable"),
        ("on", "2026-11-21", "refusal.DayNotAhead"),
        ("on", "2036-11-21", "refusal.DayNotAhead"),
        ("at", "99", "refusal.ClockUnreadable"),
        ("label", "x" * 61, "staff.TextTooLong"),
        ("place", "x\0", "staff.HiddenCharacter"),
        ("slips", "31", "refusal.NumberUnreadable"),
        ("slips", "mange", "refusal.NumberUnreadable"),
        ("slips", "²", "refusal.NumberUnreadable"),
    ],
)
async def test_nothing_typed_is_lost_where_something_cannot_be_taken(
    kari: Colleague, field: str, text: str, key: str
) -> None:
    page = await invite(kari, **({"on": text} if field == "on" else {field: text}))
    assert page.status == 422
    assert page.trouble == NB(key).format(limit={"label": 60}.get(field, 30))
    assert page.root.one(id="trouble").one("a").attributes["href"] == f"#{field}"
    form = page.form("invite")
    assert form.text(field) == text.replace("\0", "")
    assert form.text("greeting") == GREETING
    assert form.text("kind") == "care_team"


async def test_a_time_without_a_day_is_asked_about(kari: Colleague) -> None:
    page = await kari.open("/desk/invitations")
    page = await kari.send(page.form("invite").write("at", "10:00").press())
    assert page.trouble == NB("refusal.DayMissing")


async def test_pressing_twice_makes_one(kari: Colleague) -> None:
    pressed = (await kari.open("/desk/invitations")).form("invite").press()
    assert (await kari.send(pressed)).path == (await kari.send(pressed)).path
    (section,) = (await kari.open("/desk")).root.all("section", aria_labelledby="invitations")
    assert len(list(section.all("li"))) == 1


async def test_what_was_typed_outlives_the_session(kari: Colleague, clock: Clock) -> None:
    page = await kari.open("/desk/invitations")
    clock.pass_by(timedelta(hours=2))
    page = await kari.send(page.form("invite").write("greeting", GREETING).press())
    assert page.status == 401
    page = await kari.sign_in(page=page)
    held = next(form for form in page.forms() if form.path == "/desk/invitations")
    assert GREETING in (await kari.send(held.press())).main


async def test_the_slips_say_what_it_is_and_name_nobody(kari: Colleague) -> None:
    invitation = await invite(kari, slips="30", language="en")
    page = await kari.open(f"{invitation.path}/slips")
    slips = list(page.root.one("ol", class_="slips").all("li"))
    assert len(slips) == 30
    assert page.root.one("ol", class_="slips").attributes["lang"] == "en-GB"
    for slip in slips:
        assert CATALOGUES["en"].say("slip.what") in slip.text
        assert code_on(invitation) in slip.text
        assert slip.has("svg")
        for kept in ("Kari", LABEL, GREETING, PEOPLE):
            assert kept not in slip.text


async def test_somebody_elses_is_not_there(
    app: web.Application, kari: Colleague, ola: Colleague, new_person: NewPerson, settings: Settings
) -> None:
    invitation = await invite(kari)
    before = rows(settings)
    missing = await ola.open("/desk/invitations/" + "0" * 32)
    assert (await ola.open(invitation.path)).path == missing.path == "/desk/invitations"
    assert invitation.path not in (await ola.open(invitation.path)).html
    assert (await ola.open(f"{invitation.path}/slips")).status == 404
    await ola.send(invitation.form("take-back").press())
    assert rows(settings) == before
    peer = await new_person()
    await in_role(app, peer, "peer_worker")
    assert (await peer.open("/desk/invitations")).status == 404
    assert "/desk/invitations" not in (await peer.open("/desk")).html


async def test_after_a_reset_it_works_unseen_and_can_be_taken_back(
    person: Person, administrator: Colleague, kari: Colleague
) -> None:
    invitation = await invite(kari)
    accounts = await administrator.open("/admin/staff")
    account = next(a for a in accounts.root.all("a") if a.text == "Kari Fagperson").attributes["href"]
    ask = await administrator.open(f"{account}/reset")
    page = await administrator.send(ask.form("reset").press())
    await kari.set_up(page.root.one("input", id="link").attributes["value"], "Kari Fagperson")
    desk = await kari.open("/desk")
    assert LABEL not in desk.html
    page = await kari.open(invitation.path)
    assert page.heading == NB("invitation.before_reset")
    assert (await kari.open(f"{invitation.path}/slips")).status == 404
    assert (await look_at(person, code_on(invitation))).status == 200
    await kari.send(page.form("take-back").press())
    assert (await look_at(person, code_on(invitation))).status == 422


async def test_a_whole_waiting_room_behind_one_address_comes_in(app: web.Application, person: Person) -> None:
    """Its code is 75 bits: nothing is counted, and nobody's wrong tries keep anybody out."""
    colleague = person
    await in_role(app, colleague, "professional")
    typed = code_on(await invite(colleague))
    for _ in range(80):
        assert (await look_at(person, typed)).status == 200
        page = await look_at(person, "0" * 15)
        assert (page.status, page.form("open").text("link")) == (422, "0" * 15)


async def test_no_word_of_it_lies_open_or_reaches_anybody_else(
    person: Person,
    new_person: NewPerson,
    kari: Colleague,
    ola: Colleague,
    settings: Settings,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    markers = {name: new_marker() for name in ("place", "people", "greeting", "label")}
    invitation = await invite(kari, **markers)
    code, link = code_on(invitation), link_on(invitation).rpartition("#")[2]
    assert set(markers.values()) <= {m for m in markers.values() if m in invitation.html}
    seen = await look_at(person, link)
    assert markers["label"] not in seen.html
    assert markers["place"] in seen.html
    summary = await prepare(person, await person.send(seen.form("begin").press()))
    preview = await to_preview(person, summary)
    sent = await person.send(preview.form("share").press("ahead"))
    for page in (summary, preview, sent, await person.open("/notebook")):
        assert markers["label"] not in page.html
    stranger = await new_person()
    foreign = [await ola.open("/desk"), await stranger.open("/nb/i"), await stranger.begin()]
    foreign.append(await look_at(stranger, "0" * 15))
    arrived = next(a for a in foreign[0].root.all("a") if "/arrived/" in a.attributes["href"])
    envelope = await ola.open(arrived.attributes["href"])
    foreign += [envelope, await ola.send(envelope.form("open").press())]
    for page in foreign:
        assert not [marker for marker in markers.values() if marker in page.html]
    secrets = [*markers.values(), code, code.replace("-", "").lower(), link, link.replace("-", "")]
    assert hits(secrets, settings.data) == []
    assert not [secret for secret in secrets if secret in caplog.text]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_of_it_speaks_one_language(
    app: web.Application, person: Person, kari: Colleague, language: Language
) -> None:
    await kari.send((await kari.open("/desk")).form("staff-language").press(language))
    invitation = await invite(kari, language=language)
    pages = [await kari.open("/desk/invitations"), invitation, await kari.open(f"{invitation.path}/slips")]
    pages.append(await person.open(f"/{language}/i"))
    pages.append(await look_at(person, "x", language))
    pages.append(await look_at(person, link_on(invitation), language))
    assert {page.language for page in pages} == {language}
    assert link_on(invitation).startswith(f"{person.address[:7]}"), app[CONTEXT].settings.public_url
    assert f"/{language}/i#" in link_on(invitation)


async def test_an_invitation_of_someone_who_left_is_over_and_what_was_begun_stays(
    app: web.Application, new_person: NewPerson, kari: Colleague
) -> None:
    made = await invite(kari)
    begun, looking = await new_person(), await new_person()
    page = await accept(begun, code_on(made))
    looked = await look_at(looking, code_on(made))
    accounts = app[CONTEXT].services.staff.accounts
    await accounts.disable(kari.staff_id)
    await accounts.remove(kari.staff_id)
    assert (await begun.open(page.path)).status == 200
    assert (await begun.summary(await begun.open(page.path))).status == 200
    late = await looking.send(looked.form("begin").press("new"))
    assert late.status in (404, 422)
    assert (await look_at(looking, code_on(made))).status == 422
