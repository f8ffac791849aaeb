"""Staff accounts: created, disabled, enabled and reset by administrators, who cannot read any words.

An account begins with a one-time link (`account_setup`). A reset makes a new link and deletes the key pair
for good, so nothing sealed to it can be opened again.
"""

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from assistant.errors import (
    NameTaken,
    NoRole,
    NotFound,
    NotOnOneself,
    Trouble,
)
from assistant.meetings.permissions import ROLES, Role
from assistant.retention import RELEASED, Retention
from assistant.service.broadcast import Broadcast
from assistant.service.staff.account_changes import AccountChange, changes_since, new_change
from assistant.service.staff.members import StaffMember
from assistant.service.staff.passwords import checked_name, folded
from assistant.service.staff.security_log import OPERATOR, SecurityEvent, log_event
from assistant.service.staff.session_content import as_member
from assistant.storage.database import Connection, Database
from assistant.storage.provider_sign_in import delete_identity, linked_accounts
from assistant.storage.row_locks import lock_staff
from assistant.storage.security_events import newest_security_events
from assistant.storage.staff import (
    StoredStaff,
    add_staff,
    change_disabled,
    change_public_key,
    change_roles,
    delete_staff,
    delete_staff_slots,
    find_staff,
    find_staff_named,
    list_staff,
    rename_staff,
)
from assistant.storage.staff_changes import add_staff_change, delete_staff_changes_before
from assistant.storage.staff_credentials import (
    delete_app,
    delete_link,
    delete_links_expired,
    list_links,
    put_link,
    put_recovery_codes,
)
from assistant.storage.staff_devices import delete_staff_devices_of
from assistant.storage.staff_sessions import delete_staff_sessions_of
from assistant.value_class import value_class
from assistant.vault.encryption import derive
from assistant.vault.key_slots import index_of, new_link, read_link
from assistant.vault.pepper import Pepper

FIRST_LINK_FOR = timedelta(hours=24)
"""How long the first administrator's link works: it is printed in the server's output."""


class LastAdministrator(Trouble):
    """The account is the only one left that could manage accounts; make another administrator first."""


@value_class
class Account:
    """An account as administrators see it: no words, no keys."""

    member: StaffMember
    disabled_at: datetime | None
    link_until: datetime | None
    """When the one-time link expires, if there is one."""
    signed_in_at: datetime | None = None
    """When they last signed in, as far back as the security log goes."""
    is_linked: bool = False
    """Whether they sign in at the identity provider."""

    @property
    def is_set_up(self) -> bool:
        """Return whether a password has been set, or the account is linked to an identity."""
        return self.is_linked or self.can_be_sent_to

    @property
    def can_be_sent_to(self) -> bool:
        """Return whether they have a lasting key, to which something can be sealed while they are away."""
        return self.member.public_key is not None


