"""Runs the application until it is told to stop."""

import asyncio
import errno
import logging
import os
import signal
import sys

from aiohttp import web

from assistant.config import Settings
from assistant.errors import CannotStart
from assistant.languages import LANGUAGES
from assistant.web.app import make_app
from assistant.web.connections import ENOUGH_FILES, QuietAccepting, Runner, raise_open_files
from assistant.web.desk import DESK

_KEEP_ALIVE = 65
_GOODBYE = 10


def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM. Raises `CannotStart`."""
    os.umask(0o077)  # whatever is made from here on is for this user only
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    if settings.watch:  # then it also says what was taken up
        logging.getLogger("assistant").setLevel(logging.INFO)
    if settings.plain_http and not settings.is_loopback:
        print("Warning: what people write crosses the network without encryption.", file=sys.stderr)
    if (files := raise_open_files()) < ENOUGH_FILES:
        print(
            f"Warning: this server may open {files} files, and each connection is one. Allow it "
            f"{ENOUGH_FILES} or more (LimitNOFILE= in a systemd unit, ulimit -n in a shell).",
            file=sys.stderr,
        )
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    loop.set_exception_handler(QuietAccepting())
    app = make_app(settings)
    # no access log: it would hold addresses and the ids of meetings
    runner = Runner(app, access_log=None, keepalive_timeout=_KEEP_ALIVE, shutdown_timeout=_GOODBYE)
    await runner.setup()
    try:
        port = await _listen(runner, settings)
        address = settings.public_url or _address(settings.host, port)
        print(f"Ready: {address}", flush=True)
        if link := await app[DESK].staff.accounts.first_link():
            print(f"First administrator: {address_to_set_up(address, link)}", flush=True)
            print("The link works once, within 24 hours.", flush=True)
        await stop.wait()
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, settings: Settings) -> int:
    site = web.TCPSite(runner, settings.host, settings.port)
    try:
        await site.start()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = f"Port {settings.port} is in use. Stop the other program, or choose another: --port 8081"
        else:
            reason = f"The server cannot listen on {settings.host}:{settings.port} ({error.strerror})."
        raise CannotStart(reason) from None
    port: int = runner.addresses[0][1]
    return port


def address_to_set_up(address: str, link: str) -> str:
    """Where whoever is given this one-time link sets up their account."""
    return f"{address.rstrip('/')}/{LANGUAGES[0]}/staff/welcome#{link}"


def _address(host: str, port: int) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/"
