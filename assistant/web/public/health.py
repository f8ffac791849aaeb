"""Health checks for load balancers and service managers."""

from aiohttp import web

from assistant.service.operations.health import Health

HEALTH = web.AppKey("health", Health)


async def healthz(request: web.Request) -> web.Response:
    """Return whether the process is alive. It does not check the database, which a restart would not
    repair.
    """
    return web.Response(text="ok\n")


async def readyz(request: web.Request) -> web.Response:
    """Return whether the server can serve visitors: writes work, and expired data is being deleted."""
    readiness = await request.app[HEALTH].look()
    if readiness.is_ready:
        return web.Response(text="ok\n")
    reasons = {"cannot write": not readiness.can_write, "sweep is late": not readiness.sweep_in_time}
    text = "".join(f"{reason}\n" for reason, holds in reasons.items() if holds)
    return web.Response(text=text, status=503)


def routes() -> list[web.RouteDef]:
    """The health checks."""
    return [web.get("/healthz", healthz), web.get("/readyz", readyz)]
