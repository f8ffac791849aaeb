"""A slow line: each page of a server comes in pieces, with time to show each before the next is here."""

import asyncio
from collections.abc import AsyncIterator
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


_WITHIN_THE_TOP = (b'<form method="post" action="/leave"', b'<details class="help"')
"""Where a browser that is busy with other things may stop to show what it has read."""


def pieces_of(page: bytes) -> list[bytes]:
    """What is above the content, and the content, in parts. No word is cut: it would move as it grows."""
    content = page.find(b"<main")
    step = (len(page) - content) // _TIMES + 1
    within_the_top = [at for start in _WITHIN_THE_TOP if 0 < (at := page.find(start)) < content]
    within = [page.find(b"<", at) for at in range(content + step, len(page), step)]
    cuts = [0, *within_the_top, content, *within, len(page)]
    return [page[begins:ends] for begins, ends in pairwise(cuts)]


@asynccontextmanager
async def in_pieces(address: str) -> AsyncIterator[str]:
    """Where the pages of this server come in pieces."""
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
                for piece in pieces_of(await answer.read()):
                    await response.write(piece)
                    await asyncio.sleep(PAUSE)
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
