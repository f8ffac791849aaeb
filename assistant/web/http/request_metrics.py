"""Counts requests for the metrics: the family of pages, the status and the seconds it took.

A family is the first part of a route's template. An address with an id in it is never looked at.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web
from aiohttp.typedefs import Handler


@dataclass(frozen=True)
class MetricReadings:
    """What can be read off the running server at any time, from any thread."""

    can_write: Callable[[], bool]
    last_write: Callable[[], float | None]
    waiting_writes: Callable[[], int]
    sweep_age: Callable[[], float]
    removed: Callable[[], Mapping[str, int]]
    open_streams: Callable[[], int]
    stretching: Callable[[], int]


class Metrics(Protocol):
    """Counts what is seen, and publishes it."""

    def seen(self, family: str, status: int, seconds: float | None) -> None:
        """One request was answered; `seconds` is None for a stream, which lasts as long as its page."""

    def publish(self, readings: MetricReadings) -> AbstractContextManager[int]:
        """Publish for as long as it lasts; on which port."""


@dataclass
class Observed:
    """Where the application counts to; nowhere, until somebody publishes metrics."""

    metrics: Metrics | None = None


OBSERVED = web.AppKey("observed", Observed)


@web.middleware
async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count the request."""
    metrics = request.app[OBSERVED].metrics
    if metrics is None:
        return await handler(request)
    began = time.perf_counter()
    response = await handler(request)
    is_stream = response.content_type == "text/event-stream"
    seconds = None if is_stream else time.perf_counter() - began
    metrics.seen(family(request), response.status, seconds)
    return response


def family(request: web.Request) -> str:
    """The first part of the route's template: `meetings`, `desk`; `public` for pages by language."""
    resource = request.match_info.route.resource
    if resource is None:
        return "none"
    first = resource.canonical.strip("/").split("/")[0]
    return "public" if first in ("", "{language}") else first
