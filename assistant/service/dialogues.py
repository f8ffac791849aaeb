"""The dialogues in use: the current ones for new conversations, and every text that older ones used."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from assistant.dialogue.model import Dialogue
from assistant.engine.machine import DialogueMachine, machine_for
from assistant.errors import NotFound
from assistant.storage.database import Database
from assistant.storage.dialogues import (
    StoredDialogue,
    find_dialogue,
    publish_dialogue,
    published_texts,
)
from assistant.value_class import value_class

BEFORE_MEETING = "before_meeting"
AFTER_MEETING = "after_meeting"
PEER_SESSION = "peer_session"
OLDER_KEPT = 16
"""Number of older texts that are kept built, the newest used; each takes a megabyte."""


@value_class
class PublishedDialogue:
    """One published text of a dialogue."""

    version: int
    digest: str
    published_at: datetime


class Dialogues:
    """State machines by the content hash of their dialogue, shared by all requests.

    An older text is built in a thread when it is first wanted, because that takes some milliseconds.
    """

    def __init__(self, database: Database, current: Mapping[str, Dialogue]) -> None:
        self._database = database
        self._written = dict(current)
        self._published: dict[str, Sequence[PublishedDialogue]] = {}
        self._current = {name: machine_for(dialogue) for name, dialogue in current.items()}
        self._by_digest = {machine.dialogue.digest: machine for machine in self._current.values()}
        self._older: OrderedDict[str, asyncio.Task[DialogueMachine]] = OrderedDict()

    async def publish(self, now: datetime) -> None:
        """Store the exact text of every dialogue in use, so that what was asked can always be shown."""
        await self._keep(self._written.values(), now)

    async def take_up(self, dialogue: Dialogue, now: datetime) -> None:
        """Use this text for new conversations; existing conversations keep theirs. Raises `NotSaved`."""
        machine = await asyncio.to_thread(machine_for, dialogue)
        await self._keep([dialogue], now)  # first: nothing may be asked that cannot be shown again later
        self._written[dialogue.frame.id], self._current[dialogue.frame.id] = dialogue, machine
        self._by_digest = {machine.dialogue.digest: machine for machine in self._current.values()}

    async def _keep(self, dialogues: Iterable[Dialogue], now: datetime) -> None:
        rows = [
            StoredDialogue(one.digest, one.frame.id, one.frame.version, one.as_json, now) for one in dialogues
        ]
        await self._database.write(lambda connection: [publish_dialogue(connection, row) for row in rows])
        self._published.clear()

    @property
    def in_use(self) -> Mapping[str, Dialogue]:
        """Return the current text of each dialogue, used by new conversations."""
        return {name: machine.dialogue for name, machine in self._current.items()}

    @property
    def before_meeting(self) -> DialogueMachine:
        """Return the dialogue for a new preparation."""
        return self._current[BEFORE_MEETING]

    @property
    def after_meeting(self) -> DialogueMachine:
        """Return the dialogue for a new look back."""
        return self._current[AFTER_MEETING]

    def with_notes(self, dialogue_id: str) -> Dialogue:
        """Return the current text with facilitator notes, which no user may see. Raises `NotFound`."""
        if dialogue_id not in self._written:
            raise NotFound
        return self._written[dialogue_id]

    def current(self, dialogue_id: str) -> DialogueMachine:
        """Return the dialogue for a new conversation. Raises `NotFound`."""
        if dialogue_id not in self._current:
            raise NotFound
        return self._current[dialogue_id]

    async def of(self, digest: str) -> DialogueMachine:
        """Return the machine of exactly this text, current or older. Raises `NotFound`."""
        if digest in self._by_digest:
            return self._by_digest[digest]
        building = self._older.get(digest)
        if building is None:
            building = self._older[digest] = asyncio.create_task(self._built(digest))
        self._older.move_to_end(digest)
        try:
            # several requests may wait for it, and one of them may be cancelled
            machine = await asyncio.shield(building)
        except Exception:
            if self._older.get(digest) is building:
                del self._older[digest]
            raise
        while len(self._older) > OLDER_KEPT:
            self._older.popitem(last=False)
        return machine

    async def _built(self, digest: str) -> DialogueMachine:
        row = await self._database.read(lambda connection: find_dialogue(connection, digest))
        if row is None:
            raise NotFound
        return await asyncio.to_thread(_machine_of, row.content)

    async def published(self, dialogue_id: str) -> Sequence[PublishedDialogue]:
        """Return every text this dialogue has had, newest first."""
        if dialogue_id in self._published:
            return self._published[dialogue_id]
        rows = await self._database.read(lambda connection: published_texts(connection, dialogue_id))
        published = [PublishedDialogue(row.version, row.digest, row.published_at) for row in rows]
        if published:  # unknown names are not cached: a stranger can request any number of them
            self._published[dialogue_id] = published
        return published

    async def text(self, dialogue_id: str, which: str | None = None) -> Dialogue:
        """Return one text of a dialogue, by version or content hash; without either, the current one. Raises
        `NotFound`. If a version was published with several texts, the current one is meant, else the latest.
        """
        in_use = self.in_use.get(dialogue_id)
        if in_use is not None and which in (None, str(in_use.frame.version), in_use.digest):
            return in_use
        for row in await self.published(dialogue_id):
            if which in (str(row.version), row.digest):
                return (await self.of(row.digest)).dialogue
        raise NotFound


def _machine_of(content: str) -> DialogueMachine:
    return DialogueMachine(Dialogue.model_validate_json(content))
