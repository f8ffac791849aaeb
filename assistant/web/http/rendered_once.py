"""Cache pages that never change under their address and digest; render them once, in a thread.

A script is up to 64 KB and takes 20 to 60 ms to render. It is the same for everybody.
"""

import asyncio
import zlib
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from aiohttp import web

from assistant.languages import Language
from assistant.value_class import value_class
from assistant.web.http.compiled_templates import compiled_templates
from assistant.web.http.context import CONTEXT, FRAGMENT
from assistant.web.http.pages import Page, Pages

_MOST = 512
"""Cache size, 7 MB at most. A text has 30 pages: languages, addresses, drawing, fragments."""

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
            page = asyncio.get_running_loop().run_in_executor(
                self._pool, lambda: zlib.compress(render().encode())
            )
            self._kept[key] = page
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        try:
            # several requests may wait for it, and one of them may be cancelled
            return zlib.decompress(await asyncio.shield(page))
        except Exception:
            self._kept.pop(key, None)
            raise

    async def close(self, _: web.Application) -> None:
        """Stop the thread."""
        self._pool.shutdown(cancel_futures=True)


RENDERED = web.AppKey("rendered", RenderedPages)


@value_class
class OncePage:
    """A public page that depends only on its path, its language and a digest."""

    path: str
    language: Language
    digest: object
    make: Callable[[], Page]


async def render_once(app: web.Application, page: OncePage, *, is_fragment: bool = False) -> bytes:
    """Return the page from the cache, or render it first."""
    pages = app[CONTEXT].pages
    key = (page.path, page.language, is_fragment, page.digest, pages.edition)
    return await app[RENDERED].get(
        key, lambda: pages.render(page.make(), page.language, fragment=is_fragment)
    )


async def answer_once(request: web.Request, page: OncePage) -> web.Response:
    """Respond with this page."""
    html = await render_once(request.app, page, is_fragment=FRAGMENT in request.headers)
    return web.Response(body=html, content_type="text/html", charset="utf-8")


def compile_templates(pages: Pages) -> None:
    """Compile every template that is not kept, so that no one waits for it: each takes 5 to 50 ms.

    What one language compiles serves all of them.
    """
    templates = next(iter(pages.templates.values()))
    for name in compiled_templates().not_kept():
        templates.get_template(name)


async def load_templates(pages: Pages) -> None:
    """Load the code of every template, while requests are answered.

    All languages share it; what each of them adds takes a twentieth of a millisecond when it is first wanted.
    """
    templates = next(iter(pages.templates.values()))
    for name in templates.list_templates():
        templates.get_template(name)
        await asyncio.sleep(0)


def keep_rendered(app: web.Application) -> None:
    """Add the cache of rendered pages to the application."""
    app[RENDERED] = rendered = RenderedPages()
    app.on_cleanup.append(rendered.close)
