"""Opens what the services stand on: the database and the server's own secret."""

from pathlib import Path

from assistant.storage.database import Database
from assistant.vault.pepper import Pepper


def open_stores(database_url: str, keys: Path) -> tuple[Database, Pepper]:
    """The database and the pepper, made at first start. Raises `CannotStart`.

    The pepper comes first: a database that exists without its pepper could never be read again.
    """
    pepper = Pepper.load_or_make(keys)
    return Database.open(database_url), pepper