class StaffAccounts:
    """Operations on accounts."""

    def __init__(
        self,
        database: Database,
        pepper: Pepper,
        clock: Callable[[], datetime],
        broadcast: Broadcast,
        retention: Retention = RELEASED,
    ) -> None:
        self._retention = retention
        self._database = database
        self._pepper = pepper
        self._clock = clock
        self._broadcast = broadcast

    async def all(self) -> list[Account]:
        """Return every account, by name."""
        now = self._clock()

        def read(connection: Connection) -> list[Account]:
            links = list_links(connection, now)
            signed_in = newest_security_events(connection, SecurityEvent.SIGNED_IN.value)
            linked = linked_accounts(connection)
            return [
                _account(row, links.get(row.id), signed_in.get(row.id), row.id in linked)
                for row in list_staff(connection)
            ]

        return await self._database.read(read)

    async def one(self, staff_id: str) -> Account:
        """Return one account. Raises `NotFound`."""
        found = [account for account in await self.all() if account.member.id == staff_id]
        if not found:
            raise NotFound
        return found[0]

    async def named(self, name: str) -> Account:
        """Return one account by name. Raises `NotFound`."""
        row = await self._database.read(lambda c: find_staff_named(c, folded(name)))
        if row is None:
            raise NotFound
        return await self.one(row.id)

    async def changes(self) -> list[AccountChange]:
        """Return the account changes still shown to people, newest first."""
        since = self._clock() - self._retention.account_changes
        return await self._database.read(lambda c: changes_since(c, since))

    async def add(
        self, name: str, roles: frozenset[Role], request: str, *, by: str | None = None
    ) -> tuple[str, str | None]:
        """Create an account; return its id and one-time link. Repeating the request returns the account
        without a link.

        Raises `NothingSaid`, `TextTooLong`, `NoRole` and `NameTaken`.
        """
        name = checked_name(name)
        if not roles <= set(ROLES) or not roles:
            raise NoRole
        staff_id = self._id_for(request)
        if await self._database.read(lambda c: find_staff(c, staff_id)):
            return staff_id, None
        link = await self._put_in(staff_id, name, folded(name), roles, self._retention.staff_link, by)
        return staff_id, link

    async def has_administrator(self) -> bool:
        """Return whether there is an administrator whose account is set up."""
        accounts = await self.all()
        return any(a.is_set_up and not a.disabled_at for a in accounts if "administrator" in a.member.roles)

    async def first_link(self) -> str | None:
        """Return a link for the first administrator, or None if there is an administrator already.

        An earlier unused link stops working.
        """
        if await self.has_administrator():
            return None
        unnamed = next((account for account in await self.all() if not account.member.name), None)
        if unnamed is not None:
            return await self._renew_link(unnamed.member.id, FIRST_LINK_FOR)
        roles: frozenset[Role] = frozenset({"administrator"})
        try:
            return await self._put_in(secrets.token_hex(16), "", "", roles, FIRST_LINK_FOR, None)
        except NameTaken:  # another process started at the same moment and prints the link
            return None

    async def change_roles(self, staff_id: str, roles: frozenset[Role], *, by: str | None = None) -> None:
        """Set the roles of an account. Raises `NoRole`, `NotOnOneself` and `NotFound`."""
        if not roles <= set(ROLES) or not roles:
            raise NoRole
        if staff_id == by and "administrator" not in roles:
            raise NotOnOneself
        now = self._clock()

        def write(connection: Connection) -> None:
            before = find_staff(connection, staff_id)
            change_roles(connection, staff_id, frozenset(roles))
            if before is not None and before.roles != roles:
                add_staff_change(connection, new_change(staff_id, now, "roles", roles))
            log_event(connection, SecurityEvent.ROLES_CHANGED, now, staff_id, by or OPERATOR)

        await self._write(staff_id, write)

    async def disable(self, staff_id: str, *, by: str | None = None) -> None:
        """Disable the account and end all its sessions. Raises `NotOnOneself` and `NotFound`."""
        if staff_id == by:
            raise NotOnOneself
        now = self._clock()

        def write(connection: Connection) -> None:
            change_disabled(connection, staff_id, now)
            delete_staff_sessions_of(connection, staff_id)
            delete_staff_devices_of(connection, staff_id)
            delete_link(connection, staff_id)
            log_event(connection, SecurityEvent.ACCOUNT_CLOSED, now, staff_id, by or OPERATOR)

        await self._write(staff_id, write)

    async def enable(self, staff_id: str, *, by: str | None = None) -> None:
        """Enable the account again, with its previous password. Raises `NotFound`."""
        now = self._clock()

        def write(connection: Connection) -> None:
            change_disabled(connection, staff_id, None)
            log_event(connection, SecurityEvent.ACCOUNT_OPENED, now, staff_id, by or OPERATOR)

        await self._write(staff_id, write)

    async def reset(self, staff_id: str, *, by: str | None = None) -> str:
        """Make a new one-time link; delete the password, app, linked identity, key pair and sessions.

        What was sealed to the old pair cannot be opened again. Raises `NotOnOneself` and `NotFound`.
        """
        if staff_id == by:
            raise NotOnOneself
        now = self._clock()

        def write(connection: Connection) -> None:
            row = find_staff(connection, staff_id)
            if row is not None:
                add_staff_change(connection, new_change(staff_id, now, "reset", row.roles))
            delete_staff_slots(connection, staff_id)
            change_public_key(connection, staff_id, None)
            delete_app(connection, staff_id)
            put_recovery_codes(connection, staff_id, ())
            delete_identity(connection, staff_id)
            delete_staff_sessions_of(connection, staff_id)
            delete_staff_devices_of(connection, staff_id)
            log_event(connection, SecurityEvent.ACCOUNT_RESET, now, staff_id, by or OPERATOR)

        await self._write(staff_id, write)
        await self._database.scrub()
        return await self._renew_link(staff_id, self._retention.staff_link)

    async def rename(self, staff_id: str, name: str, *, by: str | None = None) -> None:
        """Give the account another name, with which its owner signs in from now on.

        Raises `NothingSaid`, `TextTooLong`, `NameTaken` and `NotFound`.
        """
        name, now = checked_name(name), self._clock()

        def write(connection: Connection) -> None:
            if not rename_staff(connection, staff_id, name, folded(name)):
                raise NameTaken().in_field("name")
            log_event(connection, SecurityEvent.ACCOUNT_RENAMED, now, staff_id, by or OPERATOR)

        await self._write(staff_id, write)

    async def remove(self, staff_id: str, *, by: str | None = None) -> None:
        """Delete a disabled account with its name and keys. Audit trails keep its id, so users read that
        someone who no longer works here opened their summary.

        Raises `NotOnOneself`, `LastAdministrator`, and `NotFound`, also for an account in use: disabling it
        first ends what its owner has open.
        """
        if staff_id == by:
            raise NotOnOneself
        now = self._clock()

        def write(connection: Connection) -> None:
            row = find_staff(connection, staff_id)
            if row is None or row.disabled_at is None:
                raise NotFound
            if "administrator" in row.roles and not any(map(_manages_accounts, list_staff(connection))):
                raise LastAdministrator
            delete_staff(connection, staff_id)
            log_event(connection, SecurityEvent.ACCOUNT_REMOVED, now, staff_id, by or OPERATOR)

        await self._write(staff_id, write)
        await self._database.scrub()

    async def sweep(self, now: datetime) -> int:
        """Delete expired links, and changes that are no longer shown; return the number of links."""
        shown_since = now - self._retention.account_changes
        await self._database.write(lambda c: delete_staff_changes_before(c, shown_since))
        return await self._database.write(lambda c: delete_links_expired(c, now))

    def _id_for(self, request: str) -> str:
        # with the request's own id, anyone who knows it could tell which account it created
        # always under the first pepper: the same request is the same account, also after a rotation
        first = self._pepper.now().versions[0]
        return hmac.digest(derive(first.secret, "staff/id"), request.encode(), "sha256")[:16].hex()

    async def _put_in(
        self,
        staff_id: str,
        name: str,
        sign_in_name: str,
        roles: frozenset[Role],
        lasts: timedelta,
        by: str | None,
    ) -> str:
        now = self._clock()
        row = StoredStaff(staff_id, name, sign_in_name, frozenset(roles), None, now)
        link, index, version = self._new_link()

        def write(connection: Connection) -> None:
            if not add_staff(connection, row):
                raise NameTaken().in_field("name")
            put_link(connection, staff_id, index, now + lasts, version)
            if name:  # the first administrator has no account yet, and there is no one to notify
                add_staff_change(connection, new_change(staff_id, now, "added", row.roles))
            log_event(connection, SecurityEvent.ACCOUNT_MADE, now, staff_id, by or OPERATOR)

        await self._database.write(write)
        return link

    async def _renew_link(self, staff_id: str, lasts: timedelta) -> str:
        link, index, version = self._new_link()
        until = self._clock() + lasts
        await self._write(staff_id, lambda c: put_link(c, staff_id, index, until, version))
        return link

    def _new_link(self) -> tuple[str, bytes, int]:
        link = new_link()
        secret = read_link(link)
        assert secret is not None, "a new link can be read"
        pepper = self._pepper.now()
        return link, index_of(pepper, secret), pepper.version

    async def _write(self, staff_id: str, act: Callable[[Connection], object]) -> None:
        def write(connection: Connection) -> None:
            lock_staff(connection, staff_id)
            if find_staff(connection, staff_id) is None:
                raise NotFound
            act(connection)

        await self._database.write(write)
        self._broadcast.tell_changed(staff_id)  # open screens check again whether they still have access


def _manages_accounts(row: StoredStaff) -> bool:
    return "administrator" in row.roles and row.public_key is not None and row.disabled_at is None


def _account(
    row: StoredStaff, link_until: datetime | None, signed_in_at: datetime | None, is_linked: bool
) -> Account:
    return Account(as_member(row), row.disabled_at, link_until, signed_in_at, is_linked)
