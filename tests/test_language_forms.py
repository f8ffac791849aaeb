"""Days, numbers and lists are written as Babel writes them, from tables that are kept."""

import json
from datetime import date, time, timedelta

import pytest
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal

from assistant.language_forms import LanguageForms, babel_files, locale_of
from assistant.languages import LANGUAGES, TAGS, Catalogue, direction

ELSEWHERE = ("ar", "de-CH", "es", "fa", "fi", "hi", "ja", "pl", "se", "th", "uk", "zh-Hant")
"""Other scripts and directions, an era in each date, lakhs, and four digits without a mark."""


def kept(tag: str, pattern: str = "full") -> LanguageForms:
    """The forms of a language as a later start has them."""
    return LanguageForms(**json.loads(json.dumps(LanguageForms.read(tag, pattern).as_json())))


@pytest.mark.parametrize("pattern", ["full", "long", "EEEE d MMMM y"])
@pytest.mark.parametrize("tag", [*TAGS.values(), *ELSEWHERE])
def test_a_day_is_written_as_babel_writes_it(tag: str, pattern: str) -> None:
    forms, locale = kept(tag, pattern), locale_of(tag)
    for days in range(0, 800, 3):
        on = date(2026, 1, 1) + timedelta(days)
        assert forms.written_day(on) == format_date(on, pattern, locale=locale)


@pytest.mark.parametrize("tag", [*TAGS.values(), *ELSEWHERE])
def test_numbers_and_lists_are_written_as_babel_writes_them(tag: str) -> None:
    forms, locale = kept(tag), locale_of(tag)
    for number in (-4000, 0, 7, 999, 1000, 4000, 12_345, 1_234_567, 10**10):
        assert forms.written_number(number) == format_decimal(number, locale=locale)
    for things in ([], ["a"], ["a{}", "b"], ["a", "{b}", "c"], list("abcde")):
        assert forms.listed(things) == format_list(things, locale=locale)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_offered_language_needs_babel(language: str) -> None:
    forms = kept(TAGS[language])
    assert forms.day is not None
    assert forms.separator is not None
    assert forms.direction == direction(language)
    for at in (time(), time(9, 5), time(23, 59)):
        assert Catalogue(language, {}).clock(at) == format_time(at, "HH:mm", locale=locale_of(TAGS[language]))


def test_a_language_that_does_not_exist_has_no_forms() -> None:
    with pytest.raises(LookupError):
        LanguageForms.read("kind", "full")


def test_another_version_of_babel_is_read_anew() -> None:
    assert "__version__" in babel_files()[0].read_text("utf-8")
