"""Acts on accounts by a command, over stores opened for it, also while the server runs."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from assistant.retention import RELEASED, Retention
from assistant.service.broadcast import Broadcast
from assistant.service.staff.accounts import StaffAccounts
from assistant.service.stores import check_keys_belong, open_stores
from assistant.vault.pepper import relay_key

T = TypeVar("T")


async def among_staff(
    database_url: str,
    keys: Path,
    act: Callable[[StaffAccounts], Awaitable[T]],
    retention: Retention = RELEASED,
) -> T:
    """Run an operator's act on stores opened for this command. Raises `CannotStart`."""
    database, pepper = open_stores(database_url, keys, make=False)
    try:
        await check_keys_belong(database, pepper)
        broadcast = Broadcast(relay_key(pepper))
        async with broadcast.across(database, listens=False):  # servers empty screens at once
            return await act(StaffAccounts(database, pepper, lambda: datetime.now(UTC), broadcast, retention))
    finally:
        await database.close()
