"""What a check of the installation found, and how it is printed."""

import os
import sys
from collections.abc import Iterable
from enum import StrEnum

from assistant.value_class import value_class


class Level(StrEnum):
    """How much a finding matters."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


_COLOURS = {Level.OK: "\x1b[32m", Level.WARNING: "\x1b[33m", Level.FAULT: "\x1b[31m"}
_PLAIN = "\x1b[0m"
_WIDTH = max(map(len, Level))


@value_class
class Finding:
    """One thing that was checked."""

    level: Level
    what: str
    do: str = ""
    """What the operator should do about it."""

    def line(self, *, colours: bool = False) -> str:
        """Return the finding as one line."""
        level = f"{self.level:<{_WIDTH}}"
        if colours:
            level = f"{_COLOURS[self.level]}{level}{_PLAIN}"
        return f"{level}  {self.what}" + (f" → {self.do}" if self.do else "")


def ok(what: str) -> Finding:
    """Return a finding that needs nothing."""
    return Finding(Level.OK, what)


def warning(what: str, do: str) -> Finding:
    """Return a finding to look at."""
    return Finding(Level.WARNING, what, do)


def fault(what: str, do: str) -> Finding:
    """Return a finding that must be repaired."""
    return Finding(Level.FAULT, what, do)


def has_fault(findings: Iterable[Finding]) -> bool:
    """Return whether anything must be repaired."""
    return any(one.level is Level.FAULT for one in findings)


def wants_colours() -> bool:
    """Return whether stdout is a terminal whose user has not turned colours off (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
