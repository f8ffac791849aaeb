"""What papers state is what the program does: a constant that changes changes them, in every language."""

import ast
import dataclasses
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.as_read import our_catalogues
from test_retention import UNUSUAL

from assistant.config import service_file
from assistant.events import Event
from assistant.languages import Language
from assistant.papers.facts import Cookie, Facts, Periods, columns_of
from assistant.papers.lists import (
    PAPER_LANGUAGES,
    TEXTS,
    columns,
    flow,
    listed_column,
    risks,
    texts_by_name,
)
from assistant.papers.printing import PAPERS, print_paper
from assistant.retention import RELEASED, Retention
from assistant.service.staff.security_log import SecurityEvent
from assistant.web.http.service_file import SignInGroup, read_service

ROOT = Path(__file__).parents[2]
CATALOGUES = our_catalogues()
FACTS = [one.name for one in dataclasses.fields(Facts) if one.name != "periods"]
PRIMITIVES = {
    "AESGCM": "cipher",
    "HKDF": "derivation",
    "Type.ID": "stretching",
    "X25519PrivateKey": "key_exchange",
}
"""What the vault imports, and the fact that names it."""
BY_HAND = re.compile(
    r"\b\d+\.? (?:dag|døgn|time|timar|minutt|sekund|måne?d|år|bit|byte|MiB|KiB|tegn|teikn|siffer|ord"
    r"|linj|feil|day|hour|minute|second|month|year|bits|bytes|character|digit|word|line|wrong)"
)
THE_LAWS_OWN = re.compile(r"\b72 (?:timer|timar|hours)\b")
"""The period within which a breach is notified: GDPR article 33."""


def all_papers(language: Language, facts: Facts | None = None) -> str:
    service = read_service(service_file())
    # `information` is the public page's text, with its own facts
    return "\n".join(
        print_paper(name, language, service, facts).text for name in PAPERS if name != "information"
    )


def other(value: Any) -> Any:
    """Something else of the same kind."""
    match value:
        case str():
            return f"{value}9"
        case int():
            return value + 4321
        case timedelta():
            return value + timedelta(days=4321)
        case tuple() if isinstance(value[0], Cookie):
            return (dataclasses.replace(value[0], lasts=timedelta(days=4321)), *value[1:])
        case tuple():
            return value[:-1]
    raise AssertionError(value)


@pytest.mark.parametrize("language", PAPER_LANGUAGES)
def test_every_fact_is_stated_in_every_language(language: Language) -> None:
    facts = Facts()
    printed = all_papers(language, facts)
    unstated = [
        name
        for name in FACTS
        if all_papers(language, dataclasses.replace(facts, **{name: other(getattr(facts, name))})) == printed
    ]
    assert unstated == []


@pytest.mark.parametrize("language", PAPER_LANGUAGES)
def test_every_period_is_stated_in_every_language(language: Language) -> None:
    printed, span = all_papers(language), CATALOGUES[language].span
    for name, lasts in Periods().by_name.items():
        row = re.escape(texts_by_name("periods")[name].in_(language))
        assert re.search(rf"\| {row} \| {span(lasts)} \|", printed), name


def test_a_constant_that_changes_changes_the_papers() -> None:
    longer = dataclasses.replace(Facts(), periods=Periods(handled_forms=timedelta(days=91)))
    for language in PAPER_LANGUAGES:
        span = CATALOGUES[language].span
        assert span(timedelta(days=91)) in all_papers(language, longer)
        assert span(timedelta(days=91)) not in all_papers(language)


