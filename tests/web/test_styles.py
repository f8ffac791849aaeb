"""The styles: they have no class that no page has, and few sizes of space."""

import re
from pathlib import Path

from assistant.web.http.pages import Assets

WEB = Path(__file__).parents[2] / "assistant/web"
STYLES = sorted((WEB / "static").rglob("*.css"))
PARTS = sorted((WEB / "static/styles").glob("*.css"))
LONGEST_LINE = 110
# put together in a template from what happened to the entry
MADE_UP = {"is-next_time"}


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
    site = Assets.read().files["site.css"].decode()
    assert [path.name for path in PARTS if path.read_text() not in site] == []
    assert len(site) == sum(len(path.read_text()) + 1 for path in PARTS) - 1


def test_space_is_one_of_six_sizes() -> None:
    literal, named = 0, 0
    for path in PARTS:
        for value in re.findall(r"(?:margin|padding|gap)[-a-z]*:([^;}]+)", without_comments(path)):
            literal += len(re.findall(r"[\d.]+rem", value))
            named += value.count("var(--space-")
    assert set(re.findall(r"--space-(\d):", (WEB / "static/styles/base.css").read_text())) == set("123456")
    assert literal * 5 < named


def test_no_line_is_long() -> None:
    for path in STYLES:
        assert [line for line in path.read_text().splitlines() if len(line) > LONGEST_LINE] == [], path.name
