"""All services, built once over one database and one set of keys."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime

from assistant.config import Unit
from assistant.dialogue.model import Dialogue
from assistant.retention import RELEASED, Retention
from assistant.service.broadcast import Broadcast
from assistant.service.dialogues import Dialogues
from assistant.service.export.files import Exports
from assistant.service.form_drafts import FormDrafts
from assistant.service.guided.services import GuidedServices
from assistant.service.insight import Insight
from assistant.service.notebook.access import NotebookAccess
from assistant.service.notebook.loan_tablets import LoanTablets
from assistant.service.notebook.notebooks import Notebooks
from assistant.service.notebook.sessions import Sessions
from assistant.service.preparation.preparations import Preparations
from assistant.service.review.medical_record import MedicalRecords
from assistant.service.review.outcomes import Outcomes
from assistant.service.review.reviews import Reviews
from assistant.service.shared_limits import SharedLimits
from assistant.service.sharing.choices import SharingChoicesService
from assistant.service.sharing.invitations import Invitations
from assistant.service.sharing.links_and_codes import ShareLinksAndCodes
from assistant.service.sharing.openings import Openings
from assistant.service.sharing.shares import Shares
from assistant.service.staff.services import FULL_COST, StaffServices, StretchingCost
from assistant.storage.database import Database
from assistant.value_class import value_class
from assistant.vault.pepper import Pepper, relay_key


@value_class
class Services:
    """Every service of the application."""

    dialogues: Dialogues
    sessions: Sessions
    access: NotebookAccess
    notebooks: Notebooks
    loan_tablets: LoanTablets
    preparations: Preparations
    look_backs: Preparations
    invitations: Invitations
    guided: GuidedServices
    choices: SharingChoicesService
    shares: Shares
    openings: Openings
    reviews: Reviews
    medical_records: MedicalRecords
    outcomes: Outcomes
    exports: Exports
    form_drafts: FormDrafts
    staff: StaffServices
    broadcast: Broadcast
    shared_limits: SharedLimits
    insight: Insight
    sole_holder: Callable[[str], AbstractAsyncContextManager[bool]]
    """Gives whether no other process on this database does this now."""

    @classmethod
    def build(
        cls,
        database: Database,
        pepper: Pepper,
        salt: bytes,
        dialogues_in_use: Mapping[str, Dialogue],
        clock: Callable[[], datetime],
        *,
        cost: StretchingCost = FULL_COST,
        retention: Retention = RELEASED,
        units: tuple[Unit, ...] = (),
        insight: bool = False,
    ) -> "Services":
        """Build all services. Only tests stretch secrets at a lower cost."""
        broadcast, dialogues = Broadcast(relay_key(pepper)), Dialogues(database, dialogues_in_use)
        sessions = Sessions(database, pepper, dialogues, clock, broadcast, retention)
        access = NotebookAccess(database, pepper, salt, sessions, clock, broadcast, cost)
        staff = StaffServices.over(database, pepper, clock, cost, broadcast, retention)
        exports = Exports(database, pepper, dialogues, clock)
        links_and_codes = ShareLinksAndCodes(database, pepper, access.making, staff.stretching, clock)
        guided = GuidedServices.over(database, pepper, dialogues, clock, broadcast, units)
        # shares only read summaries; a turn in a shared preparation then updates its share
        summaries = Preparations(database, dialogues, clock, broadcast)
        figures = Insight(database, pepper, is_on=insight)
        shares = Shares(database, pepper, links_and_codes, summaries, clock, broadcast, figures)
        openings = Openings(database, pepper, links_and_codes, clock, broadcast)
        reviews = Reviews(database, pepper, openings, clock, broadcast, figures)
        return cls(
            dialogues=dialogues,
            sessions=sessions,
            access=access,
            notebooks=Notebooks(database, dialogues, clock, broadcast),
            loan_tablets=LoanTablets(database, clock, broadcast, sessions),
            preparations=Preparations(
                database, dialogues, clock, broadcast, after_turn=shares.follow, seats=guided.seats
            ),
            look_backs=Preparations(database, dialogues, clock, broadcast, after=True),
            invitations=Invitations(database, pepper, clock, retention),
            guided=guided,
            choices=SharingChoicesService(database, clock, broadcast),
            shares=shares,
            openings=openings,
            reviews=reviews,
            medical_records=MedicalRecords(database, pepper, reviews, exports.press, clock, broadcast),
            outcomes=Outcomes(reviews, exports.press, clock),
            exports=exports,
            form_drafts=FormDrafts(database, clock, retention),
            staff=staff,
            broadcast=broadcast,
            shared_limits=SharedLimits(database, pepper),
            insight=figures,
            sole_holder=database.sole_holder,
        )

    async def sweep(self, now: datetime) -> Mapping[str, int]:
        """Delete everything whose time is over by this time; return how many of each.

        The time is the one that the clock guard looked at. A clock read again could have jumped since.
        """
        return {
            **await self.sessions.sweep(now),
            **await self.staff.sweep(now),
            "guided_sessions": await self.guided.sessions.sweep(now),
            "invitations": await self.invitations.sweep(now),
            "shares": await self.shares.sweep(now),
            **await self.form_drafts.sweep(now),
            "insight_quarters": await self.insight.sweep(now),
            "rate_levels": await self.shared_limits.sweep(),
        }

    def close(self) -> None:
        """Stop the threads and processes of the services."""
        self.access.close()
        self.staff.close()
        self.exports.close()
