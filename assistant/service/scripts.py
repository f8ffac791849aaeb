"""The dialogues in use: the ones a new conversation begins with, and every text an older one was asked."""

from collections.abc import Mapping
from datetime import datetime

from assistant.dialogue.model import Dialogue
from assistant.engine.machine import DialogueMachine
from assistant.errors import NotFound
from assistant.storage.database import Database
from assistant.storage.dialogues import StoredDialogue, find_dialogue, publish_dialogue

BEFORE_MEETING = "before_meeting"


class Scripts:
    """Machines by the content hash of their dialogue; one each, for everybody."""

    def __init__(self, database: Database, current: Mapping[str, Dialogue]) -> None:
        self._database = database
        self._written = current
        self._current = {name: DialogueMachine(dialogue) for name, dialogue in current.items()}
        self._by_digest = {machine.dialogue.digest: machine for machine in self._current.values()}

    async def publish(self, now: datetime) -> None:
        """Keep the exact text of every dialogue in use, so that what was asked can always be shown."""
        rows = [
            StoredDialogue(
                dialogue.digest, dialogue.frame.id, dialogue.frame.version, dialogue.model_dump_json(), now
            )
            for dialogue in self._written.values()
        ]
        await self._database.write(lambda connection: [publish_dialogue(connection, row) for row in rows])

    async def look(self) -> None:
        """See that the database answers, by looking for a dialogue. Raises `NotSaved`."""
        digest = next(iter(self._by_digest))
        await self._database.read(lambda connection: find_dialogue(connection, digest))

    @property
    def before_meeting(self) -> DialogueMachine:
        """The one a new preparation begins with."""
        return self._current[BEFORE_MEETING]

    async def of(self, digest: str) -> DialogueMachine:
        """The machine of exactly this text, today's or an older one."""
        if digest not in self._by_digest:
            row = await self._database.read(lambda connection: find_dialogue(connection, digest))
            if row is None:
                raise NotFound
            self._by_digest[digest] = DialogueMachine(Dialogue.model_validate_json(row.content))
        return self._by_digest[digest]
