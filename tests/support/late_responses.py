"""Responses that come late, as over a slow net: it finds tests, and pages, that race with them.

`ASSISTANT_LATE=streams pytest -m browser`, or another of `LATE`.
"""

import asyncio
import random
from collections.abc import Callable

from aiohttp import web
from aiohttp.web_app import Application

_SAME = random.Random(1)


def _to_the_next_second() -> float:
    return 1 - asyncio.get_running_loop().time() % 1


LATE: dict[str, Callable[[str], tuple[float, float]]] = {
    # those that are asked for within a second begin together
    "streams": lambda kind: (_to_the_next_second() if kind == "stream" else 0, 0),
    "files": lambda kind: (0.4 if kind == "file" else 0, 0),
    "pages": lambda kind: (0.3 if kind == "page" else 0, 0),
    "answers": lambda kind: (0, 0.4 if kind == "answer" else 0),
    "everything": lambda kind: (_SAME.random() / 2, 0 if kind == "stream" else _SAME.random() / 2),
}
"""By what is late: from the kind of a response to the seconds it waits before it is made, and after that."""


def be_late(what: str) -> None:
    """Have this be late in every application of this process. Raises `KeyError` for what is not in `LATE`."""
    delays, handle = LATE[what], Application._handle

    async def handle_late(app: Application, request: web.Request) -> web.StreamResponse:
        before, after = delays(_kind_of(request))
        await asyncio.sleep(before)
        response = await handle(app, request)
        await asyncio.sleep(after)
        return response

    Application._handle = handle_late  # type: ignore[assignment, method-assign]


def _kind_of(request: web.Request) -> str:
    if request.method != "GET":
        return "answer"
    if "text/event-stream" in request.headers.get("Accept", ""):
        return "stream"
    return "file" if request.path.startswith("/static/") else "page"
