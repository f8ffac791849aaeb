"""Preparing: a turn, a draft, where the person stands, and the summary that comes of it."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from assistant.dialogue.model import IN_OWN_WORDS, Address, Dialogue, Question
from assistant.engine.conversation import ROUND_OFF, Answer, Conversation, Kept
from assistant.engine.journey import Journey, walk
from assistant.engine.machine import DialogueMachine
from assistant.engine.reply import Given, as_given
from assistant.engine.turn import Reply, take_turn, where
from assistant.errors import NotOnTheWay
from assistant.meetings.notebook import Draft, Meeting, Notebook
from assistant.meetings.summary import Summary, summarise
from assistant.service.changes import until_unhindered
from assistant.service.papers import Owner, read_notebook, read_paper, seal_papers, write_papers
from assistant.service.scripts import Scripts
from assistant.service.visits import Visitor
from assistant.storage.database import Database
from assistant.storage.notebooks import keep_notebook
from assistant.storage.requests import is_known_request, remember_request
from assistant.storage.sessions import prolong_session
from assistant.vault.fingerprint import fingerprint
from assistant.vault.sessions import session_index


@dataclass(frozen=True)
class _Read:
    """What one reading of the notebook found, all of one moment."""

    notebook: Notebook
    revision: int
    meeting: Meeting
    conversation: Conversation
    draft: Draft


@dataclass(frozen=True)
class Standing:
    """Where a person stands in the preparation for one meeting."""

    meeting: Meeting
    machine: DialogueMachine
    conversation: Conversation
    journey: Journey
    at: Address
    filled: Given
    """What stands in the fields: what was typed and not given, else what was answered."""
    is_draft: bool
    way_back_due: bool
    """The next question asks for own words, and the way back to them has not been shown."""
    link: str | None
    kept_until: datetime
    kept_until_chosen: bool
    """Its owner chose that day, and nothing else moves it."""

    @property
    def dialogue(self) -> Dialogue:
        """The text this conversation began with."""
        return self.machine.dialogue

    @property
    def question(self) -> Question | None:
        """The question to ask; None at the round-off."""
        return None if self.at == ROUND_OFF else self.dialogue.question(self.at)

    @property
    def answer(self) -> Answer | None:
        """What was answered here before."""
        return self.journey.answers.get(self.at)


class Preparations:
    """What a person does while preparing. Every act is durable when it returns."""

    def __init__(self, database: Database, scripts: Scripts, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._scripts = scripts
        self._clock = clock

    async def standing(self, visitor: Visitor, meeting_id: str, at: Address | None = None) -> Standing:
        """Where the person stands; with `at`, as if they stood at that question. Raises `NotFound`."""
        read = await self._read(visitor.owner, meeting_id)
        machine = await self._scripts.of(read.conversation.dialogue)
        here, journey = where(machine, read.conversation)
        if at is not None and at in journey.questions:
            here = at
        draft = read.draft.fields.get(here)
        question = None if here == ROUND_OFF else machine.dialogue.question(here)
        return Standing(
            meeting=read.meeting,
            machine=machine,
            conversation=read.conversation,
            journey=journey,
            at=here,
            filled=draft if draft is not None else as_given(journey.answers.get(here)),
            is_draft=draft is not None,
            way_back_due=isinstance(question, IN_OWN_WORDS) and not read.notebook.way_back_shown,
            link=read.notebook.link,
            kept_until=read.notebook.kept_until,
            kept_until_chosen=read.notebook.chosen_until is not None,
        )

    async def take_turn(self, visitor: Visitor, meeting_id: str, reply: Reply, request: str) -> None:
        """Take one reply, once: the same request sent again is the same turn.

        What was typed under a move that is no answer stays as a draft. Raises the refusals of
        `engine.turn.take_turn`, `RequestReused`, `DocumentFull` and `NotSaved`.
        """
        print_of_reply = fingerprint(visitor.owner.key, _spelled(reply))

        async def attempt() -> None:
            read, is_known = await self._database.read(
                lambda c: (
                    _read(c, visitor.owner, meeting_id),
                    is_known_request(c, visitor.owner.notebook_id, request, print_of_reply),
                )
            )
            if is_known:
                return
            machine = await self._scripts.of(read.conversation.dialogue)
            after = take_turn(machine, read.conversation, reply, secrets.token_hex(8))
            papers: dict[str, Kept] = {read.meeting.conversation: after}
            draft = _draft_after(read, reply)
            if draft != read.draft:
                papers[read.meeting.draft] = draft
            await self._write(visitor, read.notebook, read.revision, papers, request, print_of_reply)

        await until_unhindered(attempt)

    async def keep_draft(
        self, visitor: Visitor, meeting_id: str, state: Address, given: Given, turn: int | None = None
    ) -> None:
        """Keep what is typed under a question without taking it as the answer.

        With a `turn`, only while the conversation is at it: a draft sent in the background may arrive after
        the answer it was the beginning of. Raises `NotOnTheWay`.
        """

        async def attempt() -> None:
            read = await self._read(visitor.owner, meeting_id)
            if turn is not None and turn != read.conversation.turn:
                return
            machine = await self._scripts.of(read.conversation.dialogue)
            if state not in walk(machine, read.conversation.answers).questions:
                raise NotOnTheWay
            draft = _with_draft(read, state, given)
            if draft != read.draft:
                await self._write(visitor, read.notebook, read.revision, {read.meeting.draft: draft})

        await until_unhindered(attempt)

    async def way_back_shown(self, visitor: Visitor) -> None:
        """The way back has been shown; it is not shown again by itself."""

        async def attempt() -> None:
            notebook, revision = await self._database.read(lambda c: read_notebook(c, visitor.owner))
            shown = notebook.model_copy(update={"way_back_shown": True})
            await self._write(visitor, shown, revision, {})

        await until_unhindered(attempt)

    async def summary(self, visitor: Visitor, meeting_id: str) -> tuple[Standing, Summary]:
        """The summary as it is now."""
        standing = await self.standing(visitor, meeting_id)
        return standing, summarise(standing.dialogue, standing.journey)

    async def _read(self, owner: Owner, meeting_id: str) -> _Read:
        return await self._database.read(lambda c: _read(c, owner, meeting_id))

    async def _write(
        self,
        visitor: Visitor,
        notebook: Notebook,
        revision: int,
        papers: dict[str, Kept],
        request: str | None = None,
        print_of_reply: bytes = b"",
    ) -> None:
        now = self._clock()
        owner = visitor.owner
        kept = notebook.used_at(now)
        sealed = seal_papers(owner, kept, revision, papers)

        def write(connection: Connection) -> None:
            write_papers(connection, owner, sealed)
            keep_notebook(connection, owner.notebook_id, kept.kept_until)
            prolong_session(connection, session_index(visitor.secret), now + visitor.remembered_for)
            if request is not None:
                remember_request(connection, owner.notebook_id, request, print_of_reply, now)

        await self._database.write(write)


def _read(connection: Connection, owner: Owner, meeting_id: str) -> _Read:
    notebook, revision = read_notebook(connection, owner)
    meeting = notebook.meeting(meeting_id)
    conversation = read_paper(connection, owner, notebook, meeting.conversation, Conversation)
    draft = read_paper(connection, owner, notebook, meeting.draft, Draft)
    assert conversation is not None, "a meeting begins with its conversation"
    return _Read(notebook, revision, meeting, conversation, draft or Draft())


def _draft_after(read: _Read, reply: Reply) -> Draft:
    before = read.conversation.answers.get(reply.state)
    is_taken = reply.move == "answer"
    is_removed = reply.move == "skip" and before is not None and before.given
    return _with_draft(read, reply.state, {} if is_taken or is_removed else reply.given)


def _with_draft(read: _Read, state: Address, given: Given) -> Draft:
    """The draft with what is typed under one question; nothing, or just the answer again, is no draft."""
    typed = _filled_in(given)
    fields = {address: dict(kept) for address, kept in read.draft.fields.items() if address != state}
    if typed and typed != _filled_in(as_given(read.conversation.answers.get(state))):
        fields[state] = typed
    return Draft(fields=fields)


def _filled_in(given: Given) -> dict[str, tuple[str, ...]]:
    return {name: texts for name, texts in given.items() if any(text.strip() for text in texts)}


def _spelled(reply: Reply) -> bytes:
    """A reply as bytes that are equal exactly when the reply is."""
    given = {name: list(texts) for name, texts in sorted(reply.given.items())}
    return json.dumps([reply.turn, reply.state, reply.move, given, reply.to]).encode()
