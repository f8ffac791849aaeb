"""Headers that protect every response."""

from collections.abc import Mapping

from aiohttp import web

from assistant.config import Settings
from assistant.web.http.context import context

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "manifest-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # under no-referrer a form on the same site would post `Origin: null`
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": (
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
        "publickey-credentials-create=(), publickey-credentials-get=()"
    ),
    "X-Robots-Tag": "noindex",
    "Server": "for-motet",
}


HEADERS_WITH_PASSKEYS = HEADERS | {
    "Permissions-Policy": (
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
        "publickey-credentials-create=(self), publickey-credentials-get=(self)"
    )
}
ASKS_PASSKEYS = web.RequestKey[bool]("asks_passkeys")
"""Set where the response is a page that asks for passkeys."""

STRICT_TRANSPORT = "max-age=63072000"


async def add_security_headers_on_prepare(request: web.Request, response: web.StreamResponse) -> None:
    """Add the headers to every response; aiohttp creates some before any middleware runs."""
    headers = HEADERS_WITH_PASSKEYS if ASKS_PASSKEYS in request else HEADERS
    add_security_headers(response, context(request).settings, headers)


def add_security_headers(
    response: web.StreamResponse, settings: Settings, headers: Mapping[str, str] = HEADERS
) -> None:
    """Add the security headers to a response."""
    response.headers.update(headers)
    response.headers.setdefault("Cache-Control", "no-store")
    if settings.is_https:
        response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT
