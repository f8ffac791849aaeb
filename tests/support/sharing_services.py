"""People who share and people who read, on the services alone."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.config import Settings
from assistant.engine.turn import Reply
from assistant.exports.pdf_worker import PdfWorker
from assistant.meetings.notebook import Meeting
from assistant.meetings.permissions import Role
from assistant.meetings.review.acts import Act, Confirm, Meet, PrepareRecord, Propose, SeeRecord
from assistant.meetings.review.agreement import Who
from assistant.meetings.review.snapshot_changes import entries_shared
from assistant.meetings.share import Snapshot, Way
from assistant.service.insight import Insight
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.preparation.preparations import Preparations
from assistant.service.review.medical_record import MedicalRecords
from assistant.service.review.reviews import Reviews, ReviewView
from assistant.service.sharing.audit_trail import AuditTrail
from assistant.service.sharing.choices import SharingChoicesService
from assistant.service.sharing.links_and_codes import ShareLinksAndCodes
from assistant.service.sharing.openings import Openings
from assistant.service.sharing.shares import Shares
from assistant.service.sharing.state import OpenShare
from assistant.service.staff.members import SignedInStaff, StaffMember
from assistant.vault.key_stretching import Stretching
from assistant.vault.pepper import Pepper
from assistant.vault.staff_keys import new_pair
from support.house import House
from support.quick import LOW_COST


@dataclass
class Sharers:
    """The services around shares, and ways of coming to them."""

    house: House
    choosing: SharingChoicesService
    shares: Shares
    readings: Openings
    reviews: Reviews
    records: MedicalRecords
    insight: Insight

    @classmethod
    def of(cls, house: House, settings: Settings, *, insight: bool = False) -> "Sharers":
        pepper = Pepper.load_or_make(settings.keys)
        stretching = Stretching(b"0" * 32, LOW_COST)
        ways = ShareLinksAndCodes(house.database, pepper, stretching, stretching, house.clock)
        choosing = SharingChoicesService(house.database, house.clock, house.broadcast)
        figures = Insight(house.database, pepper, is_on=insight)
        shares = Shares(
            house.database, pepper, ways, house.preparations, house.clock, house.broadcast, figures
        )
        readings = Openings(house.database, pepper, ways, house.clock, house.broadcast)
        reviews = Reviews(house.database, pepper, readings, house.clock, house.broadcast, figures)
        house.preparations = Preparations(
            house.database, house.scripts, house.clock, house.broadcast, after_turn=shares.follow
        )
        records = MedicalRecords(house.database, pepper, reviews, PdfWorker(), house.clock, house.broadcast)
        return cls(house, choosing, shares, readings, reviews, records, figures)

    async def prepare(self, *wishes: str, on: str = "2026-12-01") -> tuple[SignedInUser, Meeting]:
        """Somebody who said what kind of meeting, the day, and these wishes."""
        who, meeting = await self.house.visits.begin("nb")
        await self.house.reply(who, meeting, "answer", "kind", option="care_team")
        await self.house.reply(who, meeting, "answer", "day", on=on)
        await self.house.reach(who, meeting, "wishes/wish")
        await self.wish(who, meeting, *wishes)
        return who, meeting

    async def wish(self, who: SignedInUser, meeting: Meeting, *wishes: str) -> None:
        """Say these wishes, whatever was said before."""
        await self._say(who, meeting, {f"new{number}": text for number, text in enumerate(wishes, start=1)})

    async def edit(self, who: SignedInUser, meeting: Meeting, wish: str, words: str) -> None:
        """The wish with this id in other words, and no others."""
        await self._say(who, meeting, {wish: words})

    async def _say(self, who: SignedInUser, meeting: Meeting, wishes: Mapping[str, str]) -> None:
        at = await self.house.preparations.standing(who, meeting.id, "wishes/wish")
        given = {f"statement.{id_}": (text,) for id_, text in wishes.items()}
        reply = Reply(at.conversation.turn, "wishes/wish", "answer", given)
        await self.house.preparations.take_turn(who, meeting.id, reply, secrets.token_hex(16))

    async def move(self, who: SignedInUser, meeting: Meeting, on: str) -> None:
        """The meeting is on another day."""
        at = await self.house.preparations.standing(who, meeting.id, "meeting/day")
        reply = Reply(at.conversation.turn, "meeting/day", "answer", {"on": (on,)})
        await self.house.preparations.take_turn(who, meeting.id, reply, secrets.token_hex(16))

    async def share(
        self,
        who: SignedInUser,
        meeting: Meeting,
        way: Way = "together",
        readers: tuple[StaffMember, ...] = (),
        *,
        counts: bool = False,
    ) -> OpenShare:
        """Share everything."""
        await self.choosing.choose(who, meeting.id, {})
        found = await self.shares.now(who, meeting.id)
        await self.shares.share(who, meeting.id, way, found.snapshot.digest, readers, counts=counts)
        return await self.open_one(who, meeting)

    async def open_one(self, who: SignedInUser, meeting: Meeting) -> OpenShare:
        found = await self.shares.now(who, meeting.id)
        assert found.open is not None
        return found.open

    async def ended_trails(self, who: SignedInUser, meeting: Meeting) -> list[AuditTrail]:
        """The trails of what is shared no more, the newest first."""
        found = await self.shares.now(who, meeting.id)
        return [await self.shares.trail(who, share) for share in found.ended]

    async def share_again(self, who: SignedInUser, meeting: Meeting) -> None:
        """What is chosen now, in place of what is shared."""
        found = await self.shares.now(who, meeting.id)
        await self.shares.change(who, meeting.id, found.snapshot.digest)

    async def sit_with(self, who: SignedInUser, meeting: Meeting, *, met: bool = True) -> "Sitting":
        """A professional opens what is shared, and says that this is the person they sit with."""
        share, reader, opening = await self.open_one(who, meeting), self.professional(), secrets.token_hex(16)
        await self.readings.open(reader, share.code, opening)
        (review,) = [r for r in await self.reviews.had(who, meeting.id) if r.share.id == share.stored.id]
        sitting = Sitting(self, who, meeting, review.id, reader, opening)
        if met:
            await sitting.they(Meet(opening))
        return sitting

    def professional(self, name: str = "Kari", *roles: Role) -> SignedInStaff:
        """A member of staff who has signed in."""
        pair, now = new_pair(), self.house.clock()
        member = StaffMember(secrets.token_hex(16), name, frozenset(roles or ("professional",)), pair.public)
        until = now + timedelta(hours=1)
        return SignedInStaff(member, pair.private, secrets.token_hex(16), "nb", until, until)


@dataclass
class Sitting:
    """Two who go through what is shared, each as they do it: the user as its owner, the other through it."""

    sharers: Sharers
    who: SignedInUser
    meeting: Meeting
    review_id: str
    reader: SignedInStaff
    opening: str

    async def i(self, act: Act) -> None:
        """The user does this."""
        await self.sharers.reviews.act_as_owner(self.who, self.meeting.id, self.review_id, act)

    async def they(self, act: Act) -> None:
        """The professional does this."""
        await self.sharers.reviews.act_as_reader(self.reader, self.opening, act)

    async def mine(self) -> ReviewView:
        """As the user sees it."""
        return await self.sharers.reviews.of_owner(self.who, self.meeting.id, self.review_id)

    async def theirs(self) -> ReviewView:
        """As the professional sees it."""
        now = await self.sharers.reviews.of_reader(self.reader, self.opening)
        assert now is not None
        return now

    async def entry(self, words: str) -> str:
        """The id of what is shared in these words."""
        snapshot = (await self.mine()).snapshot
        assert snapshot is not None
        return next(id_ for id_, one in entries_shared(snapshot) if one.entry.said == words)

    async def agree(self, id_: str, what: str, who: Who = "user", by_on: date | None = None) -> None:
        """The professional proposes it, and the user confirms what stands there."""
        await self.they(Propose(id_, what, who, by_on, None, 0))
        proposal = (await self.mine()).review.proposal(id_)
        assert proposal is not None
        await self.i(Confirm(id_, proposal.written))

    async def prepare_record(self, id_: str = "r1") -> None:
        """The professional lays out a text for the record, and the user sees it."""
        await self.they(PrepareRecord(id_, "Færre folk\n", "nb", await self.print_for_record()))
        await self.i(SeeRecord(id_))

    async def print_for_record(self) -> str:
        """What a text for the record would be made from now."""
        now = await self.theirs()
        return now.review.print_for_record(now.snapshot)

    async def trail(self) -> list[str]:
        """What its owner sees was done with the share."""
        found = await self.sharers.shares.now(self.who, self.meeting.id)
        trails = [found.open.trail] if found.open else await self.sharers.ended_trails(self.who, self.meeting)
        assert all(trail.is_whole for trail in trails)
        return [act.act for trail in trails for act in trail.acts]


async def sit(sharers: Sharers, *wishes: str, met: bool = True) -> Sitting:
    """Somebody has prepared these wishes, shared them, and sits with a professional."""
    who, meeting = await sharers.prepare(*wishes)
    await sharers.share(who, meeting)
    return await sharers.sit_with(who, meeting, met=met)


def words_in(snapshot: Snapshot) -> list[str]:
    """Every own word in a snapshot, wherever it stands."""
    entries = [first.entry for first in snapshot.first]
    entries += [entry for section in snapshot.sections for entry in section.entries]
    return [entry.said for entry in entries if isinstance(entry.said, str)]
