"""Serve with the operating log and, if configured, metrics."""

from assistant.config import Settings
from assistant.operations.logs import configure
from assistant.web.serve import Worker, serve


def run(settings: Settings, metrics_port: int | None) -> None:
    """Serve until stopped. Raises `CannotStart`."""
    configure(watch=settings.watch)
    if settings.workers > 1:
        from assistant.operations.workers import serve_with_workers

        serve_with_workers(settings, lambda number, worker: _work(settings, metrics_port, number, worker))
        return
    _serve(settings, metrics_port)


def _work(settings: Settings, metrics_port: int | None, number: int, worker: Worker) -> None:
    """Serve as one of several processes, each with metrics on a port of its own."""
    configure(watch=settings.watch, worker=number)
    _serve(settings, metrics_port + number - 1 if metrics_port else metrics_port, worker)


def _serve(settings: Settings, metrics_port: int | None, worker: Worker | None = None) -> None:
    if metrics_port is None:
        serve(settings, worker=worker)
        return
    from assistant.operations.metrics import PrometheusMetrics  # needed seldom, and slow to import

    serve(settings, PrometheusMetrics(metrics_port), worker)
