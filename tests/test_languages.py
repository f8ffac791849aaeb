"""Bokmål, Nynorsk and English are equals: the same things are said in each, and each in its own words."""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from datetime import time as clock_time
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import NamedTuple

import jinja2
import pytest
import yaml
from jinja2 import meta, nodes
from support.as_read import our_catalogues, our_library

from assistant import errors, web
from assistant.config import dialogues_folder, locales_folder, service_file
from assistant.dialogue.checks.plain_language import foreign
from assistant.dialogue.library import read_plain_words
from assistant.languages import LANGUAGES, Language, as_language, negotiate
from assistant.vault.review_keys import words as check_words
from assistant.web.authoring.catalogue_report import check_catalogues
from assistant.web.http import pages
from assistant.web.http.service_file import read_service
from assistant.workshop.spelling import WORDS, spelled_words, unknown_words

PACKAGE = Path(__file__).parent.parent / "assistant"
TEMPLATES = PACKAGE / "web" / "templates"
CATALOGUES = our_catalogues()
ENVIRONMENT = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True)
GIVEN_TO_ALL = {
    "number",
    "is_posted",
    "locks",
    "unit",
    "is_held",
    "styles",
    "language",
    "tag",
    "direction",
    "say",
    "layout",
    "static",
    "contacts",
    "privacy",
    "peer_worker",
    "role_name",
    "languages",
    "text_limit",
}

PLAIN = read_plain_words(locales_folder())


def dialogue_texts(node: object, language: Language) -> Iterator[str]:
    """Every wording of a language in a dialogue or a service's own words, wherever it stands."""
    if isinstance(node, dict):
        if set(node) == set(LANGUAGES):
            yield node[language]
        else:
            for child in node.values():
                yield from dialogue_texts(child, language)
    elif isinstance(node, list | tuple):
        for child in node:
            yield from dialogue_texts(child, language)


def texts(language: Language) -> Iterator[tuple[str, str]]:
    """Everything that is ever said in a language, with where it stands."""
    yield from CATALOGUES[language].sentences.items()
    for name, dialogue in our_library().items():
        for text in dialogue_texts(dialogue.model_dump(), language):
            yield name, text
    for text in dialogue_texts(read_service(service_file()).model_dump(), language):
        yield "service", text


def template_names() -> list[str]:
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))


def test_the_catalogues_have_no_issues() -> None:
    """Nothing missing, empty, fuzzy, doubled, unused, or with other facts put in: `web/test_catalogue.py`."""
    assert check_catalogues(locales_folder()).issues == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_begins_or_ends_in_nothing(language: Language) -> None:
    for key, text in texts(language):
        assert text == text.strip(), key
        assert "  " not in text, key


def refusals(of: type[errors.Refusal] = errors.Refusal) -> Iterator[type[errors.Refusal]]:
    """Every kind of refusal of the program."""
    for kind in of.__subclasses__():
        if kind.__module__.startswith("assistant."):
            yield kind
        yield from refusals(kind)


def test_every_refusal_can_be_spoken() -> None:
    names = {one.__name__ for one in refusals()} | {
        "NotSaved",
        "RevisionConflict",
        "TooOften",
        "GuidedSessionOver",
    }
    said = {key.removeprefix("refusal.") for key in CATALOGUES["nb"].sentences if key.startswith("refusal.")}
    assert said - {"heading"} == names


