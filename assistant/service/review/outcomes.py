"""What came of a review, as a page and a PDF for the user alone. No trace of taking it along is stored."""

from collections.abc import Callable
from datetime import datetime

from assistant.errors import NotFound
from assistant.exports.pdf import job_of
from assistant.exports.pdf_worker import PdfWorker
from assistant.exports.review.outcome import OutcomeSheet, has_outcome, lay_out_outcome
from assistant.languages import Catalogue
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.review.reviews import Reviews
from assistant.zone import local_day


class Outcomes:
    """Lays out what came of a review, during the share and after it."""

    def __init__(self, reviews: Reviews, press: PdfWorker, clock: Callable[[], datetime]) -> None:
        self._reviews = reviews
        self._press = press
        self._clock = clock

    async def newest(self, visitor: SignedInUser, meeting_id: str) -> str | None:
        """Return the id of the newest review of a meeting that something came of."""
        had = await self._reviews.had(visitor, meeting_id)
        return next((one.id for one in reversed(had) if has_outcome(one.review)), None)

    async def sheet(
        self,
        visitor: SignedInUser,
        meeting_id: str,
        review_id: str,
        catalogue: Catalogue,
        operator: str | None,
    ) -> OutcomeSheet | None:
        """Return the sheet; None if nothing was said yet. Raises `NotFound` for another's review."""
        now = await self._reviews.of_owner(visitor, meeting_id, review_id)
        return lay_out_outcome(now.review, catalogue, today=local_day(self._clock()), service=operator)

    async def pdf(
        self,
        visitor: SignedInUser,
        meeting_id: str,
        review_id: str,
        catalogue: Catalogue,
        operator: str | None,
    ) -> bytes:
        """Return the sheet on A4. Raises `NotPrinted`, and `NotFound` also if nothing was said yet."""
        sheet = await self.sheet(visitor, meeting_id, review_id, catalogue, operator)
        if sheet is None:
            raise NotFound
        return await self._press.printed(job_of(sheet))
