"""How many connections to PostgreSQL there are, and how many one process takes."""

from sqlalchemy import Connection

from assistant.storage.engines import READERS, WRITERS
from assistant.value_class import value_class


@value_class
class Connections:
    """The connections to a PostgreSQL, of all programs together."""

    open: int
    most: int
    """How many the database allows, without those it keeps for its superusers."""
    each: int = WRITERS + READERS + 3
    """How many one process takes at most: to write, to read, to tell, to listen and to sweep."""


def connections(connection: Connection) -> Connections | None:
    """Return the connections that are open and allowed; None with SQLite, which limits none."""
    if connection.dialect.name == "sqlite":
        return None
    counting = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
    names = ("max_connections", "superuser_reserved_connections")
    most, reserved = (int(connection.exec_driver_sql(f"SHOW {name}").scalar_one()) for name in names)
    return Connections(connection.exec_driver_sql(counting).scalar_one(), most - reserved)
