"""One row, written to check that writes work."""

from sqlalchemy import Connection, update

from assistant.storage.operation_schema import heartbeat


def beat(connection: Connection) -> None:
    """Write the row."""
    connection.execute(update(heartbeat).where(heartbeat.c.id == 1).values(beats=heartbeat.c.beats + 1))
