"""End a share, and write that to its audit trail, once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from assistant.service.broadcast import Broadcast
from assistant.service.portions import portions
from assistant.service.sharing.audit_trail import record
from assistant.storage.database import Connection, Database
from assistant.storage.row_locks import lock_share
from assistant.storage.shares import end_share, find_share, shares_past
from assistant.vault.pepper import Pepper


def end_and_record(
    connection: Connection,
    pepper: Pepper,
    share_id: str,
    ended: Literal["withdrawn", "expired"],
    now: datetime,
) -> bool:
    """End an open share; False if another write did, or has moved the expiry meanwhile."""
    lock_share(connection, share_id)
    share = find_share(connection, share_id)
    if share is None or (ended == "expired" and now < share.opens_until):
        return False
    if not end_share(connection, share_id, ended, now):
        return False
    record(connection, pepper, share_id, ended, now)
    return True


async def end_expired(database: Database, pepper: Pepper, broadcast: Broadcast, now: datetime) -> int:
    """End expired shares; return how many."""

    def write(connection: Connection) -> list[str]:
        over = [share.id for share in shares_past(connection, now)]
        return [id_ for id_ in over if end_and_record(connection, pepper, id_, "expired", now)]

    ended = 0
    async for over in portions(database, write):
        ended += len(over)
        await tell_ended(database, broadcast, over)
    if ended:
        await database.scrub()
    return ended


async def tell_ended(database: Database, broadcast: Broadcast, share_ids: Sequence[str]) -> None:
    """Make sure that ended shares do not come back from a backup, and update the screens that show them."""
    await database.bury(*(("share", share_id) for share_id in share_ids))
    for share_id in share_ids:
        broadcast.tell_changed(share_id)
