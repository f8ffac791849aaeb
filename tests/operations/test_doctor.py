"""`assistant doctor` says what is wrong with an installation and what to do; `assistant status` how it is."""

import asyncio
import os
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.commands import run_here, serving

from assistant.config import Settings
from assistant.operations.findings import Finding, Level, wants_colours
from assistant.operations.local_checks import check_backups, check_folder, check_here, check_keys
from assistant.service.stores import check_keys_belong, open_salt, open_stores
from assistant.storage.database import Database
from assistant.storage.newest_time import keep_newest_time

NOW = datetime.now(UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation that has been started once and has a backup."""
    (tmp_path / "data").mkdir(mode=0o700)
    found = Settings(data=tmp_path / "data")
    before = os.umask(0o077)
    database, pepper = open_stores(found.database_url, found.keys)
    asyncio.run(check_keys_belong(database, pepper, open_salt(found.keys, database)))
    database.let_go()
    found.last_backup.write_text("")
    os.umask(before)
    return found


def faults(settings: Settings, backups: Path | None = None) -> list[str]:
    return [one.line() for one in check_here(settings, backups, NOW) if one.level is Level.FAULT]


def test_a_sound_installation_has_no_fault(settings: Settings) -> None:
    found = list(check_here(settings, None, NOW))
    assert faults(settings) == []
    said = "\n".join(one.line() for one in found)
    assert re.search(
        r"^ok       The database \(sqlite, schema \d+\) .*journal_mode wal, synchronous 2,", said, re.M
    )
    assert "ok       The pepper and the salt belong to the database." in said


def test_it_changes_nothing(settings: Settings) -> None:
    def seen() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in settings.data.rglob("*") if path.is_file()}

    before = seen()
    list(check_here(settings, None, NOW))
    assert seen() == before


@pytest.mark.parametrize("name", ["words.db", "keys/pepper", "keys"])
def test_what_others_can_read_is_a_fault_with_the_command_that_closes_it(
    settings: Settings, name: str
) -> None:
    path = settings.data / name
    path.chmod(0o755 if path.is_dir() else 0o644)
    right = "700" if path.is_dir() else "600"
    assert f"fault    {path} is open to other users. → run: chmod {right} {path}" in faults(settings)


def test_a_missing_or_another_pepper_is_a_fault(settings: Settings) -> None:
    pepper = settings.keys / "pepper"
    content = pepper.read_bytes()
    pepper.chmod(0o600)
    pepper.write_bytes(content[:1] + bytes(32))
    (other,) = check_keys(settings)
    assert other.level is Level.FAULT
    assert "not the one this database was created with" in other.what
    pepper.unlink()
    (missing,) = check_keys(settings)
    assert missing.level is Level.FAULT
    assert "There is no pepper" in missing.what
    assert not pepper.exists()


def test_a_damaged_database_is_a_fault(settings: Settings) -> None:
    file = settings.database_file
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 6] = os.urandom(4096 * 3)
    file.write_bytes(content)
    assert any("damaged" in one for one in faults(settings)), faults(settings)


def test_a_clock_that_jumped_is_a_fault(settings: Settings) -> None:
    database = Database.open(settings.database_url)
    asyncio.run(database.write(lambda c: keep_newest_time(c, NOW - timedelta(days=9))))
    database.let_go()
    assert any("assistant purge --yes" in one for one in faults(settings))


def test_a_wrong_service_file_or_zone_is_a_fault(settings: Settings, tmp_path: Path) -> None:
    wrong = settings.model_copy(update={"service": tmp_path / "nowhere.yaml"})
    assert any("nowhere.yaml" in one for one in faults(wrong))
    elsewhere = settings.model_copy(update={"zone": "Europe/Nowhere"})
    assert any("Europe/Nowhere" in one for one in faults(elsewhere))


def test_no_data_folder_is_a_fault_and_none_is_made(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    (only,) = check_folder(settings)
    assert only.level is Level.FAULT
    assert len(faults(settings)) >= 3
    assert not settings.data.exists()


@pytest.mark.parametrize(("hours", "level"), [(2, "ok"), (40, "warning"), (24 * 9, "fault")])
def test_the_age_of_the_newest_backup_is_told(
    settings: Settings, tmp_path: Path, hours: int, level: str
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for age in (hours, hours + 500):
        file = folder / f"{age}.db"
        file.write_text("x")
        file.chmod(0o600)
        at = (NOW - timedelta(hours=age)).timestamp()
        os.utime(file, (at, at))
    (only,) = check_backups(settings, folder, NOW)
    assert only.level == level


def test_no_backup_is_a_fault_and_an_open_one_a_warning(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "empty").touch()
    assert [one.level for one in check_backups(settings, folder, NOW)] == ["fault"]
    (folder / "made").write_text("x")
    (folder / "made").chmod(0o644)
    assert [one.level for one in check_backups(settings, folder, NOW)] == ["warning", "ok"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_the_database_of_another_user_is_not_opened(settings: Settings) -> None:
    os.chown(settings.data, 65534, 65534)
    said = "\n".join(faults(settings))
    assert "runuser -u nobody -- assistant doctor" in said
    assert not list(settings.data.glob("words.db-*"))


def test_the_command_prints_a_line_for_each_check_and_no_secret(settings: Settings, tmp_path: Path) -> None:
    done = run_here("doctor", "--data", str(settings.data), folder=tmp_path)
    said = done.stdout.decode()
    assert done.returncode == 0, said
    assert all(re.match(r"(ok|warning|fault) +\S", line) for line in said.splitlines())
    for key in settings.keys.iterdir():
        assert key.read_bytes()[1:].hex() not in said
    settings.last_backup.unlink()
    assert run_here("doctor", "--data", str(settings.data), folder=tmp_path).returncode == 1


def test_a_password_in_the_address_of_the_database_is_not_printed(settings: Settings, tmp_path: Path) -> None:
    address = "postgresql://motet:verysecret@127.0.0.1:1/motet"
    done = run_here("doctor", "--data", str(settings.data), "--database", address, folder=tmp_path)
    assert done.returncode == 1
    assert b"verysecret" not in done.stdout + done.stderr


def test_an_address_without_tls_is_refused(settings: Settings, tmp_path: Path) -> None:
    done = run_here(
        "doctor", "--data", str(settings.data), "--url", "http://motet.example.no", folder=tmp_path
    )
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"https" in done.stderr


def test_colours_are_for_terminals_of_users_who_want_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert wants_colours()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colours()
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False, raising=False)
    assert not wants_colours()
    assert (
        Finding(Level.FAULT, "Wrong.", "mend it").line(colours=True)
        == "\x1b[31mfault  \x1b[0m  Wrong. → mend it"
    )


def test_the_status_tells_version_health_and_no_small_count(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "data"))
    with serving(tmp_path, *data) as (_, line):
        port = re.search(r":(\d+)/", line)
        assert port is not None
        done = run_here("status", *data, "--port", port.group(1), folder=tmp_path)
        said = done.stdout.decode()
        assert done.returncode == 0, done.stderr
        assert re.search(r"^running    \d+\.\d+\.\d+, since 20", said, re.M)
        assert "health     ok\n" in said
        assert "notebooks  fewer than 10\n" in said
    done = run_here("status", *data, "--port", port.group(1), folder=tmp_path)
    assert done.returncode == 1
    assert b"nothing answers" in done.stdout
    assert b"running" not in done.stdout


@pytest.mark.parametrize(
    "command", [("-h",), ("doctor", "-h"), ("papers", "nginx", "-h"), ("staff", "add", "-h")]
)
def test_a_short_option_asks_for_help(command: tuple[str, ...], tmp_path: Path) -> None:
    done = run_here(*command, folder=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith(b"Usage: ")
