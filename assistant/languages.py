"""The three languages, the sentences in them, and how each writes a day and a time.

They are equals: a sentence is looked up in the reader's own catalogue and nowhere else. A missing
sentence is a programmer's mistake that the tests catch, never a fallback in the wrong language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Literal, get_args

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

Language = Literal["nb", "nn", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

NAMES: Mapping[Language, str] = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
TAGS: Mapping[Language, str] = {"nb": "nb", "nn": "nn", "en": "en-GB"}
LOCALES: Mapping[Language, Locale] = {
    "nb": Locale("nb"),
    "nn": Locale("nn"),
    "en": Locale("en", "GB"),  # plain `en` writes dates the American way
}

# Browsers in Norway still send `no`; Babel's own negotiation does not know it as Bokmål.
_ALSO_KNOWN_AS: Mapping[str, Language] = {
    "no": "nb",
    "nb": "nb",
    "nn": "nn",
    "en": "en",
    "da": "nb",
    "sv": "nb",
}


def as_language(tag: str) -> Language | None:
    """The language a path or a form names, or None when it is not one of ours."""
    return next((language for language in LANGUAGES if language == tag), None)


def negotiate(accept_language: str) -> Language:
    """The first of our languages a browser asks for (RFC 9110 §12.5.4); Bokmål when it asks for none."""
    wanted: list[tuple[float, int, Language]] = []
    for place, item in enumerate(accept_language.split(",")[:20]):
        tag, _, weight = item.strip().partition(";q=")
        language = _ALSO_KNOWN_AS.get(tag.strip().lower().split("-")[0])
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        if language is not None and quality > 0:
            wanted.append((-quality, place, language))
    return min(wanted)[2] if wanted else "nb"


@dataclass(frozen=True)
class Catalogue:
    """Everything the program says in one language, outside the dialogues."""

    language: Language
    sentences: Mapping[str, str]

    def say(self, key: str, /, **facts: object) -> str:
        """The sentence under this key, with the facts put in. Never give it a person's own words."""
        sentence = self.sentences[key]
        return sentence.format(**facts) if facts else sentence

    def day(self, on: date) -> str:
        """`mandag 5. januar 2026`, as a person would read it aloud."""
        pattern = "EEEE d MMMM y" if self.language == "en" else "EEEE d. MMMM y"
        return format_date(on, pattern, locale=LOCALES[self.language])

    def clock(self, at: time) -> str:
        """`09:05`, on the 24-hour clock in every language."""
        return format_time(at, "HH:mm", locale=LOCALES[self.language])

    def listed(self, numbers: Sequence[int]) -> str:
        """`1, 2 og 3`."""
        return format_list([str(number) for number in numbers], locale=LOCALES[self.language])

    def number(self, number: int) -> str:
        """`4 000` in Norwegian, `4,000` in English."""
        return format_decimal(number, locale=LOCALES[self.language])


def read_catalogues(folder: Path) -> Mapping[Language, Catalogue]:
    """Read the three catalogues; .po files are read as they are, so there is nothing to compile."""
    return {language: _read_catalogue(folder, language) for language in LANGUAGES}


def _read_catalogue(folder: Path, language: Language) -> Catalogue:
    with (folder / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        messages = read_po(file, locale=language, abort_invalid=True)
    return Catalogue(language, {str(m.id): str(m.string) for m in messages if m.id and m.string})
