"""Preparing: a turn, a draft, where the person stands, and the summary that comes of it."""

import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from assistant.dialogue.model import IN_OWN_WORDS, Address, Dialogue, Question
from assistant.engine.conversation import ROUND_OFF, Answer, Conversation, Kept
from assistant.engine.journey import Journey, walk
from assistant.engine.machine import DialogueMachine
from assistant.engine.replies import Replies, take_replies
from assistant.engine.reply import Given, as_given
from assistant.engine.turn import Reply, take_turn, where
from assistant.errors import NotOnTheWay, RevisionConflict
from assistant.meetings.notebook import KEPT_FOR, Draft, Meeting, Notebook
from assistant.meetings.summary import Summary, summarise
from assistant.service.drafts import draft_after, with_drafts
from assistant.service.papers import Owner, read_notebook, read_paper, seal_papers, write_papers
from assistant.service.scripts import Scripts
from assistant.service.visits import Visitor
from assistant.storage.database import Connection, Database
from assistant.storage.notebooks import keep_notebook
from assistant.storage.requests import is_known_request, remember_request
from assistant.storage.sessions import prolong_session
from assistant.vault.fingerprint import fingerprint
from assistant.vault.sessions import session_index

_TRIES = 20
"""How often a write is thought over when others write the same notebook in between."""

T = TypeVar("T")


@dataclass(frozen=True)
class _Read:
    """What one reading of the notebook found, all of one moment."""

    notebook: Notebook
    revision: int
    meeting: Meeting
    conversation: Conversation
    draft: Draft


_Thought = Callable[[DialogueMachine, _Read], tuple[Conversation, Draft]]


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
    drafts: Mapping[Address, Given]
    """What is typed and not given, at every question."""
    way_back_due: bool
    """The next question asks for own words, and the way back to them has not been shown."""
    way_back_shown: bool
    link: str
    kept_until: datetime

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

    def filled_at(self, address: Address) -> Given:
        """What stands in the fields of any question."""
        draft = self.drafts.get(address)
        return draft if draft is not None else as_given(self.journey.answers.get(address))


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
            drafts=read.draft.fields,
            way_back_due=isinstance(question, IN_OWN_WORDS) and not read.notebook.way_back_shown,
            way_back_shown=read.notebook.way_back_shown,
            link=read.notebook.link,
            kept_until=read.notebook.kept_until,
        )

    async def take_turn(self, visitor: Visitor, meeting_id: str, reply: Reply, request: str) -> None:
        """Take one reply, once: the same request sent again is the same turn.

        What was typed under a move that is no answer stays as a draft. Raises the refusals of
        `engine.turn.take_turn`, `RequestReused`, `DocumentFull` and `NotSaved`.
        """
        await self._take(
            visitor,
            meeting_id,
            request,
            _spelled(reply),
            lambda machine, read: (
                take_turn(machine, read.conversation, reply, secrets.token_hex(8)),
                draft_after(read.draft, read.conversation, reply),
            ),
        )

    async def take_replies(
        self,
        visitor: Visitor,
        meeting_id: str,
        replies: Replies,
        typed: Mapping[Address, Given],
        request: str,
    ) -> None:
        """Take several replies, once; what is typed at other questions stays as drafts.

        Raises the refusals of `engine.replies.take_replies`, and those of a turn.
        """
        await self._take(
            visitor,
            meeting_id,
            request,
            json.dumps([replies.turn, _given_spelled(replies.given), _given_spelled(typed)]).encode(),
            lambda machine, read: (
                take_replies(machine, read.conversation, replies, secrets.token_hex(8)),
                with_drafts(read.draft, read.conversation, {**typed, **{a: {} for a in replies.given}}),
            ),
        )

    async def keep_draft(
        self, visitor: Visitor, meeting_id: str, state: Address, given: Given, turn: int | None = None
    ) -> None:
        """Keep what is typed under a question without taking it as the answer.

        With a `turn`, only while the conversation is at it: a draft sent in the background may arrive after
        the answer it was the beginning of. Raises `NotOnTheWay`.
        """

        await self.keep_drafts(visitor, meeting_id, {state: given}, turn)

    async def keep_drafts(
        self, visitor: Visitor, meeting_id: str, typed: Mapping[Address, Given], turn: int | None = None
    ) -> None:
        """Keep what is typed under several questions, as `keep_draft` does under one."""

        async def attempt() -> None:
            read = await self._read(visitor.owner, meeting_id)
            if turn is not None and turn != read.conversation.turn:
                return
            machine = await self._scripts.of(read.conversation.dialogue)
            if not typed.keys() <= set(walk(machine, read.conversation.answers).questions):
                raise NotOnTheWay
            draft = with_drafts(read.draft, read.conversation, typed)
            if draft != read.draft:
                await self._write(visitor, read.notebook, read.revision, {read.meeting.draft: draft})

        await _until_unhindered(attempt)

    async def way_back_shown(self, visitor: Visitor) -> None:
        """The way back has been shown; it is not shown again by itself."""

        async def attempt() -> None:
            notebook, revision = await self._database.read(lambda c: read_notebook(c, visitor.owner))
            shown = notebook.model_copy(update={"way_back_shown": True})
            await self._write(visitor, shown, revision, {})

        await _until_unhindered(attempt)

    async def summary(self, visitor: Visitor, meeting_id: str) -> tuple[Standing, Summary]:
        """The summary as it is now."""
        standing = await self.standing(visitor, meeting_id)
        return standing, summarise(standing.dialogue, standing.journey)

    async def _take(
        self, visitor: Visitor, meeting_id: str, request: str, spelled: bytes, think: _Thought
    ) -> None:
        """Think out what comes of a request and write it, once however often it is sent."""
        print_of_reply = fingerprint(visitor.owner.key, spelled)

        async def attempt() -> None:
            read, is_known = await self._database.read(
                lambda c: (
                    _read(c, visitor.owner, meeting_id),
                    is_known_request(c, visitor.owner.notebook_id, request, print_of_reply),
                )
            )
            if is_known:
                return
            after, draft = think(await self._scripts.of(read.conversation.dialogue), read)
            papers: dict[str, Kept] = {}
            if after != read.conversation:
                papers[read.meeting.conversation] = after
            if draft != read.draft:
                papers[read.meeting.draft] = draft
            await self._write(visitor, read.notebook, read.revision, papers, request, print_of_reply)

        await _until_unhindered(attempt)

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
        until = now + KEPT_FOR
        kept = notebook.model_copy(update={"kept_until": until})
        sealed = seal_papers(owner, kept, revision, papers)

        def write(connection: Connection) -> None:
            write_papers(connection, owner, sealed)
            keep_notebook(connection, owner.notebook_id, until)
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


async def _until_unhindered(attempt: Callable[[], Awaitable[T]]) -> T:
    """Read, think and write again for as long as somebody else wrote in between."""
    for _ in range(_TRIES - 1):
        try:
            return await attempt()
        except RevisionConflict:
            continue
    return await attempt()


def _spelled(reply: Reply) -> bytes:
    """A reply as bytes that are equal exactly when the reply is."""
    given = _given_spelled({reply.state: reply.given})[reply.state]
    return json.dumps([reply.turn, reply.state, reply.move, given, reply.to]).encode()


def _given_spelled(given: Mapping[Address, Given]) -> dict[Address, dict[str, list[str]]]:
    return {
        address: {name: list(texts) for name, texts in sorted(fields.items())}
        for address, fields in sorted(given.items())
    }
