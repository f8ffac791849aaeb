"""The notebook: listing, adding and deleting meetings, and how long it is kept."""

from collections.abc import Callable, Mapping
from datetime import datetime

from assistant.engine.conversation import Conversation, Statement
from assistant.engine.journey import begin, statements_in, walk
from assistant.errors import DocumentFull, NotFound
from assistant.meetings.chosen_months import months_from
from assistant.meetings.invitation import ReceivedInvitation, filled_in
from assistant.meetings.meeting_details import MeetingDetails, meeting_details
from assistant.meetings.notebook import Meeting, Notebook
from assistant.meetings.review.agreement import to_be_carried
from assistant.meetings.review.carry_over import LeftFromMeeting, left_from_meeting
from assistant.meetings.review.review import Review
from assistant.meetings.summary import NOTHING_UNREAD, Unread
from assistant.meetings.written_for import WrittenFor
from assistant.service.broadcast import Broadcast
from assistant.service.dialogues import BEFORE_MEETING, Dialogues
from assistant.service.documents import read_notebook, read_sealed
from assistant.service.notebook.changes import NotebookChange, change_notebook
from assistant.service.notebook.leaving_guided_sessions import leave_guided_sessions, stand_subject
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.review_documents import OpenReview, reviews_of
from assistant.storage.database import Connection, Database
from assistant.storage.documents import delete_documents
from assistant.storage.form_drafts import delete_form_drafts_for
from assistant.storage.reviews import delete_reviews_for
from assistant.storage.shares import delete_shares_for, shares_for
from assistant.value_class import value_class
from assistant.vault.request_fingerprint import fingerprint

MOST_MEETINGS = 100
"""Maximum number of meetings in a notebook; enough for years, and it keeps the index document small."""

_NEXT_TIME = ("next_time", "carry")
"""The sections with what to bring up next time: of a look back, and of a preparation with a peer worker."""


_WithUnread = tuple[Conversation, Unread]
"""A conversation, with what another person wrote in it and the user has not approved."""


@value_class
class NotebookOverview:
    """A notebook, with the kind and day of each of its meetings."""

    notebook: Notebook
    details: tuple[tuple[Meeting, MeetingDetails], ...]
    reviewed: frozenset[str]
    """The ids of the meetings whose review has begun."""


