"""Settings of the operator, and the folders of the program's texts.

Every default is safe: without any setting the program serves this machine only, keeps its data in one folder
and creates its own keys.
"""

import ipaddress
import os
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assistant.errors import CannotStart
from assistant.retention import RELEASED, Retention

_PACKAGE = Path(__file__).parent
OPERATOR_LIMIT = 200
MOST_WORKERS = 64
TEXTS = "ASSISTANT_TEXTS"
"""Environment variable: a folder with `dialogues` and `locales`, used instead of those in the package."""
SERVICE = "ASSISTANT_SERVICE"
"""Environment variable: another file than `service.yaml` among the locales, with the service's own words."""
_HOST = re.compile(r"[a-zA-Z0-9._-]*(:[0-9]*)?|\[[0-9a-fA-F:.]+\](:[0-9]*)?")
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


Said = Mapping[str, str]
"""A text written by the operator, by language."""


class ReadingPromise(BaseModel):
    """The service's promise about a summary sent ahead of a meeting. Without it nothing can be sent ahead."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    who: Said
    """Says who reads the summary."""
    by_when: Said
    absence: Said
    """Says who covers when the readers are away."""
    readers: frozenset[str]
    """The sign-in names of the readers. What is sent ahead is encrypted to them alone."""

    def in_(self, language: str) -> tuple[str, str, str] | None:
        """Return who reads, by when, and who covers for them, or None if the language is missing."""
        who, by_when, absence = (said.get(language) for said in (self.who, self.by_when, self.absence))
        return (who, by_when, absence) if who and by_when and absence else None


class SignInProvider(BaseModel):
    """The identity provider at which staff sign in, by OpenID Connect. Our key there is a file of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    """Its name on the button."""
    profile: Literal["helseid", "entra"]
    issuer: str
    client_id: str
    person: str = "sub"
    """The claim by which accounts are linked."""
    scopes: tuple[str, ...] = ()
    acr: tuple[str, ...] = ()
    """Accepted authentication contexts; without any, the provider decides."""
    require: Mapping[str, str] = Field(default_factory=dict)
    """Claims that must have these values."""
    signed_in_within: int | None = None
    """Minutes since the person authenticated there; without it, the provider's own session is enough."""
    session_minutes: int = 480
    """Minutes until staff sign in again, regardless of activity."""
    check_minutes: int = 5
    """Minutes until the provider is asked again about an open session, if it gives refresh tokens."""
    password: bool = False
    """Whether accounts that are not linked may still use a password and a code."""


