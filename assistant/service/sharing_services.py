"""The services around shares, laid out over one database, one pepper and the threads that try codes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from assistant.service.broadcast import Broadcast
from assistant.service.choosing import Choosing
from assistant.service.invitations import Invitations
from assistant.service.prepare import Preparations
from assistant.service.readings import Readings
from assistant.service.share_ways import ShareWays
from assistant.service.shares import Shares
from assistant.storage.database import Database
from assistant.vault.pepper import Pepper
from assistant.vault.stretching import Stretching


@dataclass(frozen=True)
class SharingServices:
    """Inviting, choosing, sharing, and reading what is shared."""

    invitations: Invitations
    choosing: Choosing
    shares: Shares
    readings: Readings

    @classmethod
    def over(
        cls,
        database: Database,
        pepper: Pepper,
        making: Stretching,
        trying: Stretching,
        preparations: Preparations,
        clock: Callable[[], datetime],
        broadcast: Broadcast,
    ) -> "SharingServices":
        """The services over these, with threads for making codes and for trying them.

        What is sent ahead follows the meeting from now on.
        """
        ways = ShareWays(database, pepper, making, trying, clock)
        shares = Shares(database, pepper, ways, preparations, clock, broadcast)
        preparations.after_turn = shares.follow
        readings = Readings(database, pepper, ways, clock, broadcast)
        invitations = Invitations(database, pepper, clock)
        return cls(invitations, Choosing(database, clock, broadcast), shares, readings)

    async def sweep(self) -> None:
        """Delete invitations that are over, and end shares that are."""
        await self.invitations.sweep()
        await self.shares.sweep()
