"""Cache pages that never change under their address and digest; render them once, in a thread.

A script is hundreds of kilobytes and takes up to 60 ms to render. It is the same for everybody.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from aiohttp import web

from assistant.web.http.context import FRAGMENT, context, reader_language
from assistant.web.http.pages import Page

_MOST = 64
"""Cache size: all scripts and drawings in use, in every language, and some older ones."""

Key = tuple[object, ...]


class RenderedPages:
    """Caches the newest pages, and renders one at a time."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, asyncio.Future[bytes]] = OrderedDict()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="rendering")

    async def get(self, key: Key, render: Callable[[], str]) -> bytes:
        """Return the cached page, or render it first."""
        page = self._kept.get(key)
        if page is None:
            work = asyncio.get_running_loop().run_in_executor(self._pool, lambda: render().encode())
            page = self._kept[key] = work
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        try:
            # several requests may wait for it, and one of them may be cancelled
            return await asyncio.shield(page)
        except Exception:
            self._kept.pop(key, None)
            raise

    async def close(self, _: web.Application) -> None:
        """Stop the thread."""
        self._pool.shutdown(cancel_futures=True)


RENDERED = web.AppKey("rendered", RenderedPages)


async def answer_once(request: web.Request, digest: object, make: Callable[[], Page]) -> web.Response:
    """Respond with a public page that depends only on the request's path and this digest."""
    pages, language = context(request).pages, reader_language(request)
    is_fragment = FRAGMENT in request.headers
    key = (request.path, language, is_fragment, digest, pages.edition)
    html = await request.app[RENDERED].get(key, lambda: pages.render(make(), language, fragment=is_fragment))
    return web.Response(body=html, content_type="text/html", charset="utf-8")


def keep_rendered(app: web.Application) -> None:
    """Add the cache of rendered pages to the application."""
    app[RENDERED] = rendered = RenderedPages()
    app.on_cleanup.append(rendered.close)
