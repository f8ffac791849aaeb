"""Several processes that serve one PostgreSQL on one port, and the one that starts, restarts and stops them.

The starting process reads the texts and prepares the stores, so that the others share the memory of the texts
and a refusal is said once. It serves nothing itself, and holds no connection and no thread, so that it can
fork at any time.
"""

import gc
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from assistant.config import Settings
from assistant.errors import CannotStart
from assistant.events import Event, note, place
from assistant.service.stores import open_salt, open_stores
from assistant.web.app import Texts
from assistant.web.serve import GOODBYE, Worker, address_of_server, cannot_listen, protect_process
from assistant.web.service_manager import READY, STOPPING, tell_service_manager

_FIRST_REST, _LONGEST_REST = 0.2, 30.0
"""Seconds until a process that ended is started again; twice as long each time it ends soon."""
_SOON = 60.0
"""A process that lived longer than this did not end soon."""
_AFTER_GOODBYE = 5
"""Seconds beyond the time for requests to finish, after which a process is ended by force."""

Work = Callable[[int, Worker], None]
"""Serves in a process of its own, with its number, until told to stop."""


def serve_with_workers(settings: Settings, work: Work) -> None:
    """Serve with as many processes as the settings say, until SIGINT or SIGTERM. Raises `CannotStart`."""
    protect_process()
    with _reserved(settings) as reserved:
        texts = Texts.read()
        database, _ = open_stores(settings.database_url, settings.keys)
        try:
            open_salt(settings.keys, database)
        finally:
            database.let_go()
        gc.freeze()  # what all processes share is not copied by collecting it
        port: int = reserved.getsockname()[1]
        _Starter(settings, work, texts, port).run()


