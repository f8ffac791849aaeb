"""People who share and people who read, on the services alone."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from assistant.config import Settings
from assistant.engine.turn import Reply
from assistant.meetings.may import Role
from assistant.meetings.notebook import Meeting
from assistant.meetings.share import Snapshot, Way
from assistant.service.choosing import Choosing
from assistant.service.readings import Readings
from assistant.service.share_ways import ShareWays
from assistant.service.shares import Shares
from assistant.service.sharing_now import OpenShare
from assistant.service.staff import SignedIn, StaffMember
from assistant.service.visits import Visitor
from assistant.vault.pepper import Pepper
from assistant.vault.staff_keys import new_pair
from assistant.vault.stretching import Stretching

from .conftest import House


@dataclass
class Sharers:
    """The services around shares, and ways of coming to them."""

    house: House
    choosing: Choosing
    shares: Shares
    readings: Readings

    @classmethod
    def of(cls, house: House, settings: Settings) -> "Sharers":
        pepper = Pepper.load_or_make(settings.keys)
        stretching = Stretching(b"0" * 32)
        ways = ShareWays(house.database, pepper, stretching, stretching, house.clock)
        choosing = Choosing(house.database, house.clock, house.broadcast)
        shares = Shares(house.database, pepper, ways, house.preparations, house.clock, house.broadcast)
        readings = Readings(house.database, pepper, ways, house.clock, house.broadcast)
        house.preparations.after_turn = shares.follow
        return cls(house, choosing, shares, readings)

    async def prepare(self, *wishes: str, on: str = "2026-12-01") -> tuple[Visitor, Meeting]:
        """Somebody who said what kind of meeting, the day, and these wishes."""
        who, meeting = await self.house.visits.begin("nb")
        await self.house.reply(who, meeting, "answer", "kind", option="care_team")
        await self.house.reply(who, meeting, "answer", "day", on=on)
        await self.house.reach(who, meeting, "wishes/wish")
        await self.wish(who, meeting, *wishes)
        return who, meeting

    async def wish(self, who: Visitor, meeting: Meeting, *wishes: str) -> None:
        """Say these wishes, whatever was said before."""
        at = await self.house.preparations.standing(who, meeting.id, "wishes/wish")
        given = {f"statement.new{number}": (text,) for number, text in enumerate(wishes, start=1)}
        reply = Reply(at.conversation.turn, "wishes/wish", "answer", given)
        await self.house.preparations.take_turn(who, meeting.id, reply, secrets.token_hex(16))

    async def move(self, who: Visitor, meeting: Meeting, on: str) -> None:
        """The meeting is on another day."""
        at = await self.house.preparations.standing(who, meeting.id, "meeting/day")
        reply = Reply(at.conversation.turn, "meeting/day", "answer", {"on": (on,)})
        await self.house.preparations.take_turn(who, meeting.id, reply, secrets.token_hex(16))

    async def share(
        self, who: Visitor, meeting: Meeting, way: Way = "together", readers: tuple[StaffMember, ...] = ()
    ) -> OpenShare:
        """Share everything."""
        await self.choosing.choose_for_all(who, meeting.id, "share")
        found = await self.shares.now(who, meeting.id)
        await self.shares.share(who, meeting.id, way, found.snapshot.print, readers)
        return await self.open_one(who, meeting)

    async def open_one(self, who: Visitor, meeting: Meeting) -> OpenShare:
        found = await self.shares.now(who, meeting.id)
        assert found.open is not None
        return found.open

    def professional(self, name: str = "Kari", *roles: Role) -> SignedIn:
        """A member of staff who has signed in."""
        pair, now = new_pair(), self.house.clock()
        member = StaffMember(secrets.token_hex(16), name, frozenset(roles or ("professional",)), pair.public)
        until = now + timedelta(hours=1)
        return SignedIn(member, pair.private, secrets.token_hex(16), "nb", until, until)


def words_in(snapshot: Snapshot) -> list[str]:
    """Every own word in a snapshot, wherever it stands."""
    entries = [first.entry for first in snapshot.first]
    entries += [entry for section in snapshot.sections for entry in section.entries]
    return [entry.said for entry in entries if isinstance(entry.said, str)]
