"""The running server, as a command on the same machine sees it."""

import http.client
from datetime import UTC, datetime

from assistant.config import Settings
from assistant.value_class import value_class

_PATIENCE = 10
_OPEN_TO_ALL = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 -- nothing listens here


@value_class
class Started:
    """The last start of the server."""

    version: str
    at: datetime


def started_as(settings: Settings) -> Started | None:
    """Return the last start in this data folder; None if there was none."""
    try:
        said, at = settings.last_start.read_text("utf-8").strip(), settings.last_start.stat().st_mtime
    except (OSError, ValueError):
        return None
    return Started(said, datetime.fromtimestamp(at, UTC))


def ask_ready(host: str, port: int) -> str | None:
    """Return `ok`, or why the server is not ready; None if nothing answers."""
    connection = http.client.HTTPConnection(_OPEN_TO_ALL.get(host, host), port, timeout=_PATIENCE)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        said = ", ".join(answer.read(200).decode("utf-8", "replace").split("\n")).strip(", ")
        return said if answer.status in (200, 503) else f"another program answers ({answer.status})"
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
