"""Browsers where staff signed in before, found by the digest of a cookie. They grant no access."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from assistant.storage.schema import staff, staff_devices


def add_staff_device(connection: Connection, index: bytes, staff_id: str, kept_until: datetime) -> None:
    connection.execute(insert(staff_devices).values(lookup=index, staff_id=staff_id, kept_until=kept_until))


def is_staff_device(connection: Connection, index: bytes, sign_in_name: str, now: datetime) -> bool:
    """Return whether the owner of the account with this name signed in in the browser with this cookie."""
    device = staff_devices.c
    found = (
        select(device.lookup)
        .join(staff, staff.c.id == device.staff_id)
        .where(device.lookup == index, device.kept_until > now, staff.c.sign_in_name == sign_in_name)
    )
    return connection.execute(found).first() is not None


def delete_staff_device(connection: Connection, index: bytes) -> None:
    connection.execute(delete(staff_devices).where(staff_devices.c.lookup == index))


def delete_staff_devices_of(connection: Connection, staff_id: str) -> None:
    """Delete all browsers of one person."""
    connection.execute(delete(staff_devices).where(staff_devices.c.staff_id == staff_id))


def delete_staff_devices_expired(connection: Connection, now: datetime, most: int = 500) -> int:
    """Forget some of those that were not used for long; how many, 0 when none are left."""
    over = select(staff_devices.c.lookup).where(staff_devices.c.kept_until <= now).limit(most)
    return connection.execute(delete(staff_devices).where(staff_devices.c.lookup.in_(over))).rowcount
