"""The replies already taken, so that a reply sent twice is one turn."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from assistant.errors import RequestReused
from assistant.storage.insertion import insert_once
from assistant.storage.schema import requests


def is_known_request(connection: Connection, notebook_id: str, request_id: str, fingerprint: bytes) -> bool:
    """Whether this reply was taken before; RequestReused if its id was used for another one."""
    here = requests.c.notebook_id == notebook_id, requests.c.request_id == request_id
    known = connection.scalar(select(requests.c.fingerprint).where(*here))
    if known is not None and known != fingerprint:
        raise RequestReused("the request id was used for another reply")
    return known is not None


def remember_request(
    connection: Connection, notebook_id: str, request_id: str, fingerprint: bytes, at: datetime
) -> bool:
    """Whether this reply is new, and now taken; RequestReused if its id was used for another one."""
    is_new = insert_once(
        connection, requests, notebook_id=notebook_id, request_id=request_id, fingerprint=fingerprint, at=at
    )
    return is_new or not is_known_request(connection, notebook_id, request_id, fingerprint)


def forget_requests_before(connection: Connection, moment: datetime) -> int:
    """Forget those nobody will send again, and say how many there were."""
    return connection.execute(delete(requests).where(requests.c.at < moment)).rowcount
