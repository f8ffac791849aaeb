"""The operating log: one line for each change of state, at most one per kind and minute.

An event has a name and fields from a fixed list. Nothing else is ever logged: no exception texts, words,
names, codes or links, and no IP addresses of visitors. `operations.logs` formats the lines.
"""

import logging
import math
import re
import threading
import time
import traceback
from collections.abc import Callable, Hashable, Mapping
from enum import StrEnum
from typing import TypedDict, Unpack

logger = logging.getLogger("assistant")
logger.addHandler(logging.NullHandler())  # commands that configure no log write nothing

AT_MOST_EVERY = 60.0
"""Minimum number of seconds between two lines of one kind."""


class Event(StrEnum):
    """All events of the operating log."""

    PLAIN_HTTP = "plain_http"
    FEW_FILES = "few_files"
    NO_FILE_FREE = "no_file_free"
    METRICS_PUBLISHED = "metrics_published"
    STARTED = "started"
    STOPPED = "stopped"
    WORKER_ENDED = "worker_ended"
    MIGRATED = "migrated"
    SWEPT = "swept"
    SWEEP_FAILED = "sweep_failed"
    CLOCK_JUMPED = "clock_jumped"
    CLOCK_TRUSTED = "clock_trusted"
    DELETIONS_NOT_KEPT = "deletions_not_kept"
    DATABASE_LOST = "database_lost"
    DATABASE_BACK = "database_back"
    WRITES_FAILING = "writes_failing"
    WRITES_AGAIN = "writes_again"
    RELAY_LOST = "relay_lost"
    RELAY_BACK = "relay_back"
    SEAL_BROKEN = "seal_broken"
    HOST_REFUSED = "host_refused"
    PROXY_UNKNOWN = "proxy_unknown"
    READERS_MISSING = "readers_missing"
    FONTS_MISSING = "fonts_missing"
    PROVIDER_LOST = "provider_lost"
    PROVIDER_BACK = "provider_back"
    PROVIDER_REFUSED = "provider_refused"
    PROVIDER_UNCHECKED = "provider_unchecked"
    GRANT_NOT_REVOKED = "grant_not_revoked"
    UNFORESEEN = "unforeseen"
    LIBRARY = "library"


_LEVELS: Mapping[Event, int] = {
    Event.PLAIN_HTTP: logging.WARNING,
    Event.FEW_FILES: logging.WARNING,
    Event.NO_FILE_FREE: logging.ERROR,
    Event.WORKER_ENDED: logging.ERROR,
    Event.SWEEP_FAILED: logging.ERROR,
    Event.CLOCK_JUMPED: logging.ERROR,
    Event.DELETIONS_NOT_KEPT: logging.ERROR,
    Event.DATABASE_LOST: logging.ERROR,
    Event.WRITES_FAILING: logging.ERROR,
    Event.RELAY_LOST: logging.WARNING,
    Event.SEAL_BROKEN: logging.ERROR,
    Event.HOST_REFUSED: logging.WARNING,
    Event.PROXY_UNKNOWN: logging.WARNING,
    Event.READERS_MISSING: logging.WARNING,
    Event.FONTS_MISSING: logging.WARNING,
    Event.PROVIDER_LOST: logging.ERROR,
    Event.PROVIDER_REFUSED: logging.WARNING,
    Event.PROVIDER_UNCHECKED: logging.WARNING,
    Event.GRANT_NOT_REVOKED: logging.WARNING,
    Event.UNFORESEEN: logging.ERROR,
    Event.LIBRARY: logging.WARNING,
}


