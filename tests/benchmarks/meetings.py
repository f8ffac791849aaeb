"""What a page of a meeting costs with 100 meetings in the notebook, each looked back on, against one.

    python -m tests.benchmarks.meetings

CPU time of this process for a page in the middle of the conversation, asked of the application itself. Both
notebooks are asked in turn, so that a busy machine slows both.
"""

import asyncio
import tempfile
import time
from pathlib import Path
from statistics import median

from aiohttp.test_utils import TestClient, TestServer

from assistant.config import Settings
from assistant.engine.turn import Reply
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.services import Services
from assistant.web.app import make_app
from assistant.web.http.context import CONTEXT

FEW, MANY = 1, 100
ROUNDS, PAGES, ANSWERS = 7, 40, 6


async def notebook(services: Services, meetings: int) -> tuple[SignedInUser, str]:
    """A notebook with so many meetings, and the last of them with a few answers."""
    who, meeting = await services.sessions.begin("nb")
    for number in range(meetings - 1):
        await services.notebooks.begin_after(who, meeting.id)
        meeting = await services.notebooks.begin_another(who, f"another {number}")
    await services.preparations.way_back_shown(who)
    for number in range(ANSWERS):
        at = await services.preparations.standing(who, meeting.id)
        reply = Reply(at.conversation.turn, at.at, "skip")
        await services.preparations.take_turn(who, meeting.id, reply, f"{number:032}")
    return who, meeting.id


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Settings(data=Path(folder)))
        async with TestClient(TestServer(app)) as client:
            books = {many: await notebook(app[CONTEXT].services, many) for many in (FEW, MANY)}
            took: dict[int, list[float]] = {FEW: [], MANY: []}
            for number in range(ROUNDS + 1):
                for many, (who, meeting) in books.items():
                    began = time.process_time()
                    for _ in range(PAGES):
                        page = await client.get(f"/meetings/{meeting}", cookies={"s": who.secret})
                        assert 'id="reply"' in await page.text()
                    if number:
                        took[many].append((time.process_time() - began) / PAGES * 1000)
    for many, times in took.items():
        print(f"{many:>4} meetings  {median(times):6.2f} ms CPU a page, with the client's part")
    ratios = [many / few for few, many in zip(took[FEW], took[MANY], strict=True)]
    print(f"ratio {median(ratios):.2f}")


if __name__ == "__main__":
    asyncio.run(main())
