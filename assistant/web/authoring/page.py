"""The page for authors: the texts in use, and the issues in the files.

It exists only with `--watch`, and only for the machine the server runs on.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from aiohttp import web

from assistant.languages import negotiate
from assistant.web.authoring.local_only import only_from_this_machine
from assistant.web.authoring.patterns import patterns
from assistant.web.authoring.reload import INTERFACE, TextReloader
from assistant.web.http.context import path_language, reader_catalogue
from assistant.web.http.page_data import page_data
from assistant.web.http.pages import Page
from assistant.web.http.responses import render

WORKSHOP = web.AppKey("workshop", TextReloader)


class TextShown(NamedTuple):
    """A dialogue for its author: the version in use, and why the files are not in use."""

    name: str
    version: int | None
    digest: str
    states: int
    issues: Sequence[str]


@page_data
class AuthorsPage(Page):
    """The state of all texts."""

    template = "authoring/authors.html"
    texts: Sequence[TextShown]
    interface: Sequence[str]


def let_in(app: web.Application, workshop: TextReloader) -> None:
    """Watch the texts while the application runs, and serve the page about them."""
    app[WORKSHOP] = workshop

    async def watch(_: web.Application) -> AsyncIterator[None]:
        watching = asyncio.create_task(workshop.watch())
        yield
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching

    app.cleanup_ctx.append(watch)
    app.add_routes(
        [
            web.get("/authors", to_authors),
            web.get("/{language}/authors", authors),
            web.get("/{language}/patterns", patterns),
        ]
    )


async def to_authors(request: web.Request) -> web.Response:
    """Redirect to the page in the language the browser asks for."""
    only_from_this_machine(request)
    language = negotiate(request.headers.get("Accept-Language", ""))
    return web.Response(status=302, headers={"Location": f"/{language}/authors", "Vary": "Accept-Language"})


async def authors(request: web.Request) -> web.Response:
    """Show the state of the texts as of the last check."""
    only_from_this_machine(request)
    path_language(request)
    workshop = request.app[WORKSHOP]
    used = workshop.in_use
    names = [*used, *(name for name in workshop.issues if name not in used and name != INTERFACE)]
    texts = [
        TextShown(
            name,
            used[name].frame.version if name in used else None,
            used[name].digest[:12] if name in used else "",
            len(used[name].states) if name in used else 0,
            [str(issue) for issue in workshop.issues.get(name, ())],
        )
        for name in names
    ]
    page = AuthorsPage(
        title=reader_catalogue(request).say("authors.heading"),
        public_path="/authors",
        texts=texts,
        interface=[str(issue) for issue in workshop.issues.get(INTERFACE, ())],
    )
    return render(request, page)
