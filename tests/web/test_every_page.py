"""Every page there is, in every language: help, the way out, and not a sentence in another language.

What each page must have is looked at by `check` in `person.py`, on every page any test is given.
"""

from datetime import timedelta

import pytest
from support.as_read import our_library
from support.clock import Clock
from support.page import Element, Page
from support.person import CATALOGUES, Person, without_direction
from support.short_way import have

from assistant.languages import LANGUAGES, Language
from assistant.web.http.pages import AWAY


def said_in(node: object, language: Language) -> set[str]:
    """Every wording of the dialogues in a language."""
    if isinstance(node, dict):
        if set(node) == set(LANGUAGES):
            return {node[language]}
        return {text for child in node.values() for text in said_in(child, language)}
    if isinstance(node, list | tuple):
        return {text for child in node for text in said_in(child, language)}
    return set()


DIALOGUES = [dialogue.model_dump() for dialogue in our_library().values()]
SENTENCES = {
    language: {line for text in CATALOGUES[language].sentences.values() for line in text.split("\n")}
    | said_in(DIALOGUES, language)
    for language in LANGUAGES
}


def foreign_to(language: Language) -> set[str]:
    """What is said in another language and never in this one."""
    others = {text for other in LANGUAGES if other != language for text in SENTENCES[other]}
    return others - SENTENCES[language]


def texts_of(element: Element) -> set[str]:
    """All that is said in it, but for what says itself that it is in another language."""
    texts = {element.attributes.get(name, "") for name in ("title", "aria-label", "data-offline")}
    for child in element.inside:
        if isinstance(child, str):
            texts.add(child.strip())
        elif child.tag == "html" or "lang" not in child.attributes:
            texts |= texts_of(child)
    return texts


async def every_page(person: Person, language: Language, clock: Clock) -> list[Page]:
    """From the first page through everything that can be met, to the last."""
    pages = [await person.open(f"/{language}/")]
    page = await person.send(pages[0].form("start").press())
    while not page.has("summary"):
        pages.append(page)
        if page.has("reply"):
            if page.form("reply").words:
                pages.append(await person.send(page.form("reply").say("\x07").press()))
            page = await person.send(page.form("reply").press("skip"))
        else:
            page = await person.send(page.form("continue").press())
    summary, link = await have(person, language)
    here = summary.path.removesuffix("/summary")
    ways = [
        summary.path,
        here,
        f"{here}/show",
        f"{here}/take",
        f"{here}/pause",
        f"{here}/transcript",
        "/delete",
        f"/{language}/",
    ]
    ways += [f"/{language}/{name}" for name in ("help", "script", "how-it-is-kept", "r", "nowhere")]
    ways += [f"/{language}/for-{whom}" for whom in ("professionals", "peer-workers")]
    ways += [f"/{language}/script/before_meeting/2{name}" for name in ("", "/drawing")]
    pages += [await person.open(path, {"Accept-Language": language}) for path in ways]
    pages.append(await person.send(summary.form("change").press("go:matters/now")))
    form = pages[-1].form("reply")
    pages.append(await person.send(form.say("a" * 4001).press()))
    pages.append(await person.send(form.press().instead("turn", "0")))
    pages.append(await person.send(form.press().instead("state", "meeting/own_kind")))
    big = form.press().instead("more", "a" * 1_100_000)
    asks = {"Accept-Language": language}
    pages.append(await person.send(big, asks))
    pages.append(await person.send(form.press(), asks | {"Origin": "https://evil.example"}))
    clock.pass_by(timedelta(hours=1))
    pages.append(await person.send(form.press(), asks))
    pages.append(await person.send(pages[-1].form("unlock").write("link", "x").press(), asks))
    pages.append(await person.send(pages[-1].form("unlock").write("link", link).press(), asks))
    question = (await person.open("/delete")).form("delete")
    pages.append(await person.send(question.press()))
    return pages


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_speaks_one_language_and_can_be_left(
    person: Person, clock: Clock, language: Language
) -> None:
    pages = await every_page(person, language, clock)
    assert {200, 401, 403, 404, 409, 413, 422} == {page.status for page in pages}
    assert len({page.heading for page in pages}) >= 20
    foreign = foreign_to(language)
    for page in pages:
        assert page.language == language, page.heading
        assert len(texts_of(page.root) & SENTENCES[language]) >= 5, page.heading
        assert texts_of(page.root) & foreign == set(), page.heading
        left = await person.send(page.form("leave").press())
        assert (left.status, left.headers["Refresh"]) == (200, f"0; url={AWAY}")
        assert left.language == language


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_page_that_refuses_says_so_first_in_its_title(person: Person, language: Language) -> None:
    page = await person.reach("wishes/wish", await person.begin(language))
    title = page.root.one("title").text
    refused = await person.send(page.form("reply").say("a" * 4001).press())
    said = CATALOGUES[language].say("title.not_saved", title=title)
    assert without_direction(refused.root.one("title").text) == without_direction(said)
    door = await person.open(f"/{language}/r")
    title = door.root.one("title").text
    unknown = await person.send(door.form("open").write("link", "x").press())
    assert unknown.root.one("title").text == f"{CATALOGUES[language].say('open.unknown_heading')}: {title}"