@pytest.mark.parametrize("language", PAPER_LANGUAGES)
def test_papers_state_the_periods_that_the_service_set(language: Language) -> None:
    """Every period that a service may set is printed as it is set, and no paper prints the released one."""
    service = read_service(service_file()).model_copy(update={"retention": UNUSUAL})
    span = CATALOGUES[language].span
    papers = {name: print_paper(name, language, service).text for name in PAPERS}
    printed = "\n".join(papers.values())
    for name, lasts in UNUSUAL:
        if isinstance(lasts, timedelta):
            assert span(lasts) in printed, name
    months = CATALOGUES[language].listed([CATALOGUES[language].months(one) for one in UNUSUAL.months])
    assert months in printed
    fixed = {span(lasts) for name, lasts in Periods().by_name.items() if name not in Retention.model_fields}
    released = {span(lasts) for _, lasts in RELEASED if isinstance(lasts, timedelta)} - fixed
    assert [(name, one) for name, text in papers.items() for one in released if f" {one}" in text] == []


@pytest.mark.parametrize("template", sorted(TEXTS.glob("*/*.md")), ids=lambda path: "/".join(path.parts[-2:]))
def test_no_period_or_size_is_written_by_hand(template: Path) -> None:
    text = THE_LAWS_OWN.sub("", re.sub(r"\{\{.*?\}\}", "", template.read_text("utf-8")))
    assert BY_HAND.findall(text) == []


def test_every_table_and_every_column_of_the_database_is_in_the_lists() -> None:
    facts = Facts()
    assert set(texts_by_name("tables")) == set(facts.tables)
    there = {(table, column) for table in facts.tables for column in columns_of(table)}
    named = {f"{table}.{column}" for table, column in there} | {column for _, column in there}
    assert set(columns()) <= named, "a column that is not there any more"
    for table, column in there:
        listed_column(table, column)


def test_what_is_listed_as_sealed_holds_bytes_and_what_is_open_does_not() -> None:
    for table in Facts().tables:
        for column, is_bytes in columns_of(table).items():
            listed = listed_column(table, column)
            assert is_bytes == (listed.kind not in ("open", "reference")), (table, column)
            assert (listed.about is not None) == (listed.kind == "open"), (table, column)


def test_a_column_is_not_described_by_another_ones_name() -> None:
    """A name that means several things has a row for each, so that no paper says the wrong one."""
    ambiguous = {"name", "at", "number", "form", "digest", "key", "link"}
    assert ambiguous.isdisjoint(columns())


