"""Drafts: text typed at a question but not submitted, and when it may be overwritten.

Also reads everything a preparation needs from the notebook, at one moment.
"""

from collections.abc import Mapping
from typing import NamedTuple

from assistant.dialogue.model import Address
from assistant.engine.conversation import Conversation
from assistant.engine.journey import Journey
from assistant.engine.replies import filled_in
from assistant.engine.reply import Given, as_given
from assistant.engine.turn import Reply
from assistant.errors import NotFound, StaleTurn
from assistant.meetings.notebook import AfterMeeting, Draft, Meeting, Notebook
from assistant.meetings.written_for import WrittenFor
from assistant.service.documents import Owner, open_listed, read_together
from assistant.storage.database import Connection
from assistant.value_class import value_class


class SeenRevisions(NamedTuple):
    """The revisions a page was rendered from, to detect newer ones."""

    conversation: int
    draft: int
    room: int = 0
    """The revision of the room of a guided session, 0 without one."""

    @classmethod
    def read(cls, text: str) -> "SeenRevisions | None":
        """Return the revisions that a form or a page names; None if they are invalid."""
        parts = text.split(".")
        if len(parts) not in (2, 3) or not all(
            part.isascii() and part.isdigit() and len(part) < 10 for part in parts
        ):
            return None
        return cls(*map(int, parts))

    @property
    def text(self) -> str:
        """Return them as `read` reads them."""
        return ".".join(map(str, self if self.room else self[:2]))

    @classmethod
    def of(cls, notebook: Notebook, meeting: Meeting) -> "SeenRevisions":
        """Return the notebook's current revisions."""
        return cls(*(notebook.revisions.get(name, 0) for name in (meeting.conversation, meeting.draft)))


@value_class
class NotebookContents:
    """Data read from the notebook at one moment."""

    notebook: Notebook
    revision: int
    meeting: Meeting
    conversation: Conversation
    draft: Draft
    written_for: WrittenFor
    journey: Journey | None = None
    """The journey of the conversation, if it was walked already."""


def read_all(
    connection: Connection, owner: Owner, meeting_id: str, *, after: bool = False
) -> NotebookContents:
    """Read the notebook, the meeting, its conversation and its drafts, at one moment. Raises `NotFound`.
    With `after`, read the look back on it instead; `NotFound` also if it has not begun.
    """
    named = AfterMeeting(id=meeting_id) if after else Meeting(id=meeting_id)
    notebook, revision, found = read_together(
        connection, owner, named.conversation, named.draft, named.written_for
    )
    meeting = notebook.meeting(meeting_id)
    if after and not notebook.has_begun(meeting := meeting.after):
        raise NotFound
    conversation = open_listed(owner, notebook, meeting.conversation, found, Conversation)
    draft = open_listed(owner, notebook, meeting.draft, found, Draft)
    written_for = open_listed(owner, notebook, meeting.written_for, found, WrittenFor)
    assert conversation is not None, "a meeting begins with its conversation"
    return NotebookContents(
        notebook, revision, meeting, conversation, draft or Draft(), written_for or WrittenFor()
    )


def draft_after(read: NotebookContents, reply: Reply, page: str, seen: SeenRevisions | None) -> Draft:
    """Return the draft after this reply is accepted. Raises `StaleTurn` if there are two texts for one
    field.
    """
    before = read.conversation.answers.get(reply.state)
    is_taken = reply.move in ("answer", "stay")
    is_removed = reply.move == "skip" and before is not None and before.given
    typed: dict[Address, Given] = {reply.state: {} if is_taken or is_removed else reply.given}
    if reply.move == "forget" and reply.to is not None:
        typed[reply.to] = {}
    return with_drafts(read, typed, page, seen)


def with_drafts(
    read: NotebookContents, typed: Mapping[Address, Given], page: str, seen: SeenRevisions | None = None
) -> Draft:
    """Return the draft with the text typed at these questions; keep a draft that the page has not seen.

    Raises `StaleTurn` if there are two texts for one field: only one can be kept, and the user must choose.
    """
    draft = read.draft
    for address, given in typed.items():
        after = _with_draft(draft, read.conversation, address, given, page)
        if after is draft:
            continue
        if not stands_unseen(read, address, page, seen):
            draft = after
        elif address in after.fields:
            raise StaleTurn
    return draft


def stands_unseen(read: NotebookContents, state: Address, page: str, seen: SeenRevisions | None) -> bool:
    """Return True if a draft was typed elsewhere since the page was made."""
    return (
        seen is not None
        and read.draft.pages.get(state) != page
        and seen.draft != SeenRevisions.of(read.notebook, read.meeting).draft
        and state in read.draft.fields
    )


def _with_draft(draft: Draft, now: Conversation, state: Address, given: Given, page: str) -> Draft:
    """Return the draft with this question's text; empty text, or text equal to the answer, is no draft."""
    typed = filled_in(given)
    fields = {address: dict(kept) for address, kept in draft.fields.items() if address != state}
    if typed and typed != filled_in(as_given(now.answers.get(state))):
        fields[state] = typed
    if fields == draft.fields:
        return draft
    return Draft(fields=fields, pages={a: page if a == state else draft.pages.get(a, "") for a in fields})
