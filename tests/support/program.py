"""The real program in a process of its own, with its log, its health and its metrics."""

import json
import os
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple, Self

from support.forked import OFTEN, Forked

ROOT = Path(__file__).parents[2]
PATIENCE = 30


class Answer(NamedTuple):
    """What came back."""

    status: int
    text: str


def until(holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until it holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)


class Program:
    """`assistant serve` on a free port, with metrics on another."""

    def __init__(self, folder: Path, *arguments: str, looks_often: bool = False, **variables: str) -> None:
        self.folder = folder
        self.out, self.err = folder / "out", folder / "err"
        self._arguments = arguments
        self.variables = variables | ({OFTEN: "1"} if looks_often else {})
        self._process: Forked | None = None

    def __enter__(self) -> Self:
        ports = ["--port", "0", "--metrics-port", "0"]
        with self.out.open("wb") as out, self.err.open("wb") as err:
            self._process = Forked(
                ["serve", *ports, *self._arguments],
                cwd=self.folder,
                env=os.environ | {"PYTHONPATH": str(ROOT)} | self.variables,
                stdout=out,
                stderr=err,
            )
        until(lambda: "started" in self.events() or self._process is None or self._process.poll() is not None)
        assert self._process.poll() is None, self.err.read_text()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> int:
        """Tell it to stop, and wait; with which code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(PATIENCE)

    @property
    def pid(self) -> int:
        """The process's id."""
        assert self._process is not None
        return self._process.pid

    @property
    def said(self) -> str:
        """Its standard output."""
        return self.out.read_text("utf-8")

    def log(self) -> list[dict[str, Any]]:
        """Its standard error since it was started, each line of which is a JSON object."""
        text = self.err.read_text("utf-8")
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def events(self) -> list[str]:
        """What its log tells of."""
        return [line["event"] for line in self.log()]

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.said.split("\n")[0].rstrip("/").rpartition(":")[2])

    def ask(self, path: str, *, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
        """One request; headers are named with underscores."""
        return ask(self.port, path, method, body, {n.replace("_", "-"): v for n, v in headers.items()})

    def metrics(self) -> str:
        """Everything it publishes."""
        port = next(line["metrics_port"] for line in self.log() if "metrics_port" in line)
        return ask(port, "/metrics", "GET", None, {}).text

    def number(self, name: str) -> float:
        """One of the numbers it publishes, by its name and labels."""
        return next(
            float(line.rpartition(" ")[2])
            for line in self.metrics().splitlines()
            if line.startswith(f"{name} ")
        )


def ask(port: int, path: str, method: str, body: str | None, headers: dict[str, str]) -> Answer:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return Answer(response.status, response.read().decode())
    finally:
        connection.close()
