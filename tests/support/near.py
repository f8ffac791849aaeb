"""Requests to an application in this process without a socket: the same bytes, by function calls."""

import asyncio
from collections import deque
from typing import Any

from aiohttp import BaseConnector
from aiohttp.client_proto import ResponseHandler
from aiohttp.client_reqrep import ClientRequest
from aiohttp.test_utils import TestServer

HERE = ("127.0.0.1", 1)
"""The address and port that a connection is from."""


class Near(BaseConnector):
    """Connects a client with a server that was started in this process."""

    def __init__(self, server: TestServer) -> None:
        super().__init__()
        self._server = server

    async def _create_connection(self, req: ClientRequest, traces: Any, timeout: Any) -> ResponseHandler:  # noqa: ASYNC109
        runner = self._server.runner
        assert runner is not None
        assert runner.server is not None
        asker: ResponseHandler = self._factory()
        answerer = runner.server()
        there, here = _End(asker), _End(answerer)
        there.other, here.other = here, there
        answerer.connection_made(there.other)
        asker.connection_made(there)
        return asker


class _End(asyncio.Transport):
    """One end of a connection. What is written to it arrives at the protocol of the other end."""

    other: "_End"

    def __init__(self, protocol: asyncio.Protocol) -> None:
        super().__init__({"peername": HERE, "sockname": HERE})
        self._protocol = protocol
        self._loop = asyncio.get_running_loop()
        self._arrived: deque[bytes] = deque()
        self._is_paused = False
        self._is_closing = False

    def get_protocol(self) -> asyncio.Protocol:
        return self._protocol

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        assert isinstance(protocol, asyncio.Protocol)
        self._protocol = protocol

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self._is_closing:
            self._loop.call_soon(self.other._arrive, bytes(data))

    def writelines(self, list_of_data: Any) -> None:
        self.write(b"".join(list_of_data))

    def can_write_eof(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return 0

    def is_closing(self) -> bool:
        return self._is_closing

    def is_reading(self) -> bool:
        return not self._is_paused

    def pause_reading(self) -> None:
        self._is_paused = True

    def resume_reading(self) -> None:
        self._is_paused = False
        self._loop.call_soon(self._pass_on)

    def close(self) -> None:
        for end in (self, self.other):
            if not end._is_closing:
                end._is_closing = True
                # what was written before it was closed arrives first
                self._loop.call_soon(end._lose)

    abort = close

    def _arrive(self, data: bytes) -> None:
        self._arrived.append(data)
        self._pass_on()

    def _pass_on(self) -> None:
        while self._arrived and not self._is_paused:
            self._protocol.data_received(self._arrived.popleft())

    def _lose(self) -> None:
        self._is_paused = False
        self._pass_on()
        self._protocol.connection_lost(None)
