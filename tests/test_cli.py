"""The door for operators: what it says when all is well, and one clear sentence when it is not."""

import json
import re
import shutil
import signal
import socket
import stat
import time
from importlib.metadata import version
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from support.commands import events, refusal, run, run_here, serving

from assistant.config import TEXTS, dialogues_folder, locales_folder

FIRST = re.compile(
    r"First administrator: the link is in \S+/data/first-administrator-link\n"
    r"The link works once, within 24 hours\.\n"
)


def test_one_command_serves_says_where_and_stops_when_told(tmp_path: Path) -> None:
    with serving(tmp_path, is_new=True) as (process, line):
        said = re.fullmatch(r"Ready: (http://127\.0\.0\.1:\d+/)\n", line)
        assert said
        with urlopen(said[1] + "healthz") as response:
            assert response.read() == b"ok\n"
        limits = Path(f"/proc/{process.pid}/limits").read_text().split("\n")
        assert "Max core file size 0 0 bytes" in {" ".join(line.split()) for line in limits}
        with urlopen(said[1] + "nn/") as response:
            assert response.status == 200
        with pytest.raises(HTTPError, match="404"):
            urlopen(said[1] + "nowhere")
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=10)
        assert process.returncode == 0
        first, *between, last = events(err)
        assert (first, last) == ("migrated", "stopped")
        assert "started" in between
        assert FIRST.fullmatch(out)
        assert time.monotonic() - began < 10


def test_what_is_made_at_first_start_is_for_this_user_only(tmp_path: Path) -> None:
    with serving(tmp_path):
        data = tmp_path / "data"
        modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (data, *data.rglob("*"))}
    assert modes[data] == modes[data / "keys"] == 0o700
    assert modes[data / "keys" / "pepper"] == 0o400
    assert modes[data / "words.db"] == 0o600
    assert not [path for path, mode in modes.items() if mode & 0o077]


def test_a_second_start_finds_what_the_first_one_made(tmp_path: Path) -> None:
    for _ in range(2):
        with serving(tmp_path) as (_, line):
            assert line.startswith("Ready: ")
            pepper = (tmp_path / "data" / "keys" / "pepper").read_bytes()
    assert pepper == (tmp_path / "data" / "keys" / "pepper").read_bytes()


