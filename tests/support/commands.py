"""The command line as an operator has it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir, contextmanager
from pathlib import Path

from click.testing import CliRunner

from assistant.cli import main
from assistant.config import TEXTS
from support.forked import Forked

ROOT = Path(__file__).parents[2]
SENTENCE = re.compile(r"[A-Z-].{20,}\n")
# root reads and writes everywhere, unless it is taken that right
LIKE_ANYBODY = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if os.geteuid() == 0 else ()


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "assistant", *arguments]


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}


class Piped(Forked):
    """A forked program whose output is read as it comes."""

    def __init__(self, arguments: list[str], folder: Path) -> None:
        (out, theirs), (err, their_errors) = os.pipe(), os.pipe()
        with open(theirs, "wb") as stdout, open(their_errors, "wb") as stderr:
            super().__init__(arguments, cwd=folder, env=environment(), stdout=stdout, stderr=stderr)
        self.stdout, self.stderr = open(out), open(err)  # noqa: SIM115  read until it has ended

    def communicate(self, timeout: float = 30) -> tuple[str, str]:
        """Read all that it still says, until it has ended."""
        if self.stdout.closed:
            return "", ""
        with self.stdout, self.stderr, ThreadPoolExecutor(1) as beside:
            err = beside.submit(self.stderr.read)
            said = self.stdout.read(), err.result(timeout)
        self.wait(timeout)
        return said


Started = subprocess.Popen[str] | Piped


def is_new_interpreter_needed() -> bool:
    """Other texts may bring other languages, which are read with the modules."""
    return TEXTS in os.environ


def run(*arguments: str, folder: Path, is_new: bool = False) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own: forked, or in a new interpreter without the rights of root."""
    if not (is_new or is_new_interpreter_needed()):
        process = Piped([*arguments], folder)
        out, err = process.communicate()
        return subprocess.CompletedProcess(arguments, process.wait(), out, err)
    return subprocess.run(
        [*LIKE_ANYBODY, *command(*arguments)],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def run_here(*arguments: str, folder: Path, typed: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The same without a process, which costs a second: for what a command says, not how it starts and ends.

    What is thrown is thrown on; a command may only end by itself.
    """
    before = os.umask(0o077)
    try:
        with chdir(folder):
            done = CliRunner().invoke(main, arguments, input=typed)
    finally:
        os.umask(before)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout_bytes, done.stderr_bytes)


@contextmanager
def serving(folder: Path, *arguments: str, is_new: bool = False) -> Iterator[tuple[Started, str]]:
    """A server in this folder, ready, and the line it said so with; forked, or in a new interpreter."""
    process: Started
    if is_new or is_new_interpreter_needed():
        process = subprocess.Popen(
            command("serve", "--port", "0", *arguments),
            cwd=folder,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    else:
        process = Piped(["serve", "--port", "0", *arguments], folder)
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.communicate()


def refusal(*arguments: str, folder: Path, is_new: bool = False) -> str:
    """The one sentence the program says when it will not start."""
    done = run("serve", "--port", "0", *arguments, folder=folder, is_new=is_new)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    said = "".join(line for line in done.stderr.splitlines(keepends=True) if not line.startswith("{"))
    assert SENTENCE.fullmatch(said), done.stderr
    return said


def events(err: str) -> list[str]:
    """What the log tells of: each line of it is a JSON object."""
    return [json.loads(line)["event"] for line in err.splitlines()]
