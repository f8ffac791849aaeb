"""The real program in a process of its own, forked from one that has read its modules already.

Each start in a new interpreter reads them again, which takes longer than all that most tests ask of a server.
What starts here is as apart as any process: it has its own folder, environment, files and signals, and can be
killed. Some tests of `tests/test_cli.py` start new interpreters, as an operator does (`is_new`).
"""

import array
import atexit
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, Any, NoReturn

_TESTS = Path(__file__).parents[1]
_LONGEST = 1 << 20
OFTEN = "FORKED_LOOKS_OFTEN"
"""A variable with which a server looks at its health ten times as often as it does, and forgets as soon."""


class Forked:
    """What `subprocess.Popen` offers, of `assistant` with these arguments."""

    def __init__(
        self, arguments: list[str], *, cwd: Path, env: Mapping[str, str], stdout: IO[bytes], stderr: IO[bytes]
    ) -> None:
        self.pid = _starter().start(arguments, cwd, env, stdout.fileno(), stderr.fileno())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its code, once it has ended."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended; with which code."""
        code = self._ended(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("assistant", timeout or 0)
        return code

    def terminate(self) -> None:
        """Ask it to stop."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it has not ended."""
        if self.poll() is None:
            # it may end in this very moment
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def _ended(self, timeout: float | None) -> int | None:
        if self.returncode is None:
            self.returncode = _starter().code_of(self.pid, timeout)
        return self.returncode


class _Starter:
    """The process that forks, seen from the tests."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._codes: dict[int, int] = {}
        self._turn = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "support.forked", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                cwd=_TESTS,
                env=os.environ | {"PYTHONPATH": f"{_TESTS}:{_TESTS.parent}"},
            )
        atexit.register(self.close)

    def start(self, arguments: list[str], cwd: Path, env: Mapping[str, str], *files: int) -> int:
        """Have it fork; the new process's id."""
        asked = json.dumps({"arguments": arguments, "cwd": str(cwd), "env": dict(env)}).encode()
        fds = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))]
        with self._turn:
            self._line.sendmsg([asked], fds)
            while "started" not in (news := self._news()):
                pass
            return int(news["started"])

    def code_of(self, pid: int, timeout: float | None) -> int | None:
        """With which code a process ended; None if it has not within this time."""
        end = None if timeout is None else time.monotonic() + timeout
        with self._turn, selectors.DefaultSelector() as waiting:
            waiting.register(self._line, selectors.EVENT_READ)
            while pid not in self._codes:
                if not waiting.select(None if end is None else max(0, end - time.monotonic())):
                    return None
                self._news()
            return self._codes[pid]

    def close(self) -> None:
        """Without its line it ends."""
        self._line.close()
        self._process.wait()

    def _news(self) -> dict[str, Any]:
        news: dict[str, Any] = json.loads(self._line.recv(_LONGEST))
        if "started" in news:
            self._codes.pop(news["started"], None)  # the id of an earlier one, given again
        if "ended" in news:
            self._codes[news["ended"]] = news["code"]
        return news


@cache
def _starter() -> _Starter:
    return _Starter()


def _fork_for_ever(line: socket.socket) -> None:
    """Read the modules of the program once, then fork a process for each request."""
    import assistant.operations.serving  # noqa: F401

    with selectors.DefaultSelector() as waiting:
        waiting.register(line, selectors.EVENT_READ)
        while True:
            for key, _ in waiting.select():
                if key.fileobj is not line:
                    pid, code = os.waitpid(key.data, 0)
                    waiting.unregister(key.fileobj)
                    os.close(key.fd)
                    _tell(line, ended=pid, code=os.waitstatus_to_exitcode(code))
                    continue
                asked, files, _, _ = socket.recv_fds(line, _LONGEST, 2)
                if not asked:
                    return
                pid = os.fork()
                if pid == 0:
                    waiting.close()
                    line.close()
                    _be_the_program(json.loads(asked), files)
                for file in files:
                    os.close(file)
                waiting.register(os.pidfd_open(pid), selectors.EVENT_READ, pid)
                _tell(line, started=pid)


def _tell(line: socket.socket, **news: int) -> None:
    # the tests may be over
    with suppress(BrokenPipeError):
        line.send(json.dumps(news).encode())


def _be_the_program(asked: dict[str, Any], files: list[int]) -> NoReturn:
    code = 1
    try:
        for number, file in enumerate((os.open(os.devnull, os.O_RDONLY), *files)):
            os.dup2(file, number)
            os.close(file)
        os.environ.clear()
        os.environ.update(asked["env"])
        if asked["env"].get("PYTHONWARNINGS") == "error":
            warnings.simplefilter("error")
        time.tzset()
        os.chdir(asked["cwd"])
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w", buffering=1)  # noqa: SIM115
        sys.argv = ["assistant", *asked["arguments"]]
        if OFTEN in asked["env"]:
            from assistant.service.operations import health

            health.CACHED_FOR /= 10
            health._FAILURE_REMEMBERED_FOR /= 10
        from assistant.cli import main

        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    with suppress(OSError):
        sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as _line:
        _fork_for_ever(_line)
