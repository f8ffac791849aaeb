"""Invitations: created, listed and withdrawn by professionals, and opened by recipients.

Opening one only reads. It leaves no count, time or mark, so neither the professional nor a thief of the
database can learn that it was used.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import field
from datetime import datetime

from pydantic_core import to_json

from assistant.engine.conversation import StoredModel
from assistant.errors import NotFound, NothingToTry, SealBroken, SecretUnknown, TooManyInvitations
from assistant.meetings.invitation import Invitation, InvitationDraft, ReceivedInvitation, works_until
from assistant.meetings.permissions import may
from assistant.retention import RELEASED, Retention
from assistant.service.documents import read_back
from assistant.service.key_slots import for_invitation, key_slot
from assistant.service.staff.members import SignedInStaff
from assistant.storage.database import Connection, Database
from assistant.storage.invitations import (
    StoredInvitation,
    StoredInvitationSecret,
    add_invitation,
    count_invitations,
    delete_invitation,
    delete_invitations_past,
    find_invitation,
    find_invitation_way,
    invitations_of,
)
from assistant.storage.row_locks import lock_staff
from assistant.storage.staff import find_staff
from assistant.value_class import value_class
from assistant.vault.invitation_keys import (
    INVITATION_CODE,
    LINK_TO_INVITATION,
    for_maker,
    label_for_maker,
    new_invitation_code,
    read_invitation_codes,
    spell_invitation_code,
)
from assistant.vault.key_slots import (
    indexes_of,
    make_slot,
    new_link,
    open_slot,
    read_links,
    spell_link,
)
from assistant.vault.pepper import Pepper
from assistant.vault.request_fingerprint import fingerprint
from assistant.vault.sealing import new_key, seal, unseal
from assistant.vault.staff_keys import open_with, public_of, seal_to
from assistant.zone import local_day

MOST = 200
"""Maximum number of open invitations per member of staff."""
_NAME = "invitation"
_SIZE = 512
"""The maker's part, and a label alone, are padded to this length, so that the size reveals nothing about the
label.
"""


class _Enclosed(StoredModel):
    """The content of an invitation, under its own key."""

    said: Invitation
    label: str


class _ForMaker(StoredModel):
    """The maker's part of an invitation, sealed to them."""

    key: str
    label: str
    link: str
    code: str
    slips: int


@value_class
class MadeInvitation:
    """An invitation as its maker sees it. Whether it was used is not known."""

    id: str
    works_until: datetime
    label: str
    link: str = field(repr=False)
    code: str = field(repr=False)
    slips: int
    said: Invitation


@value_class
class ListedInvitation:
    """A row in its maker's list. Without a label, it was made under keys from before a reset."""

    id: str
    works_until: datetime
    label: str | None


@value_class
class OpenedInvitation:
    """An invitation as its recipient sees it."""

    invited: ReceivedInvitation
    works_until: datetime
    by: str = field(repr=False)
    """The link or the code it was opened with, without the text around it."""


