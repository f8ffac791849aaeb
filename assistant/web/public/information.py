"""Pages anyone may read, and routes that need no session: leaving, the health check and static files."""

import gzip

from aiohttp import web

from assistant.errors import NotSaved
from assistant.languages import as_language, negotiate
from assistant.service.operations.health import Health
from assistant.web.http.context import DESK, LANGUAGE, path_language, reader_catalogue, render, server_name
from assistant.web.http.cookies import cookie_name, forget
from assistant.web.http.forms import read_form
from assistant.web.http.link_cookies import forget_link
from assistant.web.http.pages import AWAY, Assets, GoodbyePage, HelpPage, PrivacyPage
from assistant.web.staff.authentication import forget_staff, take_cookie_back

HEALTH = web.AppKey("health", Health)
_TO_BE_READ = 6
"""Seconds the page stays where it has something to say."""
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


async def root(request: web.Request) -> web.Response:
    """To the first page, in the language the browser asks for."""
    language = negotiate(request.headers.get("Accept-Language", ""))
    return web.Response(status=302, headers={"Location": f"/{language}/", "Vary": "Accept-Language"})


async def help_now(request: web.Request) -> web.Response:
    """Whom to call."""
    path_language(request)
    return render(request, HelpPage(title=reader_catalogue(request).say("help.title"), public_path="/help"))


async def how_it_is_kept(request: web.Request) -> web.Response:
    """Where it is sent and kept, by whom, and what we cannot protect against."""
    path_language(request)
    page = PrivacyPage(
        title=reader_catalogue(request).say("kept.title"),
        public_path="/how-it-is-kept",
        server=server_name(request),
        operator=request.app[DESK].settings.operator,
    )
    return render(request, page)


async def leave(request: web.Request) -> web.Response:
    """End the session and go somewhere neutral.

    Not a redirect: `form-action 'self'` would stop it. The page says nothing and is replaced at once; but
    where the end could not be written, it says so, without telling what was left, and stays a few seconds.
    """
    form = await read_form(request)
    desk = request.app[DESK]
    secret = request.cookies.get(cookie_name(desk.settings))
    request[LANGUAGE] = as_language(form.one("language"))
    is_written = True
    if secret is not None:
        try:
            await desk.visits.leave(secret)
        except NotSaved:  # refused from now on, and deleted later
            is_written = False
    is_written = await forget_staff(request) and is_written
    response = render(
        request, GoodbyePage(title=reader_catalogue(request).say("left.title"), is_written=is_written)
    )
    response.headers["Refresh"] = f"{0 if is_written else _TO_BE_READ}; url={AWAY}"
    forget(request, response)
    take_cookie_back(request, response)
    forget_link(request, response, "invitation")
    forget_link(request, response, "welcome")
    return response


async def healthz(request: web.Request) -> web.Response:
    """Whether the process lives. It asks no database: starting the program again would not mend one."""
    return web.Response(text="ok\n")


async def readyz(request: web.Request) -> web.Response:
    """Whether the server can take visitors: a write goes through, and what is over is being deleted."""
    readiness = await request.app[HEALTH].look()
    if readiness.is_ready:
        return web.Response(text="ok\n")
    reasons = {"cannot write": not readiness.can_write, "sweep is late": not readiness.sweep_in_time}
    text = "".join(f"{reason}\n" for reason, holds in reasons.items() if holds)
    return web.Response(text=text, status=503)


def static_routes(assets: Assets) -> list[web.RouteDef]:
    """One route for the files in `static/`, each under the hash of what it holds."""

    compressed = {name: gzip.compress(content, mtime=0) for name, content in assets.files.items()}

    async def static(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if request.match_info["digest"] != assets.digest or name not in assets.files:
            raise web.HTTPNotFound
        kind = _TYPES["." + name.rsplit(".", 1)[1]]
        response = web.Response(
            body=assets.files[name],
            content_type=kind,
            charset="utf-8",
            headers={"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"},
        )
        # static files hold no words, so their compressed length reveals nothing; pages are never compressed here
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            response.body, response.headers["Content-Encoding"] = compressed[name], "gzip"
        return response

    return [web.get("/static/{digest}/{name}", static)]


def routes() -> list[web.RouteDef]:
    """The public pages."""
    return [
        web.get("/", root),
        web.get("/healthz", healthz),
        web.get("/readyz", readyz),
        web.get("/{language}/help", help_now),
        web.get("/{language}/how-it-is-kept", how_it_is_kept),
        web.post("/leave", leave),
    ]