def test_a_service_names_the_file_with_its_own_words(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    shutil.copy(Path(__file__).parent / "workshop" / "service.yaml", file)
    with (
        serving(tmp_path, "--service", str(file)) as (_, line),
        urlopen(line.removeprefix("Ready: ").strip() + "nb/") as response,
    ):
        assert "Eksempel kommune" in response.read().decode()
    file.write_text(file.read_text("utf-8").replace("[Kari, Ola]", "[]"), "utf-8")
    said = run("serve", "--port", "0", "--service", str(file), folder=tmp_path)
    assert said.returncode == 1
    assert said.stderr.startswith(f"{file}:12:12: D103 'readers' ")
    checked = run("check", "--service", str(file), folder=tmp_path)
    assert (checked.returncode, checked.stderr) == (1, "")
    assert said.stderr in checked.stdout


def test_ctrl_c_stops_it_without_a_word(tmp_path: Path) -> None:
    with serving(tmp_path, is_new=True) as (process, _):
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
        assert process.returncode == 0
        assert events(err)[-1] == "stopped"
        assert FIRST.fullmatch(out)


def test_a_visitor_who_keeps_the_line_open_does_not_keep_it_from_stopping(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, line):
        port = int(line.strip().strip("/").rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as visitor:
            visitor.sendall(b"GET /nb/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
            visitor.recv(1000)
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=10)
        assert process.returncode == 0


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        said = refusal("--port", port, folder=tmp_path, is_new=True)
    assert said.startswith(f"Port {port} is in use.")


def test_a_host_that_is_not_this_machines_is_said(tmp_path: Path) -> None:
    done = run("serve", "--host", "192.0.2.1", "--plain-http", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("The server cannot listen on 192.0.2.1")


def test_a_data_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert str(Path("data")) in refusal(folder=tmp_path)


@pytest.mark.parametrize("mode", [0o500, 0o000])
def test_a_data_folder_without_rights_is_said(tmp_path: Path, mode: int) -> None:
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(mode)
    try:
        assert "owner of the folder" in refusal(folder=tmp_path, is_new=True)
    finally:
        data.chmod(0o700)


def test_other_machines_are_not_let_in_without_encryption(tmp_path: Path) -> None:
    assert "without encryption" in refusal("--host", "0.0.0.0", folder=tmp_path)
    assert not (tmp_path / "data").exists()


def test_plain_http_beyond_this_machine_is_warned_of(tmp_path: Path) -> None:
    with serving(tmp_path, "--host", "0.0.0.0", "--plain-http") as (process, line):
        assert line.startswith("Ready: http://0.0.0.0:")
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=10)
        assert events(err)[0] == "plain_http"


def test_the_public_address_is_what_it_says_when_ready(tmp_path: Path) -> None:
    with serving(tmp_path, "--public-url", "https://motet.example.no:8443/") as (_, line):
        assert line == "Ready: https://motet.example.no:8443\n"


@pytest.mark.parametrize("database", ["mysql://me:secret@x/y", "postgresql://me:secret@127.0.0.1:1/x"])
def test_a_database_that_cannot_be_used_is_said_without_its_password(tmp_path: Path, database: str) -> None:
    assert "secret" not in refusal("--database", database, folder=tmp_path)


def test_a_key_others_can_read_is_refused(begun: Path, tmp_path: Path) -> None:
    (tmp_path / "data" / "keys" / "pepper").chmod(0o444)
    assert "chmod 400" in refusal(folder=tmp_path)


def test_a_lost_key_is_said_rather_than_replaced(tmp_path: Path) -> None:
    # begun, and then without the cookie
    with serving(tmp_path) as (_, line), pytest.raises(HTTPError, match="401"):
        urlopen(line.removeprefix("Ready: ").strip() + "nb/start", data=b"")
    (tmp_path / "data" / "keys" / "pepper").unlink()
    assert "Put back the copy" in refusal(folder=tmp_path)


def test_the_dialogues_are_checked_and_clean(tmp_path: Path) -> None:
    done = run("check", folder=tmp_path, is_new=True)
    assert (done.returncode, done.stderr) == (0, "")
    # our own service.yaml names no operator, and grows old
    said = r"(locales/service\.yaml:\d+:\d+: S10[12367] .+ → .+\n)+"
    assert re.fullmatch(said + r"(\w+ \d+: no issues in \d+ states\n)+(Spelling was not .+\n)?", done.stdout)


def test_a_broken_dialogue_is_listed_line_by_line(tmp_path: Path) -> None:
    shutil.copytree(dialogues_folder(), tmp_path / "dialogues")
    part = tmp_path / "dialogues" / "before_meeting" / "needs.yaml"
    part.write_text(part.read_text("utf-8").replace("asks: statements", "asks: feelings"), "utf-8")
    wishes = part.with_name("wishes.yaml")
    wishes.write_text(wishes.read_text("utf-8").replace("section: wishes", "section: dreams"), "utf-8")
    done = run("check", "dialogues", folder=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines
    for line in lines:
        assert re.fullmatch(r"before_meeting/\w+\.yaml:\d+:\d+: D\d{3} .+ → .+", line), line


@pytest.mark.parametrize("folder", ["nowhere", "."])
def test_a_folder_without_dialogues_is_said(tmp_path: Path, folder: str) -> None:
    done = run("check", folder, folder=tmp_path)
    assert done.returncode == 1
    assert "No dialogue was found" in done.stdout


def test_texts_edited_while_it_serves_are_told_of_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (dialogues_folder(), locales_folder()):
        shutil.copytree(folder, tmp_path / folder.name)
    monkeypatch.setenv(TEXTS, str(tmp_path))
    part = tmp_path / "dialogues" / "before_meeting" / "needs.yaml"
    whole = part.read_text("utf-8")
    with serving(tmp_path, "--watch") as (process, line):
        assert process.stderr is not None
        part.write_text(whole.replace("asks: statements", "asks: feelings"), "utf-8")
        issue = r"before_meeting/needs\.yaml:\d+:\d+: D105 .+ → .+"

        def said() -> tuple[str, str]:
            assert process.stderr is not None
            while (line := json.loads(process.stderr.readline()))["event"] != "texts":
                pass
            return line["level"], line["said"]

        level, kept = said()
        assert level == "warning"
        assert re.fullmatch(f"kept as it was: before_meeting: {issue}", kept)
        with urlopen(line.removeprefix("Ready: ").strip() + "nb/authors") as response:
            assert re.search(issue, response.read().decode())
        part.write_text(whole.replace("Hva trenger du", "Hva treng du"), "utf-8")
        level, taken_up = said()
        assert level == "info"
        assert re.fullmatch(r"taken up: before_meeting \d+ [0-9a-f]{12}", taken_up)
        assert said() == ("info", "mended: before_meeting")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)
        assert process.returncode == 0


def test_a_list_of_languages_that_cannot_be_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(locales_folder(), tmp_path / "locales")
    monkeypatch.setenv(TEXTS, str(tmp_path))
    (tmp_path / "locales" / "languages.toml").write_text("[zz]\nname = 'Z'\n")
    assert "names 'zz'" in refusal(folder=tmp_path)
    done = run("check", folder=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.fixture
def begun(tmp_path: Path, first_data: Path) -> Path:
    """A data folder as a server leaves it: most commands make none."""
    return Path(shutil.copytree(first_data, tmp_path / "data"))


def test_staff_are_made_listed_shut_opened_and_reset_from_the_terminal(begun: Path, tmp_path: Path) -> None:
    def staff(*arguments: str) -> str:
        done = run_here("staff", *arguments, folder=tmp_path)
        assert done.returncode == 0
        # a link of a server whose address was not given says so
        assert (b"ASSISTANT_PUBLIC_URL" in done.stderr) == (b"#" in done.stdout)
        return done.stdout.decode()

    link = re.compile(r"http://127\.0\.0\.1:8080/nb/staff/welcome#[0-9a-z-]{32}\n")
    assert staff("list") == ""
    made = staff("add", "Kari Nordmann", "--role", "professional", "--role", "peer_worker")
    assert link.fullmatch(made)
    assert staff("list") == "Kari Nordmann: peer_worker, professional; not set up\n"
    assert staff("disable", "kari nordmann") == ""
    assert staff("list").endswith("; disabled\n")
    assert staff("enable", "KARI NORDMANN") == ""
    assert link.fullmatch(staff("reset", "Kari Nordmann"))
    first, again = staff("first"), staff("first")
    assert link.fullmatch(first)
    assert link.fullmatch(again)
    assert first != again
    listed = run("staff", "list", folder=tmp_path)
    assert (listed.returncode, listed.stdout) == (0, staff("list"))
    assert listed.stdout.startswith("(no name yet): administrator; not set up\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("disable", "Ingen"), "There is no account with this name"),
        (("add", "kari", "--role", "professional"), "Another account has this name."),
        (("add", " ", "--role", "professional"), "A name is missing."),
        (("add", "Ola", "--role", "boss"), "Choose roles from professional, peer_worker, administrator."),
    ],
)
def test_what_cannot_be_done_with_staff_is_said_in_a_line(
    begun: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    run_here("staff", "add", "Kari", "--role", "professional", folder=tmp_path)
    done = run_here("staff", *arguments, folder=tmp_path)
    assert done.returncode != 0
    assert done.stdout == b""
    assert said in done.stderr.decode()


def test_the_version_that_runs_is_told(tmp_path: Path) -> None:
    done = run("--version", folder=tmp_path, is_new=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"assistant {version('for-motet')}\n", "")
