"""A page as a browser without JavaScript has it: what stands on it, and the forms that can be sent.

It is stricter than a browser: an element that is not closed where it should be, an id that is used twice, or
a field that is not on the page fails the test.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html import unescape
from types import MappingProxyType
from typing import Protocol, Self

from assistant.languages import TAGS

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_TAG = re.compile(
    r"""<(?:!--.*?-->|!doctype[^>]*>|(/?)([a-z][a-z0-9]*)((?:[\s/][^"<>]*(?:"[^"]*"[^"<>]*)*)?)>)""",
    re.I | re.S,
)
_WELL_WRITTEN = re.compile(r"""(?:\s+[^\s"'<>/=]+(?:="[^"]*")?)*\s*/?""")
"""How a tag may go on after its name."""
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:="([^"]*)")?""")
# it begins with what is rare: where a day may begin, at each figure of a page, costs more than the reading
_KEPT_TOGETHER = re.compile(r"\xa0(?:(?:(?<=\d\xa0)|(?<=\d\.\xa0))(?=[^\W\d])|(?<=\bkl\.\xa0)(?=\d))")
"""The space in a day or a time, which keeps it on one line."""
_BARE = frozenset({"textarea", "title"})
"""What holds text alone."""
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "details", "dialog", "div", "dl", "fieldset", "figure"}
    | {"footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p"}
    | {"pre", "section", "table", "ul"}
)
"""What ends a paragraph in a browser, whether or not that is closed."""
_RUNNING = frozenset(
    {"b", "button", "em", "h1", "h2", "h3", "h4", "h5", "h6", "i", "label", "p", "pre", "small", "span"}
    | {"strong"}
)
"""What holds running text, and no block."""
_WRITABLE = ("text", "date", "time", "password")


class Elements(list["Element"]):
    """Every element of a page, in its order, and found by its tag or its id: to look through all of them for
    each takes longer than to read the page.
    """

    __slots__ = ("by_id", "by_tag")

    def __init__(self) -> None:
        super().__init__()
        self.by_tag: dict[str, list[Element]] = defaultdict(list)
        self.by_id: dict[str, Element] = {}


@dataclass(eq=False, slots=True)
class Element:
    """An element with what is inside it."""

    tag: str
    written: str
    """Its attributes as they were written."""
    attributes: Mapping[str, str]
    page: Elements = field(repr=False)
    """Every element of the page, in its order."""
    inside: list["Element | str"] = field(default_factory=list)
    first: int = 0
    last: int = 0
    """Where what is below this one begins and ends on the page."""

    @property
    def below(self) -> list["Element"]:
        """Every element below this one, in the order of the page."""
        return self.page[self.first : self.last]

    def all(self, tag: str | None = None, **attributes: str) -> Iterator["Element"]:
        """Every element below this one with this tag and these attributes (`data_state` is `data-state`)."""
        if "id" in attributes:
            one = self.page.by_id.get(attributes["id"])
            found = [] if one is None or tag not in (None, one.tag) else self._within([one])
        else:
            found = self.below if tag is None else self._within(self.page.by_tag.get(tag, []))
        for name, value in attributes.items():
            name = name.strip("_").replace("_", "-")
            found = [e for e in found if e.attributes.get(name) == value]
        return iter(found)

    def _within(self, found: list["Element"]) -> list["Element"]:
        """Those of them that are below this element."""
        return [e for e in found if self.first < e.first <= self.last]

    def one(self, tag: str | None = None, **attributes: str) -> "Element":
        """The only such element."""
        found = list(self.all(tag, **attributes))
        assert len(found) == 1, f"{len(found)} elements {tag} {attributes}"
        return found[0]

    def has(self, tag: str | None = None, **attributes: str) -> bool:
        """Whether there is such an element."""
        return next(self.all(tag, **attributes), None) is not None

    def texts(self) -> Iterator[str]:
        """Each piece of text, as it stands."""
        for child in self.inside:
            if isinstance(child, str):
                yield child
            else:
                yield from child.texts()

    @property
    def text(self) -> str:
        """All text in it, character for character."""
        text = "".join(self.texts())
        # the line break after the tag belongs to HTML
        return text.removeprefix("\n") if self.tag == "textarea" else text


@dataclass(frozen=True)
class Submission:
    """What a browser sends when a button is pressed."""

    path: str
    fields: list[tuple[str, str]]

    def without(self, name: str) -> "Submission":
        """The same, as if the field were missing."""
        return Submission(self.path, [pair for pair in self.fields if pair[0] != name])

    def instead(self, name: str, *texts: str) -> "Submission":
        """The same with something else in one field: for what no page of ours would send."""
        return Submission(self.path, [*self.without(name).fields, *((name, text) for text in texts)])


