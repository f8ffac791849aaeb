"""Count requests for the metrics: route family, status and duration.

A family is the first part of a route's template. Actual paths, which contain ids, are never used.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from assistant.value_class import value_class


@value_class
class MetricReadings:
    """Values that can be read from the running server at any time, from any thread."""

    can_write: Callable[[], bool]
    last_write: Callable[[], float | None]
    waiting_writes: Callable[[], int]
    sweep_age: Callable[[], float]
    removed: Callable[[], Mapping[str, int]]
    open_streams: Callable[[], int]
    stretching: Callable[[], int]
    last_backup: Callable[[], float | None]
    provider_checks: Callable[[], Mapping[str, int]]
    provider_revocations: Callable[[], Mapping[str, int]]


class Metrics(Protocol):
    """Counts requests, and publishes metrics."""

    def seen(self, family: str, status: int, seconds: float | None) -> None:
        """One request was answered; `seconds` is None for a stream, which lasts as long as its page."""

    def publish(self, readings: MetricReadings) -> AbstractContextManager[int]:
        """Publish while the context is open, and return the port."""


def observing(metrics: Metrics) -> Middleware:
    """Return a middleware that counts every request."""

    @web.middleware
    async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
        began = time.perf_counter()
        response = await handler(request)
        is_stream = response.content_type == "text/event-stream"
        seconds = None if is_stream else time.perf_counter() - began
        metrics.seen(family(request), response.status, seconds)
        return response

    return observe


def family(request: web.Request) -> str:
    """Return the first part of the route's template: `meetings`, `desk`; `public` for pages by language."""
    resource = request.match_info.route.resource
    if resource is None:
        return "none"
    first = resource.canonical.strip("/").split("/")[0]
    return "public" if first in ("", "{language}") else first
