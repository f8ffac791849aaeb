"""The offered languages, their texts, and their date and time formats.

All languages are equal: a text is looked up in the reader's catalogue only. A missing text is a bug that the
tests catch; there is no fallback to another language.

The list of languages is in one place, `locales/languages.toml`; no Python code names a language.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from assistant.config import locales_folder
from assistant.errors import CannotStart
from assistant.kept_results import PROGRAM, kept_or_read
from assistant.language_forms import Direction, LanguageForms, babel_files, locale_of
from assistant.retention import RELEASED, Retention
from assistant.value_class import value_class

Language = str
"""The name of a language in paths, folders and dialogue files: `nb`, `pl`, `pt-BR`."""
OFFERED = "languages.toml"


_APART, _AND_ON = "\u2068", "\u2069"
"""Bidi isolates around an address or a number, so that the sentence does not reorder it."""
_PERIOD = "period_"
_UNITS = {
    "year": timedelta(days=365),
    "week": timedelta(weeks=1),
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
}
_DAY_OF_MONTH = re.compile(r"(\d\.?) (?=[^\W\d])")
_CLOCK = re.compile(r"\b(kl\.) (?=[{\d])")
_TOGETHER = "\\1\u00a0"
"""The text before the space, and a space at which no line ends: `5. februar`, `kl. 12:30`."""
_MOST_WEEKS = timedelta(weeks=8)
"""Longer periods are told in days, which are easier to compare."""


class OfferedLanguages(BaseModel):
    """An offered language: its own name, and what cannot be derived from its code."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    tag: str | None = None
    """The BCP 47 tag (RFC 5646) for browsers, if it differs from the name."""
    also: tuple[str, ...] = ()
    """Other languages whose readers are best served by this one."""
    day: str | None = None
    """The date format with weekday, if the usual one is not wanted."""


def read_offered(folder: Path) -> Mapping[Language, OfferedLanguages]:
    """Return the offered languages in order. Raises `CannotStart`."""
    import tomllib

    file = folder / OFFERED
    try:
        offered = TypeAdapter(dict[str, OfferedLanguages]).validate_python(
            tomllib.loads(file.read_text("utf-8"))
        )
    except (OSError, ValueError) as error:  # also covers invalid TOML and pydantic's own errors
        what = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise CannotStart(f"The list of languages in {file} cannot be read ({what}). Correct it.") from None
    if not offered:
        raise CannotStart(f"The list of languages in {file} is empty. Add at least one.")
    for language, one in offered.items():
        if locale_of(one.tag or language) is None:
            what = f"The list of languages names '{language}', which is not a language code."
            raise CannotStart(f"{what} Correct it in {file}.")
    return offered


def _read_languages() -> Mapping[str, Any]:
    offered = read_offered(locales_folder())
    return {
        language: {
            "offered": one.model_dump(),
            "forms": LanguageForms.read(one.tag or language, one.day or "full").as_json(),
        }
        for language, one in offered.items()
    }


_READ = kept_or_read(
    "languages",
    [locales_folder() / OFFERED],
    [PROGRAM / "languages.py", PROGRAM / "language_forms.py", *babel_files()],
    _read_languages,
)
_OFFERED = {language: OfferedLanguages(**read["offered"]) for language, read in _READ.items()}
_FORMS = {language: LanguageForms(**read["forms"]) for language, read in _READ.items()}
LANGUAGES: tuple[Language, ...] = tuple(_OFFERED)
NAMES: Mapping[Language, str] = {language: one.name for language, one in _OFFERED.items()}
TAGS: Mapping[Language, str] = {language: one.tag or language for language, one in _OFFERED.items()}


def placeholders(sentence: str) -> frozenset[str]:
    """What a sentence leaves open for facts to be put in, such as `{number}`."""
    return frozenset(re.findall(r"\{\w+\}", sentence))


def direction(language: Language) -> Direction:
    """Return the writing direction of the language."""
    if language in _FORMS:
        return _FORMS[language].direction
    locale = locale_of(language)
    return "rtl" if locale is not None and locale.text_direction == "rtl" else "ltr"


def turned_round(text: str, language: Language) -> str | None:
    """Mark a number that would be reordered in right-to-left text: `116 117` would be shown as 117 116."""
    found = re.search(r"\d+ \d[\d ]*", text) if direction(language) == "rtl" else None
    return found[0].strip() if found else None


def as_language(tag: str) -> Language | None:
    """Return the language that a path or a form names, or None if it is not offered."""
    return next((language for language in LANGUAGES if language == tag), None)


def negotiate(accept_language: str) -> Language:
    """Return the first offered language that a browser accepts (RFC 9110 §12.5.4), else the first offered
    one.
    """
    wanted: list[tuple[float, int, Language]] = []
    for place, item in enumerate(accept_language.split(",")[:20]):
        tag, _, weight = item.strip().partition(";q=")
        language = _meant_by(tag.strip().lower())
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        if language is not None and quality > 0:
            wanted.append((-quality, place, language))
    return min(wanted)[2] if wanted else LANGUAGES[0]


