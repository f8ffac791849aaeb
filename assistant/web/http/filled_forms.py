"""Fill the drafts into the forms of a rendered page, on any page and for any form.

A form takes part by its hidden field `draft`, which is its first field. Where the draft differs from the
page, the draft is shown, the `details` elements around the form are opened, and a line says that it is not
sent yet.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from assistant.service.form_drafts import Fields
from assistant.web.http.forms import DRAFT

_AS_IT_WAS = ("seen", "id", "request")
"""Hidden fields restored with the draft: the revisions its author saw, and the request id."""
_PICKED = ("checkbox", "radio")
_BETWEEN_TAGS = re.compile(">[^<]*")
_MARKED = f'<input type="hidden" name="{DRAFT}" value="'
_MARKER = re.compile(rf'{_MARKED}([^"#]+)#([^"]+)">')


def has_forms(page: bytes) -> bool:
    """Return whether a form on the page takes part, without decoding the page."""
    return _MARKED.encode() in page


def page_of(html: str) -> str | None:
    """Return the page's path, if it has a form that takes part."""
    at = html.find(_MARKED)  # in a tenth of the time that an expression takes
    found = _MARKER.search(html, at) if at >= 0 else None
    return found[1] if found else None


def forms_on(html: str) -> set[str]:
    """Return the names of the forms that take part."""
    return {found[2] for found in _MARKER.finditer(html)}


def filled(html: str, drafts: Mapping[str, Fields], note: str) -> str:
    """Return the page with these drafts in its forms, each with this note beside it."""
    reader = _FormParser(html, drafts, note)
    # the parser would decode each character reference between the tags, half a second for a long text
    reader.feed(_BETWEEN_TAGS.sub(lambda found: found[0].replace("&", "+"), html))
    reader.close()
    parts, at = [], 0
    for start, end, text in sorted(reader.edits):
        parts += [html[at:start], text]
        at = end
    return "".join([*parts, html[at:]])


def _as_escaped(html: str) -> str:
    """Return an escaped text as `html.escape` writes it; the templates write both quotation marks as numbers.

    Comparing escaped texts takes a hundredth of the time of decoding one.
    """
    return html.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")


@dataclass
class _OpenForm:
    """A form being parsed, and the changes to make in it."""

    start: int
    draft: dict[str, list[str]] = field(default_factory=dict)
    note_at: int = 0
    changed: bool = False
    edits: list[tuple[int, int, str]] = field(default_factory=list)

    def take(self, name: str) -> str | None:
        texts = self.draft.get(name)
        return texts.pop(0) if texts else None


class _FormParser(HTMLParser):
    """Parses a page once and records the changes with their positions."""

    def __init__(self, html: str, drafts: Mapping[str, Fields], note: str) -> None:
        super().__init__(convert_charrefs=True)
        self.edits: list[tuple[int, int, str]] = []
        self._html, self._drafts, self._note = html, drafts, note
        self._lines = [0, *(found.end() for found in re.finditer("\n", html))]
        self._folds: list[tuple[int, bool]] = []
        self._opened: set[int] = set()
        self._form: _OpenForm | None = None
        self._textarea: tuple[str, int] | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        start = self._offset()
        end = start + len(self.get_starttag_text() or "")
        if tag == "details":
            self._folds.append((start + len("<details"), "open" in about))
        elif tag == "form":
            self._form = _OpenForm(start + len("<form"))
        elif self._form is not None:
            self._field(self._form, tag, about, start, end)

    def handle_endtag(self, tag: str) -> None:
        if tag == "details" and self._folds:
            self._folds.pop()
        elif tag == "textarea" and self._textarea is not None and self._form is not None:
            name, start = self._textarea
            self._textarea = None
            self._text(self._form, name, start, self._offset())
        elif tag == "form" and self._form is not None:
            self._close(self._form)
            self._form = None

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _field(self, form: _OpenForm, tag: str, about: Mapping[str, str], start: int, end: int) -> None:
        name = about.get("name", "")
        if tag == "input" and name == DRAFT:
            draft = self._drafts.get(about["value"].partition("#")[2], {})
            form.draft = {name: list(texts) for name, texts in draft.items()}
            form.note_at = end
        elif not form.draft:
            return
        elif tag == "textarea":
            self._textarea = (name, end)
        elif tag == "select":
            self._select = name
        elif tag == "option":
            is_chosen = about.get("value", "") in form.draft.get(self._select, ())
            self._pick(form, about, "selected", is_chosen, start, end)
        elif tag == "input" and about.get("type") in _PICKED:
            is_chosen = about.get("value", "") in form.draft.get(name, ())
            # a radio group always sends a value once chosen: without one, the draft says nothing about it
            if about["type"] == "checkbox" or name in form.draft:
                self._pick(form, about, "checked", is_chosen, start, end)
        elif tag == "input" and (about.get("type") != "hidden" or name in _AS_IT_WAS):
            self._line(form, about, start, end)

    def _text(self, form: _OpenForm, name: str, start: int, end: int) -> None:
        text = form.take(name)
        # HTML ignores the line break after the tag
        if text is not None and escape(text) != _as_escaped(self._html[start:end]).removeprefix("\n"):
            form.changed = True
            form.edits.append((start, end, f"\n{escape(text)}"))

    def _line(self, form: _OpenForm, about: Mapping[str, str], start: int, end: int) -> None:
        text = form.take(about.get("name", ""))
        if text is None or text == about.get("value", ""):
            return
        form.changed = form.changed or about.get("type") != "hidden"
        bare = re.sub(r' value="[^"]*"', "", self._html[start:end])
        form.edits.append((start, end, f'{bare[:-1]} value="{escape(text)}">'))

    def _pick(
        self, form: _OpenForm, about: Mapping[str, str], mark: str, is_chosen: bool, start: int, end: int
    ) -> None:
        if is_chosen == (mark in about):
            return
        form.changed = True
        bare = self._html[start : end - 1].removesuffix(f" {mark}").replace(f" {mark} ", " ")
        form.edits.append((start, end, f"{bare}{f' {mark}' if is_chosen else ''}>"))

    def _close(self, form: _OpenForm) -> None:
        if not form.changed:
            return
        self.edits += form.edits
        # JavaScript treats it as typed and not sent
        self.edits.append((form.start, form.start, " data-kept"))
        self.edits.append((form.note_at, form.note_at, f'<p class="hint draft">{escape(self._note)}</p>'))
        for at, is_open in self._folds:
            if not is_open and at not in self._opened:
                self._opened.add(at)
                self.edits.append((at, at, " open"))
