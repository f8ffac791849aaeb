"""The service's time zone: the only module that converts a moment to local date and time.

Moments are stored and compared in UTC. A container's own zone is usually UTC as well, so no other module may
ask the machine for local time; a test enforces that. The zone is set once, when the program starts.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from assistant.errors import CannotStart

DEFAULT_ZONE = "Europe/Oslo"
ZONE = "ASSISTANT_ZONE"
"""Environment variable with the zone, if the command line does not name one."""


class _Service:
    """The zone of this process."""

    zone = ZoneInfo(DEFAULT_ZONE)


def zone_named(name: str) -> ZoneInfo:
    """Return the zone with this name (tz database). Raises `CannotStart` if there is none."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # a path, a folder, or an unknown name
        raise CannotStart(
            f"There is no time zone named '{name}'. Write it as in the tz database, such as {DEFAULT_ZONE}: "
            f"with --zone, in {ZONE}, or after 'zone:' in the service file."
        ) from None


def use_zone(name: str) -> None:
    """Use this zone for all times from now on. Raises `CannotStart`."""
    _Service.zone = zone_named(name)


def service_zone() -> ZoneInfo:
    """Return the zone in which times are shown."""
    return _Service.zone


def local(at: datetime) -> datetime:
    """Return this moment in the service's time zone."""
    return at.astimezone(_Service.zone)


def local_day(at: datetime) -> date:
    """Return the service's local date at this moment."""
    return local(at).date()
