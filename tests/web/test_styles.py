"""The styles: they have no class that no page has, and few sizes of space."""

import re
from pathlib import Path

from assistant.meetings.paper_fit import POINTS, ROOMS
from assistant.web.http.pages import Assets

WEB = Path(__file__).parents[2] / "assistant/web"
STYLES = sorted((WEB / "static").rglob("*.css"))
PARTS = sorted((WEB / "static/styles").glob("*.css"))
LONGEST_LINE = 110
# put together in a template: from what happened to the entry, and from the fit of the paper
MADE_UP = {
    "is-next_time",
    *(f"type-{points}" for points in POINTS),
    *(f"room-{room}" for room in ROOMS if room > 10),
}


def without_comments(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)


def test_every_class_in_the_styles_is_in_a_page() -> None:
    selectors = "".join(re.sub(r"\{[^{}]*\}", " ", without_comments(path)) for path in STYLES)
    classes = set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors))
    assert len(classes) > 150
    sources = [path for path in (WEB.parent).rglob("*") if path.suffix in {".html", ".py", ".js"}]
    words = set(re.findall(r"[a-zA-Z][\w-]*", " ".join(path.read_text() for path in sources)))
    assert classes - words == MADE_UP


def test_every_part_is_in_the_one_file_that_pages_ask_for() -> None:
    site = Assets.read().files["site.css"].decode().split()
    parts = [without_comments(path).split() for path in PARTS]
    assert [part for part in parts if " ".join(part) not in " ".join(site)] == []
    assert len(site) == sum(map(len, parts))


def test_space_is_one_of_nine_sizes_but_for_a_few() -> None:
    spaces = re.compile(r"(?<![\w-])(?:margin|padding|gap|inset)[-a-z]*:([^;}]+)")
    values = " ".join(value for path in PARTS for value in spaces.findall(without_comments(path)))
    sizes = dict(re.findall(r"--space-(\d): ([\d.]+rem)", (WEB / "static/styles/base.css").read_text()))
    assert set(sizes) == set("012345678")
    literal = set(re.findall(r"(?<![\w.])[\d.]+rem", values))
    # between two parts of a page, where two sizes would be one too few and one too many
    assert literal == {".12rem", ".2rem", ".3rem", "2.2rem", "2.4rem", "3.5rem", "4rem"}
    assert literal.isdisjoint(sizes.values())
    assert values.count("var(--space-") > 250


def test_no_line_is_long() -> None:
    for path in STYLES:
        assert [line for line in path.read_text().splitlines() if len(line) > LONGEST_LINE] == [], path.name


def test_what_is_above_and_around_a_page_depends_on_its_kind_and_not_on_what_it_holds() -> None:
    """A page is shown as it comes: what its content decides would move when the content is here."""
    styles = "".join(without_comments(path) for path in PARTS)
    on_screen = re.sub(r"@media print \{(?:[^{}]*\{[^{}]*\})*\s*\}", "", styles)
    around = re.findall(r"((?:body|html|\.top):has\([^{}]*)\{([^{}]*)\}", on_screen)
    assert [rule for rule in around if "scroll-padding" not in rule[1] and ".aside" not in rule[0]] == []
    kinds = set(re.findall(r'data-kind~?="([^"]+)"', styles))
    pages = " ".join(path.read_text() for path in (WEB / "templates").rglob("*.html"))
    given = re.findall(r"{% block kind %}([^{]+){% endblock %}", pages)
    assert set(" ".join(kinds).split()) == set(" ".join(given).split())
