"""Another time zone for the length of a test."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.zone import service_zone, use_zone


@contextmanager
def told_in(zone: str) -> Iterator[None]:
    """What people read is told in this zone."""
    before = service_zone().key
    use_zone(zone)
    try:
        yield
    finally:
        use_zone(before)


@contextmanager
def machine_in(zone: str) -> Iterator[None]:
    """The machine itself is in this zone, as the variable TZ sets it."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        del os.environ["TZ"]
        if before is not None:
            os.environ["TZ"] = before
        time.tzset()
