"""Print the files with which a service runs the program: systemd, nginx, Caddy, and containers.

Ports, limits, timeouts and public paths come from the code, as in the papers.
"""

import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import jinja2

from assistant.config import Settings, locales_folder
from assistant.errors import CannotStart
from assistant.languages import LANGUAGES, NAMES, TAGS, read_catalogues
from assistant.web.http.connections import HEADERS_WITHIN, MOST_FILES
from assistant.web.http.forms import PATIENCE, WHOLE_LIMIT
from assistant.web.http.open_streams import EventStreams
from assistant.web.http.pages import Assets
from assistant.web.http.security_headers import HEADERS
from assistant.web.routes import all_routes
from assistant.web.serve import GOODBYE, KEEP_ALIVE

FILES: Mapping[str, tuple[str, str]] = {
    "unit": ("unit.service", "a hardened systemd unit"),
    "nginx": ("nginx.conf", "the proxy's site for nginx"),
    "caddy": ("Caddyfile", "the proxy's site for Caddy"),
    "containerfile": ("Containerfile", "an image with the installed wheel"),
    "compose": ("compose.yaml", "the image with PostgreSQL"),
    "door": ("door.html", "a link and a button to the first page, for the service's own website"),
}
"""Each command: its template, and what it prints."""
EXAMPLE = "https://motet.example.no"
_TEMPLATES = Path(__file__).parent / "files"
_PUBLIC_VARIABLES = {
    "language": f"({'|'.join(map(re.escape, LANGUAGES))})",
    "dialogue": "",
    "version": "",
    "digest": "[0-9a-zA-Z_-]+",
    "name": "[^/]+",
}
"""Variables of routes that say nothing about a visitor, and their form if the route does not say it."""
_PUBLIC_STARTS = ("/{language}", "/static/", "/healthz", "/readyz")
_VARIABLE = re.compile(r"\{(\w+)(?::((?:[^{}]|\{[^{}]*\})*))?\}")
_STATE = PurePosixPath("/var/lib")
_CERTIFICATES = "/etc/letsencrypt/live"


def public_paths() -> tuple[str, ...]:
    """Return a regular expression for each route whose path is the same for everyone and holds no secret.

    A path that matches none of them must not be logged, so a new route is private until it is proven public.
    """
    paths = dict.fromkeys(_as_expression(route.path) for route in all_routes(Assets.read()))
    return tuple(sorted(path for path in paths if path))


def _as_expression(route: str) -> str | None:
    if route != "/" and not route.startswith(_PUBLIC_STARTS):
        return None
    expression, end = "", 0
    for found in _VARIABLE.finditer(route):
        name, form = found.groups()
        if name not in _PUBLIC_VARIABLES:
            return None
        expression += re.escape(route[end : found.start()]) + (form or _PUBLIC_VARIABLES[name])
        end = found.end()
    return f"^{expression}{re.escape(route[end:])}$"


@dataclass(frozen=True, kw_only=True)
class WayIn:
    """What leads to the first page from another website, in one language; escaped for HTML."""

    tag: str
    name: str
    address: str
    about: str
    link: str


