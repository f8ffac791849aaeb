"""A language is added by its texts alone, and may be written from right to left."""

import ast
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page
from support.commands import serving
from support.pseudo_language import PSEUDO, ROOT, add_pseudo_language, assistant, environment, in_pseudo
from support.tab import Tab, instead_of_the_weather

from assistant.config import TEXTS
from assistant.languages import LANGUAGES, NAMES, TAGS, direction, locale_of

IN_EACH_LANGUAGE = [
    f"tests/web/{name}.py" for name in ("user/test_short_way", "test_every_page", "authoring/test_reload")
]
PHONE = {"width": 360, "height": 740}
HEBREW = "אני רוצה לישון"
MIXED = "Jeg vil si שלום"
PHYSICAL = re.compile(
    r"(?:margin|padding|border|(?<!area-)inset|scroll-margin|scroll-padding)-(?:left|right)|(?<![\w-])(?:left|right)\s*:"
    r"|text-align:\s*(?:left|right)|(?:float|clear):\s*(?:left|right)(?!; float: inline)"
)


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All texts, with one language more."""
    folder = tmp_path_factory.mktemp("texts")
    add_pseudo_language(folder)
    return folder


def test_a_language_is_added_without_a_line_of_python(texts: Path) -> None:
    """The tests of the pages themselves, in that language: every page, and the short way by HTTP."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", PSEUDO, *IN_EACH_LANGUAGE],
        cwd=ROOT,
        env=environment(texts),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(r"^4 passed", done.stdout, re.MULTILINE), done.stdout[-500:]


def test_the_checks_know_the_language_too(texts: Path) -> None:
    assert "no issues" in assistant(texts, "check")
    assert f"in nb, nn, en, {PSEUDO}: no issues" in assistant(texts, "catalogue", "--issues")
    part = texts / "dialogues" / "before_meeting" / "private.yaml"
    whole = part.read_text("utf-8")
    part.write_text(re.sub(rf",? ?{PSEUDO}: .*?(?=\}}|\n)", "", whole), "utf-8")
    try:
        with pytest.raises(AssertionError, match=f"D104 the wording in '{PSEUDO}' is missing"):
            assistant(texts, "check")
    finally:
        part.write_text(whole, "utf-8")


def names_of_languages(tree: ast.AST) -> Iterator[tuple[int, str]]:
    named = {*LANGUAGES, *TAGS.values(), *NAMES.values()}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in named:
            yield node.lineno, str(node.value)
        elif isinstance(node, ast.Attribute) and node.attr in LANGUAGES:
            yield node.lineno, f".{node.attr}"


@pytest.mark.parametrize("path", sorted((ROOT / "assistant").rglob("*.py")), ids=lambda path: path.stem)
def test_no_line_of_python_names_a_language(path: Path) -> None:
    assert list(names_of_languages(ast.parse(path.read_text("utf-8")))) == []


def test_a_name_of_a_language_would_be_found() -> None:
    tree = ast.parse('x = {"nb": 1}\nif text.en: pass\n"""In nb."""')
    assert set(names_of_languages(tree)) == {(1, "nb"), (2, ".en")}


def test_the_style_knows_no_left_and_no_right() -> None:
    for path in (ROOT / "assistant/web/static").glob("*.css"):
        css = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        assert PHYSICAL.findall(css) == [], path.name
        for name, values in re.findall(r"\b(margin|padding)\s*:\s*([^;}]+)", css):
            sides = re.findall(r"(?:[^\s(]|\([^)]*\))+", values)
            assert len(sides) < 4 or sides[1] == sides[3], f"{name}: {values}"


@pytest.mark.parametrize(
    "wrong", ["padding-left: 1rem", "a { left: 0 }", "text-align: right", "float: left; x"]
)
def test_a_left_or_a_right_would_be_found(wrong: str) -> None:
    assert PHYSICAL.search(wrong)


def test_directions_come_from_the_languages_themselves() -> None:
    assert {direction(language) for language in LANGUAGES} == {"ltr"}
    for tag, expected in (("ar", "rtl"), (PSEUDO, "rtl"), ("he", "rtl"), ("se", "ltr"), ("pt-BR", "ltr")):
        locale = locale_of(tag)
        assert locale is not None
        assert locale.text_direction == expected


