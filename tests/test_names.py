"""Names: one thing, one word; one word, one thing; and a stranger finds a file by its name."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "assistant"
MODULES = sorted(ROOT.rglob("*.py"))
SAME_NOUN = {
    "pages": "the page types of each role",
    "conversation": "the model in engine, its routes in web",
    "invitation": "the model in meetings, its pages in web",
    "invitation_pages": "the page types of each role",
    "joining": "acts in service, routes in web",
    "invitations": "SQL in storage, acts in service, routes in web",
    "notebook": "the model in meetings, its routes in web",
    "notebooks": "SQL in storage, acts in service",
    "question": "one question, in engine and on a page",
    "layout": "of a drawing, and of a review on paper",
    "health": "what is measured in service, its routes in web",
    "key_change": "the acts in service, SQL in storage",
    "insight": "the model in meetings, SQL in storage, acts in service, pages and a command",
    "sessions": "SQL in storage, acts in service, the request's session in web",
    "security_log": "the acts in service, the command in operations",
    "account_changes": "acts in service, views in web",
    "form_drafts": "SQL in storage, acts in service, the middleware in web",
    "deleted_meetings": "SQL in storage, acts in service",
    "review": "the model in meetings, its routes and view in web",
    "reviews": "SQL in storage, acts in service",
    "share": "the model in meetings, its routes in web",
    "share_pages": "the page types of each role",
    "shares": "SQL in storage, acts in service",
    "sheet": "the summary's sheet, and the review's",
    "sign_in": "acts in service, routes in web",
    "account_setup": "acts in service, routes in web",
    "access": "acts in service, routes in web",
    "accounts": "acts in service, routes in web",
    "summary": "the model in meetings, its routes and view in web",
    "key_slots": "cryptography in vault, SQL in storage",
    "passkeys": "SQL in storage, acts in service, routes in web",
    "plain_text": "the summary's, and the review's",
    "documents": "SQL in storage, sealing in service",
    "dialogues": "SQL in storage, machines in service",
    "written_for": "the model in meetings, acts in service, routes in web",
    "services": "the services for staff within the services for all",
}
SEARCHES = (
    "audit",
    "auth",
    "backup",
    "calendar",
    "config",
    "cookie",
    "csrf",
    "dashboard",
    "encrypt",
    "error",
    "event_stream",
    "fhir",
    "forms",
    "idempotency",
    "journey",
    "language",
    "middleware",
    "migrations",
    "password",
    "pdf",
    "permission",
    "rate_limit",
    "routes",
    "session",
)
"""What a newcomer looks for with `ls` and grep: 24 terms of the field."""


def test_no_class_name_means_two_things() -> None:
    places = defaultdict(list)
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(str(path.relative_to(ROOT)))
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_a_module_name_is_used_twice_only_for_the_same_noun() -> None:
    places = defaultdict(list)
    for path in MODULES:
        if path.name != "__init__.py":
            places[path.stem].append(path)
    twice = {stem for stem, where in places.items() if len(where) > 1}
    assert twice <= set(SAME_NOUN), twice - set(SAME_NOUN)


@pytest.mark.parametrize("term", SEARCHES)
def test_a_stranger_finds_a_file_by_the_fields_word(term: str) -> None:
    assert any(term in str(path.relative_to(ROOT)) for path in MODULES)
