"""Guided sessions from opening to the end, without JavaScript: a peer worker and those who join."""

import pytest
from aiohttp import web
from support.as_read import our_library
from support.clock import Clock
from support.colleague import Colleague, as_colleague, in_role
from support.guests import Visitor
from support.page import Form, Page
from support.person import CATALOGUES, NewPerson, Person

from assistant.languages import Language

LIBRARY = our_library()
NB = CATALOGUES["nb"].say
WORDS = "Jeg vil ha mer ro rundt meg."


@pytest.fixture
async def peder(app: web.Application, new_person: NewPerson, clock: Clock) -> Colleague:
    colleague = as_colleague(await new_person(), clock)
    await in_role(app, colleague, "peer_worker", name="Peder")
    return colleague


async def open_session(peder: Visitor, form: str, dialogue: str = "peer_session", **more: str) -> Page:
    page = await peder.open("/desk/guided")
    filled = page.form("open-session").choose("kind", form).take("dialogue", dialogue)
    for name, text in more.items():
        filled.write(name, text)
    return await peder.send(filled.press())


def code_of(lead: Page) -> str:
    return lead.root.one("p", class_="share-code").text


async def at_the_door(person: Visitor, code: str, language: str = "nb") -> Page:
    page = await person.open(f"/{language}/i")
    return await person.send(page.form("open").write("link", code).press())


async def join(person: Visitor, code: str, language: Language = "nb", into: str = "") -> Page:
    page = await at_the_door(person, code, language)
    form = page.form("join")
    if into:
        form.choose("into", into)
    return await person.send(form.press())


def ticked(lead: Page) -> Form:
    """The waiting lines, every one ticked."""
    form = lead.form("waiting")
    return form.choose("line", *(box.attributes["value"] for box in form.named("line")))


async def do(who: Visitor, path: str, act: str) -> Page:
    """Press a button of the session's page."""
    page = await who.open(f"{path}/end" if path.startswith("/desk") and act == "end" else path)
    form = "lead" if path.startswith("/desk") else "guided-acts"
    return await who.send(page.form(form).press(act))


async def test_an_empty_desk_leads_to_a_session_in_one_form(peder: Colleague) -> None:
    desk = await peder.open("/desk")
    assert NB("desk.guided_empty") in desk.main
    assert {"/desk/guided", "/desk/guided/plan"} <= {a.attributes.get("href") for a in desk.root.all("a")}
    lead = await open_session(peder, "group", welcome="Fint at du kom")
    assert len(code_of(lead)) == 11
    assert NB("lead.not_on_screen") in lead.main
    assert NB("lead.joined", count=0) in lead.main
    assert NB("lead.form_group") in (await peder.open("/desk")).main


async def test_what_is_said_before_joining_and_nothing_is_joined_yet(
    peder: Colleague, person: Person
) -> None:
    lead = await open_session(peder, "one", welcome="Fint at du kom")
    page = await at_the_door(person, code_of(lead))
    for sentence in (
        NB("joining.leads", names="Peder", title="erfaringskonsulent"),
        "Fint at du kom",
        NB("joining.one_sees", names="Peder"),
        NB("joining.ask_record", names="Peder"),
        NB("joining.duty", names="Peder"),
    ):
        assert sentence in page.main
    assert NB("lead.joined", count=0) in (await peder.open(lead.path)).main


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
async def test_beside_one_person(peder: Colleague, person: Person, language: Language) -> None:
    say = CATALOGUES[language].say
    lead = await open_session(peder, "one", "before_meeting")
    page = await join(person, code_of(lead), language)
    assert say("strip.sees_nothing", names="Peder") in page.main
    assert say("strip.gathering") in page.main
    page = await person.reach("wishes/wish", page)
    page = await person.send(page.form("reply").say(WORDS).press("answer"))
    assert WORDS not in (await peder.open(lead.path)).main
    assert NB("lead.sees_nothing") in (await peder.open(lead.path)).main

    own = f"{page.path.partition('/guided')[0]}/guided"
    page = await person.open(own)
    (show,) = [
        b.attributes["value"]
        for b in page.form("guided-acts").buttons
        if b.attributes.get("value", "").startswith("show:") and WORDS in b.text
    ]
    page = await do(person, own, show)
    assert say("strip.sees", names="Peder", count=1) in page.main
    assert WORDS in (await peder.open(lead.path)).main
    words = page.root.one("b", lang="zxx").text
    assert words in (await peder.open(lead.path)).main

    await do(person, own, show.replace("show:", "back:"))
    assert WORDS not in (await peder.open(lead.path)).main
    page = await do(person, own, "leave")
    assert not page.root.has("aside", id="guided") or say("strip.over") not in page.main
    assert NB("lead.joined", count=0) in (await peder.open(lead.path)).main


