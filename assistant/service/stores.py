"""Open the stores of the services: the database and the server's own secrets."""

from functools import partial
from pathlib import Path

from assistant.errors import CannotStart
from assistant.service.key_slots import key_slot
from assistant.storage.database import Connection, Database
from assistant.storage.key_checks import key_checks_in, needs_its_keys, settle_key_checks
from assistant.storage.key_slots import any_slot
from assistant.storage.staff import any_staff_slot
from assistant.vault.key_slots import CODENAME, LINK, belongs
from assistant.vault.pepper import SALT_FILE, Pepper, check_value, load_salt
from assistant.vault.staff_keys import staff_slot_belongs


def open_stores(database_url: str, keys: Path, *, make: bool = True) -> tuple[Database, Pepper]:
    """Open the database and its pepper. Raises `CannotStart`. Both are created at the very first start; a
    pepper never for a database that was made with another. Without `make` nothing is created, and the
    database is not migrated.
    """
    database = Database.open(database_url, upgrade=make)
    try:
        return database, Pepper.load(keys, make=make and not database.look(needs_its_keys))
    except BaseException:
        database.let_go()
        raise


def open_salt(keys: Path, database: Database | None = None) -> bytes:
    """Return the salt for stretching codenames, created at first start. Raises `CannotStart`."""
    return load_salt(keys, make=database is None or not database.look(_needs_its_salt))


async def check_keys_belong(database: Database, pepper: Pepper, salt: bytes | None = None) -> None:
    """Raise `CannotStart` if pepper or salt do not belong to this database, because nothing would open. With
    the salt, missing check values are written. If several servers start on an empty database with different
    keys, the first to write decides.
    """
    pepper, wanted = pepper.now(), _checks(pepper, salt)
    _compare(await database.read(key_checks_in), wanted)
    for name, kind, salted in (("pepper", LINK, b""), ("pepper or the salt", CODENAME, salt)):
        slot = await database.read(partial(any_slot, kind=kind))
        if slot is None or salted is None:
            continue
        if not belongs(pepper, key_slot(slot), salt=salted):
            raise _another(name)
    staff_slot = await database.read(any_staff_slot)
    if staff_slot is not None and not staff_slot_belongs(pepper, key_slot(staff_slot)):
        raise _another("pepper")
    if salt is not None:
        _compare(await database.write(partial(settle_key_checks, wanted=wanted)), wanted)


def see_that_checks_match(kept: dict[str, bytes], keys: Path) -> None:
    """Raise `CannotStart` if check values from a backup do not match the keys in this folder."""
    _compare(kept, _checks(Pepper.load(keys, make=False), load_salt(keys, make=False)))


def _needs_its_salt(connection: Connection) -> bool:
    return SALT_FILE in key_checks_in(connection) or any_slot(connection, CODENAME) is not None


def _checks(pepper: Pepper, salt: bytes | None) -> dict[str, bytes]:
    checks = {f"pepper {one.version}": check_value(one.secret) for one in pepper.now().versions}
    return checks if salt is None else checks | {SALT_FILE: check_value(salt)}


def _compare(kept: dict[str, bytes], wanted: dict[str, bytes]) -> None:
    for name, value in kept.items():
        if name in wanted and wanted[name] != value:
            raise _another(name.partition(" ")[0])
        if name not in wanted and name != SALT_FILE:
            raise CannotStart(
                "The pepper in the keys folder is older than the database's: it was changed on another host. "
                "Copy the pepper from there, and start again."
            )


def _another(name: str) -> CannotStart:
    return CannotStart(
        f"The {name} in the keys folder is not the one this database was created with. "
        "Put back the copy you keep apart from the backups, and start again."
    )
