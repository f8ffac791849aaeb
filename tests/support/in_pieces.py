"""A slow line: each page of a server comes in pieces, with time to show each before the next is here."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise

from aiohttp import ClientSession, DummyCookieJar, web

PAUSE = 0.08
"""Seconds; a browser shows what has come in a few hundredths."""
_TIMES = 3
_KEPT = (
    "Set-Cookie",
    "Location",
    "Content-Type",
    "Content-Security-Policy",
    "Content-Encoding",
    "Cache-Control",
)
"""What of the answer's head matters to what is shown."""


def pieces_of(page: bytes) -> list[bytes]:
    """What is above the content, and the content, in parts. No word is cut: it would move as it grows."""
    content = page.find(b"<main")
    step = (len(page) - content) // _TIMES + 1
    within = [page.find(b"<", at) for at in range(content + step, len(page), step)]
    return _between(page, [content, *within])


def elements_of_the_top(page: bytes) -> list[bytes]:
    """What every page begins with, an element at a time: a busy browser may stop anywhere to show it.

    What is folded together is not cut, and the page comes whole from its own heading on.
    """
    top = range(page.find(b"<body"), page.find(b"<h1"))
    folded = range(page.find(b"</summary>"), page.find(b"</details>"))
    begun = [tag.start() for tag in re.finditer(b"<[a-z]", page)]
    return _between(page, [at for at in begun if at in top and at not in folded])


def _between(page: bytes, cuts: list[int]) -> list[bytes]:
    return [page[begins:ends] for begins, ends in pairwise([0, *cuts, len(page)])]


@asynccontextmanager
async def in_pieces(
    address: str, cut: Callable[[bytes], list[bytes]] = pieces_of, pause: float = PAUSE
) -> AsyncIterator[str]:
    """Where the pages of this server come in pieces, with a pause in seconds after each."""
    async with ClientSession(cookie_jar=DummyCookieJar(), auto_decompress=False) as session:

        async def fetch(request: web.Request) -> web.StreamResponse:
            asked = {name: value for name, value in request.headers.items() if name != "Host"}
            async with session.get(address + request.path_qs, headers=asked, allow_redirects=False) as answer:
                response = web.StreamResponse(status=answer.status)
                for name in _KEPT:
                    response.headers.extend((name, value) for value in answer.headers.getall(name, []))
                await response.prepare(request)
                if answer.content_type != "text/html":
                    async for chunk in answer.content.iter_any():
                        await response.write(chunk)
                    return response
                for piece in cut(await answer.read()):
                    await response.write(piece)
                    await asyncio.sleep(pause)
                return response

        app = web.Application()
        app.router.add_get("/{path:.*}", fetch)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()
