"""Downloads: a notebook's data about one meeting, as files for its owner.

Read-only. No trace of a download is stored.
"""

import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.engine.conversation import OnDay
from assistant.engine.entries import Entry
from assistant.engine.journey import Journey, walk
from assistant.engine.machine import DialogueMachine
from assistant.errors import NotFound
from assistant.exports.calendar_entry import MadeAt, as_calendar, day_of
from assistant.exports.pdf import Size, job_of
from assistant.exports.pdf_worker import PdfWorker
from assistant.exports.plain_text import as_text
from assistant.exports.sheet import SummarySheet, card_of, lay_out
from assistant.languages import Catalogue
from assistant.meetings.summary import Summary, summarise
from assistant.service.dialogues import Dialogues
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.preparation.drafts import NotebookContents, read_all
from assistant.storage.database import Database
from assistant.value_class import value_class
from assistant.vault.pepper import Pepper
from assistant.vault.request_fingerprint import fingerprint
from assistant.zone import local_day, service_zone

if TYPE_CHECKING:
    from assistant.exports.json_export import ConversationExport

Contacts = Sequence[tuple[str, str]]
"""The numbers at the foot of a sheet, and who answers."""


@value_class
class ExportSource:
    """What there is to take, of one moment."""

    read: NotebookContents
    machine: DialogueMachine
    journey: Journey
    said: Summary

    @property
    def day(self) -> OnDay | None:
        """Return the day of the meeting, if given."""
        return day_of(self.journey)


class Exports:
    """Creates the files. Each method raises `NotFound` for an unknown meeting or entry."""

    def __init__(
        self, database: Database, pepper: Pepper, dialogues: Dialogues, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._pepper = pepper
        self._dialogues = dialogues
        self._clock = clock
        self.press = PdfWorker()

    async def look(self, visitor: SignedInUser, meeting_id: str) -> ExportSource:
        """Read the data to export."""
        return await self._taken(await self._database.read(lambda c: read_all(c, visitor.owner, meeting_id)))

    async def letters_lacking(self, taken: ExportSource, catalogue: Catalogue, *, with_private: bool) -> str:
        """Return some of the letters in the summary that no font has."""
        text = as_text(self._sheet(taken, catalogue, (), with_private))
        return await self.press.letters_lacking(text)

    async def scripts_lacking(self, text: str) -> list[str]:
        """Return the scripts of this text that have letters in no font, by their names in Unicode."""
        lacking = await self.press.letters_lacking(text)
        return sorted({_script(letter) for letter in lacking})

    async def pdf(
        self,
        visitor: SignedInUser,
        meeting_id: str,
        catalogue: Catalogue,
        contacts: Contacts,
        size: Size,
        *,
        with_private: bool,
    ) -> bytes:
        """Return the summary on A4. Raises `NotPrinted`."""
        taken = await self.look(visitor, meeting_id)
        return await self.press.printed(job_of(self._sheet(taken, catalogue, contacts, with_private), size))

    async def text(
        self,
        visitor: SignedInUser,
        meeting_id: str,
        catalogue: Catalogue,
        contacts: Contacts,
        *,
        with_private: bool,
    ) -> str:
        """Return the summary as plain text."""
        taken = await self.look(visitor, meeting_id)
        return as_text(self._sheet(taken, catalogue.plain, contacts, with_private))

    async def card(
        self, visitor: SignedInUser, meeting_id: str, catalogue: Catalogue, is_wanted: Callable[[Entry], bool]
    ) -> bytes:
        """Return the card with one entry of the summary. Raises `NotPrinted`."""
        taken = await self.look(visitor, meeting_id)
        shown = ((c.section, entry) for c in taken.said.chapters for entry in c.entries)
        found = [pair for pair in (*taken.said.first, *shown) if is_wanted(pair[1])]
        if not found:
            raise NotFound
        section, entry = found[0]
        return await self.press.printed(job_of(card_of(section.heading, entry, catalogue)))

    async def everything(self, visitor: SignedInUser, meeting_id: str, catalogue: Catalogue) -> str:
        """Return all data about the meeting, including notes, the look back and shares."""
        from assistant.exports.json_export import as_json, gather, when  # many models, wanted seldom
        from assistant.service.export.meeting_data import read_meeting_data

        now, owner, catalogue = self._clock(), visitor.owner, catalogue.plain
        found = await self._database.read(
            lambda c: read_meeting_data(
                c, owner, self._pepper, meeting_id, now, catalogue.say("share.somebody")
            )
        )
        taken = await self._taken(found.preparation)
        after = await self._taken(found.after) if found.after else None
        return as_json(
            gather(
                _had(taken, catalogue),
                when(found.preparation.meeting, taken.journey),
                catalogue,
                after=_had(after, catalogue) if after else None,
                agreements=found.agreements,
                invited=invited.said if (invited := found.preparation.meeting.invited) else None,
                guided=found.preparation.meeting.guided,
                sharing=found.sharing,
                shares=found.shares,
                made_at=now.astimezone(UTC),
                kept_until=found.preparation.notebook.kept_until,
            )
        )

    async def calendar(self, visitor: SignedInUser, meeting_id: str, catalogue: Catalogue) -> bytes:
        """Return the meeting as a calendar entry. Raises `NotFound` if no day was given. Its id is derived
        from the notebook's key: the same each time, and unrelated to anything in the database.
        """
        taken = await self.look(visitor, meeting_id)
        if taken.day is None:
            raise NotFound
        uid = fingerprint(visitor.owner.key, f"calendar {taken.read.meeting.id}".encode()).hex()[:32]
        return as_calendar(
            taken.day, catalogue.say("take.calendar_title"), uid, MadeAt(self._clock(), service_zone())
        )

    def close(self) -> None:
        """Stop the PDF worker."""
        self.press.close()

    async def _taken(self, read: NotebookContents) -> ExportSource:
        machine = await self._dialogues.of(read.conversation.dialogue)
        journey = walk(machine, read.conversation.answers, read.conversation.carried)
        return ExportSource(
            read, machine, journey, summarise(machine.dialogue, journey, read.written_for.unread)
        )

    def _sheet(
        self, taken: ExportSource, catalogue: Catalogue, contacts: Contacts, with_private: bool
    ) -> SummarySheet:
        today = local_day(self._clock())
        return lay_out(taken.said, catalogue, today, contacts, with_private=with_private)


def _had(taken: ExportSource, catalogue: Catalogue) -> "ConversationExport":
    from assistant.exports.json_export import as_had

    read = taken.read
    return as_had(
        taken.machine.dialogue,
        read.conversation,
        taken.journey,
        read.draft,
        catalogue,
        read.written_for.unread,
    )


def _script(letter: str) -> str:
    """Return the script of a letter, which its name in Unicode begins with."""
    if unicodedata.category(letter).startswith("S"):
        return "SYMBOLS"
    return unicodedata.name(letter, "UNNAMED").split()[0]
