"""The notebook: the meetings in it, one more, one less, and how long it is kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.engine.conversation import Conversation, Statement
from assistant.engine.journey import begin, statements_in, walk
from assistant.errors import DocumentFull
from assistant.meetings.agreement import Agreement, Agreements, to_be_carried
from assistant.meetings.invitation import Invited, filled_in
from assistant.meetings.notebook import Meeting, Notebook
from assistant.meetings.retention import months_from
from assistant.meetings.told import Told, told_of
from assistant.service.broadcast import Broadcast
from assistant.service.changes import Change, change_notebook
from assistant.service.papers import read_notebook, read_paper
from assistant.service.scripts import Scripts
from assistant.service.visits import Visitor
from assistant.storage.database import Connection, Database
from assistant.storage.documents import delete_documents
from assistant.storage.shares import delete_shares_for, shares_for
from assistant.vault.fingerprint import fingerprint

MOST_MEETINGS = 100
"""Meetings one notebook holds; years of them, and its first document stays small."""

_NEXT_TIME = ("next_time",)
"""The section of a look back that holds what was not reached."""


@dataclass(frozen=True)
class Opened:
    """A notebook, and what was told about each of its meetings."""

    notebook: Notebook
    told: tuple[tuple[Meeting, Told], ...]


class Notebooks:
    """What a person does with the notebook as a whole. Every act is durable when it returns."""

    def __init__(
        self, database: Database, scripts: Scripts, clock: Callable[[], datetime], broadcast: Broadcast
    ) -> None:
        self._database = database
        self._scripts = scripts
        self._clock = clock
        self._broadcast = broadcast

    async def open(self, visitor: Visitor) -> Opened:
        """The notebook with its meetings. Raises `SessionEnded` when it has been deleted."""

        def read(connection: Connection) -> tuple[Notebook, list[tuple[Meeting, Conversation]]]:
            notebook, _ = read_notebook(connection, visitor.owner)
            return notebook, [(m, _conversation(connection, visitor, notebook, m)) for m in notebook.meetings]

        notebook, conversations = await self._database.read(read)
        return Opened(notebook, tuple([(m, await self._told(had)) for m, had in conversations]))

    async def told(self, visitor: Visitor, meeting_id: str) -> Told:
        """What was told about one meeting. Raises `NotFound`."""

        def read(connection: Connection) -> Conversation:
            notebook, _ = read_notebook(connection, visitor.owner)
            return _conversation(connection, visitor, notebook, notebook.meeting(meeting_id))

        return await self._told(await self._database.read(read))

    async def begin_another(self, visitor: Visitor, request: str, invited: Invited | None = None) -> Meeting:
        """One more meeting; the same request sent again is the same meeting. Raises `DocumentFull`.

        Its preparation opens with what was agreed at the meetings before it; what an invitation told is
        filled in.
        """
        carried = await self._database.read(lambda c: _carried(c, visitor))
        id_ = fingerprint(visitor.owner.key, f"meeting {request}".encode())[:16].hex()
        meeting = Meeting(id=id_, invited=invited)
        conversation = begin(self._scripts.before_meeting, carried)
        if invited is not None:
            conversation = filled_in(self._scripts.before_meeting, conversation, invited.said)

        def think(notebook: Notebook) -> Change | None:
            if notebook.has(meeting.id):
                return None
            if len(notebook.meetings) >= MOST_MEETINGS:
                raise DocumentFull(f"the limit is {MOST_MEETINGS} meetings")
            after = notebook.model_copy(update={"meetings": (*notebook.meetings, meeting)})
            return Change(after, {meeting.conversation: conversation})

        await change_notebook(self._database, self._clock, self._broadcast, visitor, think)
        return meeting

    async def agreed(self, visitor: Visitor, meeting_id: str, agreements: Sequence[Agreement]) -> None:
        """Keep what was agreed at a meeting, in place of what was kept of it before. Raises `NotFound`."""

        def think(notebook: Notebook) -> Change:
            name = notebook.meeting(meeting_id).agreements
            return Change(notebook, {name: Agreements(agreements=tuple(agreements))})

        await change_notebook(self._database, self._clock, self._broadcast, visitor, think)

    async def begin_after(self, visitor: Visitor, meeting_id: str) -> None:
        """Begin the look back on a meeting; one that has begun goes on where it was. Raises `NotFound`."""

        def think(notebook: Notebook) -> Change | None:
            after = notebook.meeting(meeting_id).after
            if notebook.has_begun(after):
                return None
            return Change(notebook, {after.conversation: begin(self._scripts.after_meeting)})

        await change_notebook(self._database, self._clock, self._broadcast, visitor, think)

    async def taken_along(self, visitor: Visitor, meeting_id: str | None = None) -> tuple[str, ...]:
        """What its user wanted to bring up the next time, verbatim: from the latest look back that says so.

        For a meeting, the look backs on those before it; else on all of them, for one still to come.
        """

        def read(connection: Connection) -> list[Conversation]:
            notebook, _ = read_notebook(connection, visitor.owner)
            afters = [meeting.after.conversation for meeting in reversed(notebook.before(meeting_id))]
            had = [read_paper(connection, visitor.owner, notebook, name, Conversation) for name in afters]
            return [conversation for conversation in had if conversation is not None]

        for conversation in await self._database.read(read):
            machine = await self._scripts.of(conversation.dialogue)
            said = statements_in(
                machine, walk(machine, conversation.answers, conversation.carried), _NEXT_TIME
            )
            if said:
                return tuple(statement.text for statement in said.values())
        return ()

    async def delete_meeting(self, visitor: Visitor, meeting_id: str) -> None:
        """Delete one meeting with all that was written for it, at once and for good."""
        notebook_id = visitor.owner.notebook_id

        def think(notebook: Notebook) -> Change | None:
            if not notebook.has(meeting_id):
                return None
            names = sorted(notebook.papers_of(meeting_id))

            def also(connection: Connection) -> None:
                delete_documents(connection, notebook_id, names)
                delete_shares_for(connection, notebook_id, meeting_id)

            return Change(notebook.without(meeting_id), also=also)

        shared = await self._database.read(lambda c: shares_for(c, notebook_id, meeting_id))
        await change_notebook(self._database, self._clock, self._broadcast, visitor, think)
        for told in (notebook_id, *(share.id for share in shared)):
            self._broadcast.tell_changed(told)
        await self._database.scrub()

    async def keep(self, visitor: Visitor, months: int | None) -> None:
        """Keep it so many months from now, come what may; with None, a year after it was last used."""
        until = None if months is None else months_from(self._clock(), months)

        def think(notebook: Notebook) -> Change:
            return Change(notebook.model_copy(update={"chosen_until": until}))

        await change_notebook(self._database, self._clock, self._broadcast, visitor, think)

    async def _told(self, conversation: Conversation) -> Told:
        machine = await self._scripts.of(conversation.dialogue)
        return told_of(machine.dialogue, walk(machine, conversation.answers, conversation.carried))


def _carried(connection: Connection, visitor: Visitor) -> tuple[Statement, ...]:
    """The agreements of every meeting in the notebook that a new preparation opens with."""
    notebook, _ = read_notebook(connection, visitor.owner)
    kept = [
        read_paper(connection, visitor.owner, notebook, meeting.agreements, Agreements)
        for meeting in notebook.meetings
    ]
    agreements = [agreement for paper in kept if paper for agreement in paper.agreements]
    if not agreements:
        return ()
    return to_be_carried(
        agreements, [_conversation(connection, visitor, notebook, m) for m in notebook.meetings]
    )


def _conversation(
    connection: Connection, visitor: Visitor, notebook: Notebook, meeting: Meeting
) -> Conversation:
    conversation = read_paper(connection, visitor.owner, notebook, meeting.conversation, Conversation)
    assert conversation is not None, "a meeting begins with its conversation"
    return conversation
