"""Requests already handled, so that a reply sent twice is one turn (idempotency)."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, tuple_

from assistant.errors import RequestReused
from assistant.storage.insert_once import insert_once
from assistant.storage.prepared import Prepared
from assistant.storage.schema import requests

# built once, because every turn uses it
_FIND = Prepared(
    select(requests.c.fingerprint).where(
        requests.c.notebook_id == bindparam("owner"), requests.c.request_id == bindparam("request")
    )
)


def is_known_request(connection: Connection, notebook_id: str, request_id: str, fingerprint: bytes) -> bool:
    """Return whether this reply was handled before. Raises `RequestReused` if its id was used for another
    one.
    """
    row = _FIND.first(connection, {"owner": notebook_id, "request": request_id})
    known = None if row is None else row[0]
    if known is not None and known != fingerprint:
        raise RequestReused("the request id was used for another reply")
    return known is not None


def remember_request(
    connection: Connection, notebook_id: str, request_id: str, fingerprint: bytes, at: datetime
) -> bool:
    """Record a reply; return whether it is new. Raises `RequestReused` if its id was used for another one."""
    # only the day: enough to delete the row later, and it reveals less about when a person wrote
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    is_new = insert_once(
        connection, requests, notebook_id=notebook_id, request_id=request_id, fingerprint=fingerprint, at=day
    )
    return is_new or not is_known_request(connection, notebook_id, request_id, fingerprint)


def forget_requests_before(connection: Connection, moment: datetime, most: int = 500) -> int:
    """Delete a batch of old requests that will not be sent again; fewer than `most` means no more are
    left.
    """
    id_ = (requests.c.notebook_id, requests.c.request_id)
    old = [tuple(row) for row in connection.execute(select(*id_).where(requests.c.at < moment).limit(most))]
    if old:
        connection.execute(delete(requests).where(tuple_(*id_).in_(old)))
    return len(old)
