"""Somebody at a browser without JavaScript. They send only forms they were given, and look at every page."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession
from aiohttp.test_utils import TestClient

from assistant.languages import LANGUAGES, TAGS, as_language, direction
from assistant.web.http.pages import AWAY
from assistant.web.http.security_headers import HEADERS, HEADERS_WITH_PASSKEYS
from support.as_read import our_catalogues
from support.made_once import made_once
from support.page import Element, Form, Page, Submission, attributes_in

Client = TestClient[Any, Any]
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
CATALOGUES = {language: spoken.plain for language, spoken in our_catalogues().items()}
UNTOUCHED = "telephone=no,date=no,address=no,email=no"
"""What a phone is not to make links of: figures in own words are no numbers to call."""
FORM = "application/x-www-form-urlencoded"


class Person:
    """A browser with its own cookies.

    It opens pages and sends forms without a socket where it is given such a way to the application: the same
    requests and answers as by `client`, which tests of connections and streams use, for less.
    """

    def __init__(self, client: Client, near: ClientSession | None = None) -> None:
        self.client = client
        self.near = near
        self.address = str(client.make_url("")).rstrip("/")

    async def open(self, path: str, headers: Mapping[str, str] | None = None) -> Page:
        """Go to an address of the site, and on to where it leads."""
        return await self._see("GET", path, None, headers or {})

    async def send(
        self, what: Submission, headers: Mapping[str, str] | None = None, *, follow: bool = True
    ) -> Page:
        """Send a form as a browser does, and go on to where it leads."""
        # a browser sends every line break as CR LF
        pairs = [(n, re.sub("\r\n|\r|\n", "\r\n", t)) for n, t in what.fields]
        sent = {"Content-Type": FORM, "Origin": self.address, "Sec-Fetch-Site": "same-origin"} | dict(
            headers or {}
        )
        return await self._see("POST", what.path, urlencode(pairs).encode(), sent, follow=follow)

    async def begin(self, language: str = "nb") -> Page:
        """From the first page to the first question."""
        page = await self.open(f"/{language}/")
        return await self.send(page.form("start").press())

    async def reach(self, state: str, page: Page | None = None) -> Page:
        """Skip, from a page or from the beginning, to this question, or to the form with this id."""
        return await _reached(self, state) if page is None else await _skipped_to(self, state, page)

    async def change(self, page: Page, state: str) -> Page:
        """Go from a question to another that was answered, by the page of the whole conversation."""
        whole = await self.send(page.form("reply").press("transcript"))
        return await self.send(whole.form("change").press(f"go:{state}"))

    async def summary(self, page: Page | None = None) -> Page:
        """From a page, skipping what is open, to the summary."""
        return await _reached_summary(self) if page is None else await _skipped_to_summary(self, page)

    async def _see(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], *, follow: bool = True
    ) -> Page:
        for _ in range(5):
            ask, to = (
                (self.client.request, path)
                if self.near is None
                else (self.near.request, self.client.make_url(path))
            )
            response = await ask(
                method, to, data=body and BytesIO(body), headers=headers, allow_redirects=False
            )
            page = Page(path, response.status, response.headers, await response.text(errors="replace"))
            check(page)
            if not (follow and page.status in (302, 303)):
                return page
            method, path, body, headers = "GET", page.headers["Location"], None, {}
        raise AssertionError("led around in a circle")


async def _skipped_to(person: Person, state: str, page: Page) -> Page:
    while not page.has(state):
        if page.has("reply"):
            if page.state == state:
                break
            page = await person.send(page.form("reply").press("skip"))
        else:
            page = await person.send(page.form("continue").press("skip"))
    return page


async def _skipped_to_summary(person: Person, page: Page) -> Page:
    while not page.has("summary"):
        if page.has("reply"):
            page = await person.send(page.form("reply").press("skip"))
        else:
            page = await person.send(page.form("continue").press())
    return page


@made_once
async def _reached(person: Person, state: str) -> Page:
    return await _skipped_to(person, state, await person.begin())


@made_once
async def _reached_summary(person: Person) -> Page:
    return await _skipped_to_summary(person, await person.begin())


NewPerson = Callable[[], Awaitable[Person]]


HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def check(page: Page) -> None:
    """What every answer promises, whatever was asked."""
    assert page.status < 500 or page.status == 503, page.status
    headers = HEADERS_WITH_PASSKEYS if "/passkey.js" in page.html else HEADERS
    assert headers.items() <= page.headers.items()
    assert page.headers["Cache-Control"] in ("no-store", "public, max-age=31536000, immutable")
    assert "Traceback" not in page.html
    if page.headers.get("Content-Type", "").startswith("text/html") and AWAY not in page.headers.get(
        "Refresh", ""
    ):
        check_html(page)


def without_direction(text: str) -> str:
    """Return the text without the marks that a language from right to left puts round it."""
    return _DIRECTION.sub("", text)


def check_html(page: Page) -> None:
    """What every page has: help, the way out, the languages, one heading; and nothing from elsewhere."""
    language = as_language(page.language)
    assert language is not None, page.language
    say = CATALOGUES[language].say
    root = page.root
    assert root.one("details", id="help").one("summary").text == say("help.now")
    assert root.one(id="help").has("a", href="tel:113")
    if page.has("trouble"):
        refused = next(e.text for e in root.one(id="trouble").below if e.tag in ("h2", "h3"))
        # a language from right to left puts marks of direction round each text
        refused, saved, title = (
            without_direction(text).strip()
            for text in (refused, say("title.not_saved", title=""), root.one("title").text)
        )
        assert title.startswith((f"{refused}: ", saved)), title
    leave = page.form("leave")
    ways_out = ("/leave", say("site.leave")), ("/finish", say("finish.name"))  # the second on a loan tablet
    assert (leave.path, leave.buttons[0].text) in ways_out
    assert root.one("h1").attributes == {"id": "heading", "tabindex": "-1"}
    assert page.heading.strip()
    assert set(languages_of(page)) == set(LANGUAGES)
    assert root.one("html").attributes["dir"] == direction(language)
    assert root.one("meta", name="format-detection").attributes["content"] == UNTOUCHED
    check_modules(page)
    level = 1
    for element in root.below:
        if element.tag in HEADINGS:
            assert int(element.tag[1]) <= level + 1, f"<{element.tag}> after an <h{level}>: {element.text}"
            level = int(element.tag[1])
        elif element.tag == "article" or (
            element.tag == "section" and "aria-label" not in element.attributes
        ):
            assert any(part.tag in HEADINGS for part in element.below), f"no heading: {element.attributes}"
        for name in referred_to(element.tag, element.written):
            assert page.has(name), f"nothing has the id {name}"


@lru_cache(maxsize=20_000)
def referred_to(tag: str, written: str) -> Sequence[str]:
    """The ids that an element names. What it may not have fails, whatever else is on the page."""
    assert tag != "style", "the policy would not let it in"
    attributes = attributes_in(written)
    assert not any(name == "style" or name.startswith("on") for name in attributes)
    if "own" in attributes.get("class", "").split() or tag == "textarea":
        assert attributes.get("translate") == "no", "nothing rewrites own words, no browser either"
    address = attributes.get("src") or attributes.get("href") or "/"
    # the service's own statements are elsewhere, and only a press on the link leads there
    leads_away = tag == "a" and "noreferrer" in attributes.get("rel", "").split()
    near = ("/", "#", "tel:", "mailto:", *(("https://", "http://127.0.0.1:") if leads_away else ()))
    assert address.startswith(near), f"{address} is another site's"
    target = attributes.get("for") or attributes.get("aria-describedby")
    below = attributes.get("href", "")
    return [*([] if target is None else [target]), *([below[1:]] if below.startswith("#") else [])]


def check_modules(page: Page) -> None:
    """The modules of the script are those for what is on the page."""
    modules = [script.attributes["src"].rpartition("/")[2] for script in page.root.all("script")]
    assert modules[0] == "main.js"
    if _is_on(page, "textarea", "data-live", "data-step", "data-copy", "data-warn-in") or page.root.has(
        "input", name="draft"
    ):
        assert "conversation.js" in modules
    assert "passkey.js" in modules or not _is_on(page, "data-passkeys")
    assert ("review.js" in modules) == _is_on(page, "data-review", "data-lent")


def _is_on(page: Page, *names: str) -> bool:
    """Whether an element or an attribute with one of these names is on the page."""
    return not page.names.isdisjoint(names)


def languages_of(page: Page) -> dict[str, Form | str]:
    """The ways to read the page in each language: a link, or a form that has the button."""
    by_tag = {tag: language for language, tag in TAGS.items()}
    links: dict[str, Form | str] = {
        by_tag[link.attributes["hreflang"]]: link.attributes["href"]
        for link in page.root.all("a")
        if "hreflang" in link.attributes
    }
    if not any(_language(button) in LANGUAGES for button in page.root.all("button")):
        return links
    for form in page.forms():
        links |= {_language(button): form for button in form.buttons if _language(button) in LANGUAGES}
    return links


def _language(button: Element) -> str:
    return button.attributes.get("value", "").rpartition(":")[2]