def imported(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*.py")):
        yield from imported_by(path)


@cache
def imported_by(path: Path) -> Sequence[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found.extend((node.module or "", name.name) for name in node.names)
        elif isinstance(node, ast.Import):
            found.extend((name.name, "") for name in node.names)
    return found


def test_the_algorithms_that_papers_name_are_all_that_the_vault_uses() -> None:
    facts = Facts()
    used = {
        name for module, name in imported(ROOT / "assistant" / "vault") if module.startswith("cryptography")
    }
    # the one-time codes of RFC 6238 are described by their digits and seconds
    assert used == {"AESGCM", "HKDF", "SHA256", "X25519PrivateKey", "X25519PublicKey", "InvalidTag"} | {
        "Argon2id",
        "SHA1",
        "TOTP",
    }
    stretching = {
        name for module, name in imported(ROOT / "assistant" / "vault") if module.startswith("nacl")
    }
    assert stretching == {"crypto_pwhash_ALG_ARGON2ID13", "crypto_pwhash_alg", "crypto_pwhash_SALTBYTES"}
    assert "HKDF(algorithm=SHA256()" in (ROOT / "assistant/vault/encryption.py").read_text("utf-8")
    said = {getattr(facts, fact) for fact in PRIMITIVES.values()}
    assert said == {"AES-256-GCM", "HKDF-SHA-256", "Argon2id", "X25519"}


def test_the_cookies_that_papers_name_are_all_that_the_program_sets() -> None:
    setting = {
        str(path.relative_to(ROOT / "assistant"))
        for path in (ROOT / "assistant").rglob("*.py")
        if ".set_cookie(" in path.read_text("utf-8")
    }
    assert setting == {
        "web/http/cookies.py",
        "web/http/link_cookies.py",
        "web/http/loan_cookie.py",
        "web/staff/authentication.py",
        "web/staff/device.py",
        "web/staff/provider_cookie.py",
    }
    assert {cookie.key for cookie in Facts().cookies} == set(texts_by_name("cookies"))


ASKS_ITS_OWN_SERVER = {"operations/outside_checks.py", "operations/running.py"}
"""Modules of `assistant doctor` and `assistant status`, which ask the operator's own server."""


ASKS_THE_PROVIDER = "openid/http_client.py"
"""The module that asks the identity provider, if the service file names one."""


def test_the_program_contacts_nobody_but_an_identity_provider_that_the_service_names() -> None:
    """Papers say that nothing leaves the server by itself. Only two commands ask over HTTP, the server that
    the operator names, and only modules of those commands know how. The server itself asks the identity
    provider, if there is one; papers then say so.
    """
    clients = {"urllib.request", "http.client", "smtplib", "ftplib", "requests", "httpx", "xmlrpc.client"}
    names = {"ClientSession", "request", "create_connection"}
    users = {
        str(path.relative_to(ROOT / "assistant"))
        for path in (ROOT / "assistant").rglob("*.py")
        if any(module in clients or name in names for module, name in imported_by(path))
    }
    assert users == {*ASKS_ITS_OWN_SERVER, ASKS_THE_PROVIDER}
    knowing = {
        str(path.relative_to(ROOT / "assistant"))
        for path in (ROOT / "assistant").rglob("*.py")
        if any(
            module in ("assistant.operations.outside_checks", "assistant.operations.running")
            for module, _ in imported_by(path)
        )
    }
    assert knowing == {"operations/doctor.py"}
    client = {
        str(path.relative_to(ROOT / "assistant"))
        for path in (ROOT / "assistant").rglob("*.py")
        if any(module == "assistant.openid.http_client" for module, _ in imported_by(path))
    }
    assert all(path.startswith("openid/") for path in client)


@pytest.mark.parametrize("language", PAPER_LANGUAGES)
def test_papers_name_the_identity_provider_only_if_there_is_one(language: Language) -> None:
    service = read_service(service_file())
    issuer = "https://helseid.example"
    group = SignInGroup(
        owner="IT",
        last_checked=date(2026, 11, 29),
        name="HelseID",
        profile="helseid",
        issuer=issuer,
        client_id="x",
    )
    with_one = service.model_copy(update={"sign_in": group})
    for name in ("flow", "record", "processor", "dpia", "information"):
        assert "HelseID" not in print_paper(name, language, service).text, name
        assert "HelseID" in print_paper(name, language, with_one).text, name
    assert issuer in print_paper("flow", language, with_one).text


@pytest.mark.parametrize("risk", risks(), ids=lambda risk: risk.id)
def test_every_test_that_a_risk_names_is_there(risk: Any) -> None:
    for test in risk.tests:
        file, name = test.split("::")
        assert re.search(rf"^(?:async )?def {name}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE), test


@pytest.mark.parametrize("language", PAPER_LANGUAGES)
def test_every_command_file_and_event_that_a_paper_names_is_there(language: Language) -> None:
    from test_documents import COMMANDS

    known = {event.value for event in (*Event, *SecurityEvent)} | set(Facts().tables)
    for code in re.findall(r"`([^`]+)`", all_papers(language)):
        if code.startswith("assistant "):
            words = [word for word in code.split()[1:] if re.fullmatch("[a-z][a-z-]+", word)]
            assert any(" ".join(words[:count]) in COMMANDS for count in (1, 2)), code
        elif code.startswith("tests/"):
            assert (ROOT / code.partition("::")[0]).is_file(), code
        elif re.fullmatch(r"[a-z]+(_[a-z]+)+", code):
            assert code in known, code


def test_the_narrow_screen_that_papers_name_is_the_one_that_is_tested() -> None:
    from support.tab import NARROW

    for language in PAPER_LANGUAGES:
        assert f"{NARROW['width']} pi" in all_papers(language)


def test_every_arrow_of_the_drawing_leads_from_a_box_to_a_box() -> None:
    assert all({arrow.source, arrow.to} <= set(flow().boxes) for arrow in flow().arrows)
    places = [box.at for box in flow().boxes.values()]
    assert len(set(places)) == len(places)
