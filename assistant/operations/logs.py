"""Formatting of the operating log: JSON lines, or readable lines in a terminal.

Log records of other libraries are reduced to the library's name, the class of the error and source
locations, because their texts contain requests, addresses and values.
"""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TextIO

from assistant.events import Event, Fields, OneAMinute, harmless, place
from assistant.zone import local

TEXTS = "assistant.texts"
"""The logger of `--watch`. It reports issues in the authors' files, and is the only one with free text."""


def configure(stream: TextIO = sys.stderr, *, watch: bool = False, worker: int | None = None) -> None:
    """Send all logs of this process to the stream, filtered to the allowed fields. Where several processes
    serve, each line has the number of its process.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ReadableLine() if stream.isatty() else JsonLine())
    handler.addFilter(_OneAMinuteOfOthers())
    if worker is not None:
        handler.addFilter(_FromWorker(worker))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("assistant").setLevel(logging.INFO)
    logging.getLogger(TEXTS).setLevel(logging.INFO if watch else logging.WARNING)


def fields_of(record: logging.LogRecord) -> Mapping[str, object]:
    """Return the allowed content of a record: its event, and its fields from the fixed list."""
    worker = getattr(record, "worker", None)
    return _content_of(record) if worker is None else {**_content_of(record), "worker": worker}


def _content_of(record: logging.LogRecord) -> Mapping[str, object]:
    fields = getattr(record, "event_fields", None)
    if record.name == "assistant" and isinstance(fields, Mapping):
        return {"event": harmless(record.getMessage()), **fields}
    if record.name == TEXTS:
        return {"event": "texts", "said": record.getMessage()}
    error = record.exc_info[1] if record.exc_info else None
    others: Fields = {"library": record.name}
    if error is not None:
        others |= {"error": type(error).__name__, "where": place(error)}
    return {"event": Event.LIBRARY.value} | {name: harmless(value) for name, value in others.items()}


class JsonLine(logging.Formatter):
    """One JSON object per line, for a journal or a log collector."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), **fields_of(record)}
        return json.dumps(line, ensure_ascii=False)


class ReadableLine(logging.Formatter):
    """The same fields in one readable line, for a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = local(datetime.fromtimestamp(record.created, UTC)).strftime("%H:%M:%S")
        said = dict(fields_of(record))
        event = said.pop("event")
        fields = " ".join(f"{name}={_readable(value)}" for name, value in said.items())
        return f"{at} {record.levelname.lower()} {event} {fields}".rstrip()


def _readable(value: object) -> str:
    """Format a value; counts by name as `sessions:3,notebooks:1`."""
    if isinstance(value, Mapping):
        return ",".join(f"{name}:{many}" for name, many in value.items()) or "nothing"
    return str(value)


class _FromWorker(logging.Filter):
    """Adds the number of this process to each record."""

    def __init__(self, worker: int) -> None:
        super().__init__()
        self._worker = worker

    def filter(self, record: logging.LogRecord) -> bool:
        record.worker = self._worker
        return True


class _OneAMinuteOfOthers(logging.Filter):
    """Suppress repeated records of libraries; our own events are limited where they are made."""

    def __init__(self) -> None:
        super().__init__()
        self._one_a_minute = OneAMinute()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("assistant"):
            return True
        error = type(record.exc_info[1]).__name__ if record.exc_info else ""
        return self._one_a_minute.take((record.name, record.levelname, error)) is not None