class Form:
    """A form of the page, to be filled in and sent."""

    def __init__(self, page: "Page", element: Element) -> None:
        owner, name = element.attributes, element.attributes.get("id")
        self.element = element
        self.path = owner.get("action", page.path)
        assert owner["method"] == "post"
        self.controls = [
            control
            for control in page.controls
            if (
                control.attributes["form"] == name
                if "form" in control.attributes
                else element.first < control.first <= element.last
            )
        ]
        self._texts = {id(c): c.text if c.tag == "textarea" else _standing_in(c) for c in self.controls}
        self._picked = {id(c) for c in self.controls if "checked" in c.attributes}

    def named(self, name: str) -> list[Element]:
        """The fields with this name."""
        return [c for c in self.controls if c.attributes.get("name") == name and c.tag != "button"]

    @property
    def words(self) -> list[str]:
        """The names of the fields for own words, in order."""
        return [c.attributes["name"] for c in self.controls if c.tag == "textarea" and "name" in c.attributes]

    def text(self, name: str) -> str:
        """What stands in a field."""
        (control,) = self.named(name)
        return self._texts[id(control)]

    def picked(self, name: str) -> list[str]:
        """Which options of a question are picked."""
        return [self._texts[id(c)] for c in self.named(name) if id(c) in self._picked]

    def write(self, name: str, text: str) -> Self:
        """Write in a field, over what stands there."""
        (control,) = self.named(name)
        assert control.tag == "textarea" or control.attributes["type"] in _WRITABLE, (
            f"{name} is not for writing"
        )
        assert "readonly" not in control.attributes
        self._texts[id(control)] = text
        return self

    def say(self, *texts: str) -> Self:
        """Write in the fields for own words, from the first on."""
        assert len(texts) <= len(self.words), f"{len(texts)} texts for {self.words}"
        for name, text in zip(self.words, texts, strict=False):
            self.write(name, text)
        return self

    def take(self, name: str, value: str) -> Self:
        """Take one of what a list offers."""
        (control,) = self.named(name)
        assert value in {option.attributes["value"] for option in control.all("option")}, value
        self._texts[id(control)] = value
        return self

    def choose(self, name: str, *values: str) -> Self:
        """Pick these of the options, and no others."""
        offered = {self._texts[id(c)]: c for c in self.named(name)}
        assert all(c.attributes["type"] in ("radio", "checkbox") for c in offered.values())
        assert len(values) <= 1 or offered[values[0]].attributes["type"] == "checkbox"
        self._picked -= {id(c) for c in offered.values()}
        self._picked |= {id(offered[value]) for value in values}
        return self

    @property
    def buttons(self) -> list[Element]:
        """The buttons that send it, in the order of the page: Enter in a field takes the first."""
        return [
            c for c in self.controls if c.tag == "button" and c.attributes.get("type", "submit") == "submit"
        ]

    def offers(self, value: str) -> bool:
        """Whether there is a button with this value."""
        return any(button.attributes.get("value") == value for button in self.buttons)

    def press(self, value: str | None = None) -> Submission:
        """Press the button with this value; without one, Enter."""
        found = [b for b in self.buttons if value in (None, b.attributes.get("value"))]
        assert found, f"there is no button {value}"
        pressed = found[0]
        fields: list[tuple[str, str]] = []
        for control in self.controls:
            name, kind = control.attributes.get("name"), control.attributes.get("type")
            if not name or (control.tag == "button" and control is not pressed):
                continue
            if kind in ("radio", "checkbox") and id(control) not in self._picked:
                continue
            fields.append((name, self._texts[id(control)]))
        return Submission(pressed.attributes.get("formaction", self.path), fields)


def _standing_in(control: Element) -> str:
    """What stands in a field as it came; in a list, what is selected, else its first."""
    if control.tag != "select":
        return control.attributes.get("value", "")
    options = list(control.all("option"))
    selected = [option for option in options if "selected" in option.attributes]
    return (selected or options)[0].attributes["value"]


