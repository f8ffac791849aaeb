"""What the operator may set, and where the program's own texts lie.

Everything has a safe default: without any setting the program serves this machine only, keeps its data in
one folder and makes its own keys.
"""

import ipaddress
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assistant.errors import CannotStart

_PACKAGE = Path(__file__).parent
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Settings(BaseModel):
    """How this server is run."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    data: Path = Path("data")
    database: str | None = Field(default=None, repr=False)
    """Another database than the SQLite file in the data folder. Its address may hold a password."""
    public_url: str | None = None
    """Where people reach it, when a proxy stands in front: https://…"""
    plain_http: bool = False
    """Serve other machines without encryption; for trying out on one's own network only."""
    operator: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = None
    """The body that runs the server, as people know it. It stands on the first page."""
    proxies: frozenset[str] = frozenset()
    """Addresses whose X-Forwarded-For is believed."""

    @property
    def database_url(self) -> str:
        """The database's address."""
        return self.database or f"sqlite:///{self.data.absolute() / 'words.db'}"

    @property
    def keys(self) -> Path:
        """Where the server's own secret lies: never in the database, never in its backups."""
        return self.data / "keys"

    @property
    def is_https(self) -> bool:
        """Whether people reach it over an encrypted connection."""
        return self.public_url is not None and urlsplit(self.public_url).scheme == "https"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in LOOPBACK_NAMES

    def check(self) -> None:
        """Raises `CannotStart` for settings that would put people's words at risk."""
        if self.public_url is not None:
            url = urlsplit(self.public_url)
            if url.scheme not in ("http", "https") or not url.hostname or url.path.strip("/"):
                raise CannotStart(
                    "--public-url is not an address such as https://motet.example.no; correct it."
                )
        if not self.is_loopback and not self.is_https and not self.plain_http:
            raise CannotStart(
                "Other machines would reach this server without encryption. Put a proxy with https in front "
                "and give its address with --public-url, or add --plain-http to try it on your own network."
            )

    def serves(self, host: str) -> bool:
        """Whether a request's Host header names this server."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if self.public_url is not None and host == urlsplit(self.public_url).netloc:
            return True
        return name in LOOPBACK_NAMES or (self.plain_http and _is_address(name))


def dialogues_folder() -> Path:
    """Where the dialogues lie: in the installed package, else beside it in the checkout."""
    return _texts("dialogues")


def locales_folder() -> Path:
    """Where the catalogues lie."""
    return _texts("locales")


def _texts(name: str) -> Path:
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def _is_address(name: str) -> bool:
    # a name could be pointed here by a stranger's DNS; a number cannot
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
