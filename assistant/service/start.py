"""Opens what the services stand on: the database and the server's own secret."""

from dataclasses import asdict
from pathlib import Path

from assistant.errors import CannotStart
from assistant.storage.database import Database
from assistant.storage.slots import any_slot
from assistant.vault.pepper import Pepper
from assistant.vault.slots import Slot, belongs


def open_stores(database_url: str, keys: Path) -> tuple[Database, Pepper]:
    """The database and the pepper, each made at first start. Raises `CannotStart`."""
    pepper = Pepper.load_or_make(keys)
    return Database.open(database_url), pepper


async def see_that_they_belong(database: Database, pepper: Pepper) -> None:
    """Raises `CannotStart` when the pepper is not this database's: no private link would open."""
    slot = await database.read(any_slot)
    if slot is not None and not belongs(pepper, Slot(**asdict(slot))):
        raise CannotStart(
            "The pepper in the keys folder is not the one this database was made with. "
            "Put back the copy you keep apart from the backups, and start again."
        )
