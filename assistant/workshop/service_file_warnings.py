"""Warnings about the service file: missing or outdated entries. They never stop the server."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from assistant.dialogue.checks.issues import Issue
from assistant.web.http.service_file import (
    CheckedContacts,
    PrivacyGroup,
    Reachable,
    Service,
    ServiceRead,
    look_at_service,
)

STALE_AFTER = timedelta(days=180)


def service_issues(path: Path, today: date) -> list[Issue]:
    """List the errors in the file; without errors, what is missing or outdated on this day, in file order."""
    found = look_at_service(path)
    if found.service is None:
        return list(found.issues)
    issues = [*_missing(found, found.service), *_checked_when(found, found.service, today)]
    return sorted(issues, key=lambda issue: (issue.line, issue.column))


def _missing(found: ServiceRead, service: Service) -> Iterator[Issue]:
    if service.operator is None:
        line, column = found.marks.get(("operator",), (1, 1))
        what, do = "the service file does not say who runs the server", "name the body under 'operator:'"
        yield Issue(found.file, line, column, "S101", what, do)
    for number, unit in enumerate(service.units):
        if unit.reading is None:
            line, column = found.marks["units", number]
            what = f"no readers are named at '{unit.id}', so nothing can be sent there in advance"
            do = "say who, by when, and who covers, under its 'reading:'"
            yield Issue(found.file, line, column, "S102", what, do)
    if service.units and service.reading is not None:
        line, column = found.marks["reading",]
        what = "units have readers of their own, so nobody is promised what is said here"
        yield Issue(found.file, line, column, "S109", what, "move it under the unit that it is about")
    if service.reading is None and not service.units:
        line, column = found.marks.get(("reading",), (1, 1))
        what = "no readers are named, so nothing can be sent in advance"
        yield Issue(
            found.file, line, column, "S102", what, "say who, by when, and who covers, under 'reading:'"
        )
    if service.guided is None:
        line, column = found.marks.get(("guided",), (1, 1))
        what = "nothing says what goes into health records after a guided session, and whom to call"
        do = "say both under 'guided:' before peer workers open sessions"
        yield Issue(found.file, line, column, "S106", what, do)
    yield from _missing_for_privacy(found, service.privacy)


_OF_PRIVACY = {
    "officer": "the data protection officer",
    "ombud": "the patient and user ombud",
    "accessibility": "the accessibility statement",
    "basis": "the legal basis",
    "backups": "how long backups are kept",
}


def _missing_for_privacy(found: ServiceRead, privacy: PrivacyGroup | None) -> Iterator[Issue]:
    line, column = found.marks.get(("privacy",), (1, 1))
    if privacy is None:
        what = "nothing says who is responsible for the data, and whom to ask and complain to"
        yield Issue(found.file, line, column, "S107", what, "say it under 'privacy:'")
        return
    missing = [what for name, what in _OF_PRIVACY.items() if getattr(privacy, name) is None]
    if missing:
        what = f"people are not told {', '.join(missing)}"
        yield Issue(found.file, line, column, "S108", what, "add it under 'privacy:'")
    for name in ("controller", "officer", "ombud"):
        office: Reachable | None = getattr(privacy, name)
        if office is not None and not office.has_a_way:
            line, column = found.marks["privacy", name]
            what = f"'{name}' has a name but no way to reach it"
            yield Issue(found.file, line, column, "S108", what, "add a phone, email, address or link")


def _checked_when(found: ServiceRead, service: Service, today: date) -> Iterator[Issue]:
    groups: list[tuple[str, object, tuple[str | int, ...]]] = [
        (name, getattr(service, name), (name,)) for name in Service.model_fields
    ]
    groups += [(unit.id, unit, ("units", number)) for number, unit in enumerate(service.units)]
    for name, group, path in groups:
        if not isinstance(group, CheckedContacts):
            continue
        line, column = found.marks[*path, "last_checked"]
        if group.last_checked > today:
            what = f"the date when '{name}' was last checked is in the future"
            do = "write the date of the last check"
            yield Issue(found.file, line, column, "S104", what, do)
        elif today - group.last_checked > STALE_AFTER:
            what = f"'{name}' was last checked {(today - group.last_checked).days} days ago"
            do = f"check it ({group.owner}), and write the date"
            yield Issue(found.file, line, column, "S103", what, do)
