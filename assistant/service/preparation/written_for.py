"""When another person writes for the user: switching it on and off, approving, and following each turn."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from assistant.dialogue.model import Address, Dialogue
from assistant.engine.conversation import Answer, Conversation, StoredModel
from assistant.engine.machine import DialogueMachine
from assistant.engine.turn import stand
from assistant.meetings.notebook import Draft
from assistant.meetings.written_for import WrittenFor, entries_in_answers, without_entry
from assistant.service.documents import Owner
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.preparation.drafts import NotebookContents, read_all
from assistant.storage.database import Connection
from assistant.storage.guided_sessions import find_guided_session
from assistant.vault.request_fingerprint import fingerprint

ChangeOfWriting = Callable[[NotebookContents, datetime], WrittenFor]
"""Returns what is known about who writes, after an act of the user at this time."""


def read_with_writer(
    connection: Connection, owner: Owner, meeting_id: str, now: datetime, *, after: bool
) -> NotebookContents:
    """Read as `read_all` does. The user writes again if another person began in a guided session that is over
    or that the user has left.
    """
    read = read_all(connection, owner, meeting_id, after=after)
    began_in, guided = read.written_for.guided_session, read.meeting.guided
    if not began_in:
        return read
    if guided is not None and guided.session == began_in and guided.is_running(now):
        session = find_guided_session(connection, began_in)
        if session is not None and now < session.ends_at:
            return read
    return replace(read, written_for=read.written_for.ended())


def let_another_write(visitor: SignedInUser) -> ChangeOfWriting:
    """Another person writes in this session from now on."""

    def think(read: NotebookContents, now: datetime) -> WrittenFor:
        guided = read.meeting.guided
        session = guided.session if guided is not None and guided.is_running(now) else ""
        return read.written_for.begun(browser_of(visitor), now, session)

    return think


def write_again(read: NotebookContents, now: datetime) -> WrittenFor:
    """The user writes from now on. What was not read stays unread."""
    return read.written_for.ended()


def approve(visitor: SignedInUser, entry: str, version: int) -> ChangeOfWriting:
    """Approve an entry at exactly this version. Nothing is approved while another person writes: only the
    user can approve.
    """

    def think(read: NotebookContents, now: datetime) -> WrittenFor:
        written = read.written_for
        if is_by_another(visitor, written, now):
            return written
        return written.approved(entry, version)

    return think


def browser_of(visitor: SignedInUser) -> str:
    """Return what tells this session from the user's other ones."""
    return fingerprint(visitor.owner.key, f"writes in {visitor.secret}".encode()).hex()


def is_by_another(visitor: SignedInUser, written: WrittenFor, now: datetime) -> bool:
    """Return whether another person writes in the user's session now."""
    # where no one began, which is nearly always, the session's fingerprint is not made
    return written.since is not None and written.is_by_another(browser_of(visitor), now)


def changes_to_written_for(
    visitor: SignedInUser,
    read: NotebookContents,
    now: datetime,
    draft: Draft,
    turn: tuple[Dialogue, Mapping[Address, Answer]] | None = None,
) -> Mapping[str, StoredModel]:
    """Return the document about who writes after this draft, and after a turn to these answers; none if it
    does not change. A page that was made while another person wrote says so itself.
    """
    written, before = read.written_for, read.draft.fields
    by_another = visitor.is_by_another or is_by_another(visitor, written, now)
    if written.is_empty and not by_another:
        return {}
    changed = written.acted(browser_of(visitor), now) if by_another else written
    if turn is not None:
        dialogue, answers = turn
        had = entries_in_answers(dialogue, read.conversation.answers)
        has = entries_in_answers(dialogue, answers)
        changed = changed.after_turn(had, has, before, by_another=by_another)
    changed = changed.after_draft(before, draft.fields, by_another=by_another)
    return {} if changed == written else {read.meeting.written_for: changed}


def taken_away(machine: DialogueMachine, now: Conversation, entry: str, version: int) -> Conversation:
    """Return the conversation without this entry; unchanged if it is not there at this version any more."""
    found = entries_in_answers(machine.dialogue, now.answers).get(entry)
    if found is None or found.version != version:
        return now
    left = without_entry(found.state, now.answers[found.state], entry)
    return stand(now, {**now.answers, found.state: left}, now.at)