@pytest.mark.parametrize(
    ("dictionary", "foreign"), [("nb_NO", "valley"), ("nn_NO", "valley"), ("en_GB", "plomme")]
)
def test_each_check_word_is_a_word_of_every_language(hunspell: str, dictionary: str, foreign: str) -> None:
    """The two screens of a review may be in two languages, and show the same two words."""
    assert hunspell
    assert unknown_words([*check_words(), foreign], dictionary) == [foreign]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_another_language_strays_in(language: Language) -> None:
    strangers = foreign(language, PLAIN)
    strays = {
        (where, word)
        for where, text in texts(language)
        for word in spelled_words(PLAIN[language].at_home.sub(" ", text))
        if word.lower() in strangers
    }
    assert strays == set()


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_no_sentence_is_left_in_english(language: Language) -> None:
    pairs = zip(texts(language), texts("en"), strict=True)
    assert [(where, ours) for (where, ours), (_, english) in pairs if ours == english] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_ordered_about_or_shouted_at(language: Language) -> None:
    # what somebody says of themselves is no order
    of_oneself = re.compile(r"\b(Jeg må|Eg må|I must)\b")
    for where, text in texts(language):
        of_others = of_oneself.sub("", text)
        for _, pattern, advice in PLAIN[language].avoided:
            assert not pattern.search(of_others), (where, text, advice)


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotation_marks_are_those_of_the_language(language: Language) -> None:
    for where, text in texts(language):
        assert not set("\"'") & set(text), (where, text)
        assert not set("«»" if language == "en" else "“”„") & set(text), (where, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_spelled_as_the_language_spells_it(hunspell: str, language: Language) -> None:
    ours = set((dialogues_folder() / WORDS).read_text("utf-8").split())
    said = {word for _, text in texts(language) for word in spelled_words(text)} - ours
    assert unknown_words(said, PLAIN[language].spelling) == []


def test_our_own_list_of_words_holds_only_words_we_use() -> None:
    ours = (dialogues_folder() / WORDS).read_text("utf-8").split()
    said = {word for language in LANGUAGES for _, text in texts(language) for word in spelled_words(text)}
    assert ours == sorted(set(ours))
    assert set(ours) <= said


def test_the_numbers_to_call_say_who_checked_them_and_when() -> None:
    contacts = read_service(service_file()).contacts
    raw = yaml.safe_load(service_file().read_text("utf-8"))["contacts"]
    assert contacts.owner
    assert contacts.last_checked == raw["last_checked"]
    assert "113" in [contact.number for contact in contacts.numbers]
    assert all(contact.source for contact in contacts.numbers)


class Named(NamedTuple):
    """What is named in one template."""

    undeclared: frozenset[str]
    others: tuple[str, ...]
    """The templates it includes, imports and stands in, in the order in which they are named."""
    own: frozenset[str]
    """Its macros, and what it imports."""


@cache
def named_in(name: str) -> Named:
    """Read a template, once for all pages."""
    tree = ENVIRONMENT.parse((TEMPLATES / name).read_text("utf-8"))
    # `{% extends layout %}`: the whole page, the part that changes, or a file
    layouts = ["http/base.html", "http/fragment.html", "http/alone.html"]
    referenced = meta.find_referenced_templates(tree)
    others = tuple(template for other in referenced for template in ([other] if other else layouts))
    macros = [macro.name for macro in tree.find_all(nodes.Macro)]
    own = [*macros, *(module.target for module in tree.find_all(nodes.Import))]
    return Named(frozenset(meta.find_undeclared_variables(tree)), others, frozenset(own))


def used_by(name: str, seen: set[str]) -> set[str]:
    """What a template needs to be given, with all it includes, imports and stands in."""
    if name in seen:
        return set()
    seen.add(name)
    named = named_in(name)
    return set(named.undeclared).union(*(used_by(other, seen) for other in named.others)) - named.own


def page_classes() -> list[type[pages.Page]]:
    """Every page there is, wherever under `assistant.web` it is described."""
    modules = [import_module(m.name) for m in walk_packages(web.__path__, "assistant.web.")]
    return [
        c
        for module in modules
        for c in vars(module).values()
        if isinstance(c, type)
        and issubclass(c, pages.Page)
        and c.__module__ == module.__name__
        and "template" in vars(c)
    ]


@pytest.mark.parametrize("page", page_classes(), ids=lambda page: page.__name__)
def test_a_page_gives_its_template_exactly_what_that_uses(page: type[pages.Page]) -> None:
    needed = used_by(page.template, set()) - GIVEN_TO_ALL
    given = {field.name for field in fields(page)}
    of_every_page = {field.name for field in fields(pages.Page)}
    assert needed - given == set(), "the template uses what the page does not give"
    assert given - needed - of_every_page == set(), "the page gives what its template does not use"


def test_every_template_is_some_pages_or_part_of_one() -> None:
    seen: set[str] = set()
    for page in page_classes():
        used_by(page.template, seen)
    assert seen == set(template_names())


def test_the_buttons_that_send_a_form_on_in_another_language_are_written_in_one_place() -> None:
    named = re.compile(r'<button[^>]*form="[^>]*lang="')
    places = [name for name in template_names() if named.search((TEMPLATES / name).read_text("utf-8"))]
    assert places == ["http/form_foot.html"]


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("", "nb"),
        ("nn-NO,nb;q=0.5", "nn"),
        ("no", "nb"),
        ("en-US,en;q=0.9,nb;q=0.8", "en"),
        ("de,fr;q=0.9,nn;q=0.1", "nn"),
        ("nb;q=0,en;q=0.1", "en"),
        ("nb;q=x,en;q=0.1", "en"),
        ("nn;q=nan,en", "en"),
        ("se,sv;q=0.8,en;q=0.5", "nb"),
        (",;q=,;;", "nb"),
        ("x," * 1000 + "nn", "nb"),
    ],
)
def test_the_language_is_the_one_the_browser_likes_best(asked: str, language: Language) -> None:
    assert negotiate(asked) == language


@pytest.mark.parametrize("tag", ["", "NB", "nb ", "no", "en-GB", "sv", "../nb"])
def test_only_our_own_three_names_are_languages(tag: str) -> None:
    assert as_language(tag) is None


@pytest.mark.parametrize(
    ("language", "day", "time"),
    [
        ("nb", "fredag 5.~februar 2027", "fredag 5.~februar 2027 kl.~12:30"),
        ("nn", "fredag 5.~februar 2027", "fredag 5.~februar 2027 kl.~12:30"),
        ("en", "Friday 5~February 2027", "Friday 5~February 2027 at 12:30"),
    ],
)
def test_a_day_and_a_time_are_not_broken_over_two_lines_where_they_are_read(
    language: Language, day: str, time: str
) -> None:
    on_page = CATALOGUES[language]
    for catalogue, space in ((on_page, "\u00a0"), (on_page.plain, " ")):
        said = catalogue.day(date(2027, 2, 5))
        assert said == day.replace("~", space)
        both = catalogue.say("day.both", on=said, at=catalogue.clock(clock_time(12, 30)))
        assert both == time.replace("~", space)
    broken = [text for text in on_page.sentences.values() if re.search(r"\bkl\. [{\d]", text)]
    assert broken == []
    assert len([text for text in on_page.sentences.values() if "\u00a0" in text]) >= (language != "en") * 10
