"""Bokmål, Nynorsk and English are equals: the same things are said in each, and each in its own words."""

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import fields
from fnmatch import fnmatchcase
from pathlib import Path

import jinja2
import pytest
import yaml
from babel.messages.pofile import read_po
from jinja2 import meta, nodes

from assistant import errors
from assistant.config import dialogues_folder, locales_folder
from assistant.dialogue.library import read_library, read_plain_words
from assistant.dialogue.plain import foreign
from assistant.languages import LANGUAGES, Language, as_language, negotiate, read_catalogues
from assistant.web import pages
from assistant.web.pages import read_contacts
from assistant.web.user import pages as user_pages
from assistant.workshop.spelling import WORDS, spelled_words, unknown_words

PACKAGE = Path(__file__).parent.parent / "assistant"
TEMPLATES = PACKAGE / "web" / "templates"
CATALOGUES = read_catalogues(locales_folder())
ENVIRONMENT = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True)
KEY = re.compile(r"[a-z_]+\.[A-Za-z_]+")
GIVEN_TO_ALL = {"language", "tag", "say", "layout", "static", "contacts", "languages", "text_limit"}

PLAIN = read_plain_words(locales_folder())


def dialogue_texts(node: object, language: Language) -> Iterator[str]:
    """Every wording of a language in a dialogue or a list of contacts, wherever it stands."""
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
    for name, dialogue in read_library(dialogues_folder()).items():
        for text in dialogue_texts(dialogue.model_dump(), language):
            yield name, text
    for text in dialogue_texts(read_contacts(locales_folder()).model_dump(), language):
        yield "contacts", text


def template_names() -> list[str]:
    return sorted(path.name for path in TEMPLATES.glob("*.html"))


def spelled(node: nodes.Expr) -> str:
    """A key as it is spelled in a template, with `*` where something is put in."""
    if isinstance(node, nodes.Const):
        return str(node.value)
    if isinstance(node, nodes.Concat):
        return "".join(map(spelled, node.nodes))
    return "*"


def keys_in_templates() -> Iterator[str]:
    for name in template_names():
        tree = ENVIRONMENT.parse((TEMPLATES / name).read_text("utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "say":
                for inner in [call.args[0], *call.args[0].find_all(nodes.Const)]:
                    assert isinstance(inner, nodes.Expr)
                    yield spelled(inner)
        # keys that are handed on under a name
        yield from (str(c.value) for c in tree.find_all(nodes.Const) if KEY.fullmatch(str(c.value)))


def keys_in_code() -> Iterator[str]:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                yield "".join(str(p.value) if isinstance(p, ast.Constant) else "*" for p in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_the_same_things_are_said_in_each_language() -> None:
    keys = [CATALOGUES[language].sentences.keys() for language in LANGUAGES]
    assert keys[0] == keys[1] == keys[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_unsaid_or_said_twice(language: Language) -> None:
    path = locales_folder() / language / "LC_MESSAGES" / "messages.po"
    ids = re.findall(r'^msgid "(.+)"$', path.read_text("utf-8"), re.MULTILINE)
    assert len(ids) == len(set(ids))
    with path.open("rb") as file:
        messages = read_po(file, locale=language)
    assert not [m.id for m in messages if m.id and not m.string]
    assert not [m.id for m in messages if m.fuzzy and m.id]
    for key, text in texts(language):
        assert text == text.strip(), key
        assert "  " not in text, key


def test_the_same_facts_are_put_in_everywhere() -> None:
    for key in CATALOGUES["nb"].sentences:
        facts = [
            {name for _, name, _, _ in string.Formatter().parse(CATALOGUES[language].sentences[key]) if name}
            for language in LANGUAGES
        ]
        assert facts[0] == facts[1] == facts[2], key


def test_everything_that_is_looked_up_is_there() -> None:
    known = CATALOGUES["nb"].sentences
    prefixes = {key.partition(".")[0] for key in known}
    for key in keys_in_templates():
        if "*" not in key and KEY.fullmatch(key) and key.partition(".")[0] in prefixes:
            assert key in known or key.endswith((".html", ".css", ".js", ".svg")), key
    wild = [key for key in keys_in_templates() if "*" in key and "." in key]
    assert all(any(fnmatchcase(key, pattern) for key in known) for pattern in wild), wild


def test_everything_that_is_there_is_looked_up() -> None:
    used = {*keys_in_templates(), *keys_in_code()}
    wild = [key for key in used if re.fullmatch(r"[a-z_]+\.[*a-z_]*\*[*a-z_]*", key)]
    unused = [
        key
        for key in CATALOGUES["nb"].sentences
        if key not in used and not any(fnmatchcase(key, pattern) for pattern in wild)
    ]
    assert unused == []


def test_every_refusal_can_be_spoken() -> None:
    refusals = [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, errors.Refusal)]
    names = {c.__name__ for c in refusals if c is not errors.Refusal} | {
        "NotSaved",
        "RevisionConflict",
        "TooOften",
    }
    said = {key.removeprefix("refusal.") for key in CATALOGUES["nb"].sentences if key.startswith("refusal.")}
    assert said - {"heading"} == names


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
    for where, text in texts(language):
        for pattern, instead in PLAIN[language].avoided:
            assert not pattern.search(text), (where, text, instead)


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
    contacts = read_contacts(locales_folder())
    raw = yaml.safe_load((locales_folder() / "contacts.yaml").read_text("utf-8"))
    assert contacts.owner
    assert contacts.last_checked == raw["last_checked"]
    assert "113" in [contact.number for contact in contacts.contacts]
    assert all(contact.source for contact in contacts.contacts)


def used_by(name: str, seen: set[str]) -> set[str]:
    """What a template needs to be given, with all it includes, imports and stands in."""
    if name in seen:
        return set()
    seen.add(name)
    tree = ENVIRONMENT.parse((TEMPLATES / name).read_text("utf-8"))
    needed = set(meta.find_undeclared_variables(tree))
    for other in meta.find_referenced_templates(tree):
        # `{% extends layout %}`: the whole page, or the part that changes
        for template in [other] if other else ["base.html", "fragment.html"]:
            needed |= used_by(template, seen)
    return needed - {module.target for module in tree.find_all(nodes.Import)}


def page_classes() -> list[type[pages.Page]]:
    return [
        c
        for module in (pages, user_pages)
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
