"""Serve requests in turn: one begins in each pass of the event loop.

Requests that arrive together would otherwise all be answered within one pass, and everything that is ready
meanwhile would wait for all of them, at each of its own steps. Addresses take turns. Connections that send
requests without waiting for the answers (pipelining, RFC 9112 §9.3.2) come last: no browser does that.
"""

import asyncio
from collections import OrderedDict, deque

from aiohttp import web
from aiohttp.typedefs import Handler

from assistant.web.http.connections import Connection
from assistant.web.http.context import forget_who, limit_key
from assistant.web.http.forms import READ

_Line = OrderedDict[str, deque[asyncio.Future[None]]]


class Turns:
    """Lets one request begin in each pass of the event loop."""

    def __init__(self) -> None:
        self._is_taken = False
        self._usual: _Line = OrderedDict()
        self._pipelined: _Line = OrderedDict()

    async def take(self, address: str, *, is_pipelined: bool) -> None:
        """Wait for a turn of this address."""
        if not self._is_taken:
            self._taken()
            return
        turn = asyncio.get_running_loop().create_future()
        line = self._pipelined if is_pipelined else self._usual
        line.setdefault(address, deque()).append(turn)
        await turn

    def _taken(self) -> None:
        self._is_taken = True
        asyncio.get_running_loop().call_soon(self._give_next)

    def _give_next(self) -> None:
        """Give a turn to the first request of the address that has waited longest for one."""
        self._is_taken = False
        for line in (self._usual, self._pipelined):
            while line and not self._is_taken:
                address, waiting = line.popitem(last=False)
                turn = waiting.popleft()
                if waiting:
                    line[address] = waiting
                if not turn.done():  # a request may be cancelled while it waits
                    turn.set_result(None)
                    self._taken()


TURNS = web.AppKey("turns", Turns)


@web.middleware
async def in_turn(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Handle the request when its turn comes, and hold no key and no typed word afterwards.

    A connection that waits for its next request, up to a minute, still refers to the last one.
    """
    connection = request.protocol
    is_pipelined = isinstance(connection, Connection) and connection.is_pipelined
    await request.app[TURNS].take(limit_key(request), is_pipelined=is_pipelined)
    try:
        return await handler(request)
    finally:
        forget_who(request)
        request.pop(READ, None)