@dataclass(frozen=True, kw_only=True)
class ServerFacts:
    """Every fact that these files state."""

    public_url: str = EXAMPLE
    host: str = Settings().host
    port: int = Settings().port
    data: PurePosixPath = _STATE / "for-motet"
    program: str = field(default_factory=lambda: _installed_program())
    certificate: str = ""
    certificate_key: str = ""
    plain_port: int = 80
    workers: int = 1
    version: str = field(default_factory=lambda: version("for-motet"))
    python: str = f"{sys.version_info.major}.{sys.version_info.minor}"
    container_user: int = 10001
    container_data: str = "/data"
    public_paths: tuple[str, ...] = field(default_factory=public_paths)
    body_kibibytes: int = WHOLE_LIMIT // 1024
    body_within: int = PATIENCE
    headers_within: int = int(HEADERS_WITHIN)
    heartbeat: int = int(EventStreams.heartbeat)
    keep_alive: int = KEEP_ALIVE
    stop_seconds: int = GOODBYE
    open_files: int = MOST_FILES
    server: str = HEADERS["Server"]

    @property
    def wheel(self) -> str:
        """Return the name of this version's wheel."""
        return f"for_motet-{self.version}-py3-none-any.whl"

    @property
    def address(self) -> str:
        """Return where the proxy reaches the program."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def host_name(self) -> str:
        """Return the public name."""
        return urlsplit(self.public_url).hostname or ""

    @property
    def certbot(self) -> str:
        """Return the folder where certbot keeps this name's certificate."""
        return f"{_CERTIFICATES}/{self.host_name}"

    @property
    def public_port(self) -> int:
        """Return the public port."""
        return urlsplit(self.public_url).port or 443

    @property
    def state_directory(self) -> str:
        """Return the data folder as systemd names it, below its own folder for state."""
        return str(self.data.relative_to(_STATE))

    @property
    def doors(self) -> list[WayIn]:
        """Return the way in for every language. Its words are those of the first page."""
        return [
            WayIn(
                tag=TAGS[language],
                name=NAMES[language],
                address=escape(f"{self.public_url}/{language}/"),
                about=escape(catalogue.say("site.description")),
                link=escape(catalogue.say("start.heading")),
            )
            for language, catalogue in read_catalogues(locales_folder()).items()
        ]

    @property
    def trouble(self) -> str:
        """Return what visitors read when the program does not answer, in every language."""
        catalogues = read_catalogues(locales_folder()).values()
        said = (
            f"{one.say('trouble.unforeseen_heading')}. {one.say('trouble.unforeseen')}" for one in catalogues
        )
        return "\n\n".join(said).replace('"', "”") + "\n"


def server_facts(
    *,
    public_url: str = EXAMPLE,
    host: str = ServerFacts.host,
    port: int = ServerFacts.port,
    data: Path | PurePosixPath = ServerFacts.data,
    program: str | None = None,
    certificate: str | None = None,
    key: str | None = None,
    workers: int = ServerFacts.workers,
) -> ServerFacts:
    """Return the facts with what the operator gives. Raises `CannotStart` for what cannot work."""
    settings = Settings(public_url=public_url, host=host, port=port)
    settings.check()
    if not settings.is_https:
        raise CannotStart("The proxy needs an address with https; give it with --public-url.")
    if re.fullmatch(r"[\w.:-]+", host, re.ASCII) is None:
        raise CannotStart("--host is not an address or a name; correct it.")
    folder = PurePosixPath(data)
    if _STATE not in folder.parents or ".." in folder.parts or _is_odd(str(folder)):
        raise CannotStart(f"systemd makes the data folder below {_STATE}; give such a folder with --data.")
    given = {"program": program, "certificate": certificate, "certificate_key": key}
    for name, path in given.items():
        if path is not None and (not path.startswith("/") or _is_odd(path)):
            option = {"certificate_key": "key"}.get(name, name)
            raise CannotStart(f"--{option} is not a full path of plain characters; correct it.")
    if (certificate is None) != (key is None):
        raise CannotStart("A certificate and its key belong together; give both --certificate and --key.")
    return ServerFacts(
        public_url=public_url,
        host=host,
        port=port,
        data=folder,
        program=program or _installed_program(),
        certificate=certificate or "",
        certificate_key=key or "",
        workers=workers,
    )


def _is_odd(path: str) -> bool:
    """Return whether a path has characters that these files would have to quote."""
    return re.fullmatch(r"[\w./@+-]+", path, re.ASCII) is None


def _installed_program() -> str:
    beside = Path(sys.executable).parent / "assistant"
    found = str(beside) if beside.exists() else shutil.which("assistant")
    return found or "/opt/for-motet/bin/assistant"


def print_server_file(name: str, facts: ServerFacts) -> str:
    """Print one of the files."""
    template, _ = FILES[name]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=False,  # noqa: S701 -- configuration of our own; what is given is checked before
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template).render(facts=facts)
