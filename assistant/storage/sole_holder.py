"""One process at a time does something on a PostgreSQL that several share."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

_TRY = "SELECT pg_try_advisory_lock(hashtext(%s))"


@asynccontextmanager
async def sole_holder(terms: Mapping[str, Any], what: str) -> AsyncIterator[bool]:
    """Yield whether no other process does this now; none can begin while the context is open.

    The lock belongs to a connection of its own, so that it ends with the process too. Raises `OSError` if the
    database does not answer.
    """
    from psycopg import AsyncConnection, Error

    try:
        connection = await AsyncConnection.connect(**terms, autocommit=True)
        async with connection, connection.cursor() as cursor:
            await cursor.execute(_TRY, (f"for-motet/{what}",))
            row = await cursor.fetchone()
            yield row is not None and row[0]
    except Error as error:
        raise OSError(f"the database did not answer: {type(error).__name__}") from None
