"""Typesetting in a separate process, so that it delays no one and can be stopped.

The process starts with the first sheet, stays alive for the next ones, and exits after a while without work,
which frees its memory. It gets no settings and no secrets, writes no files and logs nothing: words go in
through one pipe and the PDF comes out of another.

    python -m assistant.exports.pdf_worker      reads jobs and writes PDFs until its input ends
"""

import asyncio
import os
import resource
import select
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from assistant.errors import NotPrintable, NotPrinted
from assistant.exports.pdf import job_to_look_for, letters_to_look_for

_ROOT = Path(__file__).parents[2]
_IDLE = 120.0
"""Seconds an idle worker waits for the next sheet."""
_MEMORY = 2 << 30
_WAITING = 20
_LENGTH = 4


class PdfWorker:
    """Prints one sheet at a time.

    Raises `NotPrinted` if it takes too long or cannot be tried now, and `NotPrintable` if the typesetter
    refuses the sheet or crashes on it twice, because then it always will.
    """

    def __init__(self, patience: float = 15.0) -> None:
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="press")
        self._waiting = 0
        self._has: set[str] = set()
        """Letters that are known to be in a font."""

    async def printed(self, job: bytes) -> bytes:
        """Return the result of this job."""
        if self._waiting >= _WAITING:
            raise NotPrinted
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._print, job)
        finally:
            self._waiting -= 1

    async def letters_lacking(self, text: str) -> str:
        """Return some of the letters in this text that no font here has; none if that cannot be
        determined.
        """
        letters = "".join(c for c in letters_to_look_for(text) if c not in self._has)
        if not letters:
            return ""
        try:
            lacking = (await self.printed(job_to_look_for(letters))).decode().strip()
        except NotPrinted:
            return ""
        if not lacking:
            self._has |= set(letters)
        return lacking

    def close(self) -> None:
        """Stop, even during a job."""
        if self._process is not None:
            self._process.kill()
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._end()

    def _print(self, job: bytes) -> bytes:
        if self._process is not None and self._process.poll() is not None:
            self._end()
        # a running worker may have exited for an unrelated reason, so a fresh one is tried
        for _ in range(2):
            made, is_stopped = self._asked(job)
            if made:
                return made
            if made is not None:
                raise NotPrintable
            self._end()
            if is_stopped:
                raise NotPrinted
        raise NotPrintable

    def _asked(self, job: bytes) -> tuple[bytes | None, bool]:
        """Return the output (empty: refused; None: the process ended), and whether it was stopped by us."""
        stopped = threading.Event()
        try:
            process = self._process = self._process or _started()
        except OSError:
            return None, True
        assert process.stdin, "it was started with pipes"
        assert process.stdout, "it was started with pipes"

        def stop() -> None:
            stopped.set()
            process.kill()

        patience = threading.Timer(self._patience, stop)
        patience.start()
        try:
            _write(process.stdin, job)
            return _read(process.stdout), stopped.is_set()
        except OSError:
            return None, stopped.is_set()
        finally:
            patience.cancel()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def _started() -> subprocess.Popen[bytes]:
    """Start a worker from this program. Its environment has only the paths of fonts and modules."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    paths = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        [sys.executable, "-m", "assistant.exports.pdf_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # typesetter messages may quote the text
        env=kept | {"PYTHONPATH": paths},
        bufsize=0,
    )


def _write(pipe: IO[bytes], block: bytes) -> None:
    waiting = memoryview(len(block).to_bytes(_LENGTH) + block)
    while waiting:
        waiting = waiting[pipe.write(waiting) :]


def _read(pipe: IO[bytes]) -> bytes | None:
    """Read one block, or None at the end of the pipe."""
    length = _exactly(pipe, _LENGTH)
    return None if length is None else _exactly(pipe, int.from_bytes(length))


def _exactly(pipe: IO[bytes], length: int) -> bytes | None:
    parts: list[bytes] = []
    while length:
        part = pipe.read(length)
        if not part:
            return None
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def main() -> None:
    """Process jobs until the input ends. A refused job is answered with an empty block."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    from assistant.exports.pdf import printed

    with open(0, "rb", buffering=0) as incoming, open(1, "wb", buffering=0) as outgoing:
        while select.select([incoming], [], [], _IDLE)[0]:
            job = _read(incoming)
            if job is None:
                return
            try:
                made = printed(job)
            except Exception:  # the job is refused; typesetter messages may quote the text
                made = b""
            _write(outgoing, made)


if __name__ == "__main__":
    main()