class Notebooks:
    """Operations on the notebook as a whole. Every act is durable when it returns."""

    def __init__(
        self, database: Database, dialogues: Dialogues, clock: Callable[[], datetime], broadcast: Broadcast
    ) -> None:
        self._database = database
        self._dialogues = dialogues
        self._clock = clock
        self._broadcast = broadcast

    async def open(self, visitor: SignedInUser) -> NotebookOverview:
        """Return the notebook with its meetings. Raises `SessionEnded` if it has been deleted."""

        def read(
            connection: Connection,
        ) -> tuple[Notebook, list[tuple[Meeting, Conversation]], list[OpenReview]]:
            notebook, _ = read_notebook(connection, visitor.owner)
            had = [(m, _conversation(connection, visitor, notebook, m)) for m in notebook.meetings]
            return notebook, had, reviews_of(connection, visitor.owner)

        notebook, conversations, reviews = await self._database.read(read)
        details = tuple([(meeting, await self._details(had)) for meeting, had in conversations])
        begun = frozenset(one.stored.meeting_id for one in reviews if one.review.has_begun)
        return NotebookOverview(notebook, details, begun)

    async def details(self, visitor: SignedInUser, meeting_id: str) -> MeetingDetails:
        """Return the details of one meeting. Raises `NotFound`."""

        def read(connection: Connection) -> Conversation:
            notebook, _ = read_notebook(connection, visitor.owner)
            return _conversation(connection, visitor, notebook, notebook.meeting(meeting_id))

        return await self._details(await self._database.read(read))

    async def begin_another(
        self,
        visitor: SignedInUser,
        request: str,
        invited: ReceivedInvitation | None = None,
        dialogue: str = BEFORE_MEETING,
    ) -> Meeting:
        """Add a meeting; repeating the same request adds none. Raises `DocumentFull`. Its preparation begins
        with the agreements of earlier meetings, and with the details of the invitation if there is one.
        """
        carried = await self._database.read(lambda c: _carried(c, visitor))
        id_ = fingerprint(visitor.owner.key, f"meeting {request}".encode())[:16].hex()
        meeting = Meeting(id=id_, dialogue=dialogue, invited=invited)
        conversation = begin(self._dialogues.current(dialogue), carried if dialogue == BEFORE_MEETING else ())
        if invited is not None:
            conversation = filled_in(self._dialogues.before_meeting, conversation, invited.said)

        def think(notebook: Notebook) -> NotebookChange | None:
            if notebook.has(meeting.id):
                return None
            if len(notebook.meetings) >= MOST_MEETINGS:
                raise DocumentFull(f"the limit is {MOST_MEETINGS} meetings")
            after = notebook.model_copy(update={"meetings": (*notebook.meetings, meeting)})
            return NotebookChange(after, {meeting.conversation: conversation})

        await change_notebook(self._database, self._clock, self._broadcast, visitor, think)
        return meeting

    async def begin_after(self, visitor: SignedInUser, meeting_id: str) -> None:
        """Begin the look back on a meeting, or continue one that has begun. Raises `NotFound`, also for a
        conversation that no treatment meeting follows.
        """

        def think(notebook: Notebook) -> NotebookChange | None:
            meeting = notebook.meeting(meeting_id)
            after = meeting.after
            if not meeting.is_for_treatment:
                raise NotFound
            if notebook.has_begun(after):
                return None
            return NotebookChange(notebook, {after.conversation: begin(self._dialogues.after_meeting)})

        await change_notebook(self._database, self._clock, self._broadcast, visitor, think)

    async def taken_along(
        self, visitor: SignedInUser, meeting_id: str | None = None
    ) -> tuple[LeftFromMeeting, ...]:
        """Return what was left for next time by the latest meeting that left anything.

        From the look back: what the user wanted to bring up, verbatim. From the review: answers that were
        promised, what was put off, and what got no answer. What the user carries from the latest preparation
        with a peer worker since then is added. With a meeting, only earlier meetings count; otherwise all of
        them, without reviews that are not gone through yet: their meeting may be ahead.
        """

        def read(connection: Connection) -> list[tuple[Meeting, _WithUnread | None, list[Review]]]:
            notebook, _ = read_notebook(connection, visitor.owner)
            had: list[tuple[Meeting, _WithUnread | None, list[Review]]] = []
            for meeting in reversed(notebook.before(meeting_id)):
                asked = meeting.after if meeting.is_for_treatment else meeting
                reviews = [one.review for one in reviews_of(connection, visitor.owner, meeting.id)]
                if meeting_id is None:
                    reviews = [review for review in reviews if review.is_gone_through]
                had.append((meeting, _with_unread(connection, visitor, notebook, asked), reviews))
            return had

        carried: Mapping[str, bool] = {}
        for meeting, conversation, reviews in await self._database.read(read):
            wanted = {} if conversation is None else await self._wanted_next(*conversation)
            if not meeting.is_for_treatment:
                carried = carried or wanted
            elif left_from_meeting(wanted, reviews, {}):
                return left_from_meeting(wanted, reviews, carried)
        return left_from_meeting({}, (), carried)

    async def _wanted_next(self, conversation: Conversation, unread: Unread) -> Mapping[str, bool]:
        """Return what the user wanted to bring up next time, and whether each text is unread."""
        machine = await self._dialogues.of(conversation.dialogue)
        journey = walk(machine, conversation.answers, conversation.carried)
        wanted = statements_in(machine, journey, _NEXT_TIME).values()
        theirs = {one.text for one in wanted if unread.get(one.id) == one.version}
        return {one.text: one.text in theirs for one in wanted}

    async def delete_meeting(self, visitor: SignedInUser, meeting_id: str) -> None:
        """Delete one meeting with everything written for it, immediately and permanently."""
        notebook_id = visitor.owner.notebook_id
        # what to tell of; the last try of the write fills them
        shared: list[str] = []
        left: list[str] = []

        def think(notebook: Notebook) -> NotebookChange | None:
            if not notebook.has(meeting_id):
                return None
            names = sorted(notebook.papers_of(meeting_id))
            meeting = notebook.meeting(meeting_id)

            def also(connection: Connection) -> None:
                shared[:] = [share.id for share in shares_for(connection, notebook_id, meeting_id)]
                delete_documents(connection, notebook_id, names)
                delete_shares_for(connection, notebook_id, meeting_id)
                delete_reviews_for(connection, notebook_id, meeting_id)
                delete_form_drafts_for(connection, notebook_id, meeting_id)
                left[:] = leave_guided_sessions(connection, [meeting])

            return NotebookChange(notebook.without(meeting_id), also=also)

        await change_notebook(self._database, self._clock, self._broadcast, visitor, think)
        await self._database.bury(("meeting", meeting_id), *(("share", share_id) for share_id in shared))
        for changed in (notebook_id, *shared, *map(stand_subject, left)):
            self._broadcast.tell_changed(changed)
        await self._database.scrub()

    async def keep(self, visitor: SignedInUser, months: int | None) -> None:
        """Keep the notebook for this many months from now, regardless of use; with None, for as long after
        its last use as the service keeps notebooks.
        """
        now = self._clock()
        until = None if months is None else months_from(now, months)

        def think(notebook: Notebook) -> NotebookChange:
            return NotebookChange(notebook.choosing(until, now))

        await change_notebook(self._database, self._clock, self._broadcast, visitor, think)

    async def _details(self, conversation: Conversation) -> MeetingDetails:
        machine = await self._dialogues.of(conversation.dialogue)
        return meeting_details(machine.dialogue, walk(machine, conversation.answers, conversation.carried))


def _carried(connection: Connection, visitor: SignedInUser) -> tuple[Statement, ...]:
    """Return the agreements of all meetings that a new preparation begins with."""
    notebook, _ = read_notebook(connection, visitor.owner)
    agreements = [one for opened in reviews_of(connection, visitor.owner) for one in opened.review.agreed]
    if not agreements:
        return ()
    return to_be_carried(
        agreements, [_conversation(connection, visitor, notebook, m) for m in notebook.meetings]
    )


def _with_unread(
    connection: Connection, visitor: SignedInUser, notebook: Notebook, meeting: Meeting
) -> _WithUnread | None:
    """Return a conversation, if it has begun, and what another person wrote in it that is unread."""
    conversation = read_sealed(connection, visitor.owner, notebook, meeting.conversation, Conversation)
    written_for = read_sealed(connection, visitor.owner, notebook, meeting.written_for, WrittenFor)
    if conversation is None:
        return None
    return conversation, NOTHING_UNREAD if written_for is None else written_for.unread


def _conversation(
    connection: Connection, visitor: SignedInUser, notebook: Notebook, meeting: Meeting
) -> Conversation:
    conversation = read_sealed(connection, visitor.owner, notebook, meeting.conversation, Conversation)
    assert conversation is not None, "a meeting begins with its conversation"
    return conversation
