"""The participant's pages of a guided session: the strip, the page of the session, and holding up a line."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
from datetime import timedelta

import pytest
from support.clock import Clock
from support.colleague import Colleague
from support.page import Page
from support.person import NewPerson, Person

from web.peer.test_guided_sessions import (  # noqa: F401
    NB,
    WORDS,
    code_of,
    do,
    join,
    open_session,
    peder,
    ticked,
)

TYPED = "Dette holder jeg på å skrive."


async def showing(peder: Colleague, person: Person) -> tuple[Page, str]:
    """Somebody beside Peder who shows one answer: his page, and the path of their meeting."""
    lead = await open_session(peder, "one", "before_meeting")
    page = await join(person, code_of(lead))
    path = page.path
    page = await person.reach("wishes/wish", page)
    await person.send(page.form("reply").say(WORDS).press("answer"))
    page = await person.open(f"{path}/guided")
    (show,) = [
        b.attributes["value"]
        for b in page.form("guided-acts").buttons
        if b.attributes.get("value", "").startswith("show:") and WORDS in b.text
    ]
    await do(person, f"{path}/guided", show)
    assert WORDS in (await peder.open(lead.path)).main
    return lead, path


async def test_enter_in_a_field_presses_no_button_of_the_strip(peder: Colleague, person: Person) -> None:
    lead, path = await showing(peder, person)
    await do(peder, lead.path, "go:matters/now")
    for page, form, ordinary in (
        (await person.open(path), "reply", "answer"),
        (await person.open(f"{path}/form"), "whole", ""),
    ):
        assert page.form(form).offers("go:matters/now")
        assert page.form(form).offers("stop")
        assert page.form(form).buttons[0].attributes["value"] == ordinary
    await person.send(page.form("whole").press())
    assert WORDS in (await peder.open(lead.path)).main


@pytest.mark.parametrize("view", ["", "/form"])
async def test_stop_from_an_older_page_stops_whatever_is_typed_in_it(
    peder: Colleague, person: Person, view: str
) -> None:
    lead, path = await showing(peder, person)
    older = await person.open(f"{path}{view}")
    form = older.form("whole" if view else "reply")
    newer = await person.open(path)
    await person.send(newer.form("reply").say("Noe annet.").press("answer"))
    page = await person.send(form.say(f"{TYPED}\u200b").press("stop"))
    assert WORDS not in (await peder.open(lead.path)).main
    assert NB("lead.joined", count=0) in (await peder.open(lead.path)).main
    assert TYPED in page.main + (await person.open(f"{path}/form")).main


@pytest.mark.parametrize("view", ["/summary", ""])
async def test_stop_is_one_press_where_nothing_is_asked(peder: Colleague, person: Person, view: str) -> None:
    lead, path = await showing(peder, person)
    page = await person.open(path)
    while view == "" and page.has("reply"):
        page = await person.send(page.form("reply").press("skip"))
        page = await person.open(path)
    page = await person.open(f"{path}{view}")
    assert not page.has("reply")
    await person.send(page.form("stop-session").press("leave"))
    assert NB("lead.joined", count=0) in (await peder.open(lead.path)).main


@pytest.mark.parametrize("view", ["", "/form"])
async def test_the_way_to_the_session_keeps_what_is_typed(
    peder: Colleague, person: Person, view: str
) -> None:
    lead, path = await showing(peder, person)
    page = await person.open(f"{path}{view}")
    form = page.form("whole" if view else "reply")
    field = form.words[-1]
    page = await person.send(form.write(field, TYPED).press("guided"))
    assert page.path == f"{path}/guided"
    assert TYPED in (await person.open(f"{path}{view}")).main
    assert TYPED not in (await peder.open(lead.path)).main


async def test_the_strip_says_that_the_question_is_seen(peder: Colleague, person: Person) -> None:
    lead = await open_session(peder, "one", "before_meeting")
    page = await join(person, code_of(lead))
    assert NB("strip.sees_nothing", names="Peder") in page.main
    path = page.path
    for scope, sentence in (("question", "strip.sees_question"), ("answers", "strip.sees_answers")):
        page = await person.open(f"{path}/guided")
        await person.send(page.form("scope").choose("scope", scope).press())
        for here in (path, f"{path}/guided"):
            page = await person.open(here)
            assert NB(sentence, names="Peder") in page.main
            assert NB("strip.sees_nothing", names="Peder") not in page.main


async def test_a_message_typed_when_the_session_ends_is_given_back(peder: Colleague, person: Person) -> None:
    lead = await open_session(peder, "one")
    page = await join(person, code_of(lead))
    page = await person.open(f"{page.path}/guided")
    await do(peder, lead.path, "end")
    page = await person.send(page.form("say").write("text", TYPED).press("say"))
    assert page.status == 410
    assert NB("refusal.GuidedSessionOver") in page.main
    assert TYPED in page.main


@pytest.mark.parametrize("act", ["see", "yes"])
async def test_a_line_typed_when_the_session_ends_is_given_back(
    peder: Colleague, person: Person, act: str
) -> None:
    lead = await open_session(peder, "group")
    page = await join(person, code_of(lead))
    await do(peder, lead.path, "go:matters/now")
    page = await person.open(f"{page.path}/guided/hold-up")
    sent = page.form("hold-up").write("line", TYPED).press("see")
    if act == "yes":
        page = await person.send(sent)
        sent = page.form("hold-up").press("yes")
    await do(peder, lead.path, "end")
    page = await person.send(sent)
    assert TYPED in page.main


async def test_a_line_is_seen_before_it_is_held_up_and_can_be_changed(
    peder: Colleague, person: Person
) -> None:
    lead = await open_session(peder, "group")
    page = await join(person, code_of(lead))
    await do(peder, lead.path, "go:matters/now")
    path = f"{page.path}/guided"
    page = await person.open(f"{path}/hold-up")
    page = await person.send(page.form("hold-up").write("line", TYPED).press("see"))
    assert NB("hold_up.preview") in page.main
    page = await person.send(page.form("hold-up").press("edit"))
    assert page.form("hold-up").text("line").strip() == TYPED
    assert NB("guided.waiting") not in (await person.open(path)).main
    page = await person.send(page.form("hold-up").press("see"))
    await person.send(page.form("hold-up").press("yes"))
    assert NB("guided.waiting") in (await person.open(path)).main


async def test_words_for_a_question_without_a_free_field_are_there_to_copy(
    peder: Colleague, person: Person
) -> None:
    lead = await open_session(peder, "one", "before_meeting")
    page = await join(person, code_of(lead))
    path = page.path
    page = await person.reach("wishes/wish", page)
    own = [f"Ønske {n}" for n in range(5)]
    for number in range(1, 5):
        page = await person.send(page.form("reply").say(*own[:number]).press("more"))
    assert not page.form("reply").offers("more")
    await person.send(page.form("reply").say(*own).press("answer"))
    lead = await peder.open(lead.path)
    await peder.send(lead.form("say").write("text", "Et til").take("at", "wishes/wish").press("say"))
    page = await person.open(f"{path}/guided")
    (take,) = [
        b.attributes["value"]
        for b in page.form("guided-acts").buttons
        if b.attributes.get("value", "").startswith("take:")
    ]
    page = await person.send(page.form("guided-acts").press(take))
    assert NB("refusal.NoFreeField") in page.main
    assert "Et til" in page.main
    page = await person.open(f"{path}/summary")
    assert all(one in page.main for one in own)
    assert "Et til" not in page.main


async def test_a_borrowed_screen_turns_to_its_locked_page_without_javascript(
    peder: Colleague, person: Person, clock: Clock
) -> None:
    lead = await open_session(peder, "group")
    page = await join(person, code_of(lead))
    (refresh,) = page.root.all("meta", **{"http-equiv": "refresh"})
    clock.pass_by(timedelta(seconds=int(refresh.attributes["content"])))
    assert (await person.open(page.path)).status == 401


async def test_a_screen_of_ones_own_stays(peder: Colleague, person: Person) -> None:
    lead = await open_session(peder, "group")
    page = await person.open("/nb/i")
    page = await person.send(page.form("open").write("link", code_of(lead)).press())
    page = await person.send(page.form("join").choose("device", "own").press())
    assert not page.root.has("meta", **{"http-equiv": "refresh"})


async def test_leaving_gives_a_borrowed_screen_its_ordinary_time(
    peder: Colleague, person: Person, clock: Clock
) -> None:
    _, path = await showing(peder, person)
    page = await person.open(path)
    await person.send(page.form("reply").press("stop"))
    clock.pass_by(timedelta(minutes=21))
    assert (await person.open(path)).status == 401


async def test_half_a_message_stays_while_something_else_is_pressed(peder: Colleague, person: Person) -> None:
    _, path = await showing(peder, person)
    page = await person.open(f"{path}/guided")
    page = await person.send(page.form("say").write("text", TYPED).press("here"))
    assert page.form("say").text("text") == TYPED
    (back,) = [b for b in page.form("guided-acts").buttons if b.attributes["value"].startswith("back:")]
    page = await person.send(page.form("guided-acts").press(back.attributes["value"]))
    assert page.form("say").text("text") == TYPED
    page = await person.send(page.form("say").press("say"))
    assert page.form("say").text("text") == ""
    assert TYPED in page.root.one("div", id="said").text


async def put_forward(peder: Colleague, people: list[Person]) -> list[str]:
    """A group in which each of these people has a line on the board; the paths of their meetings."""
    lead = await open_session(peder, "group")
    paths = [(await join(one, code_of(lead))).path for one in people]
    await do(peder, lead.path, "go:matters/now")
    for number, (one, path) in enumerate(zip(people, paths, strict=True)):
        page = await one.open(f"{path}/guided/hold-up")
        page = await one.send(page.form("hold-up").write("line", f"Linje {number}").press("see"))
        await one.send(page.form("hold-up").press("yes"))
    await peder.send(ticked(await peder.open(lead.path)).press("forward"))
    return paths


async def test_three_people_hold_up_and_nobody_is_named(peder: Colleague, new_person: NewPerson) -> None:
    people = [await new_person() for _ in range(3)]
    paths = await put_forward(peder, people)
    page = await people[0].open(f"{paths[0]}/guided")
    down = [
        b.attributes["value"]
        for b in page.form("guided-acts").buttons
        if b.attributes.get("value", "").startswith("down:")
    ]
    assert len(down) == 1, "only their own line"
    assert NB("guided.waiting") not in page.main
    await people[0].send(page.form("guided-acts").press(down[0]))
    page = await people[1].open(f"{paths[1]}/guided")
    assert "Linje 0" not in page.main
    assert "Linje 2" in page.main


@pytest.mark.parametrize("what", ["meeting", "everything"])
async def test_what_is_deleted_is_taken_off_the_board(
    peder: Colleague, new_person: NewPerson, what: str
) -> None:
    people = [await new_person() for _ in range(4)]
    paths = await put_forward(peder, people)
    page = await people[0].open("/delete" if what == "everything" else f"{paths[0]}/delete")
    asked = page.form("delete" if what == "everything" else "ask").press()
    await people[0].send(asked)
    await people[0].send(asked)  # pressed twice
    page = await people[1].open(f"{paths[1]}/guided")
    assert "Linje 0" not in page.main
    assert all(f"Linje {number}" in page.main for number in (1, 2, 3))
