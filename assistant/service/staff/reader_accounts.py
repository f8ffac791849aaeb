"""The readers of what is sent ahead: who of those that the service file names can read."""

from collections.abc import Iterable

from assistant.service.staff.accounts import Account
from assistant.service.staff.members import StaffMember


def professionals_among(accounts: Iterable[Account]) -> tuple[StaffMember, ...]:
    """Return the professionals to whom something can be sent: enabled, with a lasting key."""
    return tuple(
        account.member
        for account in accounts
        if "professional" in account.member.roles and account.can_be_sent_to and account.disabled_at is None
    )


def missing_readers(accounts: Iterable[Account], names: Iterable[str]) -> list[str]:
    """Return the names to whom nothing can be sent, because no enabled professional with a lasting key has
    that name.
    """
    reached = {member.name for member in professionals_among(accounts)}
    return sorted(set(names) - reached)
