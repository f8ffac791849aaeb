"""The state of sharing one summary, and its sealed snapshot."""

from dataclasses import field
from datetime import date, datetime

from pydantic_core import to_json

from assistant.meetings.meeting_details import meeting_details
from assistant.meetings.share import SharingChoices, Snapshot, waiting_in
from assistant.meetings.summary import Summary
from assistant.service.documents import read_back
from assistant.service.preparation.standing import Standing
from assistant.service.sharing.audit_trail import AuditTrail
from assistant.storage.shares import StoredShare
from assistant.value_class import value_class
from assistant.vault.sealing import seal, unseal

SNAPSHOT = "snapshot"


@value_class
class OpenShare:
    """An open share as its owner sees it."""

    stored: StoredShare
    snapshot: Snapshot
    link: str = field(repr=False)
    code: str = field(repr=False)
    code_until: datetime
    code_is_locked: bool
    trail: AuditTrail


@value_class
class EndedShare:
    """An ended share as its owner sees it: that it existed. `Shares.trail` says who opened it."""

    stored: StoredShare


@value_class
class SharingState:
    """The choices, the open share and the ended shares of one summary."""

    standing: Standing
    summary: Summary
    sharing: SharingChoices
    snapshot: Snapshot
    """The snapshot that would be shared now."""
    open: OpenShare | None
    ended: tuple[EndedShare, ...]
    """The ended shares, the newest first."""

    @property
    def waiting(self) -> int:
        """How many entries wait until the user has read them, because another person wrote them."""
        return waiting_in(self.summary)

    @property
    def meeting_on(self) -> date | None:
        """Return the day of the meeting, if it is known."""
        day = meeting_details(self.standing.dialogue, self.standing.journey).on
        return day.on if day else None

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to share: no entry is chosen, or no treatment meeting follows."""
        return self.snapshot.is_empty or not self.standing.meeting.is_for_treatment


def unsealed(share: StoredShare, key: bytes) -> Snapshot:
    """Open the snapshot with the share's key."""
    assert share.sealed is not None, "an open share has its snapshot"
    plain = unseal(key, share.sealed, owner=share.id, name=SNAPSHOT, revision=share.version)
    return read_back(Snapshot, plain)


def sealed_snapshot(share: StoredShare, key: bytes, snapshot: Snapshot, version: int) -> bytes:
    """Seal the snapshot at this version."""
    plain = to_json(snapshot)
    return seal(key, plain, owner=share.id, name=SNAPSHOT, revision=version)
