"""Retention: a service decides periods within bounds, and every text says what it decided."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from support.as_read import our_catalogues

from assistant.config import locales_folder
from assistant.languages import LANGUAGES, Catalogue, Language
from assistant.retention import RELEASED, Between, Retention
from assistant.web.http.service_file import look_at_service

CATALOGUES = our_catalogues()
PERIODS = sorted(name for name, lasts in RELEASED if isinstance(lasts, timedelta))
UNUSUAL = Retention.model_validate(
    {
        "notebook": "200 days",
        "unanswered": "5 hours",
        "months": [2, 7],
        "own_browser": "9 days",
        "borrowed_browser": "33 minutes",
        "only_looking": "6 hours",
        "share_code": "44 minutes",
        "together": "7 hours",
        "ahead": "19 days",
        "invitation": "71 days",
        "staff_drafts": "13 days",
        "staff_idle": "47 minutes",
        "staff_longest": "11 hours",
        "staff_link": "6 days",
        "known_browser": "222 days",
        "account_changes": "111 days",
        "security_log": "333 days",
    }
)
OTHER_THINGS = {
    "start.time": "how long the conversation takes",
    "plan.heading": "the plan of a guided session",
    "plan.matters": "the plan of a guided session",
    "take.calendar": "how long a meeting lasts in the calendar",
    "start.cost_minutes": "how long the conversation takes",
    "refusal.DayNotAhead": "how far ahead a meeting may be",
}
"""Texts that name a span of time which is no period of keeping."""
FIGURES = re.compile(r"\d (?:dag|døgn|uke|veke|tim|minutt|måned|månad|år|day|week|hour|minute|month|year)")


def bounds(name: str) -> Between:
    return next(one for one in Retention.model_fields[name].metadata if isinstance(one, Between))


def written(tmp_path: Path, name: str, value: str) -> Path:
    file = tmp_path / "service.yaml"
    whole = (locales_folder() / "service.yaml").read_text("utf-8")
    file.write_text(f"retention:\n  {name}: {value}\n{whole}", "utf-8")
    return file


def doubled(period: str) -> str:
    number, unit = period.split()
    return f"{int(number) * 2} {unit if unit.endswith('s') else unit + 's'}"


def test_the_test_values_are_all_unusual() -> None:
    assert [name for name, value in UNUSUAL if value == getattr(RELEASED, name)] == []


@pytest.mark.parametrize("name", PERIODS)
def test_both_bounds_are_accepted_and_hold_what_was_released(tmp_path: Path, name: str) -> None:
    least, most = (
        look_at_service(written(tmp_path, name, bound)).service
        for bound in (bounds(name).least, bounds(name).most)
    )
    assert least is not None
    assert most is not None
    lowest, highest = (getattr(service.retention, name) for service in (least, most))
    assert lowest <= getattr(RELEASED, name) <= highest


@pytest.mark.parametrize("name", PERIODS)
@pytest.mark.parametrize("value", ["1 minute", "more"])
def test_a_value_out_of_bounds_is_refused_in_one_sentence_at_its_place(
    tmp_path: Path, name: str, value: str
) -> None:
    outside = doubled(bounds(name).most) if value == "more" else value
    file = written(tmp_path, name, outside)
    found = look_at_service(file)
    assert found.service is None
    assert list(map(str, found.issues)) == [
        f"{file}:2:{5 + len(name)}: D103 '{name}' is out of bounds "
        f"→ choose between {bounds(name).least} and {bounds(name).most}"
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("notebook", given)
        for given in ("90", "3 months", "about a year", "-5 days", "0 days", "[1 year]", '""')
    ]
    + [
        ("months", given)
        for given in ("3", "[]", "[3, 1]", "[0, 1]", "[1, 61]", "[1, 1]", "[1, 2, 3, 4, 5, 6, 7]")
    ],
)
def test_what_is_no_period_is_refused_with_how_to_write_it(tmp_path: Path, name: str, value: str) -> None:
    found = look_at_service(written(tmp_path, name, value))
    (issue,) = found.issues
    assert (issue.line, issue.column) == (2, 5 + len(name))
    assert issue.do.startswith("write ")


def test_a_period_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    (issue,) = look_at_service(written(tmp_path, "notebok", "1 year")).issues
    assert (issue.line, issue.column) == (2, 12)
    assert issue.what == "'notebok' means nothing here"


def said(retention: Retention, catalogue: Catalogue) -> str:
    sentences = catalogue.keeping(retention).sentences
    return "\n".join(text for key, text in sentences.items() if not key.startswith("span."))


SAID_IN_TEXTS = [
    "notebook",
    "unanswered",
    "own_browser",
    "borrowed_browser",
    "only_looking",
    "together",
    "ahead",
    "known_browser",
    "account_changes",
    "security_log",
]
"""Periods that a text of the interface names. The others are shown as days and times."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_names_a_period_names_the_one_that_is_set(language: Language) -> None:
    catalogue = CATALOGUES[language]
    for name in SAID_IN_TEXTS:
        assert catalogue.span(getattr(UNUSUAL, name)) in said(UNUSUAL, catalogue), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_has_a_period_written_by_hand(language: Language) -> None:
    """With unusual values no text names a period as it was released, in words or figures."""
    catalogue = CATALOGUES[language].keeping(UNUSUAL)
    released = {catalogue.span(getattr(RELEASED, name)) for name in PERIODS}
    released |= {catalogue.months(months) for months in RELEASED.months}
    by_hand = {
        key: period
        for key, text in catalogue.sentences.items()
        for period in released
        if not key.startswith("span.") and key not in OTHER_THINGS
        if f" {period}".lower() in f" {text}".lower().replace("\n", " ")
    }
    assert by_hand == {}
    figures = {key for key, text in catalogue.written.items() if FIGURES.search(text)}
    assert figures - OTHER_THINGS.keys() == set()


@pytest.mark.parametrize(
    ("lasts", "nb", "nn", "en"),
    [
        (timedelta(days=365), "ett år", "eitt år", "one year"),
        (timedelta(days=730), "to år", "to år", "two years"),
        (timedelta(days=90), "90 dager", "90 dagar", "90 days"),
        (timedelta(weeks=4), "fire uker", "fire veker", "four weeks"),
        (timedelta(days=1), "ett døgn", "eitt døgn", "one day"),
        (timedelta(hours=3), "tre timer", "tre timar", "three hours"),
        (timedelta(minutes=90), "90 minutter", "90 minutt", "90 minutes"),
        (timedelta(minutes=1), "ett minutt", "eitt minutt", "one minute"),
        (timedelta(days=1826), "1\xa0826 dager", "1\xa0826 dagar", "1,826 days"),
    ],
)
def test_a_period_is_said_in_natural_words(lasts: timedelta, nb: str, nn: str, en: str) -> None:
    assert [CATALOGUES[language].span(lasts) for language in ("nb", "nn", "en")] == [nb, nn, en]


def test_months_are_said_in_natural_words() -> None:
    spoken = [[CATALOGUES[one].months(months) for months in (1, 3, 12, 24)] for one in ("nb", "nn", "en")]
    assert spoken == [
        ["én måned", "tre måneder", "ett år", "to år"],
        ["éin månad", "tre månader", "eitt år", "to år"],
        ["one month", "three months", "one year", "two years"],
    ]


def test_the_start_option_for_the_security_log_comes_before_the_file() -> None:
    kept = UNUSUAL.with_security_log(77)
    assert (kept.security_log, UNUSUAL.with_security_log(None)) == (timedelta(days=77), UNUSUAL)
