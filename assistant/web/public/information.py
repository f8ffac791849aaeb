"""Public pages: the redirect to the first page, help, how data is kept, and privacy."""

from aiohttp import web

from assistant.errors import NotFound
from assistant.languages import TAGS, direction, negotiate
from assistant.meetings.insight import KEPT_FOR, LEAST
from assistant.web.http.context import (
    context,
    path_language,
    reader_catalogue,
    server_name,
    services,
    unit_of_path,
)
from assistant.web.http.pages import (
    DataProtectionPage,
    HelpPage,
    InsightInformationPage,
    PrivacyPage,
    PrivacyTopic,
)
from assistant.web.http.responses import render
from assistant.web.public.privacy_topics import privacy_topics


async def root(request: web.Request) -> web.Response:
    """Redirect to the first page in the language the browser asks for."""
    language = negotiate(request.headers.get("Accept-Language", ""))
    return web.Response(status=302, headers={"Location": f"/{language}/", "Vary": "Accept-Language"})


async def help_now(request: web.Request) -> web.Response:
    """Show the emergency contacts."""
    path_language(request)
    return render(request, HelpPage(title=reader_catalogue(request).say("help.title"), public_path="/help"))


async def how_it_is_kept(request: web.Request) -> web.Response:
    """Show where data is sent and stored, by whom, and what we cannot protect against."""
    path_language(request)
    page = PrivacyPage(
        title=reader_catalogue(request).say("kept.title"),
        public_path="/how-it-is-kept",
        server=server_name(request),
        operator=context(request).settings.operator,
    )
    return render(request, page)


async def privacy(request: web.Request) -> web.Response:
    """Show who is responsible for the data, what it is used for, and the reader's rights."""
    path_language(request)
    site, catalogue, unit = context(request), reader_catalogue(request), unit_of_path(request)
    page = DataProtectionPage(
        title=catalogue.say("privacy.title"),
        public_path=f"/at/{unit.id}/privacy" if unit else "/privacy",
        groups=privacy_topics(catalogue, site.pages.service, unit),
    )
    return render(request, page)


async def insight(request: web.Request) -> web.Response:
    """Show what is counted for the service's figures. Raises `NotFound` if it has none."""
    path_language(request)
    catalogue, lasts = reader_catalogue(request), {"lasts": reader_catalogue(request).span(KEPT_FOR)}
    if not services(request).insight.is_on:
        raise NotFound
    groups = [
        PrivacyTopic(name, catalogue.say(f"insight.{name}", least=LEAST, **lasts).split("\n"))
        for name in ("counted", "shown", "never", "limits")
    ]
    page = InsightInformationPage(title=catalogue.say("insight.title"), public_path="/insight", groups=groups)
    return render(request, page)


async def manifest(request: web.Request) -> web.Response:
    """Return what a phone shows if the first page is put on its home screen: only the name and the mark."""
    language = path_language(request)
    address, name = context(request).pages.assets.address, reader_catalogue(request).say("site.name")
    icons = [
        {"src": address("icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": address("icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
    ]
    content = {
        "name": name,
        "short_name": name,
        "lang": TAGS[language],
        "dir": direction(language),
        "id": "/",
        "start_url": f"/{language}/",
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#faf6ee",
        "theme_color": "#faf6ee",
        "icons": icons,
    }
    return web.json_response(content, content_type="application/manifest+json")


def routes() -> list[web.RouteDef]:
    """The public pages."""
    return [
        web.get("/", root),
        web.get("/{language}/help", help_now),
        web.get("/{language}/how-it-is-kept", how_it_is_kept),
        web.get("/{language}/privacy", privacy),
        web.get("/{language}/at/{unit}/privacy", privacy),
        web.get("/{language}/insight", insight),
        web.get("/{language}/manifest", manifest),
    ]
