"""What goes wrong at the pages of guided sessions: odd forms, ends in the middle, and screens that lock."""

import secrets
from datetime import timedelta

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import Colleague, as_colleague, in_role
from support.page import Page, Submission
from support.person import CATALOGUES, NewPerson, Person

from assistant.web.http.context import CONTEXT

NB = CATALOGUES["nb"].say
MINUTES = timedelta(minutes=1)
TYPED = "Dette skrev jeg i siste liten."
ACTS = (
    *(
        "",
        "go",
        "go:",
        "go:nowhere/at-all",
        "go:\0",
        "rest",
        "until",
        "note",
        "more",
        "more:",
        "more:yesterday",
    ),
    *("more:2026-01-01T00:00:00", "forward", "out", "out:\0", "down:\0", "say", "invite", "show", "show:\0"),
    *("back", "back:\0", "scope", "take", "take:\0", "ready", "door", "unknown", "\0", "x" * 5000),
)
FIELDS: tuple[tuple[str, str], ...] = (
    *(("text", TYPED), ("at", "\0"), ("note", "\0"), ("until", "\0"), ("staff", "\0"), ("line", "\0")),
    *(("scope", "\0"), ("request", "\0"), ("text", "x" * 5000), ("until", "25:99"), ("at", "x" * 5000)),
)


@pytest.fixture
async def peder(app: web.Application, new_person: NewPerson, clock: Clock) -> Colleague:
    colleague = as_colleague(await new_person(), clock)
    await in_role(app, colleague, "peer_worker", name="Peder")
    return colleague


async def open_session(peder: Person, form: str, dialogue: str = "peer_session", **more: str) -> Page:
    page = await peder.open("/desk/guided")
    filled = page.form("open-session").choose("kind", form).take("dialogue", dialogue)
    for name, text in more.items():
        filled.take(name, text)
    return await peder.send(filled.press())


def code_of(lead: Page) -> str:
    return lead.root.one("p", class_="share-code").text


async def join(person: Person, code: str, device: str = "own") -> Page:
    page = await person.open("/nb/i")
    page = await person.send(page.form("open").write("link", code).press())
    return await person.send(page.form("join").choose("device", device).press())


def press(path: str, act: str, *more: tuple[str, str]) -> Submission:
    return Submission(path, [("request", secrets.token_hex(16)), ("act", act), *more])


