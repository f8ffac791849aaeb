"""Serve with the operating log and, if configured, metrics."""

from assistant.config import Settings
from assistant.operations.logs import configure
from assistant.operations.metrics import PrometheusMetrics
from assistant.web.serve import serve


def run(settings: Settings, metrics_port: int | None) -> None:
    """Serve until stopped. Raises `CannotStart`."""
    configure(watch=settings.watch)
    serve(settings, None if metrics_port is None else PrometheusMetrics(metrics_port))
