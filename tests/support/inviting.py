"""Inviting and being invited, by the forms that both sides are given."""

from support.page import Page
from support.person import Person

PLACE = "Storgata 3, andre etasje"
PEOPLE = "Kari fra teamet, og legen hvis du vil"
GREETING = "Velkommen. Du bestemmer selv hva vi snakker om."
LABEL = "torsdag kl. 10"
FACTS = {"place": PLACE, "people": PEOPLE, "greeting": GREETING, "label": LABEL}


async def invite(colleague: Person, kind: str = "care_team", on: str = "2026-12-03", **more: str) -> Page:
    """Make an invitation; the page it can be handed on from."""
    page = await colleague.open("/desk")
    page = await colleague.open(
        next(a.attributes["href"] for a in page.root.all("a") if a.attributes["href"] == "/desk/invitations")
    )
    form = page.form("invite").take("kind", kind).write("on", on).write("at", "10:00" if on else "")
    given = FACTS | more
    if "language" in given:
        form.take("language", given.pop("language"))
    for name, text in given.items():
        form.write(name, text)
    return await colleague.send(form.press())


def code_on(invitation: Page) -> str:
    """The code of an invitation, as its maker sees it."""
    return invitation.root.one("p", class_="share-code").text


def link_on(invitation: Page) -> str:
    """Its link."""
    return invitation.root.one("input", id="link").attributes["value"]


async def look_at(person: Person, typed: str, language: str = "nb") -> Page:
    """Type in what one was given, and see what it says."""
    page = await person.open(f"/{language}/i")
    return await person.send(page.form("open").write("link", typed).press())


async def accept(person: Person, typed: str, into: str = "new") -> Page:
    """Begin the preparation one is invited to."""
    page = await look_at(person, typed)
    return await person.send(page.form("begin").press(into))
