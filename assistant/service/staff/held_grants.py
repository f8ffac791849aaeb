"""The refresh token of a session that began at the identity provider, sealed under the session's cookie.

It is used by one request at a time (`storage.provider_grants`): the provider may take it only once.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from assistant.service.staff.members import ProviderSession, SignedInStaff
from assistant.storage.database import Connection, Database
from assistant.storage.provider_grants import claim_grant, find_provider_session
from assistant.storage.provider_sign_in import StoredProviderSession
from assistant.vault.session_keys import session_index, unwrap_session, wrap_session

ASKED_FOR = timedelta(seconds=30)
"""How long the provider may take to answer, with everything that is fetched meanwhile."""
CLAIM_FOR = 2 * ASKED_FOR
"""How long a token is one request's alone. After a crash another may use it then."""
LOOK_EVERY = 0.1
"""Seconds between two looks whether another request has its answer."""
_PART = "grant"


def sealed_grant(secret: str, grant: str) -> bytes | None:
    """Seal what a check at the provider needs under the cookie with this secret; None for an empty one."""
    return wrap_session(secret, grant.encode(), _PART) if grant else None


def opened_grant(secret: str, sealed: bytes) -> str:
    """Open it again. Raises `SealBroken` under any other cookie."""
    return unwrap_session(secret, sealed, _PART).decode()


def sealed_grant_of(connection: Connection, index: bytes) -> bytes | None:
    """Return the sealed token of the session with this index, if it has one."""
    row = find_provider_session(connection, index)
    return None if row is None else row.grant_sealed


async def take_grant_along(
    database: Database, clock: Callable[[], datetime], who: SignedInStaff
) -> ProviderSession | None:
    """Return the session at the provider with its token, for a session that goes on under another cookie.

    It waits for a request that asks the provider meanwhile.
    """
    if who.provider is None:
        return None
    index, tries = session_index(who.secret), int(CLAIM_FOR.total_seconds() / LOOK_EVERY)

    def claim(connection: Connection) -> StoredProviderSession | None:
        now = clock()
        return claim_grant(connection, index, now, now + CLAIM_FOR, is_early=True)

    for _ in range(tries):
        row = await database.read(lambda c: find_provider_session(c, index))
        if row is None or row.grant_sealed is None:
            break
        taken = await database.write(claim)
        if taken is not None and taken.grant_sealed is not None:
            grant = opened_grant(who.secret, taken.grant_sealed)
            return replace(who.provider, grant=grant, confirmed_at=taken.confirmed_at)
        await asyncio.sleep(LOOK_EVERY)
    return who.provider
