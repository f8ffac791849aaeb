"""How long a professional waits for a shared summary: by code, by link, and each time it is shown again.

python -m tests.benchmarks.shares
"""

import asyncio
import secrets
import statistics
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from assistant.config import Settings, dialogues_folder
from assistant.dialogue.library import read_library
from assistant.engine.turn import Reply
from assistant.meetings.notebook import Meeting
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.preparation.preparations import Preparations
from assistant.service.services import Services
from assistant.service.staff.members import SignedInStaff, StaffMember
from assistant.service.stores import open_salt, open_stores
from assistant.vault.staff_keys import new_pair

TIMES = 30


def now() -> datetime:
    return datetime.now(UTC)


async def prepare(preparations: Preparations, who: SignedInUser, meeting: Meeting) -> None:
    """An ordinary summary: a few sentences to each question that takes own words."""
    for _ in range(200):
        at = await preparations.standing(who, meeting.id)
        if at.question is None:
            return
        words = at.question.asks == "statements"
        given = {f"statement.new{n}": ("Jeg vil ha færre folk på møtene. " * 3,) for n in (1, 2)}
        move = ("answer", given) if words else ("skip", {})
        reply = Reply(at.conversation.turn, at.at, *move)  # type: ignore[arg-type]
        await preparations.take_turn(who, meeting.id, reply, secrets.token_hex(16))


async def measure(what: str, act: Callable[[], Awaitable[object]]) -> None:
    taken = []
    for _ in range(TIMES):
        begun = perf_counter()
        await act()
        taken.append((perf_counter() - begun) * 1000)
    taken.sort()
    print(f"{what:32} median {statistics.median(taken):7.1f} ms   slowest {taken[-1]:7.1f} ms")


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        database, pepper = open_stores(settings.database_url, settings.keys)
        salt = open_salt(settings.keys, database)
        services = Services.build(database, pepper, salt, read_library(dialogues_folder()), now)
        await services.dialogues.publish(now())
        who, meeting = await services.sessions.begin("nb")
        await prepare(services.preparations, who, meeting)
        await services.choices.choose(who, meeting.id, {})
        looked_at = (await services.shares.now(who, meeting.id)).snapshot.digest
        await services.shares.share(who, meeting.id, "together", looked_at)
        share = (await services.shares.now(who, meeting.id)).open
        assert share is not None
        pair = new_pair()
        member = StaffMember("s", "Kari", frozenset({"professional"}), pair.public)
        until = now() + timedelta(hours=1)
        reader = SignedInStaff(member, pair.private, "x", "nb", until, until)
        readings, opening = services.openings, "0" * 32
        await readings.open(reader, share.link, opening)
        await measure("open by code", lambda: readings.open(reader, share.code, secrets.token_hex(16)))
        await measure("open by link", lambda: readings.open(reader, share.link, secrets.token_hex(16)))
        await measure("read what is open", lambda: readings.read(reader, opening))
        services.close()
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
