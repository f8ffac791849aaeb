"""Reviews: going through a shared summary together, for both sides. Every act is durable when it returns.

The user acts as the owner of the review, even after the share has ended; staff act through the share, and
only after confirming that this is the person in the meeting.
"""

from collections.abc import Awaitable, Callable
from dataclasses import field, replace
from datetime import datetime
from functools import cached_property

from assistant.engine.conversation import OnDay
from assistant.errors import NotFound, NotMetYet, RevisionConflict, ShareOver
from assistant.exports.calendar_entry import MadeAt, as_calendar
from assistant.meetings.permissions import Act as Asked
from assistant.meetings.permissions import Resource, may
from assistant.meetings.review.acts import Act, Meet, PrepareRecord, SeeRecord, TransferRecord
from assistant.meetings.review.apply import ActContext, apply_act
from assistant.meetings.review.review import Author, Review
from assistant.meetings.review.snapshot_changes import for_staff
from assistant.meetings.share import Snapshot
from assistant.service.broadcast import Broadcast
from assistant.service.documents import read_notebook
from assistant.service.insight import Insight
from assistant.service.notebook.changes import until_unhindered
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.review_documents import OpenReview, opened_through_share, reviews_of
from assistant.service.sharing.audit_trail import record
from assistant.service.sharing.links_and_codes import kept_of
from assistant.service.sharing.openings import Opening, Openings
from assistant.service.sharing.state import unsealed
from assistant.service.staff.members import SignedInStaff
from assistant.storage.database import Connection, Database
from assistant.storage.reviews import find_review, key_through_share, write_review
from assistant.storage.row_locks import lock_share
from assistant.storage.sessions import prolong_session
from assistant.storage.shares import StoredShare, find_share
from assistant.value_class import value_class
from assistant.vault.pepper import Pepper
from assistant.vault.request_fingerprint import fingerprint
from assistant.vault.review_keys import check_words
from assistant.vault.session_keys import session_index
from assistant.zone import local_day, service_zone

_ON_TRAIL: dict[type, str] = {Meet: "met", PrepareRecord: "prepared", TransferRecord: "transferred"}
"""Acts of staff that are written to the share's audit trail."""
_COPYING = (PrepareRecord, SeeRecord, TransferRecord)


@value_class
class ReviewView:
    """A review as seen by one side."""

    id: str
    revision: int
    snapshot: Snapshot | None
    """The shared snapshot; None if the share has ended."""
    share: StoredShare
    author: Author
    check: tuple[str, str]
    """The two check words that both screens show."""
    opening: str = ""
    """For staff: the opening they read it under."""
    opened: OpenReview = field(repr=False, kw_only=True)

    @property
    def has_met(self) -> bool:
        """True if the reader has confirmed who they sit with; always true for the owner."""
        return self.author.side == "user" or self.opening in self.opened.review.met

    @cached_property
    def review(self) -> Review:
        """The review with what this side may see of it."""
        if self.author.side == "user":
            return self.opened.review
        assert self.snapshot is not None, "staff have a review only while it is shared"
        return for_staff(self.opened.review, self.snapshot)

    def after(self, opened: OpenReview) -> "ReviewView":
        """Return the same view of the next version."""
        return replace(self, revision=opened.stored.revision, opened=opened)


