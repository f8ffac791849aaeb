"""End a share, and write that to its audit trail, once."""

from datetime import datetime
from typing import Literal

from assistant.service.sharing.audit_trail import record
from assistant.storage.database import Connection
from assistant.storage.row_locks import lock_share
from assistant.storage.shares import end_share, find_share
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
