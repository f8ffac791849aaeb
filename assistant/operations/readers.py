"""Whether those whom the service file names as readers have accounts to read with."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from assistant.config import Settings
from assistant.errors import CannotStart
from assistant.service.staff_accounts import Account, StaffAccounts, among_staff, missing_readers
from assistant.web.service_file import look_at_service


def readers_without_account(settings: Settings, service: Path) -> list[str]:
    """The names in the service file that nothing can be sent to. Raises `CannotStart` and `NotSaved`."""
    settings.check_where()
    if settings.database is None and not settings.database_file.exists():
        raise CannotStart(f"There is no database in {settings.data}; give the server's folder with --data.")
    told = look_at_service(service).service
    if told is None or told.promise is None:
        return []
    return missing_readers(asyncio.run(_accounts(settings)), told.promise.readers)


async def _accounts(settings: Settings) -> Sequence[Account]:
    async def act(accounts: StaffAccounts) -> Sequence[Account]:
        return await accounts.all()

    return await among_staff(settings.database_url, settings.keys, act)
