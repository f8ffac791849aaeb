"""Check the identity provider that the service file names: our key, its discovery document and its keys."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

from assistant.config import Settings, SignInProvider, service_file
from assistant.errors import CannotStart, ProviderRefused, ProviderUnreachable
from assistant.operations.findings import Finding, fault, ok
from assistant.web.http.service_file import look_at_service


def check_sign_in(settings: Settings) -> Iterator[Finding]:
    """Check the provider, if there is one."""
    service = look_at_service(settings.service or service_file()).service
    if service is None or service.sign_in is None:
        return
    provider = service.sign_in.provider
    try:
        asyncio.run(_asked(settings, provider))
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


async def _asked(settings: Settings, provider: SignInProvider) -> None:
    from assistant.openid.authorization_code import open_client

    client = open_client(provider, settings.keys, lambda: datetime.now(UTC))
    try:
        await client.look()
    finally:
        await client.close()