@pytest.fixture
def address(texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that offers the language."""
    monkeypatch.setenv(TEXTS, str(texts))
    with serving(tmp_path, "--watch") as (_, line):
        yield line.removeprefix("Ready: ").strip().rstrip("/")


@pytest_asyncio.fixture(loop_scope="session")
async def tab(browser: Browser, address: str) -> AsyncIterator[Tab]:
    """A tab of a phone, there."""
    context = await browser.new_context(viewport={"width": 360, "height": 740}, locale="ar")
    context.set_default_timeout(5_000)
    await instead_of_the_weather(context)
    tab = Tab(await context.new_page(), address)
    yield tab
    tab.assert_nothing_wrong()


async def see(tab: Tab) -> None:
    """The page is written from right to left, and nothing sticks out of it."""
    page = tab.page
    assert await page.evaluate("[document.documentElement.dir, document.documentElement.lang]") == [
        "rtl",
        PSEUDO,
    ]
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], await page.title()
    assert await begins_at(page, "h1") == "right"
    await tab.look()


async def begins_at(page: Page, selector: str) -> str:
    """The side its text begins at."""
    start = "one => ({ rtl: 'right', ltr: 'left' })[getComputedStyle(one).direction]"
    side: str = await page.locator(selector).first.evaluate(start)
    return side


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
async def test_from_right_to_left_on_a_phone(tab: Tab) -> None:
    page = tab.page
    await tab.open("/")
    assert page.url.endswith(f"/{PSEUDO}/"), "the browser asked for a language of that kind"
    await see(tab)
    await page.click("#help summary")
    assert await begins_at(page, ".number") == "left", "117 116 is another number"
    await see(tab)
    await page.click("#start button")
    for state, do in (("meeting/kind", "skip"), ("meeting/day", "skip")):
        await page.wait_for_selector(f"[data-state='{state}']")
        await see(tab)
        await page.click(f"main button[value={do}]")
    await page.wait_for_selector("input[name=device]")
    await see(tab)
    assert await begins_at(page, "#link") == "left"
    assert f"\u2068{tab.address.removeprefix('http://')}/{PSEUDO}/r\u2069" in await page.inner_text(
        ".typeable"
    )
    await tab.press("skip", then="[data-state='matters/now']")
    assert await begins_at(page, "textarea") == "right", "an empty field waits at the page's own side"
    await page.fill("textarea", HEBREW)
    assert await begins_at(page, "textarea") == "right"
    await tab.press("more", then="textarea >> nth=1")
    await page.fill("textarea >> nth=1", MIXED)
    assert await page.locator("textarea").nth(1).evaluate("one => getComputedStyle(one).direction") == "ltr"
    await see(tab)
    await tab.press("answer", then="[data-state='wishes/wish']")
    await page.fill("textarea", "Langt" * 60)
    await tab.press("answer", then="[data-state='helps/helped']")
    await tab.press("skip", then="[data-state='needs/need']")
    await tab.press("skip", then="[data-asks=balance]")
    await page.check("input[name='support.level'][value=more]")
    await page.check("input[name='challenge.level'][value=less]")
    await see(tab)
    await tab.press("answer", then="[data-state='questions/ask']")
    await tab.press("skip", then="#continue")
    await see(tab)
    await tab.press("answer", then="#summary")
    quotes = page.locator("blockquote.own")
    assert await quotes.all_text_contents() == [HEBREW, MIXED, "Langt" * 60]
    sides = await quotes.evaluate_all("all => all.map((one) => getComputedStyle(one).direction)")
    assert sides == ["rtl", "ltr", "ltr"]
    await page.click(".map-offered summary")
    await see(tab)
    here = page.url.removeprefix(tab.address).removesuffix("/summary")
    for path in ("/summary", "/show", "/print?large&map", "/pause"):
        await tab.open(here + path)
        await see(tab)
    for path in ("help", "script", "how-it-is-kept", "r", "for-peer-workers", "authors", "nowhere"):
        await tab.open(f"/{PSEUDO}/{path}")
        await see(tab)


def test_the_language_nobody_speaks_keeps_what_is_put_in() -> None:
    assert "{number}" in in_pseudo("Question {number} of 12")
    assert " 12" in in_pseudo("Question {number} of 12")
