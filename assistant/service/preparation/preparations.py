"""Preparations and look backs: turns, drafts, the current question, and the summary."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime

from assistant.dialogue.model import Address
from assistant.engine.conversation import Conversation, StoredModel
from assistant.engine.journey import Journey, walk
from assistant.engine.machine import DialogueMachine
from assistant.engine.replies import RepliesAtOnce, take_replies
from assistant.engine.reply import Given
from assistant.engine.turn import Reply, take_turn_on
from assistant.errors import NotOnTheWay
from assistant.meetings.notebook import Draft, Notebook
from assistant.meetings.summary import Summary, summarise
from assistant.meetings.written_for import WrittenFor
from assistant.service.broadcast import Broadcast
from assistant.service.dialogues import Dialogues
from assistant.service.documents import Owner, read_notebook, seal_documents, write_sealed
from assistant.service.notebook.changes import until_unhindered
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.preparation.drafts import (
    NotebookContents,
    SeenRevisions,
    draft_after,
    stands_unseen,
    with_drafts,
)
from assistant.service.preparation.idempotency import (
    canonical_bytes,
    canonical_bytes_of_several,
    canonical_bytes_of_taking_away,
)
from assistant.service.preparation.standing import Standing
from assistant.service.preparation.turn_seats import SeatOfTurn
from assistant.service.preparation.written_for import (
    ChangeOfWriting,
    changes_to_written_for,
    is_by_another,
    read_with_writer,
    taken_away,
)
from assistant.storage.database import Connection, Database
from assistant.storage.guided_seats import StoredSeat
from assistant.storage.notebooks import keep_notebook
from assistant.storage.requests import is_known_request, remember_request
from assistant.storage.sessions import prolong_session
from assistant.vault.request_fingerprint import fingerprint
from assistant.vault.session_keys import session_index
from assistant.zone import local_day

_AfterThought = tuple[Conversation, Draft, Journey | None]
_Thought = Callable[[DialogueMachine, NotebookContents], _AfterThought]

AfterTurn = Callable[[SignedInUser, str], Awaitable[None]]
"""Called after a turn in a preparation that is shared, with the id of its meeting."""


class Preparations:
    """Acts of a user while preparing. Every act is durable when it returns. With `after`, they apply to the
    look back on the meeting, a second conversation that works the same way.
    """

    def __init__(
        self,
        database: Database,
        dialogues: Dialogues,
        clock: Callable[[], datetime],
        broadcast: Broadcast,
        *,
        after: bool = False,
        after_turn: AfterTurn | None = None,
        seats: SeatOfTurn | None = None,
    ) -> None:
        self._after = after
        self._database = database
        self._dialogues = dialogues
        self._clock = clock
        self._broadcast = broadcast
        self._after_turn = after_turn
        self._seats = seats

    async def standing(self, visitor: SignedInUser, meeting_id: str, at: Address | None = None) -> Standing:
        """Return the current question; with `at`, as if that question were current. Raises `NotFound`."""
        return await self.standing_in(visitor, await self._read(visitor.owner, meeting_id), at)

    async def standing_in(
        self, visitor: SignedInUser, read: NotebookContents, at: Address | None = None
    ) -> Standing:
        """Return the current question in what was read, or was written just now."""
        machine = await self._dialogues.of(read.conversation.dialogue)
        by_another = is_by_another(visitor, read.written_for, self._clock())
        return Standing.of(machine, read, at, is_by_another=by_another)

    async def take_turn(
        self,
        visitor: SignedInUser,
        meeting_id: str,
        reply: Reply,
        request: str,
        seen: SeenRevisions | None = None,
    ) -> NotebookContents | None:
        """Take one reply, once: the same request sent again is the same turn. Return the notebook after it;
        None if it was taken before.

        Text submitted with a move that is no answer is kept as a draft. With `seen`, the revisions the page
        showed, newer drafts are kept too. Raises the refusals of `engine.turn.take_turn`, also if there
        would be two drafts for one field, `RequestReused`, `DocumentFull` and `NotSaved`.
        """

        def think(machine: DialogueMachine, read: NotebookContents) -> _AfterThought:
            seed = secrets.token_hex(8)
            after, journey = take_turn_on(machine, read.conversation, reply, seed, self.today())
            return after, draft_after(read, reply, request, seen), journey

        return await self._take(visitor, meeting_id, request, canonical_bytes(reply), think)

    async def take_replies(
        self,
        visitor: SignedInUser,
        meeting_id: str,
        replies: RepliesAtOnce,
        typed: Mapping[Address, Given],
        request: str,
        seen: SeenRevisions | None = None,
    ) -> None:
        """Take several replies, once; text typed at other questions is kept as drafts. With `seen`, the
        revisions the page showed, newer drafts are kept too. Raises the refusals of
        `engine.replies.take_replies`, and those of a turn.
        """
        left = {**typed, **{address: {} for address in replies.given}}
        await self._take(
            visitor,
            meeting_id,
            request,
            canonical_bytes_of_several(replies, typed),
            lambda machine, read: (
                take_replies(machine, read.conversation, replies, secrets.token_hex(8), self.today()),
                with_drafts(read, left, request, seen),
                None,
            ),
        )

    async def take_away(
        self, visitor: SignedInUser, meeting_id: str, entry: str, version: int, request: str
    ) -> None:
        """Take one entry out of its answer, once; do nothing if it is not there at this version."""
        await self._take(
            visitor,
            meeting_id,
            request,
            canonical_bytes_of_taking_away(entry, version),
            lambda machine, read: (taken_away(machine, read.conversation, entry, version), read.draft, None),
        )

    async def change_writing(self, visitor: SignedInUser, meeting_id: str, think: ChangeOfWriting) -> None:
        """Change who writes, or what was approved of what another person wrote. Raises `NotFound`."""

        async def attempt() -> None:
            read, seat = await self._database.read(lambda c: self._read_with_seat(c, visitor, meeting_id))
            changed = think(read, self._clock())
            if changed == read.written_for:
                return
            documents: dict[str, StoredModel] = {read.meeting.written_for: changed}
            machine = await self._dialogues.of(read.conversation.dialogue)
            also = self._seat_writer(read, seat, machine, read.conversation, documents)
            await self._write(visitor, read.notebook, read.revision, documents, also=also)
            if self._seats is not None and also is not None:
                self._seats.tell_after_turn(read.meeting)

        await until_unhindered(attempt)

    async def keep_draft(
        self,
        visitor: SignedInUser,
        meeting_id: str,
        state: Address,
        given: Given,
        page: str = "",
        turn: int | None = None,
        seen: SeenRevisions | None = None,
    ) -> SeenRevisions | None:
        """Keep typed text as a draft, without making it the answer. Return the revisions after it.

        With a `turn`, only while the conversation is at it: a draft sent in the background may arrive after
        the answer it was the beginning of. With `seen`, the revisions the page showed, only if no newer
        draft was typed on another page: no words are overwritten unread. Returns None if it was not kept.
        Raises `NotOnTheWay`.
        """
        return await self.keep_drafts(visitor, meeting_id, {state: given}, page, turn, seen)

    async def keep_drafts(
        self,
        visitor: SignedInUser,
        meeting_id: str,
        typed: Mapping[Address, Given],
        page: str = "",
        turn: int | None = None,
        seen: SeenRevisions | None = None,
    ) -> SeenRevisions | None:
        """Keep text typed at several questions, as `keep_draft` does for one."""

        async def attempt() -> SeenRevisions | None:
            read = await self._read(visitor.owner, meeting_id)
            if turn is not None and turn != read.conversation.turn:
                return None
            machine = await self._dialogues.of(read.conversation.dialogue)
            if not typed.keys() <= set(
                walk(machine, read.conversation.answers, read.conversation.carried).questions
            ):
                raise NotOnTheWay
            draft, now = with_drafts(read, typed, page), SeenRevisions.of(read.notebook, read.meeting)
            if draft == read.draft:
                return now
            if any(stands_unseen(read, address, page, seen) for address in typed):
                return None
            written = changes_to_written_for(visitor, read, self._clock(), draft)
            documents = {read.meeting.draft: draft, **written}
            await self._write(visitor, read.notebook, read.revision, documents)
            return now._replace(draft=now.draft + 1)

        return await until_unhindered(attempt)

    async def way_back_shown(self, visitor: SignedInUser) -> None:
        """Record that the link and codename were shown; they are not shown again unasked."""

        async def attempt() -> None:
            notebook, revision = await self._database.read(lambda c: read_notebook(c, visitor.owner))
            shown = notebook.model_copy(update={"way_back_shown": True})
            await self._write(visitor, shown, revision, {})

        await until_unhindered(attempt)

    async def summary(self, visitor: SignedInUser, meeting_id: str) -> tuple[Standing, Summary]:
        """Return the current summary."""
        standing = await self.standing(visitor, meeting_id)
        return standing, summarise(standing.dialogue, standing.journey, standing.unread)

    def today(self) -> date:
        """Return today's date in the service's time zone, for the printing date of a sheet."""
        return local_day(self._clock())

    async def _take(
        self, visitor: SignedInUser, meeting_id: str, request: str, canonical_bytes: bytes, think: _Thought
    ) -> NotebookContents | None:
        """Compute the result of a request and write it once, even if it is sent several times."""
        reply_fingerprint = fingerprint(visitor.owner.key, canonical_bytes)

        async def attempt() -> tuple[bool, NotebookContents | None]:
            read, is_known, seat = await self._database.read(
                lambda c: self._read_for_turn(c, visitor, meeting_id, request, reply_fingerprint)
            )
            is_shared = read.meeting.sharing in read.notebook.revisions
            if is_known:
                return is_shared, None
            machine = await self._dialogues.of(read.conversation.dialogue)
            after, draft, journey = think(machine, read)
            turn = machine.dialogue, after.answers
            documents = dict(changes_to_written_for(visitor, read, self._clock(), draft, turn))
            if after != read.conversation:
                documents[read.meeting.conversation] = after
            if draft != read.draft:
                documents[read.meeting.draft] = draft
            also = self._seat_writer(read, seat, machine, after, documents)
            notebook = await self._write(
                visitor, read.notebook, read.revision, documents, request, reply_fingerprint, also
            )
            if self._seats is not None and also is not None:
                self._seats.tell_after_turn(read.meeting)
            meeting = read.meeting if self._after else notebook.meeting(meeting_id)
            written_for = documents.get(read.meeting.written_for, read.written_for)
            assert isinstance(written_for, WrittenFor), "it is written under that name only"
            written = NotebookContents(
                notebook, read.revision + 1, meeting, after, draft, written_for, journey
            )
            return is_shared, written

        # also on a repeated request: the first may have committed only the turn itself
        is_shared, written = await until_unhindered(attempt)
        if is_shared and self._after_turn is not None:
            await self._after_turn(visitor, meeting_id)
        return written

    def _read_for_turn(
        self,
        connection: Connection,
        visitor: SignedInUser,
        meeting_id: str,
        request: str,
        reply_fingerprint: bytes,
    ) -> tuple[NotebookContents, bool, StoredSeat | None]:
        read, seat = self._read_with_seat(connection, visitor, meeting_id)
        notebook_id = visitor.owner.notebook_id
        return read, is_known_request(connection, notebook_id, request, reply_fingerprint), seat

    def _read_with_seat(
        self, connection: Connection, visitor: SignedInUser, meeting_id: str
    ) -> tuple[NotebookContents, StoredSeat | None]:
        read = read_with_writer(connection, visitor.owner, meeting_id, self._clock(), after=self._after)
        return read, None if self._seats is None else self._seats.seat_for_turn(connection, read.meeting)

    def _seat_writer(
        self,
        read: NotebookContents,
        seat: StoredSeat | None,
        machine: DialogueMachine,
        after: Conversation,
        documents: Mapping[str, StoredModel],
    ) -> Callable[[Connection], None] | None:
        """Return what writes the seat after these documents, if what it shows changes."""
        if self._seats is None or seat is None:
            return None
        written = documents.get(read.meeting.written_for)
        unread = written.unread if isinstance(written, WrittenFor) else read.written_for.unread
        before = read.conversation, read.written_for.unread
        return self._seats.after_turn(read.meeting, seat, machine, before, (after, unread))

    async def _read(self, owner: Owner, meeting_id: str) -> NotebookContents:
        now = self._clock()
        return await self._database.read(
            lambda c: read_with_writer(c, owner, meeting_id, now, after=self._after)
        )

    async def _write(
        self,
        visitor: SignedInUser,
        notebook: Notebook,
        revision: int,
        documents: dict[str, StoredModel],
        request: str | None = None,
        reply_fingerprint: bytes = b"",
        also: Callable[[Connection], None] | None = None,
    ) -> Notebook:
        """Write the documents and the notebook. Return the notebook as written."""
        now = self._clock()
        owner = visitor.owner
        kept = notebook.used_at(now, visitor.retention)
        sealed = seal_documents(owner, kept, revision, documents)

        def write(connection: Connection) -> None:
            write_sealed(connection, owner, sealed)
            if kept.kept_until != notebook.kept_until:
                keep_notebook(connection, owner.notebook_id, kept.kept_until)
            if visitor.is_prolonged_by(now):
                prolong_session(connection, session_index(visitor.secret), visitor.alive_until(now))
            if request is not None:
                remember_request(connection, owner.notebook_id, request, reply_fingerprint, now)
            if also is not None:
                also(connection)

        await self._database.write_briefly(write)
        for document in sealed:
            self._broadcast.tell(owner.notebook_id, document.name, document.expected + 1)
        revisions = {name: notebook.revisions.get(name, 0) + 1 for name in documents}
        return kept.model_copy(update={"revisions": {**notebook.revisions, **revisions}})
