"""The application: what it is put together from, and what runs beside the requests."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web

from assistant.config import Settings, dialogues_folder, locales_folder, service_file
from assistant.dialogue.library import read_library
from assistant.dialogue.model import Dialogue
from assistant.errors import NotSaved
from assistant.languages import Catalogue, Language, read_catalogues
from assistant.service.broadcast import Broadcast
from assistant.service.exporting import Exports
from assistant.service.notebooks import Notebooks
from assistant.service.prepare import Preparations
from assistant.service.scripts import Scripts
from assistant.service.sharing_services import SharingServices
from assistant.service.staff_services import StaffServices
from assistant.service.start import open_salt, open_stores, see_that_they_belong
from assistant.service.visits import Visits
from assistant.service.ways_in import WaysIn
from assistant.vault.stretching import FULL_COST, StretchingCost
from assistant.web import authors, live, one_minute, public, script
from assistant.web.admin import accounts
from assistant.web.desk import DESK, Desk
from assistant.web.guard import dress_for_the_way, guard
from assistant.web.limits import NEW_CODES, SHARE_CODES, Buckets
from assistant.web.pages import Assets, Pages
from assistant.web.professional import desk as professional_desk
from assistant.web.professional import invitations, shared
from assistant.web.professional import review as professional_review
from assistant.web.service_file import read_service
from assistant.web.sharing import SHARING, Sharing
from assistant.web.staff import account, sign_in, welcome
from assistant.web.user import (
    after,
    conversation,
    invited,
    notebook,
    plain_form,
    review,
    share,
    share_choices,
    start,
    summary,
    take,
    ways_in,
)
from assistant.web.watching import Workshop

_SWEEP_EVERY = 600
logger = logging.getLogger("assistant")


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
    pages = Pages(texts.catalogues, service, assets)
    database, pepper = open_stores(settings.database_url, settings.keys)
    scripts = Scripts(database, texts.dialogues)
    salt, broadcast = open_salt(settings.keys), Broadcast()
    visits = Visits(database, pepper, scripts, clock, broadcast)
    ways = WaysIn(database, pepper, salt, visits, clock, broadcast, cost)
    preparations = Preparations(database, scripts, clock, broadcast)
    look_backs = Preparations(database, scripts, clock, broadcast, after=True)
    notebooks = Notebooks(database, scripts, clock, broadcast)
    app = web.Application(middlewares=[guard])
    app.on_response_prepare.append(dress_for_the_way)
    staff = StaffServices.over(database, pepper, clock, cost, broadcast)
    app[DESK] = Desk.laid(
        settings, pages, visits, preparations, look_backs, scripts, notebooks, ways, clock, staff
    )
    exports = app[take.EXPORTS] = Exports(database, pepper, scripts, clock)
    live.hang_up_at_shutdown(app, live.Streams(broadcast))
    for module in (
        public,
        one_minute,
        script,
        start,
        conversation,
        plain_form,
        summary,
        after,
        take,
        notebook,
        ways_in,
        live,
    ):
        app.add_routes(module.routes())
    making, trying = ways.stretching, staff.stretching
    services = SharingServices.over(
        database, pepper, making, trying, preparations, clock, broadcast, exports.press
    )
    app[SHARING] = Sharing(
        **vars(services),
        wrong_codes=Buckets(SHARE_CODES),
        new_codes=Buckets(NEW_CODES),
        promise=settings.reading,
    )
    for shared_module in (share, share_choices, review, shared, professional_review, invited, invitations):
        app.add_routes(shared_module.routes())
    for staff_module in (sign_in, welcome, account, professional_desk, accounts):
        app.add_routes(staff_module.routes())
    app.add_routes(public.static_routes(assets))

    async def keep_house(_: web.Application) -> AsyncIterator[None]:
        await see_that_they_belong(database, pepper, salt)
        await scripts.publish(clock())
        sweeping = asyncio.create_task(_sweep(visits, staff, services))
        yield
        sweeping.cancel()
        with suppress(asyncio.CancelledError):
            await sweeping
        ways.close()
        staff.close()
        exports.close()
        await database.close()

    app.cleanup_ctx.append(keep_house)
    if settings.watch:
        authors.let_in(app, Workshop(scripts, pages, clock, own_words))
    return app


async def _sweep(visits: Visits, staff: StaffServices, sharing: SharingServices) -> None:
    """Delete what has outlived its time, now and every ten minutes."""
    while True:
        try:
            await visits.sweep()
            await staff.sweep()
            await sharing.sweep()
        except NotSaved as error:
            logger.warning("what is over was not deleted this time: %s", type(error).__name__)
        await asyncio.sleep(_SWEEP_EVERY)
