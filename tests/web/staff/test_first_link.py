"""The first administrator's link: in a file nobody else reads, or on a terminal."""

import os
import pty
import re
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import as_colleague
from support.person import NewPerson
from support.program import ROOT, Program, until

from assistant.config import Settings
from assistant.web.http.context import CONTEXT
from assistant.web.staff.first_link import NAME, remove_used_link, tell_first_link

LINK = re.compile(r"/nb/staff/welcome#[0-9a-z-]{32}")


def test_it_goes_to_a_file_of_ours_and_a_restart_makes_no_other(tmp_path: Path) -> None:
    file = tmp_path / "data" / NAME
    with Program(tmp_path) as program:
        assert f"First administrator: the link is in {file}\n" in program.said
        assert program.stop() == 0
    first = file.read_text("utf-8")
    assert LINK.search(first)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with Program(tmp_path) as program:
        assert str(file) in program.said
        both = program.said + program.err.read_text("utf-8")
    assert file.read_text("utf-8") == first, "the one handed out is still good"
    assert not LINK.search(both)
    assert [path.name for path in (tmp_path / "data").glob(f"{NAME}*")] == [NAME]


def test_a_terminal_shows_it_and_no_file_is_made(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "serve", "--port", "0"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = ""

    def has_started() -> bool:
        nonlocal shown
        shown += os.read(ours, 10_000).decode()
        return " info started version=" in shown

    try:
        until(has_started)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert LINK.search(shown)
    assert "{" not in shown, "the log is for people here"
    assert not (tmp_path / "data" / NAME).exists()


async def test_the_file_goes_when_the_link_is_used(
    app: web.Application, settings: Settings, new_person: NewPerson, clock: Clock
) -> None:
    staff, file = app[CONTEXT].services.staff, settings.data / NAME
    await tell_first_link(settings, staff, "http://127.0.0.1:8080")
    link = file.read_text("utf-8").strip()
    await remove_used_link(settings, staff)
    assert file.exists(), "it has not been used"
    await as_colleague(await new_person(), clock).set_up(link, "Anne Administrator")
    assert not file.exists()
    await tell_first_link(settings, staff, "http://127.0.0.1:8080")
    assert not file.exists(), "there is an administrator"


async def test_a_link_that_is_over_is_replaced(
    app: web.Application, settings: Settings, clock: Clock
) -> None:
    staff, file = app[CONTEXT].services.staff, settings.data / NAME
    await tell_first_link(settings, staff, "http://127.0.0.1:8080")
    over = file.read_text("utf-8")
    clock.pass_by(timedelta(days=2))
    await tell_first_link(settings, staff, "http://127.0.0.1:8080")
    assert file.read_text("utf-8") != over


async def test_a_folder_that_cannot_be_written_is_said_and_stops_nobody(
    app: web.Application, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = settings.model_copy(update={"data": settings.data / "gone"})
    await tell_first_link(gone, app[CONTEXT].services.staff, "http://127.0.0.1:8080")
    said = capsys.readouterr().out
    assert "cannot be written (No such file or directory)" in said
    assert "assistant staff first" in said
    assert not LINK.search(said)
