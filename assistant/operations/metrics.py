"""Metrics for Prometheus, on a port of their own that only this machine reaches.

Labels are a route family and a status class: never a path, an account, a notebook or an address.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    start_http_server,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from assistant.errors import CannotStart
from assistant.web.http.request_metrics import MetricReadings

LOOPBACK = "127.0.0.1"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_TOO_MANY = 429


class PrometheusMetrics:
    """Counts requests, and publishes the counts together with gauges read from the server."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._registry = CollectorRegistry()
        # otherwise each counter reveals when its first request came
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._requests = Counter(
            "assistant_requests", "Requests answered", ("family", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "assistant_request_seconds",
            "Seconds until the answer was made, streams left out",
            ("family",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._refusals = Counter(
            "assistant_rate_limited", "Requests refused by a rate limit", registry=self._registry
        )

    def seen(self, family: str, status: int, seconds: float | None) -> None:
        """Count one answered request."""
        self._requests.labels(family, f"{status // 100}xx").inc()
        if seconds is not None:
            self._seconds.labels(family).observe(seconds)
        if status == _TOO_MANY:
            self._refusals.inc()

    @contextmanager
    def publish(self, readings: MetricReadings) -> Iterator[int]:
        """Publish while the context is open, and return the port. Raises `CannotStart`."""
        self._registry.register(_Read(readings))
        try:
            server, thread = start_http_server(self._port, LOOPBACK, self._registry)
        except OSError as error:
            raise CannotStart(
                f"Metrics cannot be published on port {self._port} ({error.strerror}). "
                "Stop the other program, or choose another: --metrics-port 9100"
            ) from None
        try:
            yield server.server_port
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class _Read(Collector):
    """Gauges read from the running server on each scrape."""

    def __init__(self, readings: MetricReadings) -> None:
        self._readings = readings

    def describe(self) -> list[Metric]:
        """Describe nothing, so that registering reads nothing."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield every current value."""
        read = self._readings
        gauges: dict[str, tuple[str, float | None]] = {
            "can_write": ("1 if a write went through at the last look", read.can_write()),
            "last_write_timestamp_seconds": ("When a write last went through", read.last_write()),
            "last_backup_timestamp_seconds": ("When a backup was last finished", read.last_backup()),
            "writer_queue": ("Writes that wait for their turn", read.waiting_writes()),
            "sweep_age_seconds": ("Seconds since what is over was deleted", read.sweep_age()),
            "streams": ("Streams that are open", read.open_streams()),
            "stretching_queue": ("Secrets being stretched or waiting for it", read.stretching()),
        }
        for name, (meaning, value) in gauges.items():
            if value is not None:
                yield GaugeMetricFamily(f"assistant_{name}", meaning, value=value)
        removed = CounterMetricFamily("assistant_sweep_removed", "What sweeps have deleted", labels=["kind"])
        for kind, many in sorted(read.removed().items()):
            removed.add_metric([kind], many)
        yield removed
        checks = CounterMetricFamily(
            "assistant_provider_checks", "Sessions asked about at the identity provider", labels=["outcome"]
        )
        for outcome, many in sorted(read.provider_checks().items()):
            checks.add_metric([outcome], many)
        yield checks
        revocations = CounterMetricFamily(
            "assistant_provider_revocations",
            "Refresh tokens that no session needs any more",
            labels=["outcome"],
        )
        for outcome, many in sorted(read.provider_revocations().items()):
            revocations.add_metric([outcome], many)
        yield revocations
