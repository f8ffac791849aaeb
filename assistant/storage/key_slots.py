"""Key slots: the wrapped keys of notebooks."""

from dataclasses import field
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from assistant.storage.schema import slots
from assistant.value_class import value_class


@value_class
class StoredKeySlot:
    id: str
    notebook_id: str
    kind: str
    index: bytes = field(repr=False)
    pepper_version: int
    outer: bytes = field(repr=False)


def add_slot(connection: Connection, slot: StoredKeySlot) -> None:
    connection.execute(
        insert(slots).values(
            id=slot.id,
            notebook_id=slot.notebook_id,
            kind=slot.kind,
            lookup=slot.index,
            pepper_version=slot.pepper_version,
            outer_wrap=slot.outer,
        )
    )


def find_slot(connection: Connection, *indexes: bytes, to_hold: bool = False) -> StoredKeySlot | None:
    """Find the slot at one of these indexes. With `to_hold`, a write that deletes it waits until this write
    has committed.
    """
    found = select(slots).where(slots.c.lookup.in_(indexes))
    return _stored(connection.execute(found.with_for_update(key_share=True) if to_hold else found).first())


def delete_slots(connection: Connection, notebook_id: str, kind: str) -> None:
    """Delete the slots of this kind of one notebook."""
    connection.execute(delete(slots).where(slots.c.notebook_id == notebook_id, slots.c.kind == kind))


def any_slot(connection: Connection, kind: str) -> StoredKeySlot | None:
    """Return any slot of this kind, to check that the server's secrets match."""
    return _stored(connection.execute(select(slots).where(slots.c.kind == kind).limit(1)).first())


def _stored(row: Row[Any] | None) -> StoredKeySlot | None:
    if row is None:
        return None
    return StoredKeySlot(row.id, row.notebook_id, row.kind, row.lookup, row.pepper_version, row.outer_wrap)
