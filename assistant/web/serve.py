"""Run the application until it is told to stop."""

import asyncio
import errno
import gc
import os
import resource
import signal
import sys
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import ExitStack, suppress
from functools import partial
from importlib.metadata import version
from typing import Any

from aiohttp import web

from assistant.config import Settings
from assistant.errors import CannotStart
from assistant.events import Event, note
from assistant.value_class import value_class
from assistant.web.app import Texts, make_app
from assistant.web.http.connections import ENOUGH_FILES, QuietAccepting, Runner, raise_open_files
from assistant.web.http.context import CONTEXT
from assistant.web.http.open_streams import STREAMS
from assistant.web.http.rendered_once import compile_templates, load_templates
from assistant.web.http.request_metrics import MetricReadings, Metrics, observing
from assistant.web.missing_fonts import note_missing_fonts
from assistant.web.public.health import HEALTH
from assistant.web.public.script import render_before_visitors
from assistant.web.service_manager import READY, STOPPING, tell_service_manager
from assistant.web.staff.first_link import tell_first_link

KEEP_ALIVE = 65
"""Seconds a connection stays open between requests. A proxy must give up earlier."""
GOODBYE = 10
"""Seconds that requests have to finish when the server stops."""
_COLLECTED_AT = (20_000, 20, 50)
"""Objects until a collection, collections until one of what is older, and until one of everything: a request
makes thousands that are gone with it.
"""
_FIRST_VISITORS = 5.0
"""Seconds after the start in which the server does nothing but answer."""
_SWITCH_AFTER = 0.001
"""Seconds another thread may keep the interpreter when the event loop is ready, at each step of a request."""


@value_class
class Worker:
    """What one of several processes is given by the one that started it."""

    port: int
    """Where all of them listen; the system spreads connections over them."""
    texts: Texts
    tell_ready: Callable[[], None]
    starter: int
    """A pipe from the process that started this one. A byte says that all are ready, and that this one is to
    tell of the first administrator's link. Its end says that the other process is gone.
    """


def serve(settings: Settings, metrics: Metrics | None = None, worker: Worker | None = None) -> None:
    """Serve until SIGINT or SIGTERM; as one of several processes, at the latest until the one that started
    them is gone. Raises `CannotStart`.
    """
    protect_process()
    if settings.plain_http and not settings.is_loopback:
        note(Event.PLAIN_HTTP)
    if (files := raise_open_files()) < ENOUGH_FILES:
        note(Event.FEW_FILES, files=files)
    asyncio.run(_serve(settings, metrics, worker))


