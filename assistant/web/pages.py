"""Every page as a typed object, and the one place that turns it into HTML.

Each page has a template of the same name; a test holds the two together. Refusals become sentences here,
in the reader's language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, NamedTuple

import jinja2
import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from assistant.dialogue.model import Address, Dialogue, Question, Text
from assistant.engine.reply import Given
from assistant.languages import LANGUAGES, NAMES, TAGS, Catalogue, Language

_HERE = Path(__file__).parent
AWAY = "https://www.yr.no/"
"""Where «leave this page» leads: the weather, where anyone might be."""


class Contact(BaseModel):
    """Somebody to call when it cannot wait."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: str
    name: Text
    what: Text
    source: str


class Contacts(BaseModel):
    """The numbers, with when somebody last checked them and who answers for that."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    owner: str
    last_checked: date
    contacts: tuple[Contact, ...]


class Trouble(NamedTuple):
    """What could not be done, in the reader's words, and the field it is about."""

    heading: str
    sentence: str
    field: str | None = None


class Shown(NamedTuple):
    """Something a person said, as it is shown: own words, or the wording of what they chose."""

    text: str
    own: bool


@dataclass(frozen=True, kw_only=True)
class Page:
    """What every page needs."""

    template: ClassVar[str]
    title: str
    public_path: str | None = None
    """Where the page stands under each language; None on private ones."""
    here: str = ""
    """The page's own path, to come back to after changing language."""


@dataclass(frozen=True, kw_only=True)
class Start(Page):
    """The first page: what this is, who sees it, and the way in."""

    template = "start.html"
    opening: Sequence[Text]
    server: str
    operator: str | None
    unencrypted: bool
    """What is written crosses a network that others can listen to."""
    unfinished: str | None


class Answered(NamedTuple):
    """An earlier question with what was said to it."""

    state: Address
    prompt: Text
    shown: Sequence[Shown]


class StateNamed(NamedTuple):
    """A question one can go to."""

    address: Address
    prompt: Text


class Rankable(NamedTuple):
    """A statement that can be put first, under its id."""

    id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class QuestionPage(Page):
    """One question at a time."""

    template = "question.html"
    request_id: str
    turn: int
    state: Address
    part: Text
    topic: Shown | None
    """The topic at hand, where the part is had once a topic."""
    place: int
    all: int
    said: Sequence[Text]
    question: Question
    filled: Given
    fields: Sequence[tuple[str, str]]
    """The texts of a question in own words, by the field each stands in."""
    can_add: bool
    rankable: Sequence[Rankable]
    offers: Sequence[StateNamed]
    """Questions one may go to and is not led to."""
    has_answer: bool
    is_draft: bool
    earlier: Sequence[Answered]
    trouble: Trouble | None


class LinkShown(NamedTuple):
    """The private link: the whole address, the same secret to be typed, and the page to type it on."""

    address: str
    code: str
    door: str


@dataclass(frozen=True, kw_only=True)
class WayBack(Page):
    """The way back, before the first own words."""

    template = "way_back.html"
    link: LinkShown


@dataclass(frozen=True, kw_only=True)
class PausePage(Page):
    """Everything is kept; how to come back."""

    template = "pause.html"
    link: LinkShown
    device: str
    here_conversation: str


@dataclass(frozen=True, kw_only=True)
class RoundOff(Page):
    """Nothing left to ask."""

    template = "round_off.html"
    said: Sequence[Text]
    offers: Sequence[StateNamed]
    here_conversation: str
    turn: int
    request_id: str


class EntryShown(NamedTuple):
    """One entry of the summary, as it stands on the page."""

    id: str
    text: str
    own: bool


class Group(NamedTuple):
    """Entries about one topic, under one side of a balance, or all that was said to a question."""

    topic: Shown | None
    under: Text | None
    entries: Sequence[EntryShown]


class Part(NamedTuple):
    """What was said to one question, and where to change it."""

    state: Address
    prompt: Text
    groups: Sequence[Group]


class FirstShown(NamedTuple):
    """An entry that was put first, with the section it belongs to."""

    section: str
    heading: Text
    entry: EntryShown


class ChapterShown(NamedTuple):
    """A section of the summary."""

    id: str
    heading: Text
    parts: Sequence[Part]