@dataclass(frozen=True)
class Page:
    """A page that was given, with how it came."""

    path: str
    status: int
    headers: Mapping[str, str]
    html: str

    @cached_property
    def root(self) -> Element:
        """The whole page, read. The spaces that keep a day or a time on one line are read as spaces."""
        return read(_KEPT_TOGETHER.sub(" ", self.html))

    def form(self, name: str) -> Form:
        """The form with this id."""
        return Form(self, self.root.one("form", id=name))

    def forms(self) -> Iterator[Form]:
        """Every form on the page."""
        return (Form(self, element) for element in self.root.all("form"))

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids on the page."""
        return frozenset(self.root.page.by_id)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all elements and attributes on the page."""
        elements = self.root.page
        return frozenset(elements.by_tag).union(*(e.attributes for e in elements))

    @cached_property
    def controls(self) -> list[Element]:
        """What can be filled in or pressed, of all forms."""
        return [e for e in self.root.all() if e.tag in ("input", "textarea", "button", "select")]

    def has(self, name: str) -> bool:
        """Whether anything has this id."""
        return name in self.ids

    @property
    def language(self) -> str:
        """The language it says it is in."""
        tag = self.root.one("html").attributes["lang"]
        return next((language for language, its_tag in TAGS.items() if its_tag == tag), tag)

    @property
    def heading(self) -> str:
        """Its one heading of the first order."""
        return self.root.one("h1").text

    @property
    def trouble(self) -> str:
        """The sentence about what could not be done."""
        return self.root.one(id="trouble").one("p").text

    @property
    def main(self) -> str:
        """Everything that is said in the middle, with single spaces."""
        return " ".join(self.root.one("main").text.split())

    @property
    def state(self) -> str:
        """The question it asks."""
        return self.root.one(id="reply").attributes["data-state"]

    @property
    def entries(self) -> list[tuple[str, str]]:
        """Of a summary: each entry's section and text."""
        article = self.root.one("article", id="summary")
        return [
            (e.attributes["data-section"], e.text)
            for e in article.all("blockquote")
            if "data-entry" in e.attributes
        ]


class Visiting(Protocol):
    """Whoever opens pages and sends forms, and goes on to where they lead."""

    async def open(self, path: str) -> Page:
        """A page of the site."""

    async def send(self, what: Submission) -> Page:
        """What comes of a form."""


class _Reader:
    def __init__(self) -> None:
        self.page = Elements()
        self.root = Element("", "", {}, self.page)
        self.open = [self.root]

    def feed(self, html: str) -> None:
        """Read a page. Python's own HTML parser forgives more, and takes two to four times as long.

        Tests read tens of thousands of pages, so nothing here is called for each tag that need not be.
        """
        first, *pieces = _TAG.split(html)
        self.say(first)
        page, opened = self.page, self.open
        by_tag, by_id = page.by_tag, page.by_id
        for closing, name, written, text in zip(*[iter(pieces)] * 4, strict=True):
            if name is not None:
                outer = opened[-1]
                if closing:
                    opened.pop().last = len(page)
                    assert outer.tag == name.lower(), f"<{outer.tag}> is closed by </{name.lower()}>"
                else:
                    tag, attributes, id_, is_void = _begun(name, written, outer.tag)
                    at = len(page) + 1
                    element = Element(tag, written, attributes, page, [], at, at)
                    outer.inside.append(element)
                    page.append(element)
                    by_tag[tag].append(element)
                    if id_:
                        assert id_ not in by_id, f"the id {id_} is used twice"
                        by_id[id_] = element
                    if written.endswith("/"):
                        assert is_void or "svg" in (e.tag for e in opened), (
                            f"<{tag}/> would stay open in a browser"
                        )
                    elif not is_void:
                        opened.append(element)
            if text:
                assert "<" not in text, _begins_no_tag(text)
                opened[-1].inside.append(unescape(text) if "&" in text else text)

    def say(self, text: str) -> None:
        assert "<" not in text, _begins_no_tag(text)
        self.open[-1].inside.append(unescape(text) if "&" in text else text)


def _begins_no_tag(text: str) -> str:
    return f"this begins no tag: {text[text.index('<') :][:80]}"


@lru_cache(maxsize=20_000)
def _begun(name: str, written: str, outer: str) -> tuple[str, Mapping[str, str], str, bool]:
    """The tag, its attributes, its id, and whether nothing can be in it. Most are the same on many pages."""
    tag = name.lower()
    attributes = attributes_in(written)
    assert outer not in _BARE, f"<{tag}> in a <{outer}>"
    assert not (tag in _BLOCKS and outer in _RUNNING), f"<{tag}> in a <{outer}>"
    return tag, attributes, attributes.get("id", ""), tag in _VOID


@lru_cache(maxsize=20_000)
def attributes_in(written: str) -> Mapping[str, str]:
    """The attributes of a tag, as it is written."""
    assert _WELL_WRITTEN.fullmatch(written), f"this is no attribute: {written}"
    attrs = [(name.lower(), unescape(value)) for name, value in _ATTRIBUTE.findall(written)]
    attributes = dict(attrs)
    assert len(attributes) == len(attrs), f"an attribute twice: {attrs}"
    return MappingProxyType(attributes)


def read(html: str) -> Element:
    """The elements of a page."""
    reader = _Reader()
    reader.feed(html)
    assert reader.open == [reader.root], f"<{reader.open[-1].tag}> is never closed"
    reader.root.last = len(reader.page)
    return reader.root