def protect_process() -> None:
    """Keep what this process holds and writes from other users of the machine."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold keys and words
    os.umask(0o077)  # files created from here on are readable by this user only


async def _serve(settings: Settings, metrics: Metrics | None, worker: Worker | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    loop.set_exception_handler(QuietAccepting())
    app = make_app(settings, texts=worker.texts if worker else None)
    if metrics is not None:
        app.middlewares.insert(0, observing(metrics))
    # no access log: it would contain addresses and the ids of meetings
    runner = Runner(app, access_log=None, keepalive_timeout=KEEP_ALIVE, shutdown_timeout=GOODBYE)
    await runner.setup()
    try:
        compile_templates(app[CONTEXT].pages)
        with ExitStack() as beside:
            port = await _listen(runner, settings, worker)
            if metrics is not None:
                metrics_port = beside.enter_context(metrics.publish(_readings(app)))
                note(Event.METRICS_PUBLISHED, metrics_port=metrics_port)
            address = address_of_server(settings, port)
            settle_interpreter()
            tell_link = partial(tell_first_link, settings, app[CONTEXT].services.staff, address)
            if worker is None:
                print(f"Ready: {address}", flush=True)
                await tell_link()
            else:
                _listen_to_starter(worker, stop, tell_link)
            note(Event.STARTED, version=version("for-motet"), database=app[HEALTH].database_kind)
            with suppress(OSError):  # only `assistant status` misses it
                settings.last_start.write_text(f"{version('for-motet')}\n", "utf-8")
            if worker is None:
                tell_service_manager(READY)
            else:
                worker.tell_ready()
            forget_documentation()
            beginning = asyncio.create_task(_make_ready(app))
            await stop.wait()
            if worker is None:
                tell_service_manager(STOPPING)
            beginning.cancel()
            note(Event.STOPPED)
    finally:
        await runner.cleanup()


async def _make_ready(app: web.Application) -> None:
    """Do beforehand what requests would wait for, once the pages that waited for a restart are served."""
    await load_templates(app[CONTEXT].pages)
    await asyncio.sleep(_FIRST_VISITORS)
    await render_before_visitors(app)
    await note_missing_fonts(app[CONTEXT])


def settle_interpreter() -> None:
    """Leave what was made while starting out of every collection, for none of it becomes garbage, and let the
    event loop run soon when it is ready.
    """
    sys.setswitchinterval(_SWITCH_AFTER)
    gc.freeze()
    gc.enable()
    gc.set_threshold(*_COLLECTED_AT)


def forget_documentation() -> None:
    """Let go of what modules and classes say of themselves, a megabyte that a server does not read."""
    documented: Iterable[Any] = (*sys.modules.values(), *_below(object))
    for one in documented:
        if isinstance(vars(one).get("__doc__"), str):
            with suppress(TypeError):  # built-in
                one.__doc__ = None


def _below(kind: type) -> Iterator[type]:
    direct: list[type] = type.__subclasses__(kind)
    for one in direct:
        yield one
        yield from _below(one)


def _readings(app: web.Application) -> MetricReadings:
    """Return the metric readings of this application."""
    health, site, streams = app[HEALTH], app[CONTEXT], app[STREAMS]
    return MetricReadings(
        can_write=lambda: health.can_write,
        last_write=lambda: health.last_write,
        waiting_writes=lambda: health.waiting_writes,
        sweep_age=lambda: health.sweep_age,
        removed=lambda: dict(health.removed),
        open_streams=lambda: streams.open,
        last_backup=site.settings.last_backup_at,
        provider_checks=lambda: dict(site.services.staff.provider_checks.outcomes),
        provider_revocations=lambda: dict(site.services.staff.revocations.outcomes),
        stretching=lambda: site.services.access.under_way + site.services.staff.stretching.under_way,
    )


def _listen_to_starter(
    worker: Worker, stop: asyncio.Event, tell_link: Callable[[], Coroutine[None, None, None]]
) -> None:
    loop = asyncio.get_running_loop()
    telling: set[asyncio.Task[None]] = set()

    def hear() -> None:
        if os.read(worker.starter, 1):
            telling.add(asyncio.create_task(tell_link()))
        else:
            loop.remove_reader(worker.starter)
            stop.set()

    loop.add_reader(worker.starter, hear)


async def _listen(runner: web.AppRunner, settings: Settings, worker: Worker | None) -> int:
    wanted = worker.port if worker else settings.port
    site = web.TCPSite(runner, settings.host, wanted, reuse_port=worker is not None)
    try:
        await site.start()
    except OSError as error:
        raise cannot_listen(settings, error) from None
    port: int = runner.addresses[0][1]
    return port


def cannot_listen(settings: Settings, error: OSError) -> CannotStart:
    """Explain what to do about an address that cannot be listened on."""
    if error.errno == errno.EADDRINUSE:
        return CannotStart(
            f"Port {settings.port} is in use. Stop the other program, or choose another: --port 8081"
        )
    return CannotStart(f"The server cannot listen on {settings.host}:{settings.port} ({error.strerror}).")


def address_of_server(settings: Settings, port: int) -> str:
    """Return the address where people reach the server."""
    return settings.public_url or _address(settings.host, port)


def _address(host: str, port: int) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/"
