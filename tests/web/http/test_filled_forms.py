"""Drafts are put into the forms of a page without a further look at the rest of it."""

from html import escape
from html import parser as html_parser

import pytest
from jinja2 import Environment

from assistant.web.http.filled_forms import filled
from assistant.web.http.template_environment import OPTIONS

FIELD = Environment(**OPTIONS).from_string(
    '<form><input type="hidden" name="draft" value="/notebook#{{ name }}">'
    '<textarea name="words">\n{{ words }}</textarea></form>'
)
TRICKY = "\n\"Jeg\" <tror> 'du' & jeg &amp; vi\n"


def page(**fields: str) -> str:
    return "".join(FIELD.render(name=name, words=words) for name, words in fields.items())


def test_what_the_page_already_shows_is_no_draft() -> None:
    html = page(a=TRICKY, b="")
    assert filled(html, {"a": {"words": (TRICKY,)}}, "not sent") == html
    changed = filled(html, {"b": {"words": (TRICKY,)}}, "not sent")
    assert changed.count("not sent") == 1
    assert f'<textarea name="words">\n{escape(TRICKY)}</textarea>' in changed


def test_a_long_text_in_one_form_is_not_decoded_to_fill_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Decoding 340,000 character references, which is one form, stalled everybody for half a second."""
    decoded = 0

    def count(text: str) -> str:
        nonlocal decoded
        decoded += text.count("&")
        return text

    monkeypatch.setattr(html_parser, "unescape", count)
    html = filled(page(a="&" * 340_000, b=""), {"b": {"words": ("hei",)}}, "not sent")
    assert "\nhei</textarea>" in html
    assert decoded == 0
