"""The application: its parts, and its background tasks."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from assistant.config import Settings, service_file
from assistant.dialogue.model import Dialogue
from assistant.events import Event, note, place
from assistant.languages import Catalogue, Language
from assistant.retention import Retention
from assistant.service.operations.clock_guard import ClockGuard
from assistant.service.operations.health import Health
from assistant.service.services import Services
from assistant.service.staff.reader_accounts import missing_readers
from assistant.service.staff.services import FULL_COST, StretchingCost
from assistant.service.stores import check_keys_belong, open_salt, open_stores
from assistant.value_class import value_class
from assistant.web import form_drafts, refused_pages
from assistant.web.http import open_streams
from assistant.web.http.context import CONTEXT, Context, now
from assistant.web.http.kept_texts import catalogues_as_read, library_as_read
from assistant.web.http.page_parts import send_changed_parts
from assistant.web.http.pages import Assets, Pages
from assistant.web.http.rate_limits import RateLimits
from assistant.web.http.rendered_once import keep_rendered
from assistant.web.http.security_headers import add_security_headers_on_prepare
from assistant.web.http.service_file import Service, read_service_in_child
from assistant.web.http.turns import TURNS, Turns, in_turn
from assistant.web.known_sender import look_before_reading
from assistant.web.middleware import middleware
from assistant.web.public.health import HEALTH
from assistant.web.routes import all_routes
from assistant.web.staff.first_link import remove_used_link
from assistant.zone import DEFAULT_ZONE, use_zone

if TYPE_CHECKING:
    from assistant.openid.authorization_code import OpenIdClient

SWEEP_EVERY = 600
_LOOK_EVERY = 60


@value_class
class Texts:
    """The dialogues, the interface catalogues and the static files, read from their folders."""

    dialogues: Mapping[str, Dialogue]
    catalogues: Mapping[Language, Catalogue]
    assets: Assets

    @classmethod
    def read(cls) -> "Texts":
        """Read all of them. Raises `DialogueBroken` with every issue that stops a server."""
        return cls(library_as_read(), catalogues_as_read(), Assets.read())

    def service(self, file: Path) -> Service:
        """Return the content of a service file. Raises `CannotStart` with all its errors."""
        return read_service_in_child(file)

    def pages(self, service: Service, retention: Retention | None, *, may_change: bool) -> Pages:
        """Return the pages of a service. What `may_change` is for one application alone."""
        return Pages(self.catalogues, service, self.assets, retention)

    def add_routes(self, app: web.Application) -> None:
        """Add the routes of all pages and the static files."""
        app.add_routes(all_routes(self.assets))


def make_app(
    settings: Settings,
    clock: Callable[[], datetime] = now,
    texts: Texts | None = None,
    cost: StretchingCost = FULL_COST,
) -> web.Application:
    """Build the application. Reads the texts unless they are given; only tests stretch at a lower cost.

    Raises `CannotStart` with what is wrong and what to do.
    """
    settings.check()
    texts = texts or Texts.read()
    own_words = settings.service or service_file()
    service = texts.service(own_words)
    settings = service.settle(settings)
    use_zone(settings.zone or DEFAULT_ZONE)
    pages = texts.pages(service, settings.retention, may_change=settings.watch)
    database, pepper = open_stores(settings.database_url, settings.keys)
    database.graves = settings.graves
    salt = open_salt(settings.keys, database)
    services = Services.build(
        database,
        pepper,
        salt,
        texts.dialogues,
        clock,
        cost=cost,
        retention=settings.retention,
        units=settings.units,
        insight=settings.insight,
    )
    app = web.Application(
        middlewares=[
            in_turn,
            send_changed_parts,
            refused_pages.give_address,
            middleware,
            form_drafts.keep_and_fill,
        ]
    )
    limits = RateLimits.over(services.shared_limits, settings.workers)
    openid = services.staff.revocations.provider = _openid(app, settings, clock)
    app[CONTEXT] = Context(settings, pages, services, clock, limits, openid)
    app[TURNS], app[HEALTH] = Turns(), Health(database)
    app[form_drafts.ARRIVING] = form_drafts.Arriving()
    app.on_response_prepare.append(add_security_headers_on_prepare)
    look_before_reading(app)
    keep_rendered(app)
    open_streams.hang_up_at_shutdown(app, open_streams.EventStreams(services.broadcast))
    texts.add_routes(app)

    async def run(_: web.Application) -> AsyncIterator[None]:
        await check_keys_belong(database, pepper, salt)
        await services.dialogues.publish(clock())
        await _note_missing_readers(settings, services)
        sweep = _sweep(services, app[HEALTH], ClockGuard(database, clock), settings)
        tasks = [asyncio.create_task(sweep), asyncio.create_task(_watch_health(app[HEALTH]))]
        async with services.broadcast.across(database):
            yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await services.staff.provider_checks.finish()
        await services.staff.revocations.finish()
        services.close()
        await database.close()

    app.cleanup_ctx.append(run)
    if settings.watch:
        from assistant.web.authoring import page
        from assistant.web.authoring.reload import TextReloader

        page.let_in(app, TextReloader(services.dialogues, pages, clock, own_words))
    return app


def _openid(app: web.Application, settings: Settings, clock: Callable[[], datetime]) -> "OpenIdClient | None":
    """Return the client of the identity provider, if there is one; only then its modules are imported."""
    if settings.sign_in is None:
        return None
    from assistant.openid.authorization_code import open_client

    client = open_client(settings.sign_in, settings.keys, clock)

    async def close(_: web.Application) -> None:
        await client.close()

    app.on_cleanup.append(close)
    return client


async def _note_missing_readers(settings: Settings, services: Services) -> None:
    """Log how many readers in the service file have no account."""
    promises = [promise for promise in (settings.reading, *(u.reading for u in settings.units)) if promise]
    accounts = await services.staff.accounts.all() if promises else []
    missing = {name for promise in promises for name in missing_readers(accounts, promise.readers)}
    if missing:
        note(Event.READERS_MISSING, missing=len(missing))


async def _sweep(services: Services, health: Health, clock_guard: ClockGuard, settings: Settings) -> None:
    """Delete everything whose time is over, now and every ten minutes."""
    is_news, has_jumped = True, False
    while True:
        try:
            reading = await clock_guard.look()
            if reading.has_jumped:
                if not has_jumped:
                    note(Event.CLOCK_JUMPED, days=reading.days)
                has_jumped = True
                await asyncio.sleep(SWEEP_EVERY)
                continue
            if has_jumped:
                note(Event.CLOCK_TRUSTED)
            has_jumped = False
            removed: Mapping[str, int] = {}
            async with services.sole_holder("sweep") as is_ours:
                if is_ours:
                    removed = await services.sweep(reading.now)
            await remove_used_link(settings, services.staff)
        except Exception as error:  # one failed sweep must not end all deleting
            note(Event.SWEEP_FAILED, error=type(error).__name__, where=place(error))
            is_news = True
        else:
            health.swept(removed)
            if is_news or any(removed.values()):
                note(Event.SWEPT, removed={name: many for name, many in removed.items() if many})
            is_news = False
        await asyncio.sleep(SWEEP_EVERY)


async def _watch_health(health: Health) -> None:
    """Check health every minute, so that the log reports an outage even when no one visits."""
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        await health.look()
