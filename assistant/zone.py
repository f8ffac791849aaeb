"""The service's time zone: the one place where a moment becomes the day and the time that people read.

Moments are kept and compared in UTC. A container's own zone is usually UTC as well, so no other module may
ask the machine what the local time is; a test keeps it so. The zone is set once, when the program starts.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from assistant.errors import CannotStart

DEFAULT_ZONE = "Europe/Oslo"
ZONE = "ASSISTANT_ZONE"
"""Names the zone where the command line does not."""


class _Service:
    """Hold the zone of this process."""

    zone = ZoneInfo(DEFAULT_ZONE)


def zone_named(name: str) -> ZoneInfo:
    """Return the zone of this name (tz database). Raises `CannotStart` where there is none."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # a path, a folder, and a name that is not there
        raise CannotStart(
            f"There is no time zone named '{name}'. Write it as in the tz database, such as {DEFAULT_ZONE}: "
            f"with --zone, in {ZONE}, or after 'zone:' in the service file."
        ) from None


def use_zone(name: str) -> None:
    """Tell all times in this zone from now on. Raises `CannotStart`."""
    _Service.zone = zone_named(name)


def service_zone() -> ZoneInfo:
    """Return the zone that times are told in."""
    return _Service.zone


def local(at: datetime) -> datetime:
    """Return this moment as the clocks of the service show it."""
    return at.astimezone(_Service.zone)


def local_day(at: datetime) -> date:
    """Return the day it is at the service at this moment."""
    return local(at).date()