@pytest.mark.parametrize("form", ["one", "group"])
async def test_odd_forms_get_a_sentence_and_never_an_error(
    app: web.Application, peder: Colleague, person: Person, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # more acts than a person makes in so short a time
    monkeypatch.setattr(app[CONTEXT].limits.acts, "wait_for", lambda _key: 0.0)
    lead = await open_session(peder, form)
    page = await join(person, code_of(lead))
    own = f"{page.path}/guided"
    for who, path in ((peder, lead.path), (person, own)):
        for act in ACTS:
            page = await who.send(press(path, act))
            assert page.status < 500, (path, act)
            page = await who.send(press(path, act, ("at", "\0"), ("until", "1" * 99), ("staff", "æ")))
            assert page.status < 500, (path, act)
        for field in FIELDS:
            for act in ("say", "note", "rest", "invite", "scope", "forward"):
                page = await who.send(press(path, act, field))
                assert page.status < 500, (path, act, field)
        assert (await who.send(Submission(path, []))).status < 500
    for fields in ([], [("line", "\0")], [("line", "x" * 9000)], [("line", "a"), ("request", "\0")]):
        assert (await person.send(Submission(f"{own}/hold-up", fields))).status < 500


async def test_odd_openings_and_joinings(peder: Colleague, person: Person) -> None:
    lead = await open_session(peder, "group")
    for name in ("kind", "dialogue", "language", "minutes", "welcome", "request"):
        for text in ("\0", "x" * 5000, "", "-1", "after_meeting"):
            form = (await peder.open("/desk/guided")).form("open-session").press().instead(name, text)
            page = await peder.send(form)
            assert page.status < 500, (name, text)
        if page.path.startswith("/desk/guided/"):
            await peder.send(press(page.path, "end"))
    page = await person.open("/nb/i")
    page = await person.send(page.form("open").write("link", code_of(lead)).press())
    for name in ("into", "device", "link", "language", "request", "instead_of"):
        for text in ("\0", "x" * 5000, "", "meeting:", "meeting:\0", f"meeting:{'0' * 32}"):
            assert (await person.send(page.form("join").press().instead(name, text))).status < 500, (
                name,
                text,
            )


async def test_what_is_typed_for_a_session_that_has_ended_comes_back(
    peder: Colleague, person: Person
) -> None:
    lead = await open_session(peder, "one")
    page = await join(person, code_of(lead))
    own = await person.open(f"{page.path}/guided")
    lead = await peder.open(lead.path)
    await person.send(press(own.path, "leave"))
    theirs = await peder.send(lead.form("say").write("text", TYPED).press("say"))
    assert (theirs.trouble, theirs.status) == (NB("lead.SeatEmpty"), 422)
    assert theirs.form("say").text("text") == TYPED
    await peder.send(press(lead.path, "end"))
    mine = await person.send(own.form("say").write("text", TYPED).press("say"))
    assert TYPED in mine.root.one("textarea", id="late").text
    assert mine.status == 410
    theirs = await peder.send(lead.form("say").write("text", TYPED).press("say"))
    assert TYPED in theirs.root.one("textarea", id="late").text
    await person.send(press(own.path, "over"))  # forgotten in another tab
    mine = await person.send(own.form("say").write("text", TYPED).press("say"))
    assert TYPED in mine.main


async def test_a_line_for_a_session_that_has_ended_comes_back(peder: Colleague, person: Person) -> None:
    lead = await open_session(peder, "group")
    page = await join(person, code_of(lead))
    await peder.send(press(lead.path, "go:matters/now"))
    form = (await person.open(f"{page.path}/guided/hold-up")).form("hold-up").write("line", TYPED)
    too_long = await person.send(form.press().instead("line", TYPED * 30))
    assert TYPED * 30 in too_long.main
    await peder.send(press(lead.path, "end"))
    late = await person.send(form.press())
    assert (late.status, TYPED in late.root.one("textarea", id="late").text) == (410, True)
    assert (await person.open(f"{page.path}/guided/hold-up")).path.endswith("/guided")


async def test_a_double_tap_without_a_cookie_is_one_person(peder: Colleague, new_person: NewPerson) -> None:
    lead = await open_session(peder, "one")
    first, second = await new_person(), await new_person()  # two answers to the same form
    page = await first.open("/nb/i")
    page = await first.send(page.form("open").write("link", code_of(lead)).press())
    form = page.form("join").press()
    pages = [await first.send(form), await second.send(form)]
    assert NB("lead.joined", count=1) in (await peder.open(lead.path)).main
    for one, at in zip((first, second), pages, strict=True):
        own = await one.open(f"{at.path}/guided")
        theirs = (await peder.open(lead.path)).root.one("b", lang="zxx").text
        assert own.root.one("b", lang="zxx").text == theirs


async def test_a_facilitator_whose_keys_were_reset_is_let_end_it(
    app: web.Application, peder: Colleague, person: Person
) -> None:
    lead = await open_session(peder, "group")
    joined = await join(person, code_of(lead))
    site = app[CONTEXT]
    staff_id = await in_role(app, peder, "peer_worker", name="Peder på nytt")
    await site.services.guided.sessions._database.write(  # the same account, with a new pair of keys
        lambda c: c.exec_driver_sql(f"UPDATE guided_facilitators SET staff_id = '{staff_id}'")
    )
    assert NB("lead.lost") in (await peder.open("/desk")).main
    page = await peder.open(lead.path)
    assert page.heading == NB("lead.lost_heading")
    assert (await peder.send(page.form("lead").press("end"))).heading == NB("lead.over")
    assert NB("strip.over") in (await person.open(joined.path)).main


async def alive(person: Person, path: str) -> bool:
    response = await person.client.get(path, allow_redirects=False)
    return response.status == 200


@pytest.mark.parametrize(("device", "lives"), [("borrowed", False), ("own", True)])
async def test_a_borrowed_screen_lives_until_ten_minutes_after_the_end(
    peder: Colleague, person: Person, clock: Clock, device: str, lives: bool
) -> None:
    lead = await open_session(peder, "group", minutes="60")
    page = await join(person, code_of(lead), device)
    clock.pass_by(50 * MINUTES)  # only listening
    assert await alive(person, page.path)
    clock.pass_by(19 * MINUTES)
    assert await alive(person, page.path)
    clock.pass_by(2 * MINUTES)
    assert await alive(person, page.path) == lives


async def test_more_time_holds_a_borrowed_screen_longer(
    peder: Colleague, person: Person, clock: Clock
) -> None:
    lead = await open_session(peder, "group", minutes="30")
    page = await join(person, code_of(lead), "borrowed")
    lead = await peder.open(lead.path)
    (more,) = [b.attributes["value"] for b in lead.form("lead").buttons if NB("lead.more_time") in b.text]
    await peder.send(lead.form("lead").press(more))
    for _ in range(2):
        assert await alive(person, page.path)
        clock.pass_by(34 * MINUTES)
    assert await alive(person, page.path)
    clock.pass_by(3 * MINUTES)
    assert not await alive(person, page.path)


async def test_an_early_end_lets_a_borrowed_screen_go(peder: Colleague, person: Person, clock: Clock) -> None:
    lead = await open_session(peder, "group", minutes="120")
    page = await join(person, code_of(lead), "borrowed")
    clock.pass_by(5 * MINUTES)
    await peder.send(press(lead.path, "end"))
    over = await person.open(page.path)
    assert NB("strip.locks") in over.main
    clock.pass_by(9 * MINUTES)
    assert await alive(person, page.path)
    clock.pass_by(2 * MINUTES)
    assert not await alive(person, page.path)


async def test_a_second_person_and_a_notebook_at_its_limit_are_told(peder: Colleague, person: Person) -> None:
    lead = await open_session(peder, "group")
    await person.begin()
    for _ in range(40):
        page = await person.open("/notebook")
        if not page.has("another"):
            break
        page = await person.send(page.form("another").press())
        if page.status != 200:
            break
    page = await person.open("/nb/i")
    page = await person.send(page.form("open").write("link", code_of(lead)).press())
    page = await person.send(page.form("join").press())
    assert page.status < 500


async def test_when_the_role_is_taken_in_the_middle_it_is_over_for_everybody(
    app: web.Application, peder: Colleague, person: Person
) -> None:
    lead = await open_session(peder, "one")
    page = await join(person, code_of(lead))
    site = app[CONTEXT].services
    await site.guided.sessions._database.write(
        lambda c: c.exec_driver_sql("UPDATE staff SET roles = 'professional' WHERE name = 'Peder'")
    )
    assert NB("strip.over") in (await person.open(page.path)).main
    assert (await peder.send(press(lead.path, "go:matters/now"))).status == 404
    assert (await person.send(press(f"{page.path}/guided", "say", ("text", TYPED)))).status == 410


@pytest.mark.parametrize("form", ["one", "group"])
async def test_no_page_of_anybody_else_holds_a_word_that_is_not_shown(
    app: web.Application, peder: Colleague, new_person: NewPerson, clock: Clock, form: str
) -> None:
    words = {name: secrets.token_hex(8) for name in ("said", "draft", "line")}
    lead = await open_session(peder, form, "before_meeting")
    anne, other = await new_person(), await new_person()
    page = await join(anne, code_of(lead))
    joined = await join(other, code_of(lead)) if form == "group" else None
    page = await anne.reach("wishes/wish", page)
    page = await anne.send(page.form("reply").say(words["said"]).press("answer"))
    await peder.send(press(lead.path, "go:needs/need"))
    page = await anne.open(page.path)
    await anne.send(page.form("reply").say(words["draft"]).press("go:needs/need"))
    if form == "group":
        held = await anne.open(f"{page.path}/guided/hold-up")
        await anne.send(held.form("hold-up").write("line", words["line"]).press())
    kari = as_colleague(await new_person(), clock)
    await in_role(app, kari, "professional", "administrator", name="Kari")
    looked: list[tuple[Person, str]] = [(peder, lead.path + end) for end in ("", "/screen", "/slips")]
    looked += [(peder, f"{lead.path}/events?once"), (peder, "/desk"), (kari, "/desk"), (kari, "/admin")]
    looked += [(kari, lead.path)]
    if joined is not None:
        looked += [(other, joined.path), (other, f"{joined.path}/guided"), (other, "/notebook")]
    for who, path in looked:
        response = await who.client.get(path)
        got = f"{response.headers}{await response.text()}"
        assert not [name for name, word in words.items() if word in got], path
