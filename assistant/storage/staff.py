"""Staff accounts and the key slots of their private keys."""

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant.storage.insert_once import insert_once
from assistant.storage.prepared import Prepared
from assistant.storage.schema import staff, staff_slots
from assistant.value_class import value_class

_COLUMNS = (
    staff.c.id,
    staff.c.name,
    staff.c.sign_in_name,
    staff.c.roles,
    staff.c.public_key,
    staff.c.created_at,
    staff.c.disabled_at,
)
_FIND = Prepared(select(*_COLUMNS).where(staff.c.id == bindparam("staff")))


@value_class
class StoredStaff:
    id: str
    name: str
    sign_in_name: str
    """The normalised name used for lookups, so that any spelling finds it."""
    roles: frozenset[str]
    public_key: bytes | None = field(repr=False)
    created_at: datetime
    disabled_at: datetime | None = None


@value_class
class StoredStaffKeySlot:
    id: str
    staff_id: str
    kind: str
    salt: bytes = field(repr=False)
    pepper_version: int
    outer: bytes = field(repr=False)


def add_staff(connection: Connection, member: StoredStaff) -> bool:
    """Insert an account; False if the name is taken."""
    return insert_once(connection, staff, **(vars(member) | {"roles": _spelled(member.roles)}))


def find_staff(connection: Connection, staff_id: str) -> StoredStaff | None:
    row = _FIND.first(connection, {"staff": staff_id})
    return _stored(row) if row else None


def find_staff_named(connection: Connection, sign_in_name: str) -> StoredStaff | None:
    row = connection.execute(select(*_COLUMNS).where(staff.c.sign_in_name == sign_in_name)).first()
    return _stored(row) if row else None


def list_staff(connection: Connection) -> list[StoredStaff]:
    """Return all accounts, by name."""
    return [_stored(row) for row in connection.execute(select(*_COLUMNS).order_by(staff.c.sign_in_name))]


def rename_staff(connection: Connection, staff_id: str, name: str, sign_in_name: str) -> bool:
    """Rename an account; False if the name is taken, and then the write must be rolled back."""
    taken = select(staff.c.id).where(staff.c.sign_in_name == sign_in_name, staff.c.id != staff_id)
    if connection.execute(taken).first() is not None:
        return False
    try:
        _change(connection, staff_id, name=name, sign_in_name=sign_in_name)
    except IntegrityError:  # taken by another write in this moment
        return False
    return True


def delete_staff(connection: Connection, staff_id: str) -> None:
    """Delete an account with its credentials, sessions and invitations. Acts on shares keep only its id."""
    connection.execute(delete(staff).where(staff.c.id == staff_id))


def change_roles(connection: Connection, staff_id: str, roles: frozenset[str]) -> None:
    _change(connection, staff_id, roles=_spelled(roles))


def change_disabled(connection: Connection, staff_id: str, at: datetime | None) -> None:
    """Set when the account was disabled; None enables it."""
    _change(connection, staff_id, disabled_at=at)


def change_public_key(connection: Connection, staff_id: str, public_key: bytes | None) -> None:
    _change(connection, staff_id, public_key=public_key)


def put_staff_slot(connection: Connection, slot: StoredStaffKeySlot) -> None:
    """Store a slot as the person's only one of its kind."""
    delete_staff_slots(connection, slot.staff_id, slot.kind)
    connection.execute(
        insert(staff_slots).values(
            id=slot.id,
            staff_id=slot.staff_id,
            kind=slot.kind,
            salt=slot.salt,
            pepper_version=slot.pepper_version,
            outer_wrap=slot.outer,
        )
    )


def find_staff_slot(connection: Connection, staff_id: str, kind: str) -> StoredStaffKeySlot | None:
    found = select(staff_slots).where(staff_slots.c.staff_id == staff_id, staff_slots.c.kind == kind)
    return _stored_slot(connection.execute(found).first())


def has_staff_slot(connection: Connection, staff_id: str) -> bool:
    """Return whether there is any way to this person's private key."""
    found = select(staff_slots.c.id).where(staff_slots.c.staff_id == staff_id)
    return connection.execute(found.limit(1)).first() is not None


def any_staff_slot(connection: Connection) -> StoredStaffKeySlot | None:
    """Return any slot, to check that the server's pepper matches."""
    return _stored_slot(connection.execute(select(staff_slots).limit(1)).first())


def delete_staff_slots(connection: Connection, staff_id: str, kind: str | None = None) -> None:
    """Delete slots of this person: those of one kind, or all, and then the private key is gone."""
    statement = delete(staff_slots).where(staff_slots.c.staff_id == staff_id)
    connection.execute(statement if kind is None else statement.where(staff_slots.c.kind == kind))


def _change(connection: Connection, staff_id: str, **values: Any) -> None:
    connection.execute(update(staff).where(staff.c.id == staff_id).values(**values))


def _spelled(roles: frozenset[str]) -> str:
    return " ".join(sorted(roles))


def _stored(row: Sequence[Any]) -> StoredStaff:
    id_, name, sign_in_name, roles, *rest = row
    return StoredStaff(id_, name, sign_in_name, frozenset(roles.split()), *rest)


def _stored_slot(row: Row[Any] | None) -> StoredStaffKeySlot | None:
    if row is None:
        return None
    return StoredStaffKeySlot(row.id, row.staff_id, row.kind, row.salt, row.pepper_version, row.outer_wrap)
