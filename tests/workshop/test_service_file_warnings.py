"""The words a service has of its own: what is wrong stops it, what is old or missing is only said."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.config import Settings, dialogues_folder, locales_folder
from assistant.dialogue.checks.codes import CODES, Severity
from assistant.errors import CannotStart
from assistant.retention import RELEASED
from assistant.web.http.service_file import read_service
from assistant.workshop.check import check_folder
from assistant.workshop.service_file_warnings import STALE_AFTER, service_issues

CHECKED = date(2026, 11, 22)
BROKEN = sorted((Path(__file__).parent / "broken_service").glob("*.yaml"))
WHOLE = (Path(__file__).parent / "service.yaml").read_text("utf-8")


def named(text: str, folder: Path) -> Path:
    file = folder / "service.yaml"
    file.write_text(text, "utf-8")
    return file


def codes(file: Path, today: date = CHECKED) -> list[str]:
    return [issue.code for issue in service_issues(file, today)]


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.stem)
def test_a_file_with_something_in_it_to_see_to_says_so(case: Path) -> None:
    expected = [
        line.removeprefix("# ") for line in case.read_text("utf-8").splitlines() if line.startswith("# ")
    ]
    found = [str(issue).removeprefix(f"{case}:") for issue in service_issues(case, CHECKED)]
    assert found == expected
    assert case.stem[:4] in {line.split()[1] for line in expected}


def test_every_code_has_a_case_and_every_case_a_code() -> None:
    # S105 is found in a database, not in the file: tests/operations/test_readers.py
    family = {code for code in CODES if code.startswith("S")} - {"S105"}
    assert {case.stem[:4] for case in BROKEN if case.stem.startswith("S")} == family
    assert {CODES[code][0] for code in family} == {Severity.WARNS}


def test_a_whole_file_is_good_until_it_is_old(tmp_path: Path) -> None:
    file = named(WHOLE, tmp_path)
    assert codes(file) == []
    assert codes(file, CHECKED + STALE_AFTER) == []
    assert codes(file, CHECKED + STALE_AFTER + timedelta(days=1)) == ["S103"] * 6
    assert codes(file, CHECKED - timedelta(days=1)) == ["S104"] * 6


def test_what_is_only_said_fails_no_check_and_what_is_wrong_does(tmp_path: Path) -> None:
    checked = check_folder(dialogues_folder(), dialogues_folder(), locales_folder())
    assert not checked.has_failed
    checked.issues += service_issues(named(WHOLE, tmp_path), CHECKED + timedelta(days=365))
    assert checked.issues
    assert not checked.has_failed
    checked.issues += service_issues(named(WHOLE.replace("  numbers:", "  nubmers:"), tmp_path), CHECKED)
    assert checked.has_failed


def test_the_file_that_comes_with_the_program_can_be_filled_in_as_its_examples_show(tmp_path: Path) -> None:
    shown = (locales_folder() / "service.yaml").read_text("utf-8")
    filled = re.sub(
        r"^# (?=(operator|peer_worker|reading|guided|privacy|sign_in|retention|units):|  )",
        "",
        shown,
        flags=re.M,
    )
    one = re.sub(r"^units:\n(  .*\n)+", "", filled, flags=re.M)
    several = named(re.sub(r"^reading:\n(  .*\n)+", "", filled, flags=re.M), tmp_path)
    assert codes(several) == []
    (unit,) = read_service(several).units
    assert unit.id == "nord"
    assert set(unit.unit.staff) == {"Kari Fagperson", "Per Likeperson", "Ola Vikar"}
    assert read_service(several).retention == RELEASED, "the examples are what applies without them"
    file = named(one, tmp_path)
    assert codes(file) == []
    service = read_service(file)
    assert service.operator_name == "Eksempel kommune"
    assert service.promise is not None
    assert service.promise.readers == {"Kari Fagperson", "Ola Vikar"}
    assert service.peer_worker is not None
    assert service.guided is not None
    assert service.guided.call.number == "12 34 56 78"
    assert service.privacy is not None
    assert service.privacy.controller.name == "Eksempel kommune"
    assert service.sign_in is not None
    provider = service.settle(Settings()).sign_in
    assert provider is not None
    assert (provider.name, provider.profile, provider.password) == ("HelseID", "helseid", False)


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('link: "https://ombud.example/klage"', 'link: "http://ombud.example/klage"'),
        ("accessibility: https://uustatus.example/nb/1", "accessibility: javascript:alert(1)"),
        ("accessibility: https://uustatus.example/nb/1", "accessibility: https://x.example/<b>"),
        ("email: post@eksempel.example", "email: post at eksempel"),
    ],
)
def test_an_address_that_cannot_be_a_link_is_refused_where_it_is_written(
    tmp_path: Path, written: str, instead: str
) -> None:
    assert written in WHOLE
    file = named(WHOLE.replace(written, instead), tmp_path)
    assert codes(file) == ["D103"]


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=r"nowhere\.yaml:1:1: D101 .+FileNotFoundError"):
        read_service(tmp_path / "nowhere.yaml")
