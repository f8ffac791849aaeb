"""The sites that `assistant papers nginx` and `caddy` print, in real proxies in front of a served program."""

import asyncio
import re
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from support.commands import Started, run_here, serving
from support.person import Person
from support.proxied import Certificate, Outside, free_port, need_proxy, running

from assistant.operations.outside_checks import check_outside, check_without_tls
from assistant.web.http.forms import STRANGERS_LIMIT
from assistant.web.http.rate_limits import LARGE_BODIES
from assistant.web.http.security_headers import HEADERS

_AROUND = """\
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/main-error.log;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/pages;
    fastcgi_temp_path {folder}/a;
    uwsgi_temp_path {folder}/b;
    scgi_temp_path {folder}/c;
    access_log {folder}/logs/every-other.log;
    gzip on;
    include {folder}/site.conf;
}}
"""


@dataclass
class Site:
    """A served program and its proxy."""

    name: str
    folder: Path
    public_url: str
    plain_port: int
    certificate: Certificate
    process: Started

    @property
    def logged(self) -> str:
        """All that the proxy has written anywhere."""
        files = [self.folder / "proxy.txt", *(self.folder / "logs").iterdir()]
        return "\n".join(path.read_text() for path in files)


def printed(name: str, folder: Path, certificate: Certificate, public_url: str, port: int) -> str:
    """The site as the command prints it."""
    files = ("--certificate", str(certificate.file), "--key", str(certificate.key))
    done = run_here("papers", name, "--public-url", public_url, "--port", str(port), *files, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def nginx_command(program: str, folder: Path, site: str, plain_port: int) -> list[str]:
    """Run the site, changed only in where it logs and in the port without TLS."""
    site = site.replace("/var/log/nginx/", f"{folder}/logs/")
    site, changed = re.subn(r"(listen (?:\[::\]:)?)80;", rf"\g<1>{plain_port};", site)
    assert changed == 2
    (folder / "site.conf").write_text(site)
    (folder / "nginx.conf").write_text(_AROUND.format(folder=folder))
    return [program, "-p", str(folder), "-c", f"{folder}/nginx.conf", "-g", "daemon off;"]


def caddy_command(program: str, folder: Path, site: str, plain_port: int) -> list[str]:
    """Run the site, changed only in the port without TLS, and without the port for administration."""
    file = folder / "Caddyfile"
    file.write_text(site.replace("\n{\n", f"\n{{\n\tadmin off\n\thttp_port {plain_port}\n", 1))
    return ["env", f"HOME={folder}", program, "run", "--adapter", "caddyfile", "--config", str(file)]


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    name: str = request.param
    program, folder = need_proxy(name), tmp_path_factory.mktemp(name)
    folder.chmod(0o755)  # nginx's workers are another user
    (folder / "logs").mkdir()
    certificate = Certificate.make(folder)
    public_port, plain_port, port = free_port(), free_port(), free_port()
    public_url = f"https://localhost:{public_port}"
    text = printed(name, folder, certificate, public_url, port)
    command = {"nginx": nginx_command, "caddy": caddy_command}[name](program, folder, text, plain_port)
    behind = ("--port", str(port), "--public-url", public_url, "--proxy", "127.0.0.1")
    with serving(folder, *behind) as (process, _), running(public_port, *command, folder=folder):
        yield Site(name, folder, public_url, plain_port, certificate, process)


@pytest.fixture
async def outside(site: Site) -> AsyncIterator[Outside]:
    found = Outside.of(site.certificate, site.public_url)
    yield found
    await found.session.close()


@pytest.fixture
def visitor(outside: Outside) -> Person:
    return Person(cast(Any, outside))


async def test_a_conversation_works_and_leaves_no_line_in_any_log(site: Site, visitor: Person) -> None:
    page = await visitor.summary()
    meeting = re.search(r"/meetings/([0-9a-f]{32})", page.path)
    assert meeting is not None
    assert (await visitor.open("/nb/help")).status == 200
    await asyncio.sleep(0.2)
    assert meeting.group(1) not in site.logged
    assert "/meetings/" not in site.logged
    is_logged = re.search(r"^\S+ 200 GET /nb/help \d", site.logged, re.MULTILINE) is not None
    assert is_logged == (site.name == "nginx")
    assert "127.0.0.1" not in site.logged


@pytest.mark.parametrize(
    "path", ["/nb/r%23secretword", "/d%23secretword", "/nb/help?secretword", "/nb/secretword"]
)
async def test_a_mangled_link_leaves_no_secret_in_any_log(site: Site, outside: Outside, path: str) -> None:
    async with await outside.request("GET", path, headers={"Referer": f"{site.public_url}/secretword"}):
        pass
    await asyncio.sleep(0.1)
    assert "secretword" not in site.logged


async def test_an_event_stream_arrives_line_by_line(visitor: Person, outside: Outside) -> None:
    page = await visitor.begin()
    async with await outside.request("GET", f"{page.path}/events") as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        async with asyncio.timeout(10):
            first = await stream.content.readuntil(b"\n\n")
        assert stream.connection is not None
        assert stream.connection.transport is not None
        stream.connection.transport.abort()  # a proxy does not answer the end of TLS within a stream
    assert first


async def test_security_headers_come_once_and_nothing_is_compressed(outside: Outside) -> None:
    async with await outside.request("GET", "/nb/", headers={"Accept-Encoding": "gzip, br"}) as response:
        for name, value in HEADERS.items():
            assert response.headers.getall(name) == [value]
        assert len(response.headers.getall("Strict-Transport-Security")) == 1
        assert "Content-Encoding" not in response.headers


async def test_without_tls_there_is_only_the_way_to_the_page_with_it(site: Site, outside: Outside) -> None:
    plain = f"http://localhost:{site.plain_port}/nb/help"
    async with outside.session.get(plain, allow_redirects=False) as response:
        assert response.status == {"nginx": 301, "caddy": 308}[site.name]
        assert response.headers["Location"] == f"{site.public_url}/nb/help"


async def test_another_host_name_gets_no_page(site: Site, outside: Outside) -> None:
    async with await outside.request("GET", "/nb/", headers={"Host": "elsewhere.example"}) as response:
        assert response.status == 403 if site.name == "nginx" else not await response.read()


def test_an_address_that_a_visitor_invents_is_not_believed(site: Site) -> None:
    """Large forms are counted by address, so a visitor who could choose one would never be stopped."""
    body = f"link={'x' * (STRANGERS_LIMIT + 1)}"

    def send(number: int) -> int:
        headers = {"X-Forwarded-For": f"198.51.100.{number}", "Origin": site.public_url}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        with closing(
            HTTPSConnection(urlsplit(site.public_url).netloc, context=site.certificate.trusted)
        ) as one:
            try:
                one.request("POST", "/nb/r", body, headers)
                return one.getresponse().status
            except OSError:  # refused, and closed, before the whole body was sent
                return 0

    with ThreadPoolExecutor(8) as visitors:
        assert 429 in visitors.map(send, range(2 * int(LARGE_BODIES.burst)))


def test_http_2_is_offered(site: Site) -> None:
    context = site.certificate.trusted
    context.set_alpn_protocols(["h2", "http/1.1"])
    address = ("127.0.0.1", urlsplit(site.public_url).port or 0)
    with (
        socket.create_connection(address) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        assert secure.selected_alpn_protocol() == "h2"


def test_the_doctor_finds_nothing_wrong_from_outside(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(site.certificate.file))
    found = list(check_outside(site.public_url, datetime.now(UTC)))
    found = [*found[:-1], *check_without_tls("localhost", site.public_url, site.plain_port)]
    assert [str(one.level) for one in found] == ["ok"] * 4, [one.line() for one in found]


def test_the_doctor_refuses_a_certificate_that_nobody_trusts(site: Site) -> None:
    (only,) = check_outside(site.public_url, datetime.now(UTC))
    assert only.line().startswith("fault    The certificate is refused: self-signed certificate")


def test_the_doctor_warns_before_a_certificate_ends(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(site.certificate.file))
    later = datetime.now(UTC) + timedelta(days=80)
    certificate, *rest = check_outside(site.public_url, later)
    assert certificate.line().startswith("warning  The certificate is valid for 9 more days.")
    assert any("seconds apart" in one.what for one in rest)


async def test_while_the_program_is_down_visitors_get_a_sentence_and_logs_get_no_path(
    site: Site, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last test: it stops the program."""
    site.process.send_signal(signal.SIGTERM)
    site.process.wait(20)
    async with await outside.request("GET", f"/meetings/{'a' * 32}") as response:
        assert response.status == 502
        assert "Retry-After" in response.headers
        assert "\n\nSomething went wrong on our side. " in await response.text()
    await asyncio.sleep(0.1)
    assert "/meetings/" not in site.logged
    assert "connect() failed" not in site.logged
    monkeypatch.setenv("SSL_CERT_FILE", str(site.certificate.file))
    found = await asyncio.to_thread(lambda: list(check_outside(site.public_url, datetime.now(UTC))))
    assert "fault    The proxy does not reach the server (502)." in "\n".join(one.line() for one in found)
