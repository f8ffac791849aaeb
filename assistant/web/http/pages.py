"""Every page as a typed object, and the one place that turns it into HTML.

Each page has a template of the same name; a test holds the two together. Refusals become sentences here,
in the reader's language.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, NamedTuple

import jinja2

from assistant.dialogue.model import TEXT_LIMIT
from assistant.errors import DayUnlikely
from assistant.languages import LANGUAGES, NAMES, TAGS, Catalogue, Direction, Language, direction
from assistant.web.http.service_file import Contact, Service

_WEB = Path(__file__).parents[1]
_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(_WEB / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
"""One for the process: a template is compiled once, and says nothing that belongs to one application."""
AWAY = "https://www.yr.no/"
"""Where «leave this page» leads: the weather, where anyone might be."""


class DayOffered(NamedTuple):
    """A day that may be the one that was meant, and what the button says."""

    value: str
    label: str


def days_offered(catalogue: Catalogue, trouble: Exception) -> Sequence[DayOffered]:
    """What to choose between where a day is asked about."""
    if not isinstance(trouble, DayUnlikely):
        return ()
    meant, kept = trouble.meant, trouble.on if trouble.may_keep else None
    return [
        DayOffered(day.isoformat(), catalogue.say(key, day=catalogue.day(day)))
        for key, day in (("day.meant", meant), ("day.keep", kept))
        if day is not None
    ]


class FormError(NamedTuple):
    """What could not be done, in the reader's words, and the field it is about."""

    heading: str
    sentence: str
    field: str | None = None
    days: Sequence[DayOffered] = ()
    """Days to choose between with one press."""
    sure: Sequence[str] = ()
    """What was said of other days in the same form, to be sent along."""


class Locks(NamedTuple):
    """When this browser locks if nothing is done in it: as a time of day, and in how many seconds."""

    clock: str
    seconds: int


class LiveUpdates(NamedTuple):
    """Where a page hears that there is something newer, and what it was made from."""

    events: str
    revision: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """What every page needs."""

    template: ClassVar[str]
    title: str
    public_path: str | None = None
    """The page's path below each language; None for private pages."""
    here: str = ""
    """The page's own path, to come back to after changing language."""
    live: LiveUpdates | None = None
    """On pages that can grow old while they are looked at."""

    @property
    def refusal(self) -> FormError | None:
        """What was refused, if anything was: the page's title says it first."""
        return getattr(self, "trouble", None)

    def full_title(self, say: Callable[..., str]) -> str:
        """The title, beginning with what was refused: it is the first thing a screen reader reads."""
        return f"{self.refusal.heading}: {self.title}" if self.refusal else self.title


@dataclass(frozen=True, kw_only=True)
class UnsavedTextPage(Page):
    """Typed text, kept on the page until it can be saved: after unlocking, or sent again."""

    template = "http/unsaved_text.html"
    heading: str
    why: str
    action: str
    asks_link: bool
    words: Sequence[tuple[str, str]] = ()
    carried: Sequence[tuple[str, str]] = ()
    typed: str = ""
    trouble: FormError | None = None
    takes_draft: bool = False
    """It is a form that can be kept, so to choose another language is to keep it first."""
    asks_for_help: bool = False
    """Help was asked for: whom to call comes first."""
    leads_back: bool = False
    """The button leads back to the question and sends nothing again."""


@dataclass(frozen=True, kw_only=True)
class MessagePage(Page):
    """One thing to tell, and where to go from here."""

    template = "http/message.html"
    heading: str
    sentences: Sequence[str]
    ways: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True)
class HelpPage(Page):
    """Whom to call, and what leaving this page does."""

    template = "public/help.html"


@dataclass(frozen=True, kw_only=True)
class PrivacyPage(Page):
    """How it is kept, and what we cannot protect against."""

    template = "public/privacy.html"
    server: str
    operator: str | None


@dataclass(frozen=True, kw_only=True)
class GoodbyePage(Page):
    """The page that is shown until the browser has left for another site."""

    template = "public/goodbye.html"
    away: str = AWAY
    is_written: bool = True
    """Whether the end of the session is in the database."""


class LanguageNamed(NamedTuple):
    """A language as the switch shows it."""

    language: Language
    name: str
    tag: str
    direction: Direction


_NAMED = [LanguageNamed(one, NAMES[one], TAGS[one], direction(one)) for one in LANGUAGES]


@dataclass(frozen=True)
class Assets:
    """The few files a page needs, read once; each address holds the hash of its content."""

    files: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def read(cls) -> "Assets":
        """Every file of `static/`."""
        return cls({path.name: path.read_bytes() for path in sorted((_WEB / "static").iterdir())})

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

    def __init__(self, catalogues: Mapping[Language, Catalogue], service: Service, assets: Assets) -> None:
        self.catalogues = catalogues
        self.service = service
        self._assets = assets
        self.edition = 0
        """Counts how often the words of the pages were exchanged."""

    @property
    def contacts(self) -> Sequence[Contact]:
        """The numbers to call."""
        return self.service.contacts.numbers

    def peer_worker(self, language: Language) -> str:
        """What a peer worker is called here."""
        if self.service.peer_worker is not None:
            return self.service.peer_worker.title.in_(language)
        return self.catalogues[language].say("service.peer_worker")

    def role_name(self, role: str, language: Language) -> str:
        """Return the title of a staff role, for use on its own."""
        if role == "peer_worker":
            title = self.peer_worker(language)
            return title[:1].upper() + title[1:]
        return self.catalogues[language].say(f"role.{role}")

    def take_up(self, catalogues: Mapping[Language, Catalogue], service: Service) -> None:
        """From now on, say these sentences and these words of the service's own."""
        self.catalogues = catalogues
        self.service = service
        self.edition += 1

    def render(
        self,
        page: Page,
        language: Language,
        *,
        fragment: bool = False,
        is_posted: bool = False,
        locks: Locks | None = None,
    ) -> str:
        """The page in this language; as a fragment, only what changes from step to step.

        The answer to a POST says where it can be opened again, for the browser's history.
        """
        layout = "http/fragment.html" if fragment else "http/base.html"
        return self._rendered(page, language, layout, locks, is_posted=is_posted)

    def render_alone(self, page: Page, language: Language, styles: str) -> str:
        """The page as one file that needs nothing else, to be read, sent and printed."""
        return self._rendered(page, language, "http/alone.html", styles=styles)

    def _rendered(
        self, page: Page, language: Language, layout: str, locks: Locks | None = None, **more: str | bool
    ) -> str:
        context = {f.name: getattr(page, f.name) for f in fields(page)}
        context["title"] = page.full_title(self.catalogues[language].say)
        return _TEMPLATES.get_template(page.template).render(
            context,
            static=self._assets.address,
            contacts=self.contacts,
            text_limit=TEXT_LIMIT,
            languages=_NAMED,
            language=language,
            tag=TAGS[language],
            direction=direction(language),
            say=self.catalogues[language].say,
            peer_worker=self.peer_worker(language),
            role_name=partial(self.role_name, language=language),
            layout=layout,
            locks=locks,
            **more,
        )
