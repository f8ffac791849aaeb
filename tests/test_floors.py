"""The floors of the house: who may know whom."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "assistant"
MODULES = {
    ".".join(("assistant", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in ROOT.rglob("*.py")
}
GROUND = {
    "child_process",
    "errors",
    "events",
    "config",
    "kept_results",
    "language_forms",
    "languages",
    "retention",
    "value_class",
    "zone",
}
MAY_KNOW: dict[str, set[str]] = {
    "child_process": set(),
    "errors": set(),
    "events": set(),
    "config": {"errors", "retention"},
    "kept_results": {"child_process"},
    "language_forms": {"value_class"},
    "languages": {"errors", "config", "kept_results", "language_forms", "retention", "value_class"},
    "retention": {"value_class"},
    "value_class": set(),
    "zone": {"errors"},
    "dialogue": {"errors", "language_forms", "languages", "value_class"},
    "engine": {"dialogue", "errors", "languages", "value_class"},
    "meetings": {"engine", "dialogue", "errors", "languages", "retention", "value_class"},
    "exports": {"meetings", "engine", "dialogue", *GROUND},
    "openid": {"config", "errors", "events", "value_class"},
    "vault": {"errors"},
    "storage": {"errors", "events", "value_class"},
    "service": {"storage", "vault", "exports", "meetings", "engine", "dialogue", *GROUND},
    "web": {"service", "openid", "meetings", "engine", "dialogue", *GROUND},
    "workshop": {"web", "meetings", "engine", "dialogue", *GROUND},
    "operations": {"web", "service", "openid", "meetings", "dialogue", *GROUND},
    "papers": {
        "operations",
        "web",
        "service",
        "storage",
        "vault",
        "exports",
        "meetings",
        "dialogue",
        *GROUND,
    },
    "staff_commands": {"web", "service", "meetings", *GROUND},
    "cli": {"staff_commands", "workshop", "operations", "papers", "web", "dialogue", *GROUND},
    "__main__": {"cli"},
    "": set(),
}
ONLY_IN = {
    "transitions": ("assistant.engine.machine",),
    "cryptography": ("assistant.vault",),
    "nacl": ("assistant.vault.key_stretching",),
    "sqlalchemy": ("assistant.storage",),
    "sqlite3": ("assistant.storage",),
    "psycopg": ("assistant.storage",),
    "aiohttp": ("assistant.web", "assistant.openid.http_client"),
    "joserfc": ("assistant.openid",),
    "jinja2": ("assistant.web", "assistant.papers.printing", "assistant.papers.server_files"),
    "click": (
        "assistant.cli",
        "assistant.staff_commands",
        "assistant.operations.security_log",
        "assistant.operations.data_commands",
        "assistant.operations.doctor",
        "assistant.papers.commands",
        "assistant.workshop.terminal",
    ),
    "prometheus_client": ("assistant.operations.metrics",),
    "typst": ("assistant.exports.pdf",),
    "segno": ("assistant.web.http.qr",),
    "icalendar": ("assistant.exports.calendar_entry",),
    "yaml": ("assistant.dialogue.marked_yaml", "assistant.dialogue.translation"),
}
PURE = ("assistant.dialogue", "assistant.engine", "assistant.meetings")
READS_FILES = "assistant.dialogue.library"
IMPURE = {
    "asyncio",
    "io",
    "os",
    "pathlib",
    "random",
    "secrets",
    "socket",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "uuid",
}
IMPURE_CALLS = {"open", "input", "print", "now", "today", "utcnow", "urandom", "eval", "exec", "__import__"}


def is_under(module: str, place: str) -> bool:
    return module == place or module.startswith(f"{place}.")


def floor(module: str) -> str:
    return [*module.split("."), ""][1]


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text("utf-8"))


@cache
def imports(module: str) -> tuple[str, ...]:
    """Every module that is imported, wherever the import stands."""
    return tuple(_imports(module))


def _imports(module: str) -> Iterator[str]:
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports by dots"
            source = node.module or ""
            yield source
            yield from (f"{source}.{name.name}" for name in node.names if f"{source}.{name.name}" in MODULES)


def called(module: str) -> Iterator[str]:
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield node.func.id if isinstance(node.func, ast.Name) else node.func.attr


ROOMS: dict[str, tuple[set[str], ...]] = {
    "web": (
        {"http"},
        {"views"},
        {"staff"},
        {"user", "professional", "peer", "admin", "public", "authoring"},
        {
            "form_drafts",
            "known_sender",
            "leaving",
            "middleware",
            "missing_fonts",
            "refused_pages",
            "service_manager",
        },
        {"routes", "app", "first_start", "serve"},
    ),
    "service": (
        {"broadcast", "dialogues", "documents", "ended_sessions", "key_slots", "portions", "queueing"},
        {"review_documents", "deleted_meetings", "insight", "shared_limits", "stores"},
        {"notebook", "staff", "operations"},
        {"preparation", "form_drafts"},
        {"sharing", "guided"},
        {"review", "export"},
        {"services"},
    ),
}
"""The second level, bottom up. A room imports rooms of earlier rows; single files may know their own row."""
SINGLE = {"form_drafts", "known_sender", "leaving", "middleware", "routes", "app", "serve", "stores"}
SINGLE |= {"first_start", "refused_pages"}
SINGLE |= {"key_slots", "documents", "review_documents", "deleted_meetings"}


def room(module: str) -> str:
    return [*module.split("."), "", ""][2]


def test_there_is_no_floor_we_do_not_know() -> None:
    assert {floor(module) for module in MODULES} == set(MAY_KNOW)


@pytest.mark.parametrize("module", MODULES)
def test_a_floor_knows_only_those_below_it(module: str) -> None:
    here = floor(module)
    known = {floor(name) for name in imports(module) if is_under(name, "assistant")} - {here}
    assert known <= MAY_KNOW[here]


@pytest.mark.parametrize("module", [m for m in MODULES if floor(m) in ROOMS and room(m)])
def test_a_room_knows_only_those_below_it(module: str) -> None:
    rows = ROOMS[floor(module)]
    level = {name: number for number, row in enumerate(rows) for name in row}
    here = room(module)
    assert here in level, f"{module} is in a room without a place in ROOMS"
    for name in imports(module):
        there = room(name)
        if floor(name) != floor(module) or there in ("", here):
            continue
        assert level[there] < level[here] or (level[there] == level[here] and here in SINGLE), name


@pytest.mark.parametrize("library", ONLY_IN)
def test_each_library_is_known_in_one_place(library: str) -> None:
    users = {m for m in MODULES if any(is_under(name, library) for name in imports(m))}
    assert all(any(is_under(user, place) for place in ONLY_IN[library]) for user in users), users


@pytest.mark.parametrize("module", [m for m in MODULES if any(is_under(m, place) for place in PURE)])
def test_what_is_pure_has_no_clock_no_chance_and_no_files(module: str) -> None:
    impure = IMPURE - {"pathlib"} if module == READS_FILES else IMPURE
    assert {name.split(".")[0] for name in imports(module)}.isdisjoint(impure)
    assert set(called(module)).isdisjoint(IMPURE_CALLS)
    asynchronous = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
    assert not [node for node in ast.walk(tree(module)) if isinstance(node, asynchronous)]


LONG = {
    "assistant.cli": "every command for authors and operators, as --help lists them",
    "assistant.config": "every setting",
    "assistant.dialogue.model": "the whole format of a dialogue file",
    "assistant.engine.reply": "one reader for every kind of question",
    "assistant.errors": "every refusal on one page",
    "assistant.service.notebook.sessions": "a session, from its beginning to its sweep",
    "assistant.service.preparation.preparations": "a turn, read and written in one place",
    "assistant.service.staff.accounts": "everything that is done to an account",
    "assistant.web.http.pages": "what every page is given, and how it is rendered",
    "assistant.web.http.service_file": "the whole format of the service file",
    "assistant.storage.migrations": "every step, in order",
}
"""Modules that may have up to 400 lines, and why."""


def test_no_module_grows_beyond_its_noun() -> None:
    long = {m: n for m, path in MODULES.items() if (n := len(path.read_text("utf-8").splitlines())) > 300}
    assert set(long) <= set(LONG)
    assert all(lines <= 400 for lines in long.values()), long


def test_nothing_is_called_after_nothing() -> None:
    nothing = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
    assert not [m for m in MODULES if nothing & set(m.split("."))]