def _meant_by(tag: str) -> Language | None:
    """Return the language that serves this tag: by its name, its primary subtag, or as a neighbouring
    language.
    """
    first = tag.split("-")[0]
    by_name = {name.lower(): language for language in LANGUAGES for name in (TAGS[language], language)}
    by_word = {language.lower().split("-")[0]: language for language in reversed(LANGUAGES)}
    neighbours = {other: language for language in LANGUAGES for other in _OFFERED[language].also}
    return by_name.get(tag) or by_word.get(first) or neighbours.get(first)


@value_class
class Catalogue:
    """All texts of the program in one language, apart from the dialogues."""

    language: Language
    written: Mapping[str, str]
    """The texts as the catalogue has them, with a placeholder for each period: `{period_notebook}`."""
    retention: Retention = RELEASED
    is_plain: bool = False
    """Whether days and times have ordinary spaces, for files that programs read and texts that are copied."""

    @cached_property
    def plain(self) -> "Catalogue":
        """Return the same catalogue, with ordinary spaces in days and times."""
        return replace(self, is_plain=True)

    @cached_property
    def sentences(self) -> Mapping[str, str]:
        """Return the texts with the periods of this service in words."""
        periods = {
            f"{{{_PERIOD}{name}}}": self.span(lasts)
            for name, lasts in self.retention
            if isinstance(lasts, timedelta)
        }
        said = {key: _with_periods(text, periods) for key, text in self.written.items()}
        return said if self.is_plain else {key: _together(text) for key, text in said.items()}

    def keeping(self, retention: Retention) -> "Catalogue":
        """Return the same catalogue for a service with these periods."""
        return replace(self, retention=retention)

    def span(self, lasts: timedelta) -> str:
        """`fire uker`, `90 dager`: a period in words, in the largest unit that it is a whole number of."""
        for unit, size in _UNITS.items():
            if lasts >= size and lasts % size == timedelta() and (unit != "week" or lasts <= _MOST_WEEKS):
                return self._count(unit, lasts // size)
        raise ValueError(f"{lasts} is no whole number of seconds")

    def months(self, months: int) -> str:
        """`tre måneder`, `to år`: months of the calendar in words."""
        return self._count("year", months // 12) if months % 12 == 0 else self._count("month", months)

    def _count(self, unit: str, number: int) -> str:
        if number == 1:
            return self.written[f"span.{unit}"]
        small = self.written["span.numbers"].split()
        said = small[number - 2] if number - 2 < len(small) else _FORMS[self.language].written_number(number)
        return self.written[f"span.{unit}s"].format(count=said)

    def say(self, key: str, /, **facts: object) -> str:
        """Return the text under this key with its placeholders filled. Never pass a person's own words."""
        sentence = self.sentences[key]
        if facts and direction(self.language) == "rtl":
            facts = {name: f"{_APART}{fact}{_AND_ON}" for name, fact in facts.items()}
        return sentence.format(**facts) if facts else sentence

    def day(self, on: date) -> str:
        """`mandag 5. januar 2026`: a date in words. The number and the month are on the same line."""
        return _day(on, self.language) if self.is_plain else _day_on_page(on, self.language)

    def clock(self, at: time) -> str:
        """`09:05`, on the 24-hour clock in every language."""
        return at.strftime("%H:%M")

    def listed(self, things: Sequence[int | str]) -> str:
        """`1, 2 og 3`."""
        return _FORMS[self.language].listed([str(thing) for thing in things])

    def number(self, number: int) -> str:
        """`4 000` in Norwegian, `4,000` in English."""
        return _FORMS[self.language].written_number(number)


def _with_periods(text: str, periods: Mapping[str, str]) -> str:
    if f"{{{_PERIOD}" in text:
        for placeholder, said in periods.items():
            text = text.replace(placeholder, said)
    return text


def _together(text: str) -> str:
    return _CLOCK.sub(_TOGETHER, text) if "kl. " in text else text  # few have it; a start looks at all


# a page says the same day at every turn
@lru_cache(1000)
def _day(on: date, language: Language) -> str:
    return _FORMS[language].written_day(on)


@lru_cache(1000)
def _day_on_page(on: date, language: Language) -> str:
    return _DAY_OF_MONTH.sub(_TOGETHER, _day(on, language))


def read_catalogues(folder: Path) -> Mapping[Language, Catalogue]:
    """Read every catalogue; .po files are read as they are, so there is nothing to compile."""
    return {language: read_catalogue(folder, language) for language in LANGUAGES}


def catalogue_file(folder: Path, language: Language) -> Path:
    """Return the path of a language's catalogue file."""
    return folder / language / "LC_MESSAGES" / "messages.po"


def read_catalogue(folder: Path, language: Language) -> Catalogue:
    """Read the catalogue of one language from its file."""
    from babel.messages.pofile import read_po  # slow to import, and seldom needed

    with catalogue_file(folder, language).open("rb") as file:
        messages = read_po(file, abort_invalid=True)
    return Catalogue(language, {str(m.id): str(m.string) for m in messages if m.id and m.string})
