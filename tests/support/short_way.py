"""The short way, answered in full, in each language: what somebody might say, and the saying of it."""

from collections.abc import Mapping

from assistant.languages import Language
from support.made_once import made_once
from support.page import Page
from support.person import Person
from support.preparing import whole

Said = Mapping[str, tuple[str, ...]]

SAID: Mapping[Language, Said] = {
    "nb": {
        "matters/now": ("  Å få sove om natten.", "Datteren min – hun er\n\nhos meg  annenhver uke."),
        "wishes/wish": ("Jeg vil ha færre folk på møtene. Ni er for mange!", "«Kurset» i mars"),
        "care_team/decide": ("Hvem som leser hva,\n og når.",),
        "needs/need": ("En pause uten at jeg må forklare hvorfor. ", "Ti minutter igjen? Si fra."),
        "helps/helped": ("En tur rundt vannet.", "Å slippe å si det\n to ganger."),
        "balance/now": ("Bli med første gang.", "Spør meg om kurset.", "Jeg begynner å le.", "ta en pause"),
        "questions/ask": ("Hvem leser referatet?", "\nKan jeg få det før NAV?\t"),
    },
    "nn": {
        "matters/now": ("  Å få sove om natta.", "Dottera mi – ho er\n\nhos meg  annakvar veke."),
        "wishes/wish": ("Eg vil ha færre folk på møta. Ni er for mange!", "«Kurset» i mars"),
        "care_team/decide": ("Kven som les kva,\n og når.",),
        "needs/need": ("Ein pause utan at eg må forklare kvifor. ", "Ti minutt att? Sei frå."),
        "helps/helped": ("Ein tur rundt vatnet.", "Å sleppe å seie det\n to gonger."),
        "balance/now": ("Ver med fyrste gongen.", "Spør meg om kurset.", "Eg byrjar å le.", "ta ein pause"),
        "questions/ask": ("Kven les referatet?", "\nKan eg få det før NAV?\t"),
    },
    "en": {
        "matters/now": ("  Sleeping at night.", "My daughter – she is\n\nwith me  every other week."),
        "wishes/wish": ("Fewer people at the meetings. Nine is too many!", "“The course” in March"),
        "care_team/decide": ("Who reads what,\n and when.",),
        "needs/need": ("A break I don’t have to explain. ", "Ten minutes left? Tell me."),
        "helps/helped": ("A walk round the lake.", "Not having to say it\n twice."),
        "balance/now": (
            "Come the first time.",
            "Ask me about the course.",
            "I start laughing.",
            "take a break",
        ),
        "questions/ask": ("Who reads the minutes?", "\nCan I have them before NAV does?\t"),
    },
}


def said_in(language: Language) -> Said:
    """What somebody says in a language; where nobody has said anything yet, in English."""
    return SAID.get(language, SAID["en"])


SECTIONS = {state: state.split("/")[0] for state in SAID["nb"]} | {"care_team/decide": "agree"}


async def answer(person: Person, page: Page, said: Said) -> Page:
    """Answer one question, whatever it asks."""
    form = page.form("reply")
    match form.element.attributes["data-asks"]:
        case "choice":
            form.choose("option", "care_team")
        case "date":
            form.write("on", "5.2.2027").write("at", "12:30")
        case "text":
            form.say(*said[page.state])
        case "statements":
            first, second = said[page.state]
            page = await person.send(form.say(first).press("more"))
            form = page.form("reply").say(first, second)
        case "balance":
            form.choose("support.level", "more").choose("challenge.level", "same")
            form = (await person.send(form.press())).form("reply")
            form.choose("support.forms", "listen", "beside").choose("challenge.forms", "not_take_over")
            form.say(*said[page.state])
    return await whole(person, await person.send(form.press()))


@made_once
async def have(person: Person, language: Language, device: str = "borrowed") -> tuple[Page, str]:
    """The whole conversation: the summary, and the private link that was shown on the way."""
    page, link = await person.begin(language), ""
    while not page.has("summary"):
        if page.has("reply"):
            page = await answer(person, page, said_in(language))
            continue
        form = page.form("continue")
        if page.has("link"):
            link = page.root.one("input", id="link").attributes["value"]
            form.choose("device", device)
        page = await person.send(form.press())
    return page, link


async def unlock(person: Person, link: str, language: Language = "nb") -> Page:
    """Come in by the private link, as without JavaScript: it is pasted into the field at its door."""
    page = await person.open(link.partition("#")[0].removeprefix(person.address) or f"/{language}/r")
    return await person.send(page.form("open").write("link", link).press())
