"""Every page as a typed object, and the only place that renders HTML.

Each page has a template of the same name; a test checks that. Refusals become sentences here, in the
reader's language.
"""

import gzip
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, NamedTuple

from assistant.dialogue.model import TEXT_LIMIT
from assistant.errors import DayUnlikely, Refusal
from assistant.language_forms import Direction
from assistant.languages import LANGUAGES, NAMES, TAGS, Catalogue, Language, direction
from assistant.retention import Retention
from assistant.value_class import value_class
from assistant.web.http.page_data import page_data
from assistant.web.http.service_file import Contact, Reachable, Service, UnitGroup
from assistant.web.http.template_environment import SpokenEnvironment

_WEB = Path(__file__).parents[1]
AWAY = "https://www.yr.no/"
"""Where «leave this page» leads: the weather, an inconspicuous page."""


class DayOffered(NamedTuple):
    """A day that may have been meant, and the text of its button."""

    value: str
    label: str


def days_offered(catalogue: Catalogue, trouble: Exception) -> Sequence[DayOffered]:
    """Return the days to choose between when a date is unlikely."""
    if not isinstance(trouble, DayUnlikely):
        return ()
    meant, kept = trouble.meant, trouble.on if trouble.may_keep else None
    return [
        DayOffered(day.isoformat(), catalogue.say(key, day=catalogue.day(day)))
        for key, day in (("day.meant", meant), ("day.keep", kept))
        if day is not None
    ]


class FormError(NamedTuple):
    """An error in the reader's language, and the field it concerns."""

    heading: str
    sentence: str
    field: str | None = None
    days: Sequence[DayOffered] = ()
    """Days to choose between by a button."""
    sure: Sequence[str] = ()
    """Confirmed dates of other fields in the same form, to be sent along."""


def form_error(
    catalogue: Catalogue,
    trouble: Exception,
    *,
    heading: str = "refusal.heading",
    key: str = "",
    sure: Sequence[str] = (),
) -> FormError:
    """Word an error in the catalogue's language, by the sentence under `key` or else the refusal's own. Its
    parameters are numbers only.
    """
    facts = {name: catalogue.number(value) for name, value in vars(trouble).items() if isinstance(value, int)}
    return FormError(
        catalogue.say(heading),
        catalogue.say(key or f"refusal.{type(trouble).__name__}", **facts),
        trouble.field if isinstance(trouble, Refusal) else None,
        days_offered(catalogue, trouble),
        sure,
    )


class Locks(NamedTuple):
    """When this browser locks without a further act: as a time of day, and in seconds."""

    clock: str
    seconds: int
    is_on_loan: bool = False
    """The browser is a loan tablet: once it has locked, it shows its first page."""


class LiveUpdates(NamedTuple):
    """The stream that notifies a page of updates, and the revisions it was rendered from."""

    events: str
    revision: str


@page_data
class Page:
    """The fields every page needs."""

    template: ClassVar[str]
    title: str
    public_path: str | None = None
    """The page's path below each language; None for private pages."""
    here: str = ""
    """The page's own path, to return to after a change of language."""
    live: LiveUpdates | None = None
    """Set on pages that can become outdated while open."""
    is_handed_over: bool = False
    """The user hands this page to others, so it has no link to what is the user's alone."""

    @property
    def refusal(self) -> FormError | None:
        """The title of the refusal, if any: the page's title begins with it."""
        return getattr(self, "trouble", None)

    def full_title(self, say: Callable[..., str]) -> str:
        """The title, beginning with the refusal, because a screen reader reads it first."""
        return f"{self.refusal.heading}: {self.title}" if self.refusal else self.title


@page_data
class UnsavedTextPage(Page):
    """Typed text, kept on the page until it can be saved: after unlocking, or when sent again."""

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
    """The form supports drafts, so changing the language stores it first."""
    asks_for_help: bool = False
    """Help was requested: emergency contacts come first."""
    leads_back: bool = False
    """The button leads back to the question and does not submit again."""


@page_data
class MessagePage(Page):
    """A message, and links onwards."""

    template = "http/message.html"
    heading: str
    sentences: Sequence[str]
    ways: Sequence[tuple[str, str]] = ()


@page_data
class HelpPage(Page):
    """Emergency contacts, and what leaving this page does."""

    template = "public/help.html"


@page_data
class PrivacyPage(Page):
    """How data is stored, and what we cannot protect against."""

    template = "public/privacy.html"
    server: str
    operator: str | None


class PrivacyTopic(NamedTuple):
    """One heading of the privacy page, the sentences under it, and the offices they name."""

    name: str
    lines: Sequence[str]
    offices: Sequence[Reachable] = ()


@page_data
class DataProtectionPage(Page):
    """What the law asks a service to tell people about their data."""

    template = "public/data_protection.html"
    groups: Sequence[PrivacyTopic]


@page_data
class InsightInformationPage(Page):
    """An explanation for users of the service's figures."""

    template = "public/insight.html"
    groups: Sequence[PrivacyTopic]


@page_data
class GoodbyePage(Page):
    """Shown until the browser has left for another site."""

    template = "public/goodbye.html"
    away: str = AWAY
    is_written: bool = True
    """Whether the end of the session was written to the database."""


