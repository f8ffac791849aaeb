"""A clock that stands still until a test moves it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)


@dataclass
class Clock:
    """Given to the program in place of the real one."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, time: timedelta) -> None:
        """Let this much time pass."""
        self.at += time
