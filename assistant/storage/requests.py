"""The replies already taken, so that a reply sent twice is one turn."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, tuple_

from assistant.errors import RequestReused
from assistant.storage.insert_once import insert_once
from assistant.storage.schema import requests

# of every turn, so made once
_FIND = select(requests.c.fingerprint).where(
    requests.c.notebook_id == bindparam("owner"), requests.c.request_id == bindparam("request")
)


def is_known_request(connection: Connection, notebook_id: str, request_id: str, fingerprint: bytes) -> bool:
    """Whether this reply was taken before; RequestReused if its id was used for another one."""
    known = connection.scalar(_FIND, {"owner": notebook_id, "request": request_id})
    if known is not None and known != fingerprint:
        raise RequestReused("the request id was used for another reply")
    return known is not None


def remember_request(
    connection: Connection, notebook_id: str, request_id: str, fingerprint: bytes, at: datetime
) -> bool:
    """Whether this reply is new, and now taken; RequestReused if its id was used for another one."""
    # only the day: it is needed to forget the request later, and tells less of when somebody wrote
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    is_new = insert_once(
        connection, requests, notebook_id=notebook_id, request_id=request_id, fingerprint=fingerprint, at=day
    )
    return is_new or not is_known_request(connection, notebook_id, request_id, fingerprint)


def forget_requests_before(connection: Connection, moment: datetime, most: int = 500) -> int:
    """Forget some of those nobody will send again, and say how many; fewer than `most` are the last."""
    id_ = (requests.c.notebook_id, requests.c.request_id)
    old = [tuple(row) for row in connection.execute(select(*id_).where(requests.c.at < moment).limit(most))]
    if old:
        connection.execute(delete(requests).where(tuple_(*id_).in_(old)))
    return len(old)
