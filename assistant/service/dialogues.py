"""The dialogues in use: the ones a new conversation begins with, and every text an older one was asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.dialogue.model import Dialogue
from assistant.engine.machine import DialogueMachine
from assistant.errors import NotFound
from assistant.storage.database import Database
from assistant.storage.dialogues import (
    StoredDialogue,
    find_dialogue,
    publish_dialogue,
    published_texts,
)

BEFORE_MEETING = "before_meeting"
AFTER_MEETING = "after_meeting"


@dataclass(frozen=True)
class PublishedDialogue:
    """One text a dialogue has had."""

    version: int
    digest: str
    published_at: datetime


class Dialogues:
    """Machines by the content hash of their dialogue; one each, for everybody."""

    def __init__(self, database: Database, current: Mapping[str, Dialogue]) -> None:
        self._database = database
        self._written = dict(current)
        self._published: dict[str, Sequence[PublishedDialogue]] = {}
        self._current = {name: DialogueMachine(dialogue) for name, dialogue in current.items()}
        self._by_digest = {machine.dialogue.digest: machine for machine in self._current.values()}

    async def publish(self, now: datetime) -> None:
        """Keep the exact text of every dialogue in use, so that what was asked can always be shown."""
        await self._keep(self._written.values(), now)

    async def take_up(self, dialogue: Dialogue, now: datetime) -> None:
        """From now on, begin with this text; what was begun stays on its own. Raises `NotSaved`."""
        machine = DialogueMachine(dialogue)
        await self._keep([dialogue], now)  # first: nothing may be asked that cannot be shown again
        self._by_digest[dialogue.digest] = machine
        self._written[dialogue.frame.id], self._current[dialogue.frame.id] = dialogue, machine

    async def _keep(self, dialogues: Iterable[Dialogue], now: datetime) -> None:
        rows = [
            StoredDialogue(one.digest, one.frame.id, one.frame.version, one.model_dump_json(), now)
            for one in dialogues
        ]
        await self._database.write(lambda connection: [publish_dialogue(connection, row) for row in rows])
        self._published.clear()

    @property
    def in_use(self) -> Mapping[str, Dialogue]:
        """The text that a new conversation of each kind begins with."""
        return {name: machine.dialogue for name, machine in self._current.items()}

    @property
    def before_meeting(self) -> DialogueMachine:
        """The one a new preparation begins with."""
        return self._current[BEFORE_MEETING]

    @property
    def after_meeting(self) -> DialogueMachine:
        """The one a new look back begins with."""
        return self._current[AFTER_MEETING]

    async def of(self, digest: str) -> DialogueMachine:
        """The machine of exactly this text, today's or an older one."""
        if digest not in self._by_digest:
            row = await self._database.read(lambda connection: find_dialogue(connection, digest))
            if row is None:
                raise NotFound
            self._by_digest[digest] = DialogueMachine(Dialogue.model_validate_json(row.content))
        return self._by_digest[digest]

    async def published(self, dialogue_id: str) -> Sequence[PublishedDialogue]:
        """Every text this dialogue has had, the newest first."""
        if dialogue_id in self._published:
            return self._published[dialogue_id]
        rows = await self._database.read(lambda connection: published_texts(connection, dialogue_id))
        published = [PublishedDialogue(row.version, row.digest, row.published_at) for row in rows]
        if published:  # what is not there is not kept: a stranger can name any number of dialogues
            self._published[dialogue_id] = published
        return published

    async def text(self, dialogue_id: str, which: str | None = None) -> Dialogue:
        """One text of a dialogue, by version or content hash; else the one in use. Raises `NotFound`.

        Where a version was published with more than one text, it means the one in use, else the latest.
        """
        in_use = self.in_use.get(dialogue_id)
        if in_use is not None and which in (None, str(in_use.frame.version), in_use.digest):
            return in_use
        for row in await self.published(dialogue_id):
            if which in (str(row.version), row.digest):
                return (await self.of(row.digest)).dialogue
        raise NotFound
