"""A press whose process prints for the next application too.

To start one takes half a second of processor time. `tests/exports/test_pdf_worker.py` has presses of its own.
"""

import subprocess
from contextlib import suppress
from typing import ClassVar

from assistant.exports.pdf_worker import PdfWorker


class SharedPress(PdfWorker):
    """Begins with a process that another one has left, if there is any."""

    free: ClassVar[list[subprocess.Popen[bytes]]] = []

    def close(self) -> None:
        """Leave the process to the next one, when it has printed what it was given."""
        self._thread.shutdown(wait=True, cancel_futures=True)
        if self._process is not None:
            self.free.append(self._process)
            self._process = None

    def _print(self, job: bytes) -> bytes:
        if self._process is None:
            with suppress(IndexError):
                self._process = self.free.pop()
        return super()._print(job)

    @classmethod
    def end_all(cls) -> None:
        """End the processes that are left."""
        while cls.free:
            with cls.free.pop() as process:
                process.kill()