class Reviews:
    """Operations on reviews, for both sides."""

    def __init__(
        self,
        database: Database,
        pepper: Pepper,
        openings: Openings,
        clock: Callable[[], datetime],
        broadcast: Broadcast,
        insight: Insight,
    ) -> None:
        self._database = database
        self._pepper = pepper
        self._openings = openings
        self._clock = clock
        self._broadcast = broadcast
        self._insight = insight

    async def of_owner(self, visitor: SignedInUser, meeting_id: str, review_id: str) -> ReviewView:
        """Return the owner's view of the review. Raises `NotFound` for anyone else."""
        for now in await self.had(visitor, meeting_id):
            if now.id == review_id:
                return now
        raise NotFound

    async def had(self, visitor: SignedInUser, meeting_id: str) -> list[ReviewView]:
        """Return every review of one meeting, oldest first. Raises `NotFound`."""
        owner = visitor.owner

        def read(connection: Connection) -> list[tuple[OpenReview, StoredShare]]:
            read_notebook(connection, owner)[0].meeting(meeting_id)
            found = reviews_of(connection, owner, meeting_id)
            return [(one, _share_of(connection, one)) for one in found]

        return [self._to_owner(visitor, one, share) for one, share in await self._database.read(read)]

    async def of_reader(
        self, who: SignedInStaff, opening: str, asked: Asked = "open_share"
    ) -> ReviewView | None:
        """Return the staff view of an opened review; None for a share from before reviews existed. Raises as
        `Openings.read` does.
        """

        async def attempt() -> tuple[Opening, OpenReview | None]:
            reading = await self._openings.read(who, opening, asked)
            return reading, await self._database.read(lambda c: _through(c, reading))

        reading, opened = await until_unhindered(attempt)
        if opened is None:
            return None
        author = Author(side="professional", id=who.member.id, name=who.member.name, language=who.language)
        return ReviewView(
            opened.stored.id,
            opened.stored.revision,
            reading.snapshot,
            reading.share,
            author,
            check_words(opened.key),
            opening,
            opened=opened,
        )

    async def act_as_owner(
        self, visitor: SignedInUser, meeting_id: str, review_id: str, act: Act
    ) -> ReviewView:
        """Apply an act in the user's own review; return the review after it. Raises as `apply_act`, and
        `NotFound`, `DocumentFull`.
        """

        async def look() -> ReviewView:
            now = await self.of_owner(visitor, meeting_id, review_id)
            actor = visitor.actor
            if not may(actor, "go_through", Resource(owner=now.share.notebook_id)):
                raise NotFound
            return now

        def also(connection: Connection, now: ReviewView, at: datetime) -> None:
            prolong_session(connection, session_index(visitor.secret), visitor.alive_until(at))

        return await self._act(look, act, also)

    async def act_as_reader(self, who: SignedInStaff, opening: str, act: Act) -> ReviewView:
        """Apply an act in an opened review; return the review after it. Raises as `apply_act` and
        `Openings.read` do, `NotMetYet` and `DocumentFull`.
        """
        asked: Asked = "copy" if isinstance(act, _COPYING) else "answer"

        async def look() -> ReviewView:
            now = await self.of_reader(who, opening, asked)
            if now is None or (isinstance(act, Meet) and act.opening != opening):
                raise NotFound
            if not now.has_met and not isinstance(act, Meet):
                raise NotMetYet
            return now

        def also(connection: Connection, now: ReviewView, at: datetime) -> None:
            wrap_of(connection, now.share.id)
            if (on_trail := _ON_TRAIL.get(type(act))) is not None:
                record(connection, self._pepper, now.share.id, on_trail, at, staff_id=who.member.id)

        return await self._act(look, act, also)

    async def calendar(
        self, visitor: SignedInUser, meeting_id: str, review_id: str, agreement: str, title: str
    ) -> bytes:
        """Return the calendar entry of an agreement's next check. Raises `NotFound` if it has none."""
        proposal = (await self.of_owner(visitor, meeting_id, review_id)).review.proposal(agreement)
        if proposal is None or proposal.dropped is not None or proposal.look_again_on is None:
            raise NotFound
        uid = fingerprint(visitor.owner.key, f"look again {agreement}".encode()).hex()[:32]
        return as_calendar(
            OnDay(on=proposal.look_again_on), title, uid, MadeAt(self._clock(), service_zone())
        )

    async def _act(
        self,
        look: Callable[[], Awaitable[ReviewView]],
        act: Act,
        also: Callable[[Connection, ReviewView, datetime], None],
    ) -> ReviewView:
        async def attempt() -> tuple[ReviewView, bool]:
            now, at = await look(), self._clock()
            before = now.opened.review
            done = apply_act(
                before, act, ActContext(now.author, at, now.revision + 1, now.snapshot, local_day(at))
            )
            if done == before:
                return now, False
            sealed = now.opened.sealed(done)

            def write(connection: Connection) -> None:
                lock_share(connection, now.share.id)
                write_review(connection, now.id, expected=now.revision, sealed=sealed)
                also(connection, now, at)
                self._insight.add_answers(connection, at, before, done)

            await self._database.write_briefly(write)
            return now.after(now.opened.written(done, sealed)), True

        after, is_changed = await until_unhindered(attempt)
        if is_changed:
            self._broadcast.tell_changed(after.share.id)
        return after

    def _to_owner(self, visitor: SignedInUser, opened: OpenReview, share: StoredShare) -> ReviewView:
        snapshot = None
        if share.is_open(self._clock()):
            snapshot = unsealed(share, bytes.fromhex(kept_of(visitor.owner, share).key))
        author = Author(side="user", language=visitor.language)
        check = check_words(opened.key)
        stored = opened.stored
        return ReviewView(stored.id, stored.revision, snapshot, share, author, check, opened=opened)


def _through(connection: Connection, reading: Opening) -> OpenReview | None:
    """Return the review that belongs to the opened share."""
    stored = find_review(connection, reading.share.id)
    if stored is None:
        return None
    opened = opened_through_share(reading.key, stored, wrap_of(connection, reading.share.id))
    share = find_share(connection, reading.share.id)
    # an entry withdrawn just now must not return to the review through data read before
    if share is None or share.version != reading.share.version:
        raise RevisionConflict("what is shared was changed in between")
    return opened


def wrap_of(connection: Connection, share_id: str) -> bytes:
    """Return the review's key wrapped under the share's. Raises `ShareOver` if the share has just ended."""
    wrap = key_through_share(connection, share_id)
    if wrap is None:
        share = find_share(connection, share_id)
        if share is None:
            raise NotFound
        raise ShareOver(share.ended or "withdrawn")
    return wrap


def _share_of(connection: Connection, opened: OpenReview) -> StoredShare:
    share = find_share(connection, opened.stored.share_id)
    if share is None:
        raise NotFound
    return share