class Unit(BaseModel):
    """A unit of the service with staff, readers and a contact of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    """Its name in addresses."""
    name: Said
    staff: frozenset[str]
    """The sign-in names of those who work there, readers included."""
    reading: ReadingPromise | None = None


def units_of(units: tuple[Unit, ...], name: str) -> tuple[Unit, ...]:
    """Return the units where the member of staff with this name works."""
    return tuple(unit for unit in units if name in unit.staff)


def work_together(units: tuple[Unit, ...], one: str, other: str) -> bool:
    """Return whether two members of staff share a unit; without units everyone does."""
    return not units or any(one in unit.staff and other in unit.staff for unit in units)


class Settings(BaseModel):
    """Settings of this server."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    data: Path = Path("data")
    database: str | None = Field(default=None, repr=False)
    """URL of a database to use instead of the SQLite file in the data folder. It may contain a password."""
    keys_folder: Path | None = None
    """The folder for the server's own secrets; by default `keys` in the data folder."""
    public_url: str | None = None
    """The address people use when a proxy with https is in front: https://…"""
    plain_http: bool = False
    """Serve other machines without encryption. Only for trying it out on a private network."""
    operator: Annotated[str, StringConstraints(strip_whitespace=True)] | None = None
    """The body that runs the server, by the name people know. Shown on the first page."""
    proxies: frozenset[str] = frozenset()
    """Addresses and networks of proxies whose X-Forwarded-For header is trusted."""

    reading: ReadingPromise | None = None
    """Who reads a summary sent ahead of a meeting, by when, and who covers for them."""

    workers: int = Field(default=1, ge=1, le=MOST_WORKERS)
    """How many processes on this host serve the same database; several need PostgreSQL."""

    sign_in: SignInProvider | None = None
    """The identity provider, from the service file. Without it, staff have a password and a code."""

    units: tuple[Unit, ...] = ()
    """The units, if there are several. Then each has readers of its own, and `reading` is None."""

    service: Path | None = None
    """Path of the service file; by default the one that `service_file` returns."""

    zone: str | None = None
    """The time zone for times shown to people, from the command line or the environment."""

    insight: bool = False
    """Whether the service has figures, from the service file."""

    watch: bool = False
    """Reload edited texts while the server runs, and show their issues to the authors."""

    security_log_days: int | None = Field(default=None, ge=1)
    """How many days security events are kept, from the command line or the environment."""

    retention: Retention = RELEASED
    """How long everything is kept, from the service file."""

    @property
    def database_url(self) -> str:
        """The database URL."""
        return self.database or f"sqlite:///{self.database_file.absolute()}"

    @property
    def database_file(self) -> Path:
        """The SQLite file in the data folder, used unless another database is configured."""
        return self.data / "words.db"

    @property
    def keys(self) -> Path:
        """The folder of the server's own secrets: never in the database, never in its backups."""
        return self.keys_folder or self.data / "keys"

    @property
    def graves(self) -> Path:
        """The file with ids of deleted and withdrawn data, applied when a backup is restored."""
        return self.data / "deleted"

    @property
    def last_backup(self) -> Path:
        """The file that is written anew after each backup; its time is that of the newest one."""
        return self.data / "last-backup"

    @property
    def last_start(self) -> Path:
        """The file with the version that started last; its time is that of the start."""
        return self.data / "last-start"

    def last_backup_at(self) -> float | None:
        """When the newest backup was finished, in seconds since 1970; None without a backup."""
        try:
            return self.last_backup.stat().st_mtime
        except OSError:
            return None

    @property
    def is_https(self) -> bool:
        """Return whether people reach the server over an encrypted connection."""
        return self.public_url is not None and urlsplit(self.public_url).scheme == "https"

    @property
    def is_loopback(self) -> bool:
        """Return whether only this machine can reach the server."""
        return self.host in LOOPBACK_NAMES

    def check(self) -> None:
        """Raise `CannotStart` for settings that cannot work or would put people's words at risk."""
        self.check_where()
        if self.workers > 1 and not (self.database or "").startswith("postgresql"):
            raise CannotStart(
                f"--workers {self.workers} needs PostgreSQL: give its address with --database, "
                "or serve SQLite with one process."
            )
        for proxy in self.proxies:
            _check_proxy(proxy)
        if len(self.operator or "") > OPERATOR_LIMIT:
            raise CannotStart(
                f"--operator is over {OPERATOR_LIMIT} characters; give the name as people know it."
            )
        if not self.is_loopback and not self.is_https and not self.plain_http:
            raise CannotStart(
                "Other machines would connect without encryption. Put a proxy with https in front "
                "and give its address with --public-url, or add --plain-http to try it on your own network."
            )

    def check_where(self) -> None:
        """Raise `CannotStart` if the database URL or the public address is invalid."""
        if self.database is not None and not self.database.strip():
            raise CannotStart(
                "--database is empty, so the server would create a new database in the data folder. "
                "Give the address, postgresql://…, or leave the option out."
            )
        if self.public_url is not None and not _is_origin(self.public_url):
            raise CannotStart(
                "--public-url is not an address such as https://motet.example.no; correct it. "
                "Use lower-case letters, without the default port and without a path."
            )

    @cached_property
    def _networks(self) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        return tuple(ipaddress.ip_network(proxy, strict=False) for proxy in self.proxies)

    def trusts(self, address: str) -> bool:
        """Return whether this is the address of a proxy whose X-Forwarded-For header is trusted."""
        if not self.proxies:
            return False
        if address in self.proxies:  # as most are written; nothing to parse
            return True
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        plain = getattr(found, "ipv4_mapped", None) or found
        return any(plain in network for network in self._networks)

    def serves(self, host: str) -> bool:
        """Return whether a request's Host header names this server."""
        if not _HOST.fullmatch(host):
            return False  # a user name or a path would become part of links
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if self.public_url is not None and host == urlsplit(self.public_url).netloc:
            return True
        return name in LOOPBACK_NAMES or (self.plain_http and _is_address(name))


def dialogues_folder() -> Path:
    """The folder of the dialogues: from `ASSISTANT_TEXTS`, else in the package, else beside it."""
    return _texts("dialogues")


def locales_folder() -> Path:
    """The folder of the catalogues."""
    return _texts("locales")


def service_file() -> Path:
    """The service file: from `ASSISTANT_SERVICE`, else among the locales."""
    own = os.environ.get(SERVICE)
    return Path(own) if own else locales_folder() / "service.yaml"


def _texts(name: str) -> Path:
    if own := os.environ.get(TEXTS):
        return Path(own) / name
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def _is_origin(address: str) -> bool:
    # browsers send it in this form, and it is compared as text
    try:
        url = urlsplit(address)
        usual = {"http": 80, "https": 443}.get(url.scheme)
        is_plain = usual is not None and url.port != usual and url.username is None and bool(url.hostname)
    except ValueError:
        return False
    return is_plain and address == f"{url.scheme}://{url.netloc.lower()}"


def refuse_empty_variables(names: Iterable[str]) -> None:
    """Raise `CannotStart` for an environment variable that is set but empty, as when a secret was not filled
    in.
    """
    for name in sorted(names):
        if os.environ.get(name) == "":
            raise CannotStart(f"The variable {name} is set but empty. Give it a value, or remove it.")


def _check_proxy(proxy: str) -> None:
    try:
        network = ipaddress.ip_network(proxy, strict=False)
    except ValueError:
        raise CannotStart(
            f"--proxy {proxy} is not an address. Give the proxy's address or its network as numbers, "
            "such as 10.0.0.7 or 10.0.0.0/24; a name is not looked up."
        ) from None
    if network.prefixlen == 0:
        raise CannotStart(
            f"--proxy {proxy} covers every address, so any client could pretend to have another address. "
            "Give only the addresses of your proxies."
        )


def _is_address(name: str) -> bool:
    # a hostile DNS server could resolve a name to this machine, but not an IP address
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
