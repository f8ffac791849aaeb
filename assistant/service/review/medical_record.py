"""The text for the professional's record: prepared deliberately, seen by the user, then exported."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from assistant.errors import NotFound, NotMetYet, RevisionConflict
from assistant.exports.pdf import job_of
from assistant.exports.pdf_worker import PdfWorker
from assistant.exports.review.layout import lay_out_review
from assistant.exports.review.plain_text import as_record_lines
from assistant.exports.review.sheet import ReviewSheet
from assistant.languages import Catalogue, Language
from assistant.meetings.review.acts import PrepareRecord
from assistant.meetings.review.review import Extent, RecordText
from assistant.service.broadcast import Broadcast
from assistant.service.notebook.changes import until_unhindered
from assistant.service.review.reviews import Reviews, ReviewView, wrap_of
from assistant.service.sharing.audit_trail import record as record_act
from assistant.service.staff.members import SignedInStaff
from assistant.storage.database import Connection, Database
from assistant.storage.reviews import revision_of_review
from assistant.storage.row_locks import lock_share
from assistant.vault.pepper import Pepper
from assistant.zone import local_day

Books = Mapping[Language, Catalogue]


class MedicalRecords:
    """Exports of a review to the professional's record. Nothing is exported automatically."""

    def __init__(
        self,
        database: Database,
        pepper: Pepper,
        reviews: Reviews,
        press: PdfWorker,
        clock: Callable[[], datetime],
        broadcast: Broadcast,
    ) -> None:
        self._database = database
        self._pepper = pepper
        self._reviews = reviews
        self._press = press
        self._clock = clock
        self._broadcast = broadcast

    async def prepare(
        self,
        who: SignedInStaff,
        opening: str,
        request: str,
        catalogue: Catalogue,
        operator: str | None,
        *,
        extent: Extent = "short",
    ) -> None:
        """Prepare the exact text, which the user must see before it is exported. Repeating the request
        creates no second text. Raises what `Reviews.act_as_reader` raises.
        """
        now = await self._of(who, opening)
        assert now.snapshot is not None, "staff have only what is shared"
        sheet = _sheet(now, catalogue.plain, self._clock(), operator, extent)
        on = now.opened.review.print_for_record(now.snapshot)
        lines = as_record_lines(sheet)
        act = PrepareRecord(request, lines.text, catalogue.language, on, extent, lines.kinds)
        await self._reviews.act_as_reader(who, opening, act)

    async def letters_lacking(self, text: str) -> str:
        """Return some of the letters in this text that no font has."""
        return await self._press.letters_lacking(text)

    async def pdf(self, who: SignedInStaff, opening: str, catalogues: Books, operator: str | None) -> bytes:
        """Return the seen text on A4. Raises `NotPrinted`, and as `taken` does."""
        now, record = await self.taken(who, opening, "pdf")
        return await self._press.printed(job_of(_sheet_of(now, record, catalogues, operator)))

    async def fhir(self, who: SignedInStaff, opening: str, catalogues: Books, operator: str | None) -> str:
        """Return the seen text as a FHIR document. Raises as `taken` does."""
        from assistant.exports.fhir.document import as_fhir, as_fhir_json  # wanted seldom

        now, record = await self.taken(who, opening, "fhir")
        plain = {language: catalogue.plain for language, catalogue in catalogues.items()}
        sheet = _sheet_of(now, record, plain, operator)
        bundle = as_fhir(
            sheet, document=uuid5(NAMESPACE_OID, record.id), at=record.prepared.at, operator=operator
        )
        return as_fhir_json(bundle)

    async def taken(self, who: SignedInStaff, opening: str, as_what: str) -> tuple[ReviewView, RecordText]:
        """Return the review whose record text is taken as a file, and write that to the audit trail first.

        Raises `NotFound` if the user has not seen the text or the review changed since, and `NotMetYet`.
        """

        async def attempt() -> tuple[ReviewView, RecordText]:
            now = await self._of(who, opening)
            if not now.has_met:
                raise NotMetYet
            record = now.review.record
            if record is None or not now.review.may_be_taken(record, now.snapshot):
                raise NotFound
            at = self._clock()

            def write(connection: Connection) -> None:
                lock_share(connection, now.share.id)
                wrap_of(connection, now.share.id)
                if revision_of_review(connection, now.share.id) != now.revision:
                    raise RevisionConflict("something was said in between")
                took = f"took_{as_what}"
                record_act(connection, self._pepper, now.share.id, took, at, staff_id=who.member.id)

            await self._database.write(write)
            return now, record

        now, record = await until_unhindered(attempt)
        self._broadcast.tell_changed(now.share.id)
        return now, record

    async def _of(self, who: SignedInStaff, opening: str) -> ReviewView:
        now = await self._reviews.of_reader(who, opening, "copy")
        if now is None:
            raise NotFound
        return now


def _sheet_of(now: ReviewView, record: RecordText, catalogues: Books, operator: str | None) -> ReviewSheet:
    catalogue = next(
        (catalogue for language, catalogue in catalogues.items() if language == record.language), None
    )
    if catalogue is None:  # the language is no longer offered
        raise NotFound
    return _sheet(now, catalogue, record.prepared.at, operator, record.extent)


def _sheet(
    now: ReviewView, catalogue: Catalogue, at: datetime, operator: str | None, extent: Extent
) -> ReviewSheet:
    assert now.snapshot is not None, "staff have only what is shared"
    on = local_day(at)
    return lay_out_review(now.review, now.snapshot, catalogue, on=on, service=operator, extent=extent)