class LanguageNamed(NamedTuple):
    """A language in the language switch."""

    language: Language
    name: str
    tag: str
    direction: Direction


_NAMED = [LanguageNamed(one, NAMES[one], TAGS[one], direction(one)) for one in LANGUAGES]

SERVED = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
"""The kinds of static files, by the end of their name."""

_SITE_STYLES = [
    "base",
    "header",
    "controls",
    "own_words",
    "summary",
    "map",
    "paper",
    "first_page",
    "notice",
    "notebook",
    "conversation",
    "question",
    "balance",
    "cards",
    "authoring",
    "staff",
    "sharing",
    "review",
    "one_minute",
    "invitations",
    "guided",
]
"""What `static/styles/` holds, in the order of the cascade."""
_COMMENT = re.compile(rb"/\*.*?\*/\n?", re.DOTALL)


@value_class
class Assets:
    """Static files, read once; each address contains the hash of its content."""

    files: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def read(cls) -> "Assets":
        """Read every file; the styles that every page waits for are one file, without comments."""
        styles = _WEB / "static/styles"
        paths = [path for path in sorted((_WEB / "static").rglob("*")) if path.suffix in SERVED]
        files = {path.name: path.read_bytes() for path in paths if path.parent != styles}
        joined = b"\n".join((styles / f"{name}.css").read_bytes() for name in _SITE_STYLES)
        files["site.css"] = _COMMENT.sub(b"", joined)
        return cls(files)

    @cached_property
    def digest(self) -> str:
        """Return one hash over all files."""
        return sha256(b"\0".join(self.files.values())).hexdigest()[:12]

    @cached_property
    def compressed(self) -> Mapping[str, bytes]:
        """Return every file compressed with gzip."""
        return {name: gzip.compress(content, mtime=0) for name, content in self.files.items()}

    def address(self, name: str) -> str:
        """Return the file's address, which a browser may cache for ever."""
        assert name in self.files, f"there is no static file {name}"
        return f"/static/{self.digest}/{name}"


Catalogues = Mapping[Language, Catalogue]


class Pages:
    """Renders pages in a language."""

    def __init__(
        self, catalogues: Catalogues, service: Service, assets: Assets, retention: Retention | None = None
    ) -> None:
        self.assets, self._retention = assets, retention or service.retention
        self.edition = -1
        """Incremented whenever the texts of the pages are replaced."""
        self.take_up(catalogues, service)

    @property
    def contacts(self) -> Sequence[Contact]:
        """Return the emergency contacts."""
        return self.service.contacts.numbers

    def peer_worker(self, language: Language) -> str:
        """Return the title of peer workers at this service."""
        if self.service.peer_worker is not None:
            return self.service.peer_worker.title.in_(language)
        return self.catalogues[language].say("service.peer_worker")

    def role_name(self, role: str, language: Language) -> str:
        """Return the title of a staff role, for use on its own."""
        if role == "peer_worker":
            title = self.peer_worker(language)
            return title[:1].upper() + title[1:]
        return self.catalogues[language].say(f"role.{role}")

    def take_up(self, catalogues: Catalogues, service: Service) -> None:
        """Use these catalogues and this service file from now on."""
        kept = self._retention
        self.catalogues = {language: catalogue.keeping(kept) for language, catalogue in catalogues.items()}
        self.service = service
        self.edition += 1
        self.templates = {language: self._in(language) for language in catalogues}
        """The templates of each language."""

    def _in(self, language: Language) -> SpokenEnvironment:
        catalogue = self.catalogues[language]
        return SpokenEnvironment(
            catalogue,
            {
                "contacts": self.contacts,
                "direction": direction(language),
                "language": language,
                "languages": _NAMED,
                "number": catalogue.number,
                "peer_worker": self.peer_worker(language),
                "privacy": self.service.privacy,
                "role_name": partial(self.role_name, language=language),
                "static": self.assets.address,
                "tag": TAGS[language],
                "text_limit": TEXT_LIMIT,
            },
        )

    def render(
        self,
        page: Page,
        language: Language,
        *,
        fragment: bool = False,
        is_posted: bool = False,
        locks: Locks | None = None,
        unit: UnitGroup | None = None,
    ) -> str:
        """Render the page in this language; as a fragment, only the part that changes from step to step. The
        response to a POST contains its address, for the browser's history.
        """
        layout = "http/fragment.html" if fragment else "http/base.html"
        return self._rendered(page, language, layout, locks, is_posted=is_posted, unit=unit)

    def render_alone(self, page: Page, language: Language, styles: str) -> str:
        """Render the page as one self-contained file, to be read, sent and printed."""
        return self._rendered(page, language, "http/alone.html", styles=styles)

    def _rendered(
        self, page: Page, language: Language, layout: str, locks: Locks | None = None, **more: object
    ) -> str:
        context = dict(vars(page))
        context["title"] = page.full_title(self.catalogues[language].say)
        is_held = getattr(page, "strip", None) is not None
        context |= {"layout": layout, "locks": locks, "is_held": is_held}
        return self.templates[language].get_template(page.template).render(context, **more)
