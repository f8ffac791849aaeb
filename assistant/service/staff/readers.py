"""The readers of what is sent ahead: who of those that the service file names can read."""

from collections.abc import Iterable

from assistant.service.staff.accounts import Account


def missing_readers(accounts: Iterable[Account], names: Iterable[str]) -> list[str]:
    """Return the names to whom nothing can be sent, because no enabled professional has that name."""
    reached = {
        account.member.name
        for account in accounts
        if "professional" in account.member.roles and account.is_set_up and account.disabled_at is None
    }
    return sorted(set(names) - reached)
