"""Health checks for whatever runs the server."""

from aiohttp import web

from assistant.service.operations.health import Health

HEALTH = web.AppKey("health", Health)


async def healthz(request: web.Request) -> web.Response:
    """Whether the process lives. It asks no database: starting the program again would not mend one."""
    return web.Response(text="ok\n")


async def readyz(request: web.Request) -> web.Response:
    """Whether the server can take visitors: a write goes through, and what is over is being deleted."""
    readiness = await request.app[HEALTH].look()
    if readiness.is_ready:
        return web.Response(text="ok\n")
    reasons = {"cannot write": not readiness.can_write, "sweep is late": not readiness.sweep_in_time}
    text = "".join(f"{reason}\n" for reason, holds in reasons.items() if holds)
    return web.Response(text=text, status=503)


def routes() -> list[web.RouteDef]:
    """The health checks."""
    return [web.get("/healthz", healthz), web.get("/readyz", readyz)]
