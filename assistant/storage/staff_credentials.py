"""Credentials of staff besides their key slot: authenticator apps, recovery codes, and one-time links."""

from collections.abc import Iterable
from dataclasses import field
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from assistant.storage.schema import staff_apps, staff_links, staff_recovery_codes
from assistant.value_class import value_class


@value_class
class StoredAuthenticatorApp:
    staff_id: str
    pepper_version: int
    sealed: bytes = field(repr=False)
    last_step: int = -1


def put_app(connection: Connection, app: StoredAuthenticatorApp) -> None:
    """Store the secret of the only authenticator app."""
    delete_app(connection, app.staff_id)
    connection.execute(insert(staff_apps).values(vars(app)))


def find_app(connection: Connection, staff_id: str) -> StoredAuthenticatorApp | None:
    row = connection.execute(select(staff_apps).where(staff_apps.c.staff_id == staff_id)).first()
    return (
        StoredAuthenticatorApp(row.staff_id, row.pepper_version, row.sealed, row.last_step) if row else None
    )


def use_step(connection: Connection, staff_id: str, step: int) -> bool:
    """Use up the code of this step. Return False if it or a later one was used before."""
    unused = update(staff_apps).where(staff_apps.c.staff_id == staff_id, staff_apps.c.last_step < step)
    return connection.execute(unused.values(last_step=step)).rowcount == 1


def delete_app(connection: Connection, staff_id: str) -> None:
    connection.execute(delete(staff_apps).where(staff_apps.c.staff_id == staff_id))


def put_recovery_codes(
    connection: Connection, staff_id: str, digests: Iterable[bytes], pepper_version: int = 1
) -> None:
    """Replace all recovery codes with these."""
    gone = delete(staff_recovery_codes).where(staff_recovery_codes.c.staff_id == staff_id)
    connection.execute(gone)
    rows = [{"staff_id": staff_id, "digest": digest, "pepper_version": pepper_version} for digest in digests]
    if rows:
        connection.execute(insert(staff_recovery_codes), rows)


def use_recovery_code(connection: Connection, staff_id: str, *digests: bytes) -> bool:
    """Use up a recovery code. Return whether it was valid."""
    code = staff_recovery_codes.c
    used = delete(staff_recovery_codes).where(code.staff_id == staff_id, code.digest.in_(digests))
    return connection.execute(used).rowcount == 1


def count_recovery_codes(connection: Connection, staff_id: str) -> int:
    """Return the number of recovery codes left."""
    mine = staff_recovery_codes.c.staff_id == staff_id
    return connection.scalar(select(func.count()).select_from(staff_recovery_codes).where(mine)) or 0


def put_link(
    connection: Connection, staff_id: str, index: bytes, expires_at: datetime, pepper_version: int = 1
) -> None:
    """Store this person's only one-time link."""
    delete_link(connection, staff_id)
    connection.execute(
        insert(staff_links).values(
            staff_id=staff_id, lookup=index, expires_at=expires_at, pepper_version=pepper_version
        )
    )


def find_link(connection: Connection, index: bytes | Iterable[bytes], now: datetime) -> str | None:
    """Find the owner of a valid link, by one index or several."""
    indexes = [index] if isinstance(index, bytes) else list(index)
    link = staff_links.c
    found: str | None = connection.scalar(
        select(link.staff_id).where(link.lookup.in_(indexes), link.expires_at > now)
    )
    return found


def use_link(connection: Connection, indexes: Iterable[bytes], now: datetime) -> str | None:
    """Use up a valid link, so that no other request can; return its owner."""
    link = staff_links.c
    used = delete(staff_links).where(link.lookup.in_(list(indexes)), link.expires_at > now)
    owner: str | None = connection.scalar(used.returning(link.staff_id))
    return owner


def list_links(connection: Connection, now: datetime) -> dict[str, datetime]:
    """Return the expiry of each link, by staff id."""
    link = staff_links.c
    rows = connection.execute(select(link.staff_id, link.expires_at).where(link.expires_at > now))
    return {row.staff_id: row.expires_at for row in rows}


def delete_link(connection: Connection, staff_id: str) -> None:
    connection.execute(delete(staff_links).where(staff_links.c.staff_id == staff_id))


def delete_links_expired(connection: Connection, now: datetime) -> int:
    """Delete expired links; return how many."""
    return connection.execute(delete(staff_links).where(staff_links.c.expires_at <= now)).rowcount
