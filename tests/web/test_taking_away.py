"""What takes something away has its own colour, is never the main button, and comes after the way out."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from support.page import Page
from support.person import CATALOGUES, Person
from support.preparing import ordinary
from support.sharing import choose, share

WEB = Path(__file__).parents[2] / "assistant/web"
NB = CATALOGUES["nb"].say
TAKES_AWAY = re.compile(
    r"^(ja, )?(slett|fjern|ta (det |invitasjonen )?(bort|tilbake)|trekk|steng|nullstill|avslutt|slå av)\b",
    re.IGNORECASE,
)
"""How the text of such a button begins in bokmål."""
ACTS = re.compile(
    r'action="[^"]*/(delete|withdraw|take-back|disable|reset)"|'
    r'name="(?:act|move)" value="(forget|take_away|down:|back:|end"|delete)|\bopen_form\("drop-'
)
"""The forms and buttons whose act takes something away, by what they send."""
CONTROL = re.compile(r"<(button|a)\b((?:[^<>]|{%.*?%}|{{.*?}})*)>(.*?)</\1>", re.DOTALL)
CONTRAST = 4.5


class Control(NamedTuple):
    """A button or a link of a template."""

    template: str
    at: int
    tag: str
    attributes: str
    inside: str

    @property
    def is_marked(self) -> bool:
        return "takes-away" in self.attributes

    @property
    def texts(self) -> list[str]:
        return [_nb(key) for key in re.findall(r'say\("([\w.]+)"', self.inside)]


def _nb(key: str) -> str:
    return CATALOGUES["nb"].sentences.get(key, "")


def controls() -> list[Control]:
    return [
        Control(path.relative_to(WEB).as_posix(), found.start(), found[1], found[2], found[3])
        for path in sorted(WEB.rglob("*.html"))
        for found in CONTROL.finditer(path.read_text())
    ]


def test_whatever_says_that_it_takes_away_looks_so() -> None:
    saying = [one for one in controls() if any(TAKES_AWAY.match(text) for text in one.texts)]
    assert len(saying) > 20
    assert [one for one in saying if not one.is_marked] == []


def test_whatever_sends_an_act_that_takes_away_looks_so() -> None:
    found = 0
    for path in sorted(WEB.rglob("*.html")):
        template = path.read_text()
        for act in ACTS.finditer(template):
            if act[0].startswith("name="):
                begins, ends = template.rindex("<", 0, act.start()), template.index(">", act.end())
            else:
                begins, ends = act.start(), template.index("</form>", act.end())
            assert "takes-away" in template[begins:ends], f"{path.name}: {act[0]}"
            found += 1
    assert found > 14


def test_it_is_never_the_main_button() -> None:
    assert [one for one in controls() if one.is_marked and re.search(r"\bprimary\b", one.attributes)] == []


def test_the_way_out_comes_first_where_both_are_offered() -> None:
    rows = 0
    for path in sorted(WEB.rglob("*.html")):
        for row in re.findall(r'<div class="moves">(.*?)</div>', path.read_text(), re.DOTALL):
            both = [one[2] for one in CONTROL.finditer(row)]
            if len(both) == 2 and any('"takes-away"' in attributes for attributes in both):
                assert "takes-away" in both[1], path.name
                rows += 1
    assert rows >= 5


async def test_each_question_before_it_offers_the_way_out_first(person: Person) -> None:
    summary = await ordinary(person)
    here = summary.path.removesuffix("/summary")
    shared = await share(person, await choose(person, summary))
    for path, no in (
        (f"{shared.path}/withdraw", "share.withdraw_no"),
        ("/notebook/link/off", "ways.no"),
        (f"{here}/delete", "notebook.delete_no"),
        ("/delete", "delete.no"),
    ):
        first, second = moves(await person.open(path))
        assert (first, second[1]) == ((NB(no), "button"), "takes-away"), path


def moves(page: Page) -> list[tuple[str, str]]:
    """The choices at the end of the page, in its order, each with its class."""
    row = page.root.one("div", class_="moves")
    return [(one.text, one.attributes["class"]) for one in row.all() if one.tag in ("a", "button")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_colour_is_easy_to_read(scheme: str) -> None:
    styles = (WEB / "static/styles/base.css").read_text()
    light, dark = styles.split("@media (prefers-color-scheme: dark)", 1)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light if scheme == "light" else dark))
    for ground in ("paper", "sheet", "brick-wash"):
        contrast = _contrast(colours["brick"], colours[ground])
        print(f"{scheme}, brick on {ground}: {contrast:.1f}")
        assert contrast >= CONTRAST


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
