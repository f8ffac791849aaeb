"""What lies in the database, looked at from outside the program."""

import sqlite3
from contextlib import closing

from assistant.config import Settings

OWNED = ("notebooks", "documents", "requests", "slots", "sessions")


def content(settings: Settings) -> list[str]:
    """Everything in it, as text to compare."""
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        return list(connection.iterdump())


def rows(settings: Settings) -> dict[str, int]:
    """How many rows there are of what people own."""
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in OWNED}
