"""Requests to the identity provider: few, small, without redirects, and given up soon."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import field
from functools import cache
from typing import Any

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

from assistant.errors import ProviderRefused, ProviderUnreachable
from assistant.events import Event, OngoingState
from assistant.openid.provider_settings import is_protected
from assistant.value_class import value_class

TIMEOUT = ClientTimeout(total=10, connect=4)
_LARGEST = 256 * 1024
_AT_ONCE = 8
_WITH_WAITING = 20
"""Seconds for a request, with the wait for those before it: a flood of sign-ins must not pile up."""


@value_class
class Answer:
    """The provider's answer. It is never shown or logged: it may contain tokens and names."""

    status: int
    said: Mapping[str, Any] = field(repr=False)
    nonce: str | None = field(default=None, repr=False)
    """The nonce for the next DPoP proof."""


@cache
def authorities() -> ssl.SSLContext:
    """Return a context that trusts the certificate authorities of this machine. aiohttp's own may trust none:
    the server imports it without them (`assistant/operations/light_start.py`).
    """
    return ssl.create_default_context()


class HttpClient:
    """Asks one provider. An outage is logged once, and so is its end."""

    def __init__(self, timeout: ClientTimeout = TIMEOUT) -> None:
        self._timeout = timeout
        self._session: ClientSession | None = None
        self._authorities = authorities()  # read at the start: it takes 40 ms
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._state = OngoingState(Event.PROVIDER_LOST, Event.PROVIDER_BACK)

    async def get(self, address: str) -> Answer:
        """Fetch a document. Raises `ProviderUnreachable` and `ProviderRefused`."""
        answer = await self._ask("GET", address)
        if answer.status != 200:
            raise ProviderRefused("document")
        return answer

    async def post(
        self, address: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Post a form. Raises `ProviderUnreachable`; the caller judges the status."""
        return await self._ask("POST", address, form, headers)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def _ask(
        self,
        method: str,
        address: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        if not is_protected(address):
            raise ProviderRefused("address")
        if self._session is None:
            self._session = ClientSession(
                timeout=self._timeout,
                cookie_jar=DummyCookieJar(),
                connector=TCPConnector(ssl=self._authorities),
                trust_env=True,
            )
        try:
            async with (
                asyncio.timeout(_WITH_WAITING),
                self._places,
                self._session.request(
                    method, address, data=form, headers=headers, allow_redirects=False
                ) as response,
            ):
                content = await _read(response)
                status, nonce = response.status, response.headers.get("DPoP-Nonce")
        except (ClientError, TimeoutError, OSError) as error:
            self._state.failed(type(error).__name__)
            raise ProviderUnreachable from None
        if status >= 500 or status == 429:
            self._state.failed(f"HTTP {status}")
            raise ProviderUnreachable
        self._state.works()
        return Answer(status, _parsed(content), nonce)


async def _read(response: ClientResponse) -> bytes:
    parts, length = [], 0
    async for part in response.content.iter_chunked(16 * 1024):
        length += len(part)
        if length > _LARGEST:
            raise ProviderRefused("too long")
        parts.append(part)
    return b"".join(parts)


def _parsed(content: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
