"""A reader in the service file without an account is said in the log, in `check` and to administrators."""

import shutil
from pathlib import Path

import pytest
from pytest_aiohttp import AiohttpClient
from support.clock import Clock
from support.colleague import a_colleague, an_administrator
from support.commands import ROOT, run
from support.person import CATALOGUES, Person
from support.program import Program
from support.quick import LOW_COST, our_texts

from assistant.config import Settings
from assistant.web.app import make_app


@pytest.fixture
def service(tmp_path: Path) -> Path:
    return Path(shutil.copy(ROOT / "tests" / "workshop" / "service.yaml", tmp_path / "ours.yaml"))


def test_the_server_starts_and_says_it_in_the_log_and_check_names_them(service: Path, tmp_path: Path) -> None:
    with Program(tmp_path, "--service", str(service)) as program:
        missing = [line for line in program.log() if line["event"] == "readers_missing"]
    assert [(line["level"], line["missing"]) for line in missing] == [("warning", 2)]
    assert "Kari" not in program.err.read_text("utf-8")
    done = run("check", "--service", str(service), "--data", "data", folder=tmp_path)
    assert done.returncode == 0, "it stops nobody"
    for name in ("Kari", "Ola"):
        assert f"{service}:12:12: S105 '{name}' has no account in use as a professional → " in done.stdout
    done = run("check", "--service", str(service), "--data", "elsewhere", folder=tmp_path)
    assert done.returncode == 1
    assert "There is no database in elsewhere" in done.stdout


async def test_administrators_are_told_until_each_reader_can_read(
    service: Path, settings: Settings, clock: Clock, aiohttp_client: AiohttpClient
) -> None:
    ours = settings.model_copy(update={"service": service})
    app = make_app(ours, clock, our_texts(), LOW_COST)

    async def new_person() -> Person:
        return Person(await aiohttp_client(app))

    anne = await an_administrator(app, new_person, clock)
    heading = CATALOGUES["nb"].say("admin.readers_heading")
    page = await anne.open("/admin/staff")
    assert heading in page.html
    assert [item.text for item in page.root.one("section", id="readers").all("li")] == ["Kari", "Ola"]
    await a_colleague(anne, new_person, "Kari", "professional")
    page = await anne.open("/admin/staff")
    assert [item.text for item in page.root.one("section", id="readers").all("li")] == ["Ola"]
    await a_colleague(anne, new_person, "Ola", "professional")
    assert heading not in (await anne.open("/admin/staff")).html
