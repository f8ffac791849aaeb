"""kill -9 of the server while ten people write: nothing acknowledged is lost, and nothing is doubled."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from support.kills import kill_again_and_again
from support.postgres import find_programs, running
from support.server_process import Server


async def kills(times: int, minutes: float, *, postgresql: bool = False) -> str:
    """Kill it so many times, or for so long; every assertion on the way is a promise."""
    with ExitStack() as stack:
        folder, address = Path(stack.enter_context(tempfile.TemporaryDirectory())), ""
        if postgresql:
            programs = find_programs()
            assert programs is not None, "PostgreSQL is not installed"
            address = stack.enter_context(running(programs)).make("killed")
        server = Server(folder, address)
        stack.callback(server.kill)
        outcome = await kill_again_and_again(server, folder, times, minutes)
    where = "PostgreSQL" if postgresql else "SQLite"
    return (
        f"{outcome.kills} kills on {where} during {outcome.preparations} preparations: "
        f"of {outcome.acknowledged} acknowledged replies 0 lost; "
        f"of {outcome.unanswered} cut off and sent again 0 doubled"
    )
