"""Sharing, for the owner: look, share, change, withdraw. Reading by others is in `openings`."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from assistant.errors import NotFound, ShareMoved
from assistant.meetings.permissions import Act, Resource, may
from assistant.meetings.review.snapshot_changes import follow
from assistant.meetings.share import SharingChoices, Snapshot, Way, take_snapshot
from assistant.meetings.share_ends import ends_after_meeting, opens_until
from assistant.service.broadcast import Broadcast
from assistant.service.documents import Owner, read_notebook
from assistant.service.insight import Insight
from assistant.service.notebook.changes import until_unhindered
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.preparation.preparations import Preparations
from assistant.service.review_documents import new_review, opened_by_owner
from assistant.service.sharing.audit_trail import AuditTrail, record, trail_of
from assistant.service.sharing.choices import sharing_in
from assistant.service.sharing.ending import end_and_record, end_expired, tell_ended
from assistant.service.sharing.labels import sealed_label
from assistant.service.sharing.links_and_codes import WRONG_CODES, ShareLinksAndCodes, add_ways, kept_of
from assistant.service.sharing.state import EndedShare, OpenShare, SharingState, sealed_snapshot, unsealed
from assistant.service.staff.members import StaffMember
from assistant.storage.database import Connection, Database
from assistant.storage.invitations import keep_label
from assistant.storage.requests import is_known_request, remember_request
from assistant.storage.reviews import add_review, find_review, write_review
from assistant.storage.row_locks import lock_notebook, lock_share
from assistant.storage.sessions import prolong_session
from assistant.storage.shares import (
    StoredShare,
    add_share,
    delete_ways,
    find_share,
    keep_for_owner,
    let_read,
    move_end,
    replace_snapshot,
    shares_for,
    ways_to,
)
from assistant.vault.audit_keys import trail_key
from assistant.vault.pepper import Pepper
from assistant.vault.request_fingerprint import fingerprint
from assistant.vault.sealing import new_key
from assistant.vault.session_keys import session_index
from assistant.vault.share_keys import CODE, for_reader
from assistant.vault.staff_keys import seal_to


class Shares:
    """The owner's operations on shares. Every act is durable when it returns."""

    def __init__(
        self,
        database: Database,
        pepper: Pepper,
        ways: ShareLinksAndCodes,
        preparations: Preparations,
        clock: Callable[[], datetime],
        broadcast: Broadcast,
        insight: Insight,
    ) -> None:
        self._database = database
        self._pepper = pepper
        self._ways = ways
        self._preparations = preparations
        self._clock = clock
        self._broadcast = broadcast
        self._insight = insight

    async def now(self, visitor: SignedInUser, meeting_id: str) -> SharingState:
        """Return the choices, the would-be snapshot, the open share and ended shares. Raises `NotFound`."""
        standing, summary = await self._preparations.summary(visitor, meeting_id)
        now, owner = self._clock(), visitor.owner

        def read(connection: Connection) -> tuple[SharingChoices, OpenShare | None, list[EndedShare]]:
            notebook, _ = read_notebook(connection, owner)
            sharing = sharing_in(connection, owner, notebook, meeting_id) or SharingChoices(salt="")
            found = shares_for(connection, owner.notebook_id, meeting_id)
            still = next((share for share in found if share.is_open(now)), None)
            shown = None if still is None else self._shown(connection, visitor, still)
            return sharing, shown, [EndedShare(share) for share in found if share is not still]

        sharing, shown, ended = await self._database.read(read)
        taken = take_snapshot(summary, sharing, self._preparations.today())
        snapshot = taken.model_copy(update={"language": visitor.language})
        return SharingState(standing, summary, sharing, snapshot, shown, tuple(ended))

    async def trail(self, visitor: SignedInUser, share: EndedShare) -> AuditTrail:
        """Return the audit trail of an ended share, which few pages show. Raises `NotFound` for anyone but
        its owner.
        """
        return await self._database.read(
            lambda c: trail_of(c, self._pepper, visitor.owner, share.stored, visitor.actor)
        )

    async def share(
        self,
        visitor: SignedInUser,
        meeting_id: str,
        way: Way,
        looked_at: str,
        readers: tuple[StaffMember, ...] = (),
        *,
        counts: bool = False,
    ) -> None:
        """Share what was looked at. Do nothing if there is an open share already.

        A share sent ahead has its key sealed to these `readers` at once. The service's figures count it only
        if it `counts`. Raises `ShareMoved` if the snapshot is not what was looked at, `NotFound` if there is
        nothing to share or no reader.
        """
        await until_unhindered(partial(self._share, visitor, meeting_id, way, looked_at, readers, counts))

    async def _share(
        self,
        visitor: SignedInUser,
        meeting_id: str,
        way: Way,
        looked_at: str,
        readers: tuple[StaffMember, ...],
        counts: bool,
    ) -> None:
        found = await self.now(visitor, meeting_id)
        if found.open is not None:
            return
        _see_that_it_was_looked_at(found, looked_at)
        readers = tuple(reader for reader in readers if reader.public_key is not None)
        if found.is_empty or (way == "ahead") != bool(readers):
            raise NotFound
        now, owner, key, share_id = self._clock(), visitor.owner, new_key(), secrets.token_hex(16)
        share = StoredShare(
            id=share_id,
            notebook_id=owner.notebook_id,
            meeting_id=meeting_id,
            way=way,
            made_at=now,
            opens_until=opens_until(way, now, found.meeting_on, visitor.retention),
            version=1,
            trail_key=trail_key(owner.key, share_id),
        )
        _see_that_they_may(visitor, "share", share)
        share = replace(share, sealed=sealed_snapshot(share, key, found.snapshot, 1))
        lasts = visitor.retention
        ways, wrap = await self._ways.new(owner, share, key, code_for=lasts.share_code, ahead=lasts.ahead)
        counted = await self._insight.prepare(owner, counts, now)
        review, review_wrap = new_review(owner, share, key, found.snapshot, now, counted.counted_in)
        label = sealed_label(share.id, key, found.standing.meeting)
        sealed = [(r.id, seal_to(r.public_key or b"", key, for_reader(share.id, r.id))) for r in readers]

        def write(connection: Connection) -> None:
            lock_notebook(connection, owner.notebook_id)
            read_notebook(connection, owner)[0].meeting(meeting_id)
            before = shares_for(connection, owner.notebook_id, meeting_id)
            if any(other.is_open(now) for other in before):
                return  # submitted twice
            add_share(connection, replace(share, owner_wrap=wrap))
            add_review(connection, review, review_wrap)
            add_ways(connection, ways)
            keep_label(connection, share.id, label)
            for staff_id, box in sealed:
                let_read(connection, share.id, staff_id, box)
            record(connection, self._pepper, share.id, "shared", now)
            prolong_session(connection, session_index(visitor.secret), visitor.alive_until(now))
            self._insight.add_share(connection, owner, now, counted)

        await self._database.write(write)

    async def change(self, visitor: SignedInUser, meeting_id: str, looked_at: str) -> None:
        """Replace the shared snapshot with the one that was looked at; open screens show it at once."""
        found = await self.now(visitor, meeting_id)
        share = self._open_one(found, visitor, "change_share")
        if share.snapshot.digest == looked_at == found.snapshot.digest:
            return  # submitted twice
        _see_that_it_was_looked_at(found, looked_at)
        if found.snapshot.is_empty:
            raise NotFound
        key = _key(visitor.owner, share.stored)
        await until_unhindered(partial(self._replace, visitor, share.stored, key, found.snapshot))
        self._broadcast.tell_changed(share.stored.id)
        await self._database.scrub()

    async def _replace(
        self, visitor: SignedInUser, share: StoredShare, key: bytes, snapshot: Snapshot
    ) -> None:
        """Replace the snapshot, and update the review to the new wordings."""
        version, now = share.version + 1, self._clock()
        sealed = sealed_snapshot(share, key, snapshot, version)
        found = await self._database.read(lambda c: find_review(c, share.id))
        review = None if found is None else opened_by_owner(visitor.owner, found)
        followed = None if review is None else review.sealed(follow(review.review, snapshot))

        def write(connection: Connection) -> None:
            lock_share(connection, share.id)
            newest = find_share(connection, share.id)
            if newest is None or newest.version != share.version:
                raise ShareMoved
            replace_snapshot(connection, share.id, version=version, sealed=sealed)
            if found is not None and followed is not None:
                write_review(connection, found.id, expected=found.revision, sealed=followed)
            record(connection, self._pepper, share.id, "changed", now)
            prolong_session(connection, session_index(visitor.secret), visitor.alive_until(now))

        await self._database.write(write)

    async def renew_code(self, visitor: SignedInUser, meeting_id: str, request: str) -> None:
        """Replace the link and the code; the old ones stop working. Repeating the request does nothing."""
        found = await self.now(visitor, meeting_id)
        share, owner = self._open_one(found, visitor, "change_share"), visitor.owner
        print_of = fingerprint(owner.key, f"code {share.stored.id}".encode())
        if await self._database.read(lambda c: is_known_request(c, owner.notebook_id, request, print_of)):
            return
        kept, code_for = kept_of(owner, share.stored), visitor.retention.share_code
        key = bytes.fromhex(kept.key)
        ways, wrap = await self._ways.new(owner, share.stored, key, code_for=code_for, ahead=kept.ahead)
        now = self._clock()

        def write(connection: Connection) -> None:
            if not remember_request(connection, owner.notebook_id, request, print_of, now):
                return
            lock_share(connection, share.stored.id)
            delete_ways(connection, share.stored.id)
            keep_for_owner(connection, share.stored.id, wrap)
            add_ways(connection, ways)
            prolong_session(connection, session_index(visitor.secret), visitor.alive_until(now))

        await self._database.write(write)
        await self._database.scrub()

    async def withdraw(self, visitor: SignedInUser, meeting_id: str) -> None:
        """Withdraw: from now on it cannot be opened. Raises `NotFound` if there is no such meeting."""
        now, owner = self._clock(), visitor.owner

        def write(connection: Connection) -> list[str]:
            read_notebook(connection, owner)[0].meeting(meeting_id)
            here = [s for s in shares_for(connection, owner.notebook_id, meeting_id) if s.sealed is not None]
            for share in here:
                _see_that_they_may(visitor, "withdraw", share)
            prolong_session(connection, session_index(visitor.secret), visitor.alive_until(now))
            return [s.id for s in here if end_and_record(connection, self._pepper, s.id, "withdrawn", now)]

        await tell_ended(self._database, self._broadcast, await self._database.write(write))
        await self._database.scrub()

    async def follow(self, visitor: SignedInUser, meeting_id: str) -> None:
        """Move the expiry of a share sent ahead when the day of the meeting has changed. It ends as long
        after the meeting as its owner was told.
        """
        found = await self.now(visitor, meeting_id)
        if found.open is None or found.open.stored.way != "ahead":
            return
        share = found.open.stored
        ahead = kept_of(visitor.owner, share).ahead
        until = ends_after_meeting(share.made_at, found.meeting_on, ahead)
        if until != share.opens_until:
            await self._database.write(lambda c: move_end(c, share.id, until))
            self._broadcast.tell_changed(share.id)

    async def sweep(self, now: datetime) -> int:
        """End expired shares; return how many."""
        return await end_expired(self._database, self._pepper, self._broadcast, now)

    def _shown(self, connection: Connection, visitor: SignedInUser, share: StoredShare) -> OpenShare:
        kept = kept_of(visitor.owner, share)
        until, wrong = next((u, w) for kind, u, w in ways_to(connection, share.id) if kind == CODE)
        return OpenShare(
            stored=share,
            snapshot=unsealed(share, bytes.fromhex(kept.key)),
            link=kept.link,
            code=kept.code,
            code_until=until,
            code_is_locked=wrong >= WRONG_CODES,
            trail=trail_of(connection, self._pepper, visitor.owner, share, visitor.actor),
        )

    def _open_one(self, found: SharingState, visitor: SignedInUser, act: Act) -> OpenShare:
        if found.open is None:
            raise NotFound
        _see_that_they_may(visitor, act, found.open.stored)
        return found.open


def _key(owner: Owner, share: StoredShare) -> bytes:
    return bytes.fromhex(kept_of(owner, share).key)


def _see_that_it_was_looked_at(found: SharingState, looked_at: str) -> None:
    if found.snapshot.digest != looked_at:
        raise ShareMoved


def _see_that_they_may(visitor: SignedInUser, act: Act, share: StoredShare) -> None:
    if not may(visitor.actor, act, Resource(owner=share.notebook_id)):
        raise NotFound
