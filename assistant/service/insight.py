"""The service's figures: counts what users chose to have counted, and publishes a quarter when it is over.

While figures are on, every share rewrites its notebook, and every share and every act in a review rewrites
the sealed tally, whether or not it adds anything. So the database, its log and its backups do not tell who
chose to be counted, or when a wish was answered.
"""

from collections.abc import Sequence
from datetime import datetime

from pydantic_core import to_json

from assistant.errors import SealBroken
from assistant.meetings.insight import KEPT_FOR, UNCOUNTED, Figures, Tally, newly_answered, quarter_of
from assistant.meetings.review.review import Review
from assistant.service.documents import (
    Owner,
    SealedDocument,
    read_back,
    read_notebook,
    seal_documents,
    write_sealed,
)
from assistant.storage.database import Connection, Database
from assistant.storage.insight import (
    add_quarter,
    delete_quarters,
    delete_tally,
    has_tally,
    lock_tally,
    quarters,
    write_tally,
)
from assistant.value_class import value_class
from assistant.vault.insight_keys import seal_tally, unseal_tally
from assistant.vault.pepper import Pepper
from assistant.zone import local_day


@value_class
class CountedShare:
    """How a share is counted."""

    sealed: Sequence[SealedDocument] = ()
    """The notebook, which remembers in which quarter it was counted last."""
    counted_in: str = ""
    """What the review remembers: the quarter, if its answers are counted."""
    shared: int = 0
    """What the share adds: 0 or 1."""


class Insight:
    """Counting, and the figures. If figures are off, nothing is written."""

    def __init__(self, database: Database, pepper: Pepper, *, is_on: bool) -> None:
        self._database = database
        self._pepper = pepper
        self.is_on = is_on

    async def prepare(self, owner: Owner, is_wanted: bool, now: datetime) -> CountedShare:
        """Return how a share is counted: once a quarter for each notebook, and only if its owner wants it."""
        if not self.is_on:
            return CountedShare()
        notebook, revision = await self._database.read(lambda c: read_notebook(c, owner))
        quarter, before = quarter_of(local_day(now)), notebook.counted_in or UNCOUNTED
        is_counted = is_wanted and before != quarter
        after = notebook.model_copy(update={"counted_in": quarter if is_counted else before})
        sealed = seal_documents(owner, after, revision, {})
        return CountedShare(sealed, quarter if is_counted else UNCOUNTED, int(is_counted))

    def add_share(self, connection: Connection, owner: Owner, now: datetime, share: CountedShare) -> None:
        """Count a share, in its own transaction and as the last thing there. Raises `RevisionConflict` if
        the notebook was written meanwhile.
        """
        if self.is_on:
            write_sealed(connection, owner, share.sealed)
            self._add(connection, now, shared=share.shared)

    def add_answers(self, connection: Connection, now: datetime, before: Review, after: Review) -> None:
        """Count the wishes that an act in a review answered, in its own transaction and as the last thing."""
        if self.is_on:
            answered, answered_in = newly_answered(before, after, quarter_of(local_day(now)))
            self._add(connection, now, answered=answered, answered_in=answered_in)

    async def figures(self) -> Sequence[Figures]:
        """Return the figures of the quarters that are over, newest first."""
        return await self._database.read(_figures)

    async def sweep(self, now: datetime) -> int:
        """Close a quarter that is over, and delete old figures; all of them if figures are off. Return how
        many were deleted.
        """
        before = quarter_of(local_day(now - KEPT_FOR))

        def write(connection: Connection) -> int:
            if not self.is_on:
                return delete_tally(connection) + delete_quarters(connection)
            if has_tally(connection):
                tally = self._tally(connection, now)
                write_tally(connection, self._sealed(tally))
            return delete_quarters(connection, before)

        return await self._database.write(write)

    def _add(
        self, connection: Connection, now: datetime, shared: int = 0, answered: int = 0, answered_in: int = 0
    ) -> None:
        tally = self._tally(connection, now).plus(shared, answered, answered_in)
        write_tally(connection, self._sealed(tally))

    def _tally(self, connection: Connection, now: datetime) -> Tally:
        """Return the tally of this quarter, locked. A quarter before it is published and forgotten."""
        quarter, found = quarter_of(local_day(now)), self._opened(lock_tally(connection))
        if found is not None and found.quarter >= quarter:
            return found  # a clock that was set back does not begin a quarter again
        if found is not None and found.figures is not None:
            add_quarter(connection, *found.figures)
        return Tally(quarter=quarter)

    def _opened(self, sealed: bytes) -> Tally | None:
        if not sealed:
            return None
        try:
            return read_back(Tally, unseal_tally(self._pepper, sealed))
        except SealBroken:
            return None  # a lost figure must not stop a user from sharing

    def _sealed(self, tally: Tally) -> bytes:
        return seal_tally(self._pepper, to_json(tally))


async def figures_in(database_url: str) -> Sequence[Figures]:
    """Return the figures in this database, for a command. Raises `CannotStart`."""
    database = Database.open(database_url, upgrade=False)
    try:
        return await database.read(_figures)
    finally:
        await database.close()


def _figures(connection: Connection) -> Sequence[Figures]:
    return [Figures(*row) for row in quarters(connection)]
