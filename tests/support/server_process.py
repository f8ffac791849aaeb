"""The real program in a process of its own, that can be killed in the middle of anything."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO
from urllib.request import urlopen

import assistant
from support.forked import Forked

_CHECKOUT = Path(assistant.__file__).parents[1]
Process = Forked | subprocess.Popen[bytes]


class Server:
    """`assistant serve` on a folder; what it says, and every other file it makes, lies beside."""

    patience = 20
    """Seconds that a start or a stop may take."""

    def __init__(self, folder: Path, postgresql: str = "") -> None:
        self.folder = folder
        self.postgresql = postgresql
        """The address of its database, if that is not SQLite."""
        self.data = folder / "data"
        self.said = folder / "said"
        self.log = folder / "log"
        self.address = ""
        self._process: Process | None = None
        for place in ("work", "tmp", "home"):
            (folder / place).mkdir()

    @property
    def database(self) -> Path:
        """The file its answers are in; SQLite keeps two more beside it."""
        return self.data / "words.db"

    async def start(self) -> None:
        """Start it, on a free port, and wait until it says that it is ready."""
        before = self.said.stat().st_size if self.said.exists() else 0
        self._process = self._launch()
        async with asyncio.timeout(self.patience):
            while "\n" not in (news := self.said.read_bytes()[before:].decode()):
                assert self._process.poll() is None, news + self._end_of_log()
                await asyncio.sleep(0.02)
        ready, self.address = news.split("\n")[0].rstrip("/").split(" ")
        assert ready == "Ready:", news

    def _end_of_log(self) -> str:
        return self.log.read_text("utf-8", "replace")[-2000:]

    def _launch(self) -> Process:
        surroundings = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(_CHECKOUT),
            "TMPDIR": str(self.folder / "tmp"),
            "HOME": str(self.folder / "home"),
        }
        command = ["serve", "--data", str(self.data)]
        if self.postgresql:
            command += ["--database", self.postgresql]
        with self.said.open("ab") as said, self.log.open("ab") as log:
            return self._run([*command, "--port", "0", "--metrics-port", "0"], surroundings, said, log)

    def _run(self, arguments: list[str], env: Mapping[str, str], said: IO[bytes], log: IO[bytes]) -> Process:
        return Forked(arguments, cwd=self.folder / "work", env=env, stdout=said, stderr=log)

    def keep_what_it_publishes(self) -> None:
        """Its metrics as they are now, and the security log, each in a file beside the log."""
        ports = re.findall(r'"metrics_port": (\d+)', self.log.read_text("utf-8"))
        with urlopen(f"http://127.0.0.1:{ports[-1]}/metrics") as published:
            (self.folder / "metrics").write_bytes(published.read())
        command = [sys.executable, "-m", "assistant", "security-log", "--data", str(self.data)]
        surroundings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(_CHECKOUT)}
        told = subprocess.run(command, env=surroundings, capture_output=True, check=True, cwd=self.folder)
        (self.folder / "security-log").write_bytes(told.stdout)

    def kill(self) -> None:
        """As a power cut: not one instruction more."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    async def stop(self) -> None:
        """As an operator does; it ends by itself, and cleanly."""
        assert self._process is not None
        self._process.terminate()
        assert await asyncio.to_thread(self._process.wait, self.patience) == 0
