"""How a language writes days, numbers and lists: what pages need of Babel's data, as plain tables.

Reading that data takes Babel 40 ms at each start, and 7 MB for as long as the server runs. The tables are
kept from an earlier start. What they do not cover, Babel still writes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from assistant.value_class import value_class

if TYPE_CHECKING:
    from babel import Locale

Direction = Literal["ltr", "rtl"]
_FIELD = re.compile(r"%\((\w+)\)s")
_NUMBER = re.compile(r"1(\D*)234(\D*)567")
_MONDAY = date(2024, 1, 1)


def locale_of(tag: str) -> "Locale | None":
    """Return the locale of a tag; an unknown variant falls back to its language."""
    from babel import Locale, UnknownLocaleError  # reads files

    for name in (tag, tag.split("-")[0]):
        try:
            return Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return None


def babel_files() -> Sequence[Path]:
    """Return the file that differs between versions of Babel."""
    found = find_spec("babel")
    return [Path(found.origin)] if found is not None and found.origin else []


@value_class
class LanguageForms:
    """How one language writes."""

    tag: str
    direction: Direction
    pattern: str
    """The pattern of a day in Babel's notation, such as `EEEE d MMMM y`, or the name of a usual one."""
    day: str | None
    """The same pattern as a %-format of its fields; None if Babel is to write it."""
    fields: Mapping[str, Sequence[str]]
    """How a field is written: by weekday from Monday, by month, or by day of the month."""
    separator: str | None
    """The mark between thousands; None if Babel is to write large numbers."""
    lists: Mapping[str, str]
    """The patterns of a list: of two things, and of its start, middle and end."""

    @classmethod
    def read(cls, tag: str, pattern: str) -> "LanguageForms":
        """Return the forms of the language with this tag from Babel's data. Raises `LookupError`."""
        locale = locale_of(tag)
        if locale is None:
            raise LookupError(f"'{tag}' is no language")
        direction: Direction = "rtl" if locale.text_direction == "rtl" else "ltr"
        day, fields = _day(locale, pattern)
        separator, lists = _separator(locale), dict(locale.list_patterns["standard"])
        return cls(tag, direction, pattern, day, fields, separator, lists)

    def as_json(self) -> Mapping[str, Any]:
        """Return what `LanguageForms(**…)` takes."""
        return asdict(self)

    def written_day(self, on: date) -> str:
        """Return a date in words."""
        if self.day is None:
            from babel.dates import format_date

            return format_date(on, self.pattern, locale=locale_of(self.tag))
        by_length = {7: on.weekday(), 12: on.month - 1, 31: on.day - 1}
        written = {name: forms[by_length[len(forms)]] for name, forms in self.fields.items()}
        return self.day % {**written, "y": str(on.year)}

    def written_number(self, number: int) -> str:
        """Return a whole number with its thousands apart."""
        if self.separator is None or number < 0:
            from babel.numbers import format_decimal

            return format_decimal(number, locale=locale_of(self.tag))
        return f"{number:,}".replace(",", self.separator)

    def listed(self, things: Sequence[str]) -> str:
        """Return things as a sentence has them. Their own braces are left alone."""
        if len(things) < 2:
            return "".join(things)
        if len(things) == 2:
            return self.lists["2"].format(*things)
        said = self.lists["start"].format(*things[:2])
        for thing in things[2:-1]:
            said = self.lists["middle"].format(said, thing)
        return self.lists["end"].format(said, things[-1])


def _day(locale: "Locale", pattern: str) -> tuple[str | None, dict[str, list[str]]]:
    """Return the pattern as a %-format, and how its fields are written."""
    from babel.dates import format_date, parse_pattern

    parsed = str((locale.date_formats.get(pattern) or parse_pattern(pattern)).format)
    written = {}
    for name in _FIELD.findall(parsed):
        if name == "y":
            continue
        if name[0] in "Ec":
            days = [_MONDAY + timedelta(days) for days in range(7)]
        elif name[0] in "ML":
            days = [date(2024, month, 1) for month in range(1, 13)]
        elif name[0] == "d":
            days = [date(2024, 1, day) for day in range(1, 32)]
        else:
            return None, {}
        # a field alone would be taken for a date that has no other, so it is written between two marks
        written[name] = [format_date(day, f"'|'{name}'|'", locale=locale).strip("|") for day in days]
    return parsed, written


def _separator(locale: "Locale") -> str | None:
    """Return the mark between all thousands, or None if large numbers need more than that."""
    from babel.numbers import format_decimal

    found = _NUMBER.fullmatch(format_decimal(1234567, locale=locale))
    same = found is not None and found[1] == found[2]
    return found[1] if found and same and format_decimal(1234, locale=locale) == f"1{found[1]}234" else None
