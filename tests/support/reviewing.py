"""A review, by the forms that both sides are given: prepared, shared, opened, and gone through."""

from dataclasses import dataclass

from assistant.languages import Language
from support.colleague import Colleague
from support.made_once import made_once
from support.page import Element, Form, Page, Submission
from support.person import Person
from support.preparing import say, tap
from support.sharing import choose, code_of, open_by, share

WISH = "Jeg vil ha færre folk på møtene.\n  Ni er for mange!"
SLEEP = "Å få sove om natten."
DAUGHTER = "Datteren min, hun er hos meg annenhver uke."
COURSE = "«Kurset» i mars"


@dataclass
class Both:
    """Two people at a review, each with a browser, and the user's private link."""

    mine: Person
    hers: Colleague
    here: str
    """Where the user has it."""
    desk: str
    """Where the professional has it."""
    link: str
    shared: Page

    async def my_page(self) -> Page:
        """The user's page as it is now."""
        return await self.mine.open(self.here)

    async def her_page(self) -> Page:
        """The professional's page as it is now."""
        return await self.hers.open(self.desk)

    async def pages(self) -> tuple[Page, Page]:
        """Both pages as they are now."""
        return await self.my_page(), await self.her_page()

    async def page_of(self, side: str) -> Page:
        """One side's page as it is now."""
        return await (self.my_page() if side == "user" else self.her_page())

    async def send(self, side: str, what: Submission) -> Page:
        """Send a form from one side's page."""
        return await (self.mine if side == "user" else self.hers).send(what)

    async def withdraw(self) -> Page:
        """The user takes back all that is shared."""
        ask = await self.mine.open(f"{self.shared.path}/withdraw")
        return await self.mine.send(ask.form("withdraw").press())


@made_once
async def prepared(person: Person, language: Language = "nb") -> tuple[Page, str]:
    """The summary with four entries, of which two are put first; and the private link."""
    page = await person.begin(language)
    page = await person.send(page.form("reply").choose("option", "care_team").press())
    page = await person.send(page.form("reply").write("on", "2027-02-05").write("at", "12:30").press())
    link = page.root.one("input", id="link").attributes["value"]
    page = await person.send(page.form("continue").press("skip"))
    page = await say(person, page, SLEEP, DAUGHTER)
    page = await say(person, await person.reach("wishes/wish", page), WISH, COURSE)
    summary = await person.summary(page)
    offers = next(form for form in summary.forms() if form.offers("go:first/three"))
    page = await person.send(offers.press("go:first/three"))
    for words in ("Kurset", "sove"):
        page = await tap(person, page, words)
    page = await person.send(page.form("reply").press("answer"))
    return await person.summary(page), link


async def opened(mine: Person, hers: Colleague, language: Language = "nb", **each: str) -> Both:
    """Shared by its code and opened, and nobody has said yet that this is the person they sit with."""
    summary, link = await prepared(mine, language)
    shared = await share(mine, await choose(mine, summary, **each))
    page = await open_by(hers, code_of(shared))
    mine_now = await mine.open(f"{summary.path.removesuffix('/summary')}/review")
    return Both(mine, hers, mine_now.path, page.path, link, shared)


async def met(mine: Person, hers: Colleague, language: Language = "nb", **each: str) -> Both:
    """Shared, opened, and the professional has said that this is the person."""
    both = await opened(mine, hers, language, **each)
    page = await both.her_page()
    await hers.send(page.form("meet").press("meet"))
    return both


def entry(page: Page, words: str) -> Element:
    """The entry with these words, and what has come of it."""
    return next(
        article
        for article in page.root.all("article")
        if "data-entry" in article.attributes and words in next(article.all("blockquote")).text
    )


def id_of(page: Page, words: str) -> str:
    """The entry's id."""
    return entry(page, words).attributes["data-entry"]


def answering(page: Page, words: str) -> Form:
    """The form for an honest answer to the entry with these words."""
    return page.form(f"answering-{id_of(page, words)}")


def beside(page: Page, words: str, whose: str) -> Form:
    """The form for that side's own words beside the entry with these words."""
    return page.form(f"beside-{whose}-{id_of(page, words)}")


def marks(page: Page, words: str) -> Form:
    """The buttons of the entry with these words."""
    return page.form(f"mark-{id_of(page, words)}")


def agreement(page: Page, what: str) -> Element:
    """The agreement with these words."""
    found = (a for a in page.root.all("article") if a.attributes.get("id", "").startswith("agreement-"))
    return next(a for a in found if what in a.text)


def agreement_id(page: Page, what: str) -> str:
    """Its id."""
    return agreement(page, what).attributes["id"].removeprefix("agreement-")


async def record_text(person: Person, page: Page) -> str:
    """The plain text for the record that this page of a review leads to."""
    link = page.root.one("p", class_="no-print copy").one("a")
    return (await person.open(link.attributes["href"])).root.one("textarea", class_="record-text").text