async def test_a_group_at_its_own_pace(peder: Colleague, new_person: NewPerson) -> None:
    lead = await open_session(peder, "group")
    people = [await new_person() for _ in range(3)]
    pages = [await join(one, code_of(lead)) for one in people]
    lead = await do(peder, lead.path, "go:matters/now")
    strips = [(await one.open(page.path)).main for one, page in zip(people, pages, strict=True)]
    assert all(NB("strip.at") in strip for strip in strips)
    own = [f"{page.path}/guided" for page in pages]
    for number, (one, path) in enumerate(zip(people, own, strict=True)):
        page = await one.open(f"{path}/hold-up")
        assert page.heading == NB("hold_up.heading")
        page = await one.send(page.form("hold-up").write("line", f"Linje {number}").press("see"))
        assert f"Linje {number}" in page.main
        assert NB("hold_up.warning").split("\n")[0] in page.main
        await one.send(page.form("hold-up").press("yes"))
        assert f"Linje {number}" not in (await peder.open(f"{lead.path}/screen")).main
    lead = await peder.open(lead.path)
    lead = await peder.send(ticked(lead).press("forward"))
    screen = await peder.open(f"{lead.path}/screen")
    for number in range(3):
        assert f"Linje {number}" in screen.main
        assert f"Linje {number}" in (await people[0].open(own[0])).main
    assert not screen.root.has("form", id="lead")
    await do(peder, lead.path, "end")
    for one, page in zip(people, pages, strict=True):
        assert NB("strip.sees_no_more", names="Peder") in (await one.open(page.path)).main


async def test_both_are_told_what_to_do_if_the_two_words_differ(peder: Colleague, person: Person) -> None:
    lead = await open_session(peder, "one")
    page = await join(person, code_of(lead))
    mine, theirs = await person.open(f"{page.path}/guided"), await peder.open(lead.path)
    assert mine.root.one(id="check-words").text == theirs.root.one(id="check-words").text
    assert NB("guided.check_why", names="Peder") in mine.main
    assert NB("lead.check_why") in theirs.main


async def test_answering_the_question_the_room_is_at_leads_to_the_session(
    peder: Colleague, person: Person
) -> None:
    lead = await open_session(peder, "group", "before_meeting")
    page = await join(person, code_of(lead))
    first = page.state
    await do(peder, lead.path, f"go:{first}")
    page = await person.open(page.path)
    page = await person.send(page.form("reply").press("skip"))
    assert page.path.endswith("/guided")
    page = await person.open(page.path.removesuffix("/guided"))
    assert page.state != first
    page = await person.send(page.form("reply").press("skip"))
    assert not page.path.endswith("/guided")


async def test_go_there_keeps_what_is_typed(peder: Colleague, person: Person) -> None:
    lead = await open_session(peder, "group", "before_meeting")
    page = await join(person, code_of(lead))
    page = await person.reach("wishes/wish", page)
    await do(peder, lead.path, "go:needs/need")
    page = await person.open(page.path)
    page = await person.send(page.form("reply").say(WORDS).press("go:needs/need"))
    assert page.state == "needs/need"
    page = await person.send(page.form("reply").press("go:wishes/wish"))
    assert WORDS in page.main


async def test_words_that_are_offered_are_the_users_only_when_taken(peder: Colleague, person: Person) -> None:
    lead = await open_session(peder, "one", "before_meeting")
    page = await join(person, code_of(lead))
    page = await person.reach("wishes/wish", page)
    path = page.path
    lead = await peder.open(lead.path)
    form = lead.form("say").write("text", "Mer tid til å tenke").take("at", "wishes/wish")
    await peder.send(form.press("say"))
    page = await person.open(f"{path}/guided")
    assert "Mer tid til å tenke" in page.main
    assert NB("guided.take_in_what") in page.main
    assert "Mer tid til å tenke" not in (await person.open(f"{path}/summary")).main
    (take,) = [
        b.attributes["value"]
        for b in page.form("guided-acts").buttons
        if b.attributes.get("value", "").startswith("take:")
    ]
    page = await person.send(page.form("guided-acts").press(take))
    assert page.state == "wishes/wish"
    assert page.form("reply").text("statement.new1") == "Mer tid til å tenke"
    assert "Mer tid til å tenke" not in (await person.open(f"{path}/summary")).main
    page = await person.open(path)
    await person.send(page.form("reply").press("answer"))
    assert "Mer tid til å tenke" in (await person.open(f"{path}/summary")).main


async def test_a_meeting_that_has_begun_can_take_part(peder: Colleague, person: Person) -> None:
    page = await person.begin()
    page = await person.reach("wishes/wish", page)
    page = await person.send(page.form("reply").say(WORDS).press("answer"))
    meeting = page.path.split("/")[2]
    lead = await open_session(peder, "one", "before_meeting")
    page = await join(person, code_of(lead), into=f"meeting:{meeting}")
    assert page.path.split("/")[2] == meeting
    assert NB("strip.sees_nothing", names="Peder") in page.main
    assert WORDS not in (await peder.open(lead.path)).main
    assert "Økt med Peder" in (await person.open("/notebook")).main


