"""Serve with the operating log and, if configured, metrics."""

from assistant.config import Settings
from assistant.operations.logs import configure
from assistant.web.serve import serve


def run(settings: Settings, metrics_port: int | None) -> None:
    """Serve until stopped. Raises `CannotStart`."""
    configure(watch=settings.watch)
    if metrics_port is None:
        serve(settings)
        return
    from assistant.operations.metrics import PrometheusMetrics  # needed seldom, and slow to import

    serve(settings, PrometheusMetrics(metrics_port))