class Invitations:
    """Creates, lists, opens and withdraws invitations. Every act is durable when it returns."""

    def __init__(
        self,
        database: Database,
        pepper: Pepper,
        clock: Callable[[], datetime],
        retention: Retention = RELEASED,
    ) -> None:
        self._retention = retention
        self._database = database
        self._pepper = pepper
        self._clock = clock

    async def make(self, who: SignedInStaff, wish: InvitationDraft, request: str) -> str:
        """Create an invitation and return its id; repeating the request creates none. Raises
        `TooManyInvitations`.
        """
        _see_that_they_may(who)
        staff_id = who.member.id
        invitation_id = fingerprint(who.private_key, f"invitation {request}".encode())[:16].hex()
        invitation, ways = self._sealed(who, invitation_id, wish)

        def write(connection: Connection) -> None:
            lock_staff(connection, staff_id)
            is_new = find_invitation(connection, invitation_id) is None
            if is_new and count_invitations(connection, staff_id) >= MOST:
                raise TooManyInvitations(MOST)
            add_invitation(connection, invitation, ways)

        await self._database.write(write)
        return invitation_id

    async def all(self, who: SignedInStaff) -> list[ListedInvitation]:
        """Return the maker's open invitations, by end date."""
        found = await self._database.read(lambda c: invitations_of(c, who.member.id, self._clock()))
        return [ListedInvitation(one.id, one.works_until, _label(who, one)) for one in found]

    async def one(self, who: SignedInStaff, invitation_id: str) -> MadeInvitation:
        """Return one of the maker's invitations. Raises `NotFound`, also for one made before a key reset."""
        _see_that_they_may(who)
        found = await self._database.read(lambda c: find_invitation(c, invitation_id))
        if found is None or found.staff_id != who.member.id or found.works_until <= self._clock():
            raise NotFound
        try:
            kept = _kept(who, found)
        except SealBroken:
            raise NotFound from None
        said = _enclosed(found, bytes.fromhex(kept.key)).said
        return MadeInvitation(found.id, found.works_until, kept.label, kept.link, kept.code, kept.slips, said)

    async def take_back(self, who: SignedInStaff, invitation_id: str) -> None:
        """Withdraw an invitation. One that is already gone counts as withdrawn."""
        _see_that_they_may(who)
        if await self._database.write(lambda c: delete_invitation(c, invitation_id, who.member.id)):
            await self._database.scrub()

    async def open(self, typed: str) -> OpenedInvitation:
        """Open an invitation by its link or code, ignoring text around it. Writes nothing. Of several, the
        first valid one counts. Raises `SecretUnknown`, also for one that expired or was withdrawn (no record
        of it is kept), and `NothingToTry`.
        """
        secrets = (*read_links(typed), *read_invitation_codes(typed))
        for secret in secrets:
            with suppress(SecretUnknown):
                return await self._open(secret)
        raise SecretUnknown if secrets else NothingToTry

    async def _open(self, secret: bytes) -> OpenedInvitation:
        indexes = indexes_of(self._pepper, secret)

        def look(connection: Connection) -> tuple[StoredInvitationSecret, StoredInvitation]:
            way = find_invitation_way(connection, *indexes)
            found = find_invitation(connection, way.invitation_id) if way else None
            if way is None or found is None or found.works_until <= self._clock():
                raise SecretUnknown
            maker = find_staff(connection, found.staff_id)
            # no invitation in the name of a person who no longer works here
            if maker is None or maker.disabled_at is not None or "professional" not in maker.roles:
                raise SecretUnknown
            return way, found

        way, found = await self._database.read(look)
        try:
            enclosed = _enclosed(found, open_slot(self._pepper, key_slot(way), secret))
        except SealBroken:
            raise SecretUnknown from None
        invited = ReceivedInvitation(
            id=found.id, staff_id=found.staff_id, label=enclosed.label, said=enclosed.said
        )
        spell = spell_link if way.kind == LINK_TO_INVITATION else spell_invitation_code
        return OpenedInvitation(invited, found.works_until, spell(secret))

    async def sweep(self, now: datetime) -> int:
        """Delete expired invitations; return how many."""
        removed = await self._database.write(lambda c: delete_invitations_past(c, now))
        if removed:
            await self._database.scrub()
        return removed

    def _sealed(
        self, who: SignedInStaff, invitation_id: str, wish: InvitationDraft
    ) -> tuple[StoredInvitation, list[StoredInvitationSecret]]:
        staff_id, public, key = who.member.id, public_of(who.private_key), new_key()
        link, code = new_link(), new_invitation_code()
        label = wish.label.encode().ljust(_SIZE)
        enclosed = _Enclosed(
            said=wish.said,
            label=seal_to(public, label, label_for_maker(staff_id)).hex() if wish.label else "",
        )
        kept = _ForMaker(key=key.hex(), label=wish.label, link=link, code=code, slips=wish.slips)
        invitation = StoredInvitation(
            id=invitation_id,
            staff_id=staff_id,
            works_until=works_until(wish.said, local_day(self._clock()), self._retention.invitation),
            sealed=seal(key, to_json(enclosed), owner=invitation_id, name=_NAME, revision=1),
            for_maker=seal_to(public, to_json(kept).ljust(_SIZE), for_maker(invitation_id, staff_id)),
        )
        return invitation, [
            self._way(LINK_TO_INVITATION, read_links(link), invitation_id, key),
            self._way(INVITATION_CODE, read_invitation_codes(code), invitation_id, key),
        ]

    def _way(
        self, kind: str, secrets: tuple[bytes, ...], invitation_id: str, key: bytes
    ) -> StoredInvitationSecret:
        (secret,) = secrets  # a new link or code can be read
        return for_invitation(make_slot(self._pepper, kind, secret, invitation_id, key))


def label_in(who: SignedInStaff, sealed: bytes) -> str:
    """Return the maker's label for an invitation. Raises `SealBroken` for another person's, or after a
    reset.
    """
    meaning = label_for_maker(who.member.id)
    return who.with_key(lambda key: open_with(key, sealed, meaning)).rstrip(b" ").decode()


def _see_that_they_may(who: SignedInStaff) -> None:
    if not may(who.actor, "invite"):
        raise NotFound


def _kept(who: SignedInStaff, found: StoredInvitation) -> _ForMaker:
    meaning = for_maker(found.id, found.staff_id)
    plain = who.with_key(lambda key: open_with(key, found.for_maker, meaning))
    return read_back(_ForMaker, plain)


def _label(who: SignedInStaff, found: StoredInvitation) -> str | None:
    try:
        return _kept(who, found).label
    except SealBroken:
        return None


def _enclosed(found: StoredInvitation, key: bytes) -> _Enclosed:
    plain = unseal(key, found.sealed, owner=found.id, name=_NAME, revision=1)
    return read_back(_Enclosed, plain)
