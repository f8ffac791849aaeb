"""The services around shares, laid out over one database, one pepper and the threads that try codes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from assistant.exports.pdf_worker import PdfWorker
from assistant.service.broadcast import Broadcast
from assistant.service.preparation.preparations import Preparations
from assistant.service.review.medical_record import MedicalRecords
from assistant.service.review.reviews import Reviews
from assistant.service.sharing.choices import SharingChoicesService
from assistant.service.sharing.invitations import Invitations
from assistant.service.sharing.links_and_codes import ShareLinksAndCodes
from assistant.service.sharing.openings import Openings
from assistant.service.sharing.shares import Shares
from assistant.storage.database import Database
from assistant.vault.key_stretching import Stretching
from assistant.vault.pepper import Pepper


@dataclass(frozen=True)
class SharingServices:
    """Inviting, choosing, sharing, reading what is shared, and going through it together."""

    invitations: Invitations
    choosing: SharingChoicesService
    shares: Shares
    readings: Openings
    reviews: Reviews
    records: MedicalRecords

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
        press: PdfWorker,
    ) -> "SharingServices":
        """The services over these, with threads for making codes and for trying them.

        What is sent ahead follows the meeting from now on.
        """
        ways = ShareLinksAndCodes(database, pepper, making, trying, clock)
        shares = Shares(database, pepper, ways, preparations, clock, broadcast)
        preparations.after_turn = shares.follow
        readings = Openings(database, pepper, ways, clock, broadcast)
        reviews = Reviews(database, pepper, readings, clock, broadcast)
        records = MedicalRecords(database, pepper, reviews, press, clock, broadcast)
        invitations = Invitations(database, pepper, clock)
        choosing = SharingChoicesService(database, clock, broadcast)
        return cls(invitations, choosing, shares, readings, reviews, records)

    async def sweep(self) -> Mapping[str, int]:
        """Delete invitations that are over, and end shares that are; how many."""
        return {"invitations": await self.invitations.sweep(), "shares": await self.shares.sweep()}