@dataclass(frozen=True, kw_only=True)
class SummaryPage(Page):
    """The summary, and the ways to end."""

    template = "summary.html"
    first: Sequence[FirstShown]
    chapters: Sequence[ChapterShown]
    private: Sequence[Part]
    offers: Sequence[StateNamed]
    here_conversation: str
    request_id: str
    turn: int
    link: LinkShown
    kept_until: str
    device: str
    large: bool = False


@dataclass(frozen=True, kw_only=True)
class ShowPage(Page):
    """The summary alone, to be shown on this screen."""

    template = "show.html"
    first: Sequence[FirstShown]
    chapters: Sequence[ChapterShown]
    here_conversation: str
    large: bool = True


@dataclass(frozen=True, kw_only=True)
class DeletePage(Page):
    """The last question before everything is deleted."""

    template = "delete.html"
    back: str


@dataclass(frozen=True, kw_only=True)
class OpenPage(Page):
    """The door for the private link: one field that takes it in any form."""

    template = "open.html"
    typed: str = ""
    trouble: Trouble | None = None


@dataclass(frozen=True, kw_only=True)
class HeldPage(Page):
    """What was typed, held on the page until it can be taken: unlocked first, or sent again."""

    template = "held.html"
    heading: str
    why: str
    action: str
    asks_link: bool
    words: Sequence[tuple[str, str]] = ()
    carried: Sequence[tuple[str, str]] = ()
    typed: str = ""
    trouble: Trouble | None = None


@dataclass(frozen=True, kw_only=True)
class MessagePage(Page):
    """One thing to tell, and where to go from here."""

    template = "message.html"
    heading: str
    sentences: Sequence[str]
    typed: Sequence[str] = ()
    ways: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True)
class HelpPage(Page):
    """Whom to call, and what leaving this page does."""

    template = "help.html"


@dataclass(frozen=True, kw_only=True)
class KeptPage(Page):
    """How it is kept, and what we cannot protect against."""

    template = "kept.html"
    server: str
    operator: str | None


@dataclass(frozen=True, kw_only=True)
class ScriptPage(Page):
    """The whole script, for anyone to read before they begin."""

    template = "script.html"
    dialogue: Dialogue
    headings: Mapping[str, Text]


@dataclass(frozen=True, kw_only=True)
class LeftPage(Page):
    """What stands on the screen until the browser has gone somewhere else."""

    template = "left.html"
    away: str = AWAY


class LanguageNamed(NamedTuple):
    """A language as the switch shows it."""

    language: Language
    name: str
    tag: str


@dataclass(frozen=True)
class Assets:
    """The few files a page needs, read once; each address holds the hash of its content."""

    files: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def read(cls) -> "Assets":
        """Every file of `static/`."""
        return cls({path.name: path.read_bytes() for path in sorted((_HERE / "static").iterdir())})

    @cached_property
    def digest(self) -> str:
        """One hash over all of them."""
        return sha256(b"\0".join(self.files.values())).hexdigest()[:12]

    def address(self, name: str) -> str:
        """Where a page finds the file; a browser may keep it for ever."""
        assert name in self.files, f"there is no static file {name}"
        return f"/static/{self.digest}/{name}"


class Pages:
    """Turns a page into HTML in a language."""

    def __init__(self, catalogues: Mapping[Language, Catalogue], contacts: Contacts, assets: Assets) -> None:
        self.catalogues = catalogues
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals.update(
            static=assets.address,
            contacts=contacts.contacts,
            languages=[LanguageNamed(language, NAMES[language], TAGS[language]) for language in LANGUAGES],
        )

    def render(self, page: Page, language: Language, *, fragment: bool = False) -> str:
        """The page in this language; as a fragment, only what changes from step to step."""
        context = {f.name: getattr(page, f.name) for f in fields(page)}
        return self._environment.get_template(page.template).render(
            context,
            language=language,
            tag=TAGS[language],
            say=self.catalogues[language].say,
            layout="fragment.html" if fragment else "base.html",
        )


def read_contacts(folder: Path) -> Contacts:
    """The numbers to call, from the one file that holds them."""
    return TypeAdapter(Contacts).validate_python(
        yaml.safe_load((folder / "contacts.yaml").read_text("utf-8"))
    )
