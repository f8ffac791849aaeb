"""What is acknowledged is kept: the server is killed under load, again and again, and nothing is lost.

`python -m tests.release_checks kills` does the same a thousand times, also on PostgreSQL.
"""

from pathlib import Path

import pytest
from support.effort import tries
from support.kills import kill_again_and_again
from support.server_process import Server

KILLS = tries(12)


@pytest.mark.slow
async def test_what_was_acknowledged_outlives_every_kill(server: Server, tmp_path: Path) -> None:
    outcome = await kill_again_and_again(server, tmp_path, KILLS)
    assert outcome.preparations > KILLS
    assert outcome.unanswered > KILLS, "the kills came when nobody was writing"
