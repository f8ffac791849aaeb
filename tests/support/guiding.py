"""Peer workers who lead guided sessions, and the people in them, on the services alone."""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from assistant.config import Settings
from assistant.engine.turn import Reply
from assistant.meetings.guided.room import Form
from assistant.meetings.notebook import Meeting
from assistant.meetings.permissions import Role
from assistant.service.guided.services import GuidedServices
from assistant.service.guided.views import LedSession, OpeningWish
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.preparation.preparations import Preparations
from assistant.service.staff.members import SignedInStaff, StaffMember
from assistant.storage.staff import StoredStaff, add_staff, change_disabled
from assistant.vault.pepper import Pepper
from assistant.vault.staff_keys import new_pair
from support.house import House


@dataclass
class Participant:
    """A user in a session."""

    who: SignedInUser
    meeting: Meeting


@dataclass
class Guiding:
    """The services of guided sessions, and ways of coming to them."""

    house: House
    guided: GuidedServices

    @classmethod
    def of(cls, house: House, settings: Settings) -> "Guiding":
        pepper = Pepper.load_or_make(settings.keys)
        guided = GuidedServices.over(house.database, pepper, house.scripts, house.clock, house.broadcast)
        house.preparations = Preparations(
            house.database, house.scripts, house.clock, house.broadcast, seats=guided.seats
        )
        return cls(house, guided)

    async def peer_worker(self, name: str = "Peder", *roles: Role) -> SignedInStaff:
        """A peer worker who has signed in."""
        pair, now = new_pair(), self.house.clock()
        given = frozenset(roles or ("peer_worker",))
        member = StaffMember(secrets.token_hex(16), name, given, pair.public)
        row = StoredStaff(member.id, name, name.lower(), frozenset(map(str, given)), pair.public, now)
        await self.house.database.write(lambda c: add_staff(c, row))
        until = now + timedelta(hours=9)
        return SignedInStaff(member, pair.private, secrets.token_hex(16), "nb", until, until)

    async def disable(self, who: SignedInStaff) -> None:
        """The account is disabled."""
        now = self.house.clock()
        await self.house.database.write(lambda c: change_disabled(c, who.member.id, now))

    async def open(self, who: SignedInStaff, form: Form = "group", minutes: int = 60) -> str:
        """Open a session and return its id."""
        wish = OpeningWish(form, "peer_session", "nb", minutes, "Velkommen", "erfaringskonsulent")
        return await self.guided.sessions.open(who, wish, secrets.token_hex(16))

    async def lead(self, who: SignedInStaff, session_id: str) -> LedSession:
        return await self.guided.sessions.lead(who, session_id)

    async def newcomer(self) -> Participant:
        """Somebody with a notebook of their own."""
        who, meeting = await self.house.visits.begin("nb")
        return Participant(await self.remembered(who), meeting)

    async def remembered(self, who: SignedInUser) -> SignedInUser:
        """The same user, as another request of their browser."""
        return replace(who, owner=replace(who.owner, unsealed={}))

    async def join(self, code: str, request: str = "", somebody: Participant | None = None) -> Participant:
        """Join by the code."""
        somebody = somebody or await self.newcomer()
        opened = await self.guided.joining.look(code)
        await self.guided.joining.join(
            somebody.who, somebody.meeting.id, opened, request or secrets.token_hex(16)
        )
        return somebody

    async def wish(self, one: Participant, **wishes: str) -> list[str]:
        """Say these wishes, by id or as new ones; return the ids."""
        at = await self.house.preparations.standing(one.who, one.meeting.id, "wishes/wish")
        given = {f"statement.{id_}": (text,) for id_, text in wishes.items()}
        reply = Reply(at.conversation.turn, "wishes/wish", "answer", given)
        await self.house.preparations.take_turn(one.who, one.meeting.id, reply, secrets.token_hex(16))
        seat = await self.house.preparations.standing(one.who, one.meeting.id, "wishes/wish")
        answer = seat.journey.answers["wishes/wish"]
        return [statement.id for statement in getattr(answer, "statements", ())]