class Fields(TypedDict, total=False):
    """The only fields a line can have, besides time, level and event."""

    symptom: str
    """Error code of the database driver or operating system, such as SQLITE_FULL."""
    error: str
    """The class of the exception, never its text."""
    where: str
    """Source code locations."""
    library: str
    """The library that logged something; its text is omitted."""
    version: str
    database: str
    """The kind of database: sqlite or postgresql."""
    metrics_port: int
    worker: int
    """The number of the process, where several serve."""
    code: int
    """The exit code of a process that ended; negative for a signal."""
    files: int
    """How many files the process may open; each connection is one."""
    from_step: int
    to_step: int
    removed: Mapping[str, int]
    """Counts of what the sweep deleted, by kind."""
    days: int
    """Days by which the clock is ahead of the newest time seen; negative if behind."""
    missing: int
    """The number of readers in the service file without an account."""
    scripts: str
    """The scripts that no installed font covers, by their names in Unicode."""
    shape: str
    """The form of a refused Host header, not its value."""
    network: str
    """The private network of an unknown proxy, or `public`."""
    check: str
    """The check that an answer of the identity provider failed."""
    suppressed: int
    """The number of lines of this kind suppressed since the last one."""


class OneAMinute:
    """Rate limit of one line per kind and minute, with a count of suppressed lines."""

    def __init__(self, every: float = AT_MOST_EVERY, clock: Callable[[], float] = time.monotonic) -> None:
        self._every = every
        self._clock = clock
        self._lock = threading.Lock()
        self._last: dict[Hashable, tuple[float, int]] = {}

    def take(self, kind: Hashable) -> int | None:
        """Return the number suppressed since the last line of this kind, or None to suppress this one as
        well.
        """
        now = self._clock()
        with self._lock:
            last, held_back = self._last.get(kind, (None, 0))
            if last is not None and now - last < self._every:
                self._last[kind] = (last, held_back + 1)
                return None
            self._last[kind] = (now, 0)
            return held_back


_one_a_minute, _once = OneAMinute(), OneAMinute(every=math.inf)
_ONLY_ONCE = frozenset({Event.PROXY_UNKNOWN, Event.PROVIDER_UNCHECKED})
_HARMLESS = re.compile(r"[A-Za-z0-9_.,:<>/+ -]{0,200}")


def note(event: Event, **fields: Unpack[Fields]) -> bool:
    """Write one line unless one of this kind was written within a minute; return whether it was written.

    An unknown proxy is logged only once, because anyone can send its header at any time. So is a provider
    without refresh tokens, because nothing about that changes.
    """
    what = [fields.get(name) for name in ("where", "library", "shape", "network", "worker", "check")]
    held_back = (_once if event in _ONLY_ONCE else _one_a_minute).take((event, *what))
    if held_back is None:
        return False
    if held_back:
        fields["suppressed"] = held_back
    allowed = {name: harmless(value) for name, value in fields.items() if name in Fields.__annotations__}
    logger.log(_LEVELS.get(event, logging.INFO), "%s", event.value, extra={"event_fields": allowed})
    return True


def harmless(value: object) -> object:
    """Return the value if it is a number or consists of plain characters, else a placeholder."""
    if isinstance(value, Mapping):
        return {str(harmless(name)): harmless(many) for name, many in value.items()}
    if isinstance(value, int | float):
        return value
    text = str(value)
    return text if _HARMLESS.fullmatch(text) else "?"


def place(error: BaseException) -> str:
    """Return the source locations of an exception's traceback, without its text, which could contain
    anything.
    """
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " > ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames)


class OngoingState:
    """Tracks whether something works or fails, and logs when that changes.

    Each use reports how it went. A change within a minute of the last line is logged with the first report
    after that minute, so the log never ends with the wrong state.
    """

    def __init__(self, failing: Event, working: Event) -> None:
        self._failing = failing
        self._working = working
        self._is_told = False
        self.failures = 0
        """Number of failures so far."""

    def failed(self, symptom: str) -> None:
        """Report a failure."""
        self.failures += 1
        if not self._is_told and note(self._failing, symptom=symptom):
            self._is_told = True

    def works(self) -> None:
        """Report a success."""
        if self._is_told and note(self._working):
            self._is_told = False
