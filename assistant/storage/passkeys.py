"""Passkeys: the key slots that they open, and what a browser needs to ask them."""

from dataclasses import field
from datetime import datetime

from sqlalchemy import Connection, insert, select

from assistant.storage.schema import staff_passkeys, staff_slots
from assistant.storage.staff import StoredStaffKeySlot, put_staff_slot
from assistant.value_class import value_class


@value_class
class StoredPasskey:
    slot: StoredStaffKeySlot
    """Its salt is what the passkey answers to."""
    credential: bytes = field(repr=False)
    """The id by which the browser finds the passkey."""
    name: str
    added_at: datetime


def add_passkey(connection: Connection, passkey: StoredPasskey) -> None:
    put_staff_slot(connection, passkey.slot)
    connection.execute(
        insert(staff_passkeys).values(
            slot_id=passkey.slot.id,
            credential=passkey.credential,
            name=passkey.name,
            added_at=passkey.added_at,
        )
    )


def list_passkeys(connection: Connection, staff_id: str) -> list[StoredPasskey]:
    """Return the passkeys of this person, oldest first."""
    found = (
        select(staff_slots, staff_passkeys)
        .join(staff_passkeys, staff_passkeys.c.slot_id == staff_slots.c.id)
        .where(staff_slots.c.staff_id == staff_id)
        .order_by(staff_passkeys.c.added_at, staff_passkeys.c.slot_id)
    )
    return [
        StoredPasskey(
            StoredStaffKeySlot(row.id, row.staff_id, row.kind, row.salt, row.pepper_version, row.outer_wrap),
            row.credential,
            row.name,
            row.added_at,
        )
        for row in connection.execute(found)
    ]
