"""The services on an empty database, and what a test of them needs."""

from dataclasses import dataclass

from assistant.engine.turn import Move, Reply
from assistant.meetings.notebook import Meeting
from assistant.service.broadcast import Broadcast
from assistant.service.dialogues import Dialogues
from assistant.service.notebook.sessions import Sessions, SignedInUser
from assistant.service.preparation.preparations import Preparations
from assistant.service.preparation.standing import Standing
from assistant.storage.database import Database
from support.clock import Clock


@dataclass
class House:
    """Everything a test of a service needs."""

    database: Database
    clock: Clock
    scripts: Dialogues
    visits: Sessions
    preparations: Preparations
    broadcast: Broadcast

    async def standing(self, who: SignedInUser, meeting: Meeting) -> Standing:
        return await self.preparations.standing(who, meeting.id)

    async def reply(
        self, who: SignedInUser, meeting: Meeting, move: Move, request: str, **given: str
    ) -> None:
        """Reply where one stands; `statement__new1` is `statement.new1`."""
        at = await self.standing(who, meeting)
        fields = {name.replace("__", "."): (text,) for name, text in given.items()}
        turn = Reply(at.conversation.turn, at.at, move, fields)
        await self.preparations.take_turn(who, meeting.id, turn, request)

    async def reach(self, who: SignedInUser, meeting: Meeting, state: str) -> None:
        """Skip to this question."""
        while (at := await self.standing(who, meeting)).at != state:
            await self.reply(who, meeting, "skip", f"skip {at.at}")
