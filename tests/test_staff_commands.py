"""The commands that rename and remove accounts, as an operator has them."""

from pathlib import Path

import pytest
from support.commands import run_here

from assistant.config import Settings
from assistant.service.stores import open_stores


@pytest.fixture
def kari(tmp_path: Path) -> Path:
    """A folder whose server has an account for Kari."""
    database, _ = open_stores(Settings(data=tmp_path / "data").database_url, tmp_path / "data" / "keys")
    database.let_go()
    assert run_here("staff", "add", "Kari", "--role", "professional", folder=tmp_path).returncode == 0
    return tmp_path


def listed(folder: Path) -> str:
    return run_here("staff", "list", folder=folder).stdout.decode()


def test_an_account_is_renamed_and_the_service_file_is_named(kari: Path) -> None:
    done = run_here("staff", "rename", "kari", "Kari Nyttnavn", folder=kari)
    assert done.returncode == 0
    assert b"readers:" in done.stderr
    assert listed(kari) == "Kari Nyttnavn: professional; not set up\n"


def test_a_name_that_another_account_has_is_refused(kari: Path) -> None:
    run_here("staff", "add", "Ola", "--role", "professional", folder=kari)
    done = run_here("staff", "rename", "Ola", "KARI", folder=kari)
    assert (done.returncode, done.stderr) == (1, b"Another account has this name.\n")


def test_an_account_is_removed_only_when_disabled_and_confirmed(kari: Path) -> None:
    in_use = run_here("staff", "remove", "Kari", "--yes", folder=kari)
    assert (in_use.returncode, in_use.stderr.startswith(b"The account is in use.")) == (1, True)
    run_here("staff", "disable", "Kari", folder=kari)
    unconfirmed = run_here("staff", "remove", "Kari", folder=kari)
    assert (unconfirmed.returncode, unconfirmed.stderr.startswith(b"Nothing is deleted.")) == (1, True)
    assert listed(kari) == "Kari: professional; disabled\n"
    assert run_here("staff", "remove", "Kari", "--yes", folder=kari).returncode == 0
    assert listed(kari) == ""
