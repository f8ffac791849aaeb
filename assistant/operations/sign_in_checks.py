"""Check the identity provider that the service file names: our key, its discovery document and its keys."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

from assistant.config import Settings, SignInProvider, service_file
from assistant.errors import CannotStart, NotSaved, ProviderRefused, ProviderUnreachable
from assistant.operations.findings import Finding, fault, ok, warning
from assistant.service.operations.examination import examine_sessions
from assistant.web.http.service_file import look_at_service


def check_sign_in(settings: Settings) -> Iterator[Finding]:
    """Check the provider, if there is one."""
    service = look_at_service(settings.service or service_file()).service
    if service is None or service.sign_in is None:
        return
    provider = service.sign_in.provider
    try:
        is_checked, may_revoke = asyncio.run(_asked(settings, provider))
    except CannotStart as reason:
        what, _, do = str(reason).partition("; ")
        yield fault(what, do or "correct it, and start the server again")
    except ProviderUnreachable:
        yield fault(
            f"{provider.name} does not answer.", "let this host reach its address, also through a firewall"
        )
    except ProviderRefused as refused:
        yield fault(
            f"The answer of {provider.name} fails a check: {refused.check}.",
            "compare issuer and profile in the service file with what the provider states",
        )
    else:
        yield ok(f"{provider.name} answers, and the key for it is readable by its owner only.")
        yield from _check_leavers(settings, provider, is_checked=is_checked)
        if is_checked and not may_revoke:
            yield warning(
                f"{provider.name} names no address for revoking refresh tokens: after signing out here, a "
                "token is good there until it expires.",
                "have the provider let refresh tokens of this client last no longer than session_minutes",
            )


def _check_leavers(settings: Settings, provider: SignInProvider, *, is_checked: bool) -> Iterator[Finding]:
    """Say how soon staff who left lose access."""
    if not is_checked:
        yield warning(
            f"Open sessions are not checked at {provider.name}: without a refresh token a person who left "
            f"keeps a session for up to {provider.session_minutes} minutes.",
            "have the provider allow refresh tokens for this client, and add offline_access to scopes",
        )
        return
    yield ok(f"Open sessions are checked at {provider.name} every {provider.check_minutes} minutes.")
    try:
        every, checked = asyncio.run(examine_sessions(settings.database_url, datetime.now(UTC)))
    except (CannotStart, NotSaved):  # the check of the database says why
        return
    if checked < every:
        yield warning(
            f"{every - checked} of {every} open sessions came without a refresh token.",
            f"look in the log for provider_unchecked, and ask {provider.name} why",
        )


async def _asked(settings: Settings, provider: SignInProvider) -> tuple[bool, bool]:
    """Return whether open sessions can be checked there, and whether tokens can be revoked."""
    from assistant.openid.authorization_code import open_client

    client = open_client(provider, settings.keys, lambda: datetime.now(UTC))
    try:
        return await client.look(), await client.may_revoke()
    finally:
        await client.close()
