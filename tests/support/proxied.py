"""The program behind a real proxy with TLS, configured by the file that the program prints."""

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, ClientSession, CookieJar, TCPConnector
from yarl import URL

from support.need import need

NEEDED = "ASSISTANT_REQUIRE_PROXIES"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def need_proxy(name: str) -> str:
    """Return the proxy's program, or skip the test."""
    found = shutil.which(name, path="/usr/local/bin:/usr/bin:/usr/sbin:/usr/local/sbin")
    need(name, NEEDED, is_there=found is not None and shutil.which("openssl") is not None)
    assert found is not None
    return found


@dataclass(frozen=True)
class Certificate:
    """A certificate for localhost, signed by itself."""

    file: Path
    key: Path

    @classmethod
    def make(cls, folder: Path, days: int = 90) -> "Certificate":
        made = cls(folder / "certificate.pem", folder / "key.pem")
        kind = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -days"
        files = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(made.key), "-out", str(made.file)]
        subprocess.run(["openssl", *kind.split(), str(days), *files], check=True, capture_output=True)
        return made

    @property
    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.file))


class Outside:
    """What `Person` needs of a client, for a server that is reached through a proxy."""

    def __init__(self, session: ClientSession, public_url: str) -> None:
        self.session = session
        self.public_url = public_url

    def make_url(self, path: str) -> URL:
        return URL(self.public_url + path, encoded=True)

    async def request(self, method: str, path: str, **given: Any) -> ClientResponse:
        return await self.session.request(method, self.make_url(path), **given)

    @classmethod
    def of(cls, certificate: Certificate, public_url: str) -> "Outside":
        connector = TCPConnector(ssl=certificate.trusted)
        return cls(ClientSession(connector=connector, cookie_jar=CookieJar()), public_url)


@contextmanager
def running(port: int, *command: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A proxy that answers on this port."""
    with (folder / "proxy.txt").open("wb") as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said)
    try:
        for _ in range(200):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, (folder / "proxy.txt").read_text()
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(20)
