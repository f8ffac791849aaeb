"""Power cuts while ten people write: with `synchronous=FULL` nothing acknowledged is lost, with NORMAL
something is.

A cut ends the process, and leaves of its files only what was synced (`failing_disk.py`), or, in every other
cut, any half of the sectors written since: a disk writes in no certain order. Had the check not failed with
NORMAL, it would show nothing.
"""

import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from support.kills import kill_again_and_again
from support.server_process import Process, Server

_SECTOR = 512
_ENOUGH = 20
"""Cuts among which one must lose something with NORMAL."""


class OnAFailingDisk(Server):
    """A server whose kill is a power cut."""

    patience = 120  # each start is a new interpreter

    def __init__(self, folder: Path, synchronous: str) -> None:
        super().__init__(folder)
        self._synchronous = synchronous
        self._disk = folder / "disk"
        self._is_up = False

    async def start(self) -> None:
        """Start it, with all that is there now on the disk."""
        shutil.rmtree(self._disk, ignore_errors=True)
        self._disk.mkdir()
        for file in self.data.glob("words.db*") if self.data.exists() else ():
            if not file.name.endswith("-shm"):
                shutil.copy(file, self._disk)
        await super().start()
        self._is_up = True

    def kill(self) -> None:
        """Cut the power."""
        super().kill()
        if self._is_up:
            self._is_up = False
            share = random.choice((0.0, 0.5))
            for file in self.data.glob("words.db*"):
                kept = self._disk / file.name
                if kept.exists():
                    file.write_bytes(torn(kept.read_bytes(), file.read_bytes(), share))
                else:
                    file.unlink()

    async def stop(self) -> None:
        """As an operator does."""
        self._is_up = False
        await super().stop()

    def _run(self, arguments: list[str], env: Mapping[str, str], said: IO[bytes], log: IO[bytes]) -> Process:
        program = [sys.executable, "-m", "tests.release_checks.failing_disk", str(self._disk)]
        command = [*program, self._synchronous, *arguments]
        return subprocess.Popen(command, cwd=self.folder / "work", env=env, stdout=said, stderr=log)


def torn(synced: bytes, written: bytes, share: float) -> bytes:
    """What a disk may hold: what was synced, and this share of the sectors written since."""
    if not share:
        return synced
    longest = synced.ljust(len(written), b"\0")
    sectors = (
        written[at : at + _SECTOR]
        if random.random() < share and at < len(written)
        else longest[at : at + _SECTOR]
        for at in range(0, len(longest), _SECTOR)
    )
    return b"".join(sectors)


async def power_cuts(times: int, minutes: float) -> str:
    """Cut the power so many times with FULL, and with NORMAL until something is lost."""
    with tempfile.TemporaryDirectory() as folder:
        server = OnAFailingDisk(Path(folder), "FULL")
        try:
            outcome = await kill_again_and_again(server, server.folder, times, minutes)
        finally:
            server.kill()
    lost = await is_lost_with_normal()
    assert lost, f"nothing was lost in {_ENOUGH} cuts with synchronous=NORMAL: the check shows nothing"
    return (
        f"{outcome.kills} power cuts with synchronous=FULL during {outcome.preparations} preparations: of "
        f"{outcome.acknowledged} acknowledged replies 0 lost; with NORMAL it fails as it must: {lost}"
    )


async def is_lost_with_normal() -> str:
    """What the same loop says with NORMAL; empty if it finds nothing lost."""
    with tempfile.TemporaryDirectory() as folder:
        server = OnAFailingDisk(Path(folder), "NORMAL")
        try:
            await kill_again_and_again(server, server.folder, _ENOUGH)
        except AssertionError as lost:
            return (str(lost) or "words were missing").splitlines()[0]
        finally:
            server.kill()
    return ""
