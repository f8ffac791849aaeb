"""Real databases of earlier versions: what was written then is opened, shown and gone on with now.

Each folder is a data folder as that day's program left it, with the private link into its one notebook. A
folder is never made again by a newer program: when a format changes, one more is laid beside them.
"""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from support.clock import Clock
from support.quick import our_texts

from assistant.config import Settings
from assistant.engine.turn import Reply
from assistant.meetings.notebook import Meeting
from assistant.service.broadcast import Broadcast
from assistant.service.dialogues import BEFORE_MEETING, Dialogues
from assistant.service.notebook.sessions import Sessions, SignedInUser
from assistant.service.preparation.preparations import Preparations
from assistant.service.stores import open_stores

HISTORIES = sorted(path for path in Path(__file__).parent.iterdir() if (path / "words.db").is_file())
SAID = (
    "Å få sove.\n\nOg ro om morgenen 🙂",
    "At vi snakker om medisinen.",
    "At dere hører på meg.",
    "Hva skjer etterpå?",
)


class Opened:
    """An old notebook, opened by its link with today's program."""

    def __init__(
        self, preparations: Preparations, visits: Sessions, who: SignedInUser, meeting: Meeting
    ) -> None:
        self.preparations, self.visits, self.who, self.meeting = preparations, visits, who, meeting

    async def own_words(self) -> list[str]:
        _, summary = await self.preparations.summary(self.who, self.meeting.id)
        entries = [entry for chapter in summary.chapters for entry in chapter.entries]
        return [entry.said for entry in entries if isinstance(entry.said, str)]


@pytest_asyncio.fixture(params=HISTORIES, ids=lambda path: path.name)
async def opened(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> AsyncIterator[Opened]:
    data = tmp_path / "data"
    shutil.copytree(request.param, data)
    (data / "keys" / "pepper").chmod(0o400)
    settings = Settings(data=data)
    database, pepper = open_stores(settings.database_url, settings.keys)
    scripts, broadcast = Dialogues(database, our_texts().dialogues), Broadcast()
    await scripts.publish(clock())
    visits = Sessions(database, pepper, scripts, clock, broadcast)
    who, notebook = await visits.come_back((data / "link").read_text(), "nb")
    yield Opened(Preparations(database, scripts, clock, broadcast), visits, who, notebook.meetings[0])
    await database.close()


async def test_every_word_is_there_and_the_person_stands_where_they_stood(opened: Opened) -> None:
    standing = await opened.preparations.standing(opened.who, opened.meeting.id)
    assert standing.at == "topics/which"
    assert standing.filled == {"statement.new1": ("Katten min, kanskje",)}
    assert await opened.own_words() == list(SAID)


async def test_it_goes_on_with_the_text_it_began_with(opened: Opened) -> None:
    before = await opened.preparations.standing(opened.who, opened.meeting.id)
    topic = Reply(before.conversation.turn, before.at, "answer", {"statement.new1": ("Katten min",)})
    await opened.preparations.take_turn(opened.who, opened.meeting.id, topic, "a request")
    after = await opened.preparations.standing(opened.who, opened.meeting.id)
    assert after.conversation.turn == before.conversation.turn + 1
    assert after.dialogue.digest == before.dialogue.digest
    assert after.at.startswith("topic/")
    assert [word for word in await opened.own_words() if word in SAID] == list(SAID)


async def test_a_meeting_from_before_there_were_several_dialogues_is_for_treatment(opened: Opened) -> None:
    assert opened.meeting.dialogue == BEFORE_MEETING
    assert opened.meeting.is_for_treatment
    assert opened.meeting.guided is None
