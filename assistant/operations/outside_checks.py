"""Check the server as visitors reach it: certificate, redirect, headers and health, through the proxy."""

import http.client
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from assistant.languages import LANGUAGES
from assistant.operations.findings import Finding, fault, ok, warning
from assistant.value_class import value_class
from assistant.web.http.security_headers import HEADERS, STRICT_TRANSPORT

_PATIENCE = 10
_RENEW = timedelta(days=14)
"""Certificates are renewed a month before they end; with less left the renewal has failed."""
_CLOCK = timedelta(minutes=1)
_STRICT = "Strict-Transport-Security"


@value_class
class _Answer:
    status: int
    headers: http.client.HTTPMessage
    body: str


def check_outside(public_url: str, now: datetime) -> Iterator[Finding]:
    """Check the server at its public address."""
    url = urlsplit(public_url)
    host, port = url.hostname or "", url.port or 443
    try:
        ends = _certificate_ends(host, port)
    except ssl.SSLCertVerificationError as error:
        yield fault(
            f"The certificate is refused: {error.verify_message}.", "renew or correct it in the proxy"
        )
        return
    except OSError as error:
        yield fault(f"{public_url} cannot be reached ({_said(error)}).", "start the proxy, and open its port")
        return
    yield _about_certificate(ends - now)
    try:
        yield from _check_health(host, port)
        yield from _check_page(host, port, now)
    except (OSError, http.client.HTTPException) as error:
        yield fault(f"{public_url} does not answer ({_said(error)}).", "look in the proxy's log")
    yield from check_without_tls(host, public_url)


def check_without_tls(host: str, public_url: str, port: int = 80) -> Iterator[Finding]:
    """Check that a visitor without TLS is only sent on."""
    try:
        answer = _ask(http.client.HTTPConnection(host, port, timeout=_PATIENCE), "/")
    except (OSError, http.client.HTTPException):
        yield ok("Nothing answers without TLS.")
        return
    to = answer.headers.get("Location", "")
    if answer.status in (301, 308) and to.startswith(public_url):
        yield ok("A visitor without TLS is sent on to the address with TLS.")
    else:
        do = f"let the proxy answer with 301 and {public_url}"
        yield fault(f"A visitor without TLS gets an answer ({answer.status}).", do)


def _certificate_ends(host: str, port: int) -> datetime:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=_PATIENCE) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        found = secure.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(found["notAfter"])), UTC)


def _about_certificate(left: timedelta) -> Finding:
    said = f"The certificate is valid for {left.days} more days."
    return ok(said) if left > _RENEW else warning(said, "renew it, and see why it was not renewed")


def _check_health(host: str, port: int) -> Iterator[Finding]:
    answer = _ask(_secure(host, port), "/readyz")
    if answer.status == 200 and answer.body.strip() == "ok":
        yield ok("The server behind the proxy is ready: it can save, and it deletes what has expired.")
    elif answer.status == 503 and answer.body.strip().splitlines()[:1] in (
        ["cannot write"],
        ["sweep is late"],
    ):
        reasons = ", ".join(answer.body.split("\n")).strip(", ")
        yield fault(f"The server is not ready: {reasons}.", "look in its log, and at the room on its disk")
    else:
        do = "start the server, and let the proxy reach its --host and --port"
        yield fault(f"The proxy does not reach the server ({answer.status}).", do)


def _check_page(host: str, port: int, now: datetime) -> Iterator[Finding]:
    answer = _ask(_secure(host, port), f"/{LANGUAGES[0]}/")
    if answer.status == 403:
        yield fault(
            "The server refuses the Host header.", "pass on Host, and give this address as --public-url"
        )
        return
    if answer.status != 200:
        yield fault(f"The first page does not open ({answer.status}).", "look in the server's log")
        return
    for name, value in {**HEADERS, "Cache-Control": "no-store", _STRICT: STRICT_TRANSPORT}.items():
        found = answer.headers.get_all(name) or []
        if found != [value]:
            how = (
                "is missing"
                if not found
                else "is not the program's own"
                if len(found) == 1
                else "comes twice"
            )
            do = "start the server with --public-url https://…" if name == _STRICT and not found else ""
            yield fault(f"The header {name} {how}.", do or "do not change headers in the proxy")
            break
    else:
        yield ok(f"Every security header arrives as the program sends it, {_STRICT} too.")
    if "Content-Encoding" in answer.headers:
        do = "turn gzip off in the proxy: lengths of compressed pages could reveal what is in them"
        yield warning("Pages are compressed.", do)
    yield from _check_clock(answer, now)


def _check_clock(answer: _Answer, now: datetime) -> Iterator[Finding]:
    """Compare this machine's clock with the proxy's, which may be another machine."""
    try:
        apart = abs(parsedate_to_datetime(answer.headers["Date"]) - now)
    except (TypeError, ValueError):
        return
    if apart > _CLOCK:
        said = f"The proxy's clock and this one are {int(apart.total_seconds())} seconds apart."
        yield warning(said, "let both follow a time server: codes from an app are valid for 30 seconds")


def _secure(host: str, port: int) -> http.client.HTTPConnection:
    context = ssl.create_default_context()
    return http.client.HTTPSConnection(host, port, timeout=_PATIENCE, context=context)


def _ask(connection: http.client.HTTPConnection, path: str) -> _Answer:
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip, br", "Accept": "text/html"})
        answer = connection.getresponse()
        return _Answer(answer.status, answer.headers, answer.read(1 << 16).decode("utf-8", "replace"))
    finally:
        connection.close()


def _said(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__
