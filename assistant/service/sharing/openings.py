"""Open, read and close shares, for staff. Each opening is written to the audit trail first."""

from collections.abc import Callable
from dataclasses import field
from datetime import datetime, timedelta

from pydantic import AwareDatetime
from pydantic_core import to_json

from assistant.engine.conversation import OnDay, StoredModel
from assistant.errors import NotFound, RequestReused, SealBroken, SecretUnknown, ShareOver
from assistant.meetings.permissions import Act, Resource, ShareState, may
from assistant.meetings.share import Snapshot
from assistant.service.broadcast import Broadcast
from assistant.service.documents import read_back
from assistant.service.sharing.audit_trail import hour_of, opening_of, record
from assistant.service.sharing.labels import label_for
from assistant.service.sharing.links_and_codes import ShareLinksAndCodes
from assistant.service.sharing.state import unsealed
from assistant.service.staff.members import SignedInStaff
from assistant.storage.database import Connection, Database
from assistant.storage.invitations import label_on
from assistant.storage.reviews import find_review, key_through_share, revision_of_review
from assistant.storage.row_locks import lock_share
from assistant.storage.share_audit import audit_rows
from assistant.storage.shares import (
    StoredShare,
    find_share,
    has_way,
    keep_opened,
    key_for,
    let_read,
    opened_by,
    shares_read_by,
    stop_reading,
)
from assistant.value_class import value_class
from assistant.vault.audit_keys import keep_opening, kept_opening
from assistant.vault.key_slots import read_link
from assistant.vault.pepper import Pepper
from assistant.vault.review_keys import check_words, open_review_through_share
from assistant.vault.share_keys import for_reader
from assistant.vault.staff_keys import open_with, public_of, seal_to

OPENING_LASTS = timedelta(hours=12)
"""How long an opening can be reread, from the hour it was made in; after that the share must be opened anew,
which the owner sees too.
"""


@value_class
class Opening:
    """An opened share for its reader, with its database rows."""

    share: StoredShare
    key: bytes = field(repr=False)
    snapshot: Snapshot
    opened_at: datetime


@value_class
class ReadableShare:
    """A share whose key a reader has, without its content."""

    share: StoredShare
    opening: str | None
    """The newest opening that can still be reread."""
    was_opened: bool
    label: str | None = None
    """The reader's own label for the invitation behind the share, if they made it."""
    check: tuple[str, str] | None = None
    """The two words that the user sees too: they tell shares apart without showing any content."""
    meeting: OnDay | None = None
    """When the meeting is, only while an opening can be reread: it is part of what is shared."""


class _Opening(StoredModel):
    """A reader's newest opening, sealed under the share's key."""

    at: AwareDatetime
    opening: str


def standing_at(share: StoredShare, review: int) -> str:
    """Return the revisions of a share and its review: numbers that only grow, except when a meeting is moved
    forward.
    """
    return f"{share.version}.{int(share.opens_until.timestamp())}.{review}"


def _check(connection: Connection, share: StoredShare, key: bytes) -> tuple[str, str] | None:
    """Return the two words of the share's review; None for a share from before reviews existed."""
    stored, wrap = find_review(connection, share.id), key_through_share(connection, share.id)
    if stored is None or wrap is None:
        return None
    return check_words(open_review_through_share(key, stored.id, share.id, wrap))


def _share_key(who: SignedInStaff, share_id: str, sealed: bytes | None) -> bytes:
    """Open the share's key for this reader. Raises `SealBroken`."""
    meaning = for_reader(share_id, who.member.id)
    return who.with_key(lambda key: open_with(key, sealed or b"", meaning))


class Openings:
    """Operations of staff on shares."""

    def __init__(
        self,
        database: Database,
        pepper: Pepper,
        ways: ShareLinksAndCodes,
        clock: Callable[[], datetime],
        broadcast: Broadcast,
    ) -> None:
        self._database = database
        self._pepper = pepper
        self._ways = ways
        self._clock = clock
        self._broadcast = broadcast

    def is_link(self, typed: str) -> bool:
        """Return whether the typed text is a link, which cannot be guessed, rather than a code."""
        return read_link(typed) is not None

    async def open(self, who: SignedInStaff, typed: str, opening: str) -> None:
        """Open a share by the link or code its owner showed. Repeating an opening returns the same one.
        Raises `RequestReused` if this opening was of another share, `SecretUnknown` for an invalid secret,
        and as trying a code does.
        """
        if not may(who.actor, "enter_code"):
            raise NotFound
        before = await self._database.read(lambda c: opening_of(c, self._pepper, who.member.id, opening))
        if before is not None:
            if before.share_id not in await self._ways.shares_behind(typed):
                raise RequestReused
            return
        way, key = await self._ways.try_typed(typed)
        staff_id = who.member.id
        sealed = seal_to(public_of(who.private_key), key, for_reader(way.share_id, staff_id))

        def write(connection: Connection) -> None:
            lock_share(connection, way.share_id)
            if self._is_opened(connection, staff_id, opening):
                return
            # a link or code that was just deleted opens nothing
            if not has_way(connection, way.id):
                raise SecretUnknown
            let_read(connection, way.share_id, staff_id, sealed)
            self._record_opening(connection, way.share_id, key, staff_id, opening)

        await self._database.write(write)
        self._broadcast.tell_changed(way.share_id)

    async def open_again(self, who: SignedInStaff, share_id: str, opening: str) -> None:
        """Open a share that was sent ahead, or opened before. Raises `NotFound` and `ShareOver`, and
        `RequestReused` if this opening was of another share.
        """
        before = await self._database.read(lambda c: opening_of(c, self._pepper, who.member.id, opening))
        if before is not None:
            if before.share_id != share_id:
                raise RequestReused
            return

        def write(connection: Connection) -> None:
            lock_share(connection, share_id)
            if self._is_opened(connection, who.member.id, opening):
                return
            share = find_share(connection, share_id)
            key = self._key(connection, who, share) if share else None
            if share is None or key is None:
                raise NotFound
            self._see_that_they_may(who, share)
            self._record_opening(connection, share_id, key, who.member.id, opening)

        await self._database.write(write)
        self._broadcast.tell_changed(share_id)

    async def read(self, who: SignedInStaff, opening: str, asked: Act = "open_share") -> Opening:
        """Return the opened share as it is now, if the reader may do what is asked. Writes nothing.

        Raises `NotFound` for a share this reader never opened, and `ShareOver` for one that has ended, or
        that they closed or opened too long ago.
        """

        def look(connection: Connection) -> tuple[StoredShare, datetime, bytes]:
            return self._opened(connection, who, opening, asked)

        share, opened_at, sealed = await self._database.read(look)
        try:
            key = _share_key(who, share.id, sealed)
        except SealBroken:  # closed, or sealed to keys from before a reset
            raise NotFound from None
        return Opening(share, key, unsealed(share, key), opened_at)

    async def revision(self, who: SignedInStaff, opening: str) -> tuple[str, str]:
        """Return the share and its revision, for a screen that shows it. Raises as `read` does."""

        def look(connection: Connection) -> tuple[StoredShare, int]:
            share, _, _ = self._opened(connection, who, opening)
            return share, revision_of_review(connection, share.id)

        share, review = await self._database.read(look)
        return share.id, standing_at(share, review)

    async def close(self, who: SignedInStaff, opening: str) -> None:
        """Close an opening made together: opening the share again takes a new code from its owner."""

        def write(connection: Connection) -> str | None:
            act = opening_of(connection, self._pepper, who.member.id, opening)
            share = find_share(connection, act.share_id) if act else None
            if share is None or share.way != "together":
                return None
            lock_share(connection, share.id)
            if key_for(connection, share.id, who.member.id) is None:
                return None
            stop_reading(connection, share.id, who.member.id)
            now = self._clock()
            record(connection, self._pepper, share.id, "closed", now, staff_id=who.member.id)
            return share.id

        if share_id := await self._database.write(write):
            self._broadcast.tell_changed(share_id)
            await self._database.scrub()

    async def on_desk(self, who: SignedInStaff) -> list[ReadableShare]:
        """Return the shares that arrived or are open, newest first."""
        now, staff_id = self._clock(), who.member.id

        def look(connection: Connection) -> list[ReadableShare]:
            shares = [(s, self._key(connection, who, s)) for s in shares_read_by(connection, staff_id, now)]
            return [self._on_desk(connection, who, share, key) for share, key in shares if key is not None]

        return await self._database.read(look)

    def _on_desk(
        self, connection: Connection, who: SignedInStaff, share: StoredShare, key: bytes
    ) -> ReadableShare:
        staff_id = who.member.id
        label = label_for(who, share.id, key, label_on(connection, share.id))
        newest = self._newest_opening(connection, share, key, staff_id)
        is_fresh = newest is not None and self._clock() < newest.at + OPENING_LASTS
        opening = newest.opening if newest and is_fresh else None
        meeting = unsealed(share, key).meeting_day if opening else None
        return ReadableShare(
            share, opening, newest is not None, label, _check(connection, share, key), meeting
        )

    def _newest_opening(
        self, connection: Connection, share: StoredShare, key: bytes, staff_id: str
    ) -> "_Opening | None":
        if box := opened_by(connection, share.id, staff_id):
            return read_back(_Opening, kept_opening(key, share.id, staff_id, box))
        # a row from before openings were sealed
        mine = [a for a in audit_rows(connection, share.id) if a.staff_id == staff_id and a.opening]
        return _Opening(at=mine[-1].at, opening=mine[-1].opening) if mine else None

    def _opened(
        self, connection: Connection, who: SignedInStaff, opening: str, asked: Act = "open_share"
    ) -> tuple[StoredShare, datetime, bytes]:
        """Return the share of an opening that this reader may still read, and their sealed key."""
        act = opening_of(connection, self._pepper, who.member.id, opening)
        share = find_share(connection, act.share_id) if act else None
        if act is None or share is None:
            raise NotFound
        self._see_that_they_may(who, share, asked)
        sealed = key_for(connection, share.id, who.member.id)
        if self._clock() >= act.at + OPENING_LASTS or sealed is None:
            raise ShareOver("closed")
        return share, act.at, sealed

    def _see_that_they_may(self, who: SignedInStaff, share: StoredShare, asked: Act = "open_share") -> None:
        state: ShareState = "open"
        if not share.is_open(self._clock()):
            state = "withdrawn" if share.ended == "withdrawn" else "expired"
        if may(who.actor, asked, Resource(share.notebook_id, {who.member.id: state})):
            return
        if state != "open" and may(who.actor, "enter_code"):
            raise ShareOver(state)
        raise NotFound

    def _key(self, connection: Connection, who: SignedInStaff, share: StoredShare) -> bytes | None:
        """Return the share's key, opened with the reader's private key."""
        sealed = key_for(connection, share.id, who.member.id)
        try:
            return _share_key(who, share.id, sealed)
        except SealBroken:
            return None

    def _is_opened(self, connection: Connection, staff_id: str, opening: str) -> bool:
        """Return whether the same request has made this opening already, in this moment."""
        return opening_of(connection, self._pepper, staff_id, opening) is not None

    def _record_opening(
        self, connection: Connection, share_id: str, key: bytes, staff_id: str, opening: str
    ) -> None:
        now = self._clock()
        record(connection, self._pepper, share_id, "opened", now, staff_id=staff_id, opening=opening)
        kept = to_json(_Opening(at=hour_of(now), opening=opening))
        keep_opened(connection, share_id, staff_id, keep_opening(key, share_id, staff_id, kept))
