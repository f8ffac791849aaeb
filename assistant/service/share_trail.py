"""The trail of a share: who did what with it and when, written with the act itself, shown to its owner."""

from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.storage.database import Connection
from assistant.storage.share_acts import StoredAct, acts_on, add_act
from assistant.vault.chain import BEGINNING, holds, next_link
from assistant.vault.pepper import Pepper


@dataclass(frozen=True)
class Trail:
    """What was done, from the first on."""

    acts: tuple[StoredAct, ...]
    is_whole: bool
    """No row has been altered, moved or taken out."""


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
    """Write what is done now behind what was done before."""
    before = acts_on(connection, share_id)
    link_before = before[-1].link if before else BEGINNING
    unlinked = StoredAct(share_id, len(before) + 1, at, act, staff_id, opening, b"")
    link = _link(pepper, link_before, unlinked)
    add_act(connection, StoredAct(share_id, unlinked.number, at, act, staff_id, opening, link))


def trail_of(connection: Connection, pepper: Pepper, share_id: str) -> Trail:
    """The whole trail, and whether it is as it was written."""
    acts = tuple(acts_on(connection, share_id))
    before, is_whole = BEGINNING, True
    for number, act in enumerate(acts, start=1):
        is_whole = is_whole and act.number == number and holds(act.link, _links(pepper, before, act))
        before = act.link
    return Trail(acts, is_whole)


def _links(pepper: Pepper, before: bytes, act: StoredAct) -> list[bytes]:
    """What the link may be: rows stay as they were written when the pepper is changed."""
    return [_link(one, before, act) for one in pepper.now().versions]


def _link(pepper: Pepper, before: bytes, act: StoredAct) -> bytes:
    at = act.at.astimezone(UTC).isoformat()
    return next_link(pepper, before, act.share_id, act.number, at, act.act, act.staff_id, act.opening)
