"""Wait for what nothing announces."""

import asyncio
from collections.abc import Callable

PATIENCE = 30
"""Seconds, on a machine that does much else."""


async def until(holds: Callable[[], bool]) -> None:
    """Wait until it holds."""
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 -- what runs beside the requests tells nobody
            await asyncio.sleep(0.01)
