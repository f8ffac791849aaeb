"""The application: what it is put together from, and what runs beside the requests."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from aiohttp import web

from assistant.config import Settings, dialogues_folder, locales_folder, service_file
from assistant.dialogue.library import read_library
from assistant.dialogue.model import Dialogue
from assistant.events import Event, note, place
from assistant.languages import Catalogue, Language, read_catalogues
from assistant.service.broadcast import Broadcast
from assistant.service.dialogues import Dialogues
from assistant.service.export.files import Exports
from assistant.service.form_drafts import FormDrafts
from assistant.service.notebook.access import NotebookAccess
from assistant.service.notebook.notebooks import Notebooks
from assistant.service.notebook.sessions import Sessions
from assistant.service.operations.clock_guard import ClockGuard
from assistant.service.operations.health import Health
from assistant.service.preparation.preparations import Preparations
from assistant.service.sharing.services import SharingServices
from assistant.service.staff.accounts import missing_readers
from assistant.service.staff.services import FULL_COST, StaffServices, StretchingCost
from assistant.service.stores import check_keys_belong, open_salt, open_stores
from assistant.web import form_drafts
from assistant.web.authoring import page
from assistant.web.authoring.reload import TextReloader
from assistant.web.http import event_stream
from assistant.web.http.context import DESK, Services
from assistant.web.http.pages import Assets, Pages
from assistant.web.http.rate_limits import NEW_CODES, SHARE_CODES, RateLimit
from assistant.web.http.rendered_once import keep_rendered
from assistant.web.http.request_metrics import OBSERVED, Observed, observe
from assistant.web.http.security_headers import add_security_headers_on_prepare
from assistant.web.http.service_file import read_service
from assistant.web.known_sender import look_before_reading
from assistant.web.middleware import middleware
from assistant.web.public.health import HEALTH
from assistant.web.routes import all_routes
from assistant.web.staff.first_link import remove_used_link
from assistant.web.user import (
    downloads,
)
from assistant.web.views.shared_summary import SHARING, SharingServicesForWeb
from assistant.zone import DEFAULT_ZONE, use_zone

_SWEEP_EVERY = 600
_LOOK_EVERY = 60


def now() -> datetime:
    """The clock: aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Texts:
    """The dialogues and the interface catalogues, read from their folders."""

    dialogues: Mapping[str, Dialogue]
    catalogues: Mapping[Language, Catalogue]

    @classmethod
    def read(cls) -> "Texts":
        """Read all of them. Raises `DialogueBroken` with every issue that stops a server."""
        return cls(read_library(dialogues_folder()), read_catalogues(locales_folder()))


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
    assets = Assets.read()
    own_words = settings.service or service_file()
    service = read_service(own_words)
    settings = service.settle(settings)
    use_zone(settings.zone or DEFAULT_ZONE)
    pages = Pages(texts.catalogues, service, assets)
    database, pepper = open_stores(settings.database_url, settings.keys)
    database.graves = settings.graves
    scripts = Dialogues(database, texts.dialogues)
    salt, broadcast = open_salt(settings.keys, database), Broadcast()
    visits = Sessions(database, pepper, scripts, clock, broadcast)
    ways = NotebookAccess(database, pepper, salt, visits, clock, broadcast, cost)
    preparations = Preparations(database, scripts, clock, broadcast)
    look_backs = Preparations(database, scripts, clock, broadcast, after=True)
    notebooks = Notebooks(database, scripts, clock, broadcast)
    app = web.Application(middlewares=[observe, middleware, form_drafts.keep_and_fill])
    app[OBSERVED], health = Observed(), Health(database)
    app[HEALTH] = health
    app.on_response_prepare.append(add_security_headers_on_prepare)
    kept_for = timedelta(days=settings.security_log_days)
    staff = StaffServices.over(database, pepper, clock, cost, kept_for, broadcast)
    app[form_drafts.ARRIVING] = form_drafts.Arriving()
    drafts = app[form_drafts.FORM_DRAFTS] = FormDrafts(database, clock)
    app[DESK] = Services.laid(
        settings, pages, visits, preparations, look_backs, scripts, notebooks, ways, clock, staff
    )
    exports = app[downloads.EXPORTS] = Exports(database, pepper, scripts, clock)
    look_before_reading(app)
    keep_rendered(app)
    event_stream.hang_up_at_shutdown(app, event_stream.EventStreams(broadcast))
    making, trying = ways.making, staff.stretching
    services = SharingServices.over(
        database, pepper, making, trying, preparations, clock, broadcast, exports.press
    )
    app[SHARING] = SharingServicesForWeb(
        **vars(services),
        wrong_codes=RateLimit(SHARE_CODES),
        new_codes=RateLimit(NEW_CODES),
        promise=settings.reading,
    )
    app.add_routes(all_routes(assets))

    async def keep_house(_: web.Application) -> AsyncIterator[None]:
        await check_keys_belong(database, pepper, salt)
        await scripts.publish(clock())
        if settings.reading is not None:
            missing = missing_readers(await staff.accounts.all(), settings.reading.readers)
            if missing:
                note(Event.READERS_MISSING, missing=len(missing))
        tidy = partial(remove_used_link, settings, staff)
        sweep = _sweep(visits, staff, services, drafts, health, ClockGuard(database, clock), tidy)
        beside = [asyncio.create_task(sweep)]
        beside.append(asyncio.create_task(_watch_health(health)))
        yield
        for task in beside:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        ways.close()
        staff.close()
        exports.close()
        await database.close()

    app.cleanup_ctx.append(keep_house)
    if settings.watch:
        page.let_in(app, TextReloader(scripts, pages, clock, own_words))
    return app


async def _sweep(
    visits: Sessions,
    staff: StaffServices,
    sharing: SharingServices,
    drafts: FormDrafts,
    health: Health,
    guard_of_clock: ClockGuard,
    tidy: Callable[[], Awaitable[None]],
) -> None:
    """Delete what has outlived its time, now and every ten minutes."""
    is_news, has_jumped = True, False
    while True:
        try:
            reading = await guard_of_clock.look()
            if reading.has_jumped:
                if not has_jumped:
                    note(Event.CLOCK_JUMPED, days=reading.days)
                has_jumped = True
                await asyncio.sleep(_SWEEP_EVERY)
                continue
            if has_jumped:
                note(Event.CLOCK_TRUSTED)
            has_jumped = False
            removed = {**await visits.sweep(), **await staff.sweep(), **await sharing.sweep()}
            removed |= await drafts.sweep()
            await tidy()
        except Exception as error:  # one bad sweep must not end all deleting
            note(Event.SWEEP_FAILED, error=type(error).__name__, where=place(error))
            is_news = True
        else:
            health.swept(removed)
            if is_news or any(removed.values()):
                note(Event.SWEPT, removed={name: many for name, many in removed.items() if many})
            is_news = False
        await asyncio.sleep(_SWEEP_EVERY)


async def _watch_health(health: Health) -> None:
    """Look every minute, so that the log tells of an outage also while nobody visits or asks."""
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        await health.look()
