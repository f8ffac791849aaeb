"""The audit trail of a share: who did what and when. Written in the same transaction as the act, and shown
to the owner.

Each row is sealed to the owner; only the hour it was written in is in the clear. Shares from before that
have unsealed rows, and continue with unsealed rows.
"""

from dataclasses import replace
from datetime import UTC, datetime

from pydantic import AwareDatetime
from pydantic_core import to_json

from assistant.engine.conversation import StoredModel
from assistant.errors import NotFound, SealBroken
from assistant.meetings.permissions import Actor, Resource, may
from assistant.service.documents import Owner, read_back
from assistant.storage.database import Connection
from assistant.storage.share_audit import (
    StoredAuditRow,
    add_audit_row,
    audit_rows,
    find_opening,
    trail_key_of,
)
from assistant.storage.shares import StoredShare
from assistant.value_class import value_class
from assistant.vault.audit_keys import open_row, opening_index, seal_row, trail_pair
from assistant.vault.hash_chain import BEGINNING, holds, next_hash
from assistant.vault.pepper import Pepper
from assistant.vault.staff_keys import KeyPair


@value_class
class AuditTrail:
    """The audit trail of a share, oldest first."""

    acts: tuple[StoredAuditRow, ...]
    is_whole: bool
    """Whether no row was altered, moved or removed."""


class _Row(StoredModel):
    """The sealed content of a row."""

    at: AwareDatetime
    act: str
    staff_id: str


def record(
    connection: Connection,
    pepper: Pepper,
    share_id: str,
    act: str,
    at: datetime,
    *,
    staff_id: str = "",
    opening: str = "",
) -> None:
    """Append a row for this act to the audit trail."""
    before, key = audit_rows(connection, share_id), trail_key_of(connection, share_id)
    link_before, number = before[-1].link if before else BEGINNING, len(before) + 1
    if key is None:
        row = StoredAuditRow(share_id, number, at, act, staff_id, opening, b"")
    else:
        found_at = opening_index(pepper.now(), staff_id, opening) if opening else ""
        said = to_json(_Row(at=at, act=act, staff_id=staff_id))
        sealed = seal_row(key, share_id, number, said)
        row = StoredAuditRow(share_id, number, hour_of(at), "", "", found_at, b"", sealed)
    add_audit_row(connection, replace(row, link=_link(pepper, link_before, row)))


def trail_of(
    connection: Connection, pepper: Pepper, owner: Owner, share: StoredShare, actor: Actor
) -> AuditTrail:
    """Return the audit trail for its owner, and whether it is whole. Raises `NotFound` for anyone else."""
    if not may(actor, "see_audit", Resource(owner=share.notebook_id)):
        raise NotFound
    pair, acts, before, is_whole = trail_pair(owner.key, share.id), [], BEGINNING, True
    for number, act in enumerate(audit_rows(connection, share.id), start=1):
        is_whole = is_whole and act.number == number and holds(act.link, _links(pepper, before, act))
        before = act.link
        try:
            acts.append(_opened(pair, act))
        except SealBroken:
            is_whole = False
    return AuditTrail(tuple(acts), is_whole)


def opening_of(connection: Connection, pepper: Pepper, staff_id: str, opening: str) -> StoredAuditRow | None:
    """Return the row of an opening by this member of staff, with its hour; None also for another person's."""
    for one in pepper.now().versions:
        if found := find_opening(connection, "", opening_index(one, staff_id, opening)):
            return found
    return find_opening(connection, staff_id, opening)


def _opened(pair: KeyPair, act: StoredAuditRow) -> StoredAuditRow:
    """Return the row with its content opened."""
    if act.sealed is None:
        return act
    said = read_back(_Row, open_row(pair, act.share_id, act.number, act.sealed))
    return replace(act, at=said.at, act=said.act, staff_id=said.staff_id)


def hour_of(at: datetime) -> datetime:
    """Return the whole hour, the only time the database stores in the clear for an act."""
    return at.replace(minute=0, second=0, microsecond=0)


def _links(pepper: Pepper, before: bytes, act: StoredAuditRow) -> list[bytes]:
    """Return the valid hash links: rows keep theirs when the pepper is changed."""
    return [_link(one, before, act) for one in pepper.now().versions]


def _link(pepper: Pepper, before: bytes, act: StoredAuditRow) -> bytes:
    at = act.at.astimezone(UTC).isoformat()
    parts = (act.share_id, act.number, at, act.act, act.staff_id, act.opening)
    sealed = () if act.sealed is None else (act.sealed.hex(),)
    return next_hash(pepper, before, *parts, *sealed)
