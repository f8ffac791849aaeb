"""Opens what the services stand on: the database and the server's own secret."""

from dataclasses import asdict
from functools import partial
from pathlib import Path

from assistant.errors import CannotStart
from assistant.storage.database import Database
from assistant.storage.slots import any_slot
from assistant.storage.staff import any_staff_slot
from assistant.vault.pepper import Pepper, load_or_make_salt
from assistant.vault.slots import CODENAME, LINK, Slot, belongs
from assistant.vault.staff_keys import StaffSlot, staff_slot_belongs


def open_stores(database_url: str, keys: Path) -> tuple[Database, Pepper]:
    """The database and the pepper, each made at first start. Raises `CannotStart`."""
    pepper = Pepper.load_or_make(keys)
    return Database.open(database_url), pepper


def open_salt(keys: Path) -> bytes:
    """The salt codenames are stretched with, made at first start. Raises `CannotStart`."""
    return load_or_make_salt(keys)


async def see_that_they_belong(database: Database, pepper: Pepper, salt: bytes) -> None:
    """Raises `CannotStart` when pepper or salt is not this database's: nothing would open."""
    for name, kind, salted in (("pepper", LINK, b""), ("pepper or the salt", CODENAME, salt)):
        slot = await database.read(partial(any_slot, kind=kind))
        if slot is not None and not belongs(pepper, Slot(**asdict(slot)), salt=salted):
            raise _another(name)
    staff_slot = await database.read(any_staff_slot)
    if staff_slot is not None and not staff_slot_belongs(pepper, StaffSlot(**asdict(staff_slot))):
        raise _another("pepper")


def _another(name: str) -> CannotStart:
    return CannotStart(
        f"The {name} in the keys folder is not the one this database was made with. "
        "Put back the copy you keep apart from the backups, and start again."
    )
