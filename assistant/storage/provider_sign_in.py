"""Sign-in at an identity provider: linked identities, sign-ins under way, and sessions by their origin."""

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from assistant.storage.insert_once import insert_once
from assistant.storage.schema import (
    provider_sessions,
    provider_visits,
    staff_identities,
    staff_sessions,
)
from assistant.value_class import value_class


@value_class
class StoredProviderSession:
    session: bytes = field(repr=False)
    staff_id: str
    subject: bytes = field(repr=False)
    sid: bytes = field(repr=False)
    """The digest of the provider's id of its session; empty if it gave none."""
    grant_sealed: bytes | None = field(default=None, repr=False)
    """What a check at the provider needs; None if the provider gave no refresh token."""
    confirmed_at: datetime | None = None
    """When the provider last vouched for the person."""
    ask_at: datetime | None = None
    """When the provider may be asked next; while it is asked, when another request may take over."""
    is_asked: int = 0
    """1 while a request asks the provider."""


def put_identity(connection: Connection, staff_id: str, lookup: bytes, pepper_version: int) -> None:
    """Link the account to this identity alone."""
    delete_identity(connection, staff_id)
    row = {"staff_id": staff_id, "lookup": lookup, "pepper_version": pepper_version}
    connection.execute(insert(staff_identities).values(row))


def find_identity(connection: Connection, lookups: Sequence[bytes]) -> str | None:
    """Find the account that is linked to an identity, by its digest under any version of the pepper."""
    one = staff_identities.c
    found: str | None = connection.scalar(select(one.staff_id).where(one.lookup.in_(lookups)))
    return found


def linked_accounts(connection: Connection) -> set[str]:
    """Return the ids of all linked accounts."""
    return set(connection.scalars(select(staff_identities.c.staff_id)))


def is_linked(connection: Connection, staff_id: str) -> bool:
    one = staff_identities.c
    return connection.scalar(select(one.staff_id).where(one.staff_id == staff_id)) is not None


def delete_identity(connection: Connection, staff_id: str) -> None:
    connection.execute(delete(staff_identities).where(staff_identities.c.staff_id == staff_id))


def add_visit(connection: Connection, lookup: bytes, sealed: bytes, expires_at: datetime) -> bool:
    """Insert a visit; False if it is there already."""
    return insert_once(connection, provider_visits, lookup=lookup, sealed=sealed, expires_at=expires_at)


def find_visit(connection: Connection, lookup: bytes, now: datetime) -> bytes | None:
    """Return what was sealed for a visit that is still under way."""
    visit = provider_visits.c
    found = select(visit.sealed).where(visit.lookup == lookup, visit.expires_at > now)
    sealed: bytes | None = connection.scalar(found)
    return sealed


def take_visit(connection: Connection, lookup: bytes) -> bool:
    """Use up a visit. Return False if another request has."""
    return connection.execute(delete(provider_visits).where(provider_visits.c.lookup == lookup)).rowcount == 1


def delete_visits_expired(connection: Connection, now: datetime) -> int:
    """Delete expired visits; return how many."""
    return connection.execute(delete(provider_visits).where(provider_visits.c.expires_at <= now)).rowcount


def add_provider_session(connection: Connection, session: StoredProviderSession) -> None:
    connection.execute(insert(provider_sessions).values(vars(session)))


def end_provider_sessions(
    connection: Connection, subjects: Sequence[bytes], sids: Sequence[bytes]
) -> set[str]:
    """Delete the staff sessions of this subject, this session at the provider, or both if both are given;
    return whose they were. A session whose id the provider did not give is ended with its subject.
    """
    origin = provider_sessions.c
    meant = [origin.subject.in_(subjects)] if subjects else []
    if sids:
        meant.append(origin.sid.in_([*sids, b""] if subjects else sids))
    found = connection.execute(select(origin.session, origin.staff_id).where(*meant)).all() if meant else []
    sessions = [row.session for row in found]
    connection.execute(delete(staff_sessions).where(staff_sessions.c.lookup.in_(sessions)))
    return {row.staff_id for row in found}
