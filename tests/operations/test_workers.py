"""Several processes on one port: one that dies is replaced, and none outlives the one that starts them."""

import asyncio
import os
import secrets
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientError
from click.testing import CliRunner
from support.forked import Forked
from support.network_browser import browsing
from support.postgres import Server as PostgreSQL
from support.program import Program, until

from assistant.cli import main


@pytest.fixture
def program(postgres: PostgreSQL, tmp_path: Path) -> Iterator[Program]:
    address = postgres.make(f"workers_{secrets.token_hex(4)}")
    with Program(tmp_path, "--workers", "2", ASSISTANT_DATABASE=address) as program:
        until(lambda: "Ready" in program.said)
        yield program


def pids(program: Program) -> dict[int, int]:
    """The processes that serve, by the order they were started in."""
    starter = program.pid
    found = [int(pid) for pid in Path(f"/proc/{starter}/task/{starter}/children").read_text().split()]
    return dict(enumerate(sorted(found), start=1))


def answers(program: Program) -> bool:
    """Whether one of them listens: one that was started a moment ago does not yet."""
    with suppress(OSError):
        return program.ask("/healthz").status == 200
    return False


def test_all_serve_on_one_port_and_stop_together(program: Program) -> None:
    assert len(pids(program)) == 2
    assert program.ask("/healthz").status == 200
    started = [line["worker"] for line in program.log() if line["event"] == "started"]
    assert sorted(started) == [1, 2]
    assert program.said.count("Ready") == 1
    until(lambda: "First administrator" in program.said)
    assert program.said.count("First administrator") == 1
    workers = pids(program).values()
    assert program.stop() == 0
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]


def test_one_that_dies_is_replaced_while_the_other_serves(program: Program) -> None:
    before = pids(program)
    os.kill(before[1], signal.SIGKILL)
    until(lambda: "worker_ended" in program.events())
    assert program.ask("/healthz").status == 200
    until(lambda: program.events().count("started") == 3)
    (ended,) = [line for line in program.log() if line["event"] == "worker_ended"]
    assert ended["code"] == -signal.SIGKILL
    after = set(pids(program).values())
    assert len(after) == 2
    assert before[2] in after


@dataclass
class Reachable:
    """Where a browser finds the program."""

    address: str


async def keep_writing(program: Program, acknowledged: list[tuple[str, str]], enough: int) -> None:
    """Begin again and again, and note what was acknowledged."""
    async with browsing(Reachable(f"http://127.0.0.1:{program.port}")) as browser:
        while len(acknowledged) < enough:
            with suppress(ClientError):
                browser.forget()
                first = await browser.open("/nb/")
                begun = await browser.send(first.form("start").press())
                if begun.status == 303:
                    acknowledged.append((browser.cookie, begun.headers["Location"]))


async def test_nothing_acknowledged_is_lost_when_either_is_killed(program: Program) -> None:
    acknowledged: list[tuple[str, str]] = []
    writing = [asyncio.create_task(keep_writing(program, acknowledged, 60)) for _ in range(6)]
    for kill in range(4):
        enough = 12 * (kill + 1)
        await asyncio.to_thread(until, lambda enough=enough: len(acknowledged) >= enough)  # type: ignore[misc]
        # the one before may not have been replaced yet, and the other one killed before it
        await asyncio.to_thread(until, lambda: len(pids(program)) > 0)
        alive = list(pids(program).values())
        with suppress(ProcessLookupError):  # killed before, and reaped just now
            os.kill(alive[kill % len(alive)], signal.SIGKILL)
    await asyncio.gather(*writing)
    await asyncio.to_thread(until, lambda: len(pids(program)) == 2 and answers(program))
    found = [
        await asyncio.to_thread(program.ask, path, Cookie=f"s={cookie}") for cookie, path in acknowledged
    ]
    assert [one.status for one in found] == [200] * len(acknowledged)


def test_none_outlives_the_one_that_started_it(program: Program) -> None:
    workers = pids(program).values()
    os.kill(program.pid, signal.SIGKILL)
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))


def test_a_server_on_the_same_port_is_refused(program: Program, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with (other / "out").open("wb") as out, (other / "err").open("wb") as err:
        refused = Forked(
            ["serve", "--workers", "2", "--port", str(program.port)],
            cwd=other,
            env=os.environ | program.variables,
            stdout=out,
            stderr=err,
        )
    assert refused.wait(60) == 1
    assert f"Port {program.port} is in use" in (other / "err").read_text("utf-8")


def test_sqlite_is_served_by_one_process(tmp_path: Path) -> None:
    refused = CliRunner().invoke(main, ["serve", "--workers", "2", "--data", str(tmp_path)])
    assert refused.exit_code == 1
    assert "--workers 2 needs PostgreSQL" in refused.output
    assert not list(tmp_path.iterdir())