async def test_a_full_or_closed_session_says_so(peder: Colleague, new_person: NewPerson) -> None:
    lead = await open_session(peder, "one")
    first, second = await new_person(), await new_person()
    await join(first, code_of(lead))
    page = await join(second, code_of(lead))
    assert NB("joining.taken") in page.main
    await do(peder, lead.path, "close")
    page = await at_the_door(second, code_of(lead))
    assert NB("invited.unknown") in page.main


async def test_two_pages_that_press_next_never_skip_a_question(peder: Colleague) -> None:
    lead = await open_session(peder, "group")
    (press,) = [
        lead.form("lead").press(b.attributes["value"])
        for b in lead.form("lead").buttons
        if NB("lead.begin") in b.text
    ]
    once = await peder.send(press)
    twice = await peder.send(press)
    assert once.root.one("h2", id="now").text == twice.root.one("h2", id="now").text


async def test_a_peer_session_is_no_treatment_meeting(peder: Colleague, person: Person) -> None:
    lead = await open_session(peder, "one")
    page = await join(person, code_of(lead))
    page = await person.reach("onward/carry", page)
    page = await person.send(page.form("reply").say(WORDS).press("answer"))
    notebook = await person.open("/notebook")
    assert "Samtale med en som selv har hatt det vanskelig" in notebook.main
    assert not [a for a in notebook.root.all("a") if a.attributes.get("href", "").endswith("/after")]
    page = await person.send(notebook.form("another").press())
    assert WORDS in (await person.open(page.path)).main, "the next preparation opens with it"


@pytest.mark.parametrize("path", ["over", "plan", "notes/peer_session", "notes/before_meeting"])
async def test_what_a_peer_worker_reads(peder: Colleague, path: str) -> None:
    page = await peder.open(f"/desk/guided/{path}")
    assert page.heading


async def test_nobody_else_finds_a_session(
    app: web.Application, peder: Colleague, new_person: NewPerson, clock: Clock, person: Person
) -> None:
    lead = await open_session(peder, "group")
    kari = as_colleague(await new_person(), clock)
    await in_role(app, kari, "professional", name="Kari")
    liv = as_colleague(await new_person(), clock)
    await in_role(app, liv, "peer_worker", name="Liv")
    for path in (lead.path, f"{lead.path}/screen", f"{lead.path}/slips", "/desk/guided"):
        response = await kari.client.get(path, allow_redirects=False)
        assert response.status == 404, path
    for path in (f"{lead.path}/screen", f"{lead.path}/slips", f"{lead.path}/events"):
        response = await liv.client.get(path, allow_redirects=False)
        assert response.status == 404, path
    assert (await liv.open(lead.path)).heading == NB("lead.over")


@pytest.mark.parametrize("dialogue", ["before_meeting", "peer_session"])
async def test_every_note_is_on_the_page_that_a_peer_worker_prints(peder: Colleague, dialogue: str) -> None:
    page = await peder.open(f"/desk/guided/notes/{dialogue}")
    assert [note for note in _notes(dialogue, "nb") if note not in page.main] == []


@pytest.mark.parametrize("dialogue", ["before_meeting", "peer_session"])
async def test_notes_are_on_the_facilitators_pages_and_on_no_other(
    peder: Colleague, new_person: NewPerson, dialogue: str
) -> None:
    at = "matters/now"
    lead = await open_session(peder, "group", dialogue)
    code = code_of(lead)
    lead = await do(peder, lead.path, f"go:{at}")
    note = LIBRARY[dialogue].states[at].facilitator
    assert note is not None
    assert note.in_("nb") in lead.main

    others: list[Page] = [await peder.open(f"{lead.path}/{page}") for page in ("screen", "slips")]
    languages: tuple[Language, ...] = ("nb", "nn", "en")
    for language in languages:
        one = await new_person()
        others.append(await at_the_door(one, code, language))
        page = await join(one, code, language)
        meeting = page.path
        others += [page, await one.reach(at, page)]
        for more in ("guided", "guided/hold-up", "summary", "form"):
            others.append(await one.open(f"{meeting}/{more}"))
        others.append(await one.open(f"/{language}/script/{dialogue}"))
    every = [note for language in languages for note in _notes(dialogue, language)]
    texts = [(page.path, page.root.text) for page in others]
    shown = [(path, note) for path, text in texts for note in every if note in text]
    assert shown == []


def _notes(dialogue: str, language: Language) -> list[str]:
    """Every note of a dialogue, for parts and for questions."""
    beside = [*LIBRARY[dialogue].parts, *LIBRARY[dialogue].states.values()]
    return [each.facilitator.in_(language) for each in beside if each.facilitator is not None]
