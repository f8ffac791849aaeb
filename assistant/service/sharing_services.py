"""The services around shares, laid out over one database, one pepper and the threads that try codes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from assistant.exports.press import Press
from assistant.service.broadcast import Broadcast
from assistant.service.choosing import Choosing
from assistant.service.invitations import Invitations
from assistant.service.prepare import Preparations
from assistant.service.readings import Readings
from assistant.service.records import Records
from assistant.service.reviews import Reviews
from assistant.service.share_ways import ShareWays
from assistant.service.shares import Shares
from assistant.storage.database import Database
from assistant.vault.pepper import Pepper
from assistant.vault.stretching import Stretching


@dataclass(frozen=True)
class SharingServices:
    """Inviting, choosing, sharing, reading what is shared, and going through it together."""

    invitations: Invitations
    choosing: Choosing
    shares: Shares
    readings: Readings
    reviews: Reviews
    records: Records

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
        press: Press,
    ) -> "SharingServices":
        """The services over these, with threads for making codes and for trying them.

        What is sent ahead follows the meeting from now on.
        """
        ways = ShareWays(database, pepper, making, trying, clock)
        shares = Shares(database, pepper, ways, preparations, clock, broadcast)
        preparations.after_turn = shares.follow
        readings = Readings(database, pepper, ways, clock, broadcast)
        reviews = Reviews(database, pepper, readings, clock, broadcast)
        records = Records(database, pepper, reviews, press, clock, broadcast)
        invitations = Invitations(database, pepper, clock)
        choosing = Choosing(database, clock, broadcast)
        return cls(invitations, choosing, shares, readings, reviews, records)

    async def sweep(self) -> Mapping[str, int]:
        """Delete invitations that are over, and end shares that are; how many."""
        return {"invitations": await self.invitations.sweep(), "shares": await self.shares.sweep()}
