"""Wherever own words are shown, a browser that translates the page leaves them as they were written."""

from collections.abc import Iterator
from datetime import timedelta

from aiohttp import web
from support.clock import Clock
from support.colleague import as_colleague, in_role
from support.inviting import accept, code_on, invite, look_at
from support.page import Element, Page
from support.person import NewPerson, Person
from support.preparing import place, say_more, taps
from support.reviewing import COURSE, DAUGHTER, SLEEP, WISH, beside, met

from assistant.retention import RELEASED

OWN = "Zq"
"""Everything that somebody types here begins with it, and nothing that the program says holds it."""
TOPIC, ABOUT, LOOKED_BACK, BESIDE = (f"{OWN} {word}" for word in ("hunden", "våkner", "ingen spurte", "ved"))
INVITED = {name: f"{OWN} {name}" for name in ("place", "people", "greeting", "label")}


def left_to_translate(element: Element, is_kept: bool = False) -> Iterator[str]:
    """Every piece of text that a translating browser would rewrite."""
    is_kept = {"no": True, "yes": False}.get(element.attributes.get("translate", ""), is_kept)
    for child in element.inside:
        if isinstance(child, Element):
            yield from left_to_translate(child, is_kept)
        elif not is_kept:
            yield child


def see_that_own_words_are_left_alone(pages: list[Page], *words: str, least: int) -> None:
    """No own words are left to translate, and so many of the pages show some."""
    words = (OWN, *words)
    showing = [page for page in pages if any(word in "".join(page.root.texts()) for word in words)]
    assert len(showing) >= least, [page.path for page in pages if page not in showing]
    for page in pages:
        left = [text for text in left_to_translate(page.root) if any(word in text for word in words)]
        assert left == [], page.path


async def prepared(person: Person, own: str = OWN) -> Page:
    """The summary of the short way, a topic in own words, something put first and a note."""
    page = await person.begin()
    page = await person.send(page.form("reply").choose("option", "care_team").press())
    page = await person.send(page.form("reply").write("on", "2027-02-05").write("at", "12:30").press())
    page = await person.send(page.form("continue").press("skip"))
    while page.has("reply"):
        page = await own_words(person, page, own)
    page = await say_more(person, page, "topics", "private")
    page = await person.send(page.form("reply").choose("option", "days").say(f"{own} tema").press())
    while page.has("reply"):
        page = await own_words(person, page, own)
    summary = await person.summary(page)
    offers = next(form for form in summary.forms() if form.offers("go:first/three"))
    page = await person.send(offers.press("go:first/three"))
    page = await person.send(page.form("reply").press(taps(page)[0].attributes["value"]))
    page = await person.send(page.form("reply").press())
    return await person.summary(page)


async def own_words(person: Person, page: Page, own: str) -> Page:
    """Answer a question with own words in each of its fields."""
    form = page.form("reply")
    words = [f"{own} {page.state} {number}" for number, _ in enumerate(form.words)]
    if form.element.attributes["data-asks"] == "balance":
        return await place(person, page, "more", "less", words)
    return await person.send(form.say(*words).press() if words else form.press("skip"))


async def test_on_the_pages_of_a_preparation(person: Person, clock: Clock) -> None:
    summary = await prepared(person)
    here = summary.path.removesuffix("/summary")
    ways = ["summary", "show", "take", "print", "print?large", "print?nomap", "pause"]
    pages = [await person.open(f"{here}/{way}") for way in ways]
    pages += [await person.open(path) for path in ("/notebook", "/delete")]
    held_up = {a.attributes["href"] for a in summary.root.all("a", class_="hold")} | {
        a.attributes["href"] for a in pages[1].root.all("a") if "/show/" in a.attributes["href"]
    }
    pages += [await person.open(path) for path in sorted(held_up)]
    moves = [b.attributes["value"] for b in summary.form("change").buttons]
    for move in [*(move for move in moves if move.startswith("go:")), "go:wishes/wish"]:
        summary = await person.open(f"{here}/summary")
        page = await person.send(summary.form("change").press(move))
        pages.append(page)
    pages.append(await person.send(page.form("reply").say(TOPIC * 500).press()))
    pages.append(await person.open(f"{here}/form"))
    clock.pass_by(RELEASED.borrowed_browser + timedelta(seconds=1))
    pages.append(await person.send(page.form("reply").say(TOPIC).press()))
    assert pages[-1].status == 401
    see_that_own_words_are_left_alone(pages, least=40)


async def test_on_the_pages_after_a_meeting_and_of_the_next_one(person: Person, clock: Clock) -> None:
    summary = await prepared(person)
    meeting = summary.path.removesuffix("/summary")
    page = await person.open(f"{meeting}/after")
    page = await person.send(page.form("begin").press())
    pages = [page]
    while page.has("reply"):
        form = page.form("reply")
        page = await person.send(form.say(LOOKED_BACK).press() if form.words else form.press("skip"))
        pages.append(page)
    pages.append(await person.open(f"{meeting}/after/summary"))
    page = await person.send((await person.open("/notebook")).form("another").press())
    pages.append(page)
    while page.state != "matters/now":
        page = await person.send(page.form("reply" if page.has("reply") else "continue").press("skip"))
        pages.append(page)
    pages += [await person.open("/notebook"), await person.open(f"{page.path}/form")]
    see_that_own_words_are_left_alone(pages, least=4)


async def test_on_the_pages_of_a_share_and_a_review(
    app: web.Application, person: Person, new_person: NewPerson, clock: Clock
) -> None:
    hers = as_colleague(await new_person(), clock)
    await in_role(app, hers, "professional")
    both = await met(person, hers)
    page = await both.her_page()
    await hers.send(beside(page, WISH, "professional").write("words", BESIDE).press())
    share_path = both.here.partition("/review")[0] + "/share"
    ways = [share_path + way for way in ("", "/preview", "/shown")]
    pages = [*await both.pages(), *[await person.open(path) for path in ways]]
    pages.append(await both.withdraw())
    pages.append(await hers.send(beside(page, WISH, "professional").write("words", BESIDE).press()))
    see_that_own_words_are_left_alone(pages, "færre folk", SLEEP, DAUGHTER, COURSE, least=5)


async def test_on_the_pages_of_an_invitation(
    app: web.Application, person: Person, new_person: NewPerson, clock: Clock
) -> None:
    hers = as_colleague(await new_person(), clock)
    await in_role(app, hers, "professional")
    made = await invite(hers, **INVITED)
    pages = [made, await look_at(person, code_on(made)), await hers.open(f"{made.path}/slips")]
    await accept(person, code_on(made))
    pages.append(await person.open("/notebook"))
    see_that_own_words_are_left_alone([page for page in pages if page.status == 200], least=3)


async def test_what_the_program_says_is_left_to_be_translated(person: Person) -> None:
    summary = await prepared(person)
    heading = summary.root.one("h1").text
    assert heading in list(left_to_translate(summary.root))
    chosen = [quote.text for quote in summary.root.all("blockquote", class_="chosen")]
    assert chosen
    assert set(chosen) <= set(left_to_translate(summary.root))