def _reserved(settings: Settings) -> socket.socket:
    """Return a socket that keeps the port, but takes no connections. Raises `CannotStart`."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        # first without sharing: another server of the same user on this port would share it unnoticed
        with socket.socket(family, kind, proto) as alone:
            alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            alone.bind(address)
        reserved = socket.socket(family, kind, proto)
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reserved.bind(address)
    except OSError as error:
        raise cannot_listen(settings, error) from None
    return reserved


@dataclass
class _Child:
    """One process, seen from the one that started it."""

    number: int
    pid: int
    pidfd: int
    ready: int
    """A pipe on which it says that it is ready."""
    life: int
    """A pipe whose end tells it that this process is gone."""
    started_at: float
    is_ready: bool = False


class _Starter:
    """Starts the processes, starts those anew that end, and stops all."""

    def __init__(self, settings: Settings, work: Work, texts: Texts, port: int) -> None:
        self._settings = settings
        self._work = work
        self._texts = texts
        self._port = port
        self._children: dict[int, _Child] = {}
        self._due: dict[int, float] = {}
        """When each process that ended is started again, by its number."""
        self._rests: dict[int, float] = {}
        self._were_ready = False
        self._selector = selectors.DefaultSelector()
        self._signals, self._signalled = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def run(self) -> None:
        """Run until told to stop; exit if a process ends before all are ready."""
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: None)
        signal.set_wakeup_fd(self._signalled, warn_on_full_buffer=False)
        self._selector.register(self._signals, selectors.EVENT_READ)
        for number in range(1, self._settings.workers + 1):
            self._start(number)
        try:
            while not self._is_told_to_stop():
                self._start_what_is_due()
        finally:
            if self._were_ready:
                tell_service_manager(STOPPING)
            self._stop_all()

    def _is_told_to_stop(self) -> bool:
        """Wait for news, and take it."""
        for key, _ in self._selector.select(self._seconds_until_due()):
            if key.fd == self._signals:
                return True
            child: _Child = key.data
            if self._children.get(child.number) is not child:
                continue  # it ended, which was in the news before
            if key.fd == child.ready:
                self._take_ready(child)
            else:
                self._take_end(child)
        return False

    def _seconds_until_due(self) -> float | None:
        return max(0.0, min(self._due.values()) - time.monotonic()) if self._due else None

    def _start_what_is_due(self) -> None:
        for number in [number for number, at in self._due.items() if at <= time.monotonic()]:
            del self._due[number]
            self._start(number)

    def _take_ready(self, child: _Child) -> None:
        child.is_ready = bool(os.read(child.ready, 1))
        self._selector.unregister(child.ready)
        if self._were_ready or not all(one.is_ready for one in self._children.values()):
            return
        if len(self._children) < self._settings.workers:
            return
        self._were_ready = True
        print(f"Ready: {address_of_server(self._settings, self._port)}", flush=True)
        tell_service_manager(READY)
        os.write(self._children[1].life, b"1")

    def _take_end(self, child: _Child) -> None:
        """Start a process that ended again, the later the oftener it ends. Before all are ready, exit."""
        code = self._reap(child)
        if not self._were_ready:
            sys.exit(1)  # it has said why
        note(Event.WORKER_ENDED, worker=child.number, code=code)
        now = time.monotonic()
        rest = self._rests.get(child.number, _FIRST_REST)
        if now - child.started_at > _SOON:
            rest = _FIRST_REST
        self._due[child.number] = now + rest
        self._rests[child.number] = min(2 * rest, _LONGEST_REST)

    def _reap(self, child: _Child) -> int:
        _, status = os.waitpid(child.pid, 0)
        for fd in (child.pidfd, child.ready):
            with suppress(KeyError):
                self._selector.unregister(fd)
            os.close(fd)
        os.close(child.life)
        del self._children[child.number]
        return os.waitstatus_to_exitcode(status)

    def _stop_all(self) -> None:
        """Tell every process to stop, and wait; end by force what does not stop in time."""
        for child in self._children.values():
            with suppress(ProcessLookupError):
                os.kill(child.pid, signal.SIGTERM)
        end = time.monotonic() + GOODBYE + _AFTER_GOODBYE
        with selectors.DefaultSelector() as ending:
            for child in self._children.values():
                ending.register(child.pidfd, selectors.EVENT_READ, child)
            while self._children and (left := end - time.monotonic()) > 0:
                for key, _ in ending.select(left):
                    ending.unregister(key.fd)
                    self._reap(key.data)
        for child in list(self._children.values()):
            os.kill(child.pid, signal.SIGKILL)
            self._reap(child)

    def _start(self, number: int) -> None:
        ready, tells_ready = os.pipe2(os.O_CLOEXEC)
        hears, life = os.pipe2(os.O_CLOEXEC)
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            self._become(number, tells_ready, hears, close=(ready, life))
        os.close(tells_ready)
        os.close(hears)
        child = _Child(number, pid, os.pidfd_open(pid), ready, life, time.monotonic())
        self._children[number] = child
        self._selector.register(child.ready, selectors.EVENT_READ, child)
        self._selector.register(child.pidfd, selectors.EVENT_READ, child)

    def _become(self, number: int, tells_ready: int, hears: int, close: tuple[int, ...]) -> NoReturn:
        """Be one of the processes, in the child of a fork."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for name in (signal.SIGINT, signal.SIGTERM):
                signal.signal(name, signal.SIG_DFL)
            self._selector.close()
            # a pipe of another process left open here would hide from that one that its starter is gone
            others = [fd for one in self._children.values() for fd in (one.pidfd, one.ready, one.life)]
            for fd in (*close, *others, self._signals, self._signalled):
                os.close(fd)
            worker = Worker(self._port, self._texts, lambda: _say_ready(tells_ready), hears)
            self._work(number, worker)
            code = 0
        except CannotStart as reason:
            print(str(reason), file=sys.stderr)
        except Exception as error:
            note(Event.UNFORESEEN, error=type(error).__name__, where=place(error))
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _say_ready(pipe: int) -> None:
    os.write(pipe, b"1")
    os.close(pipe)
