"""Static files, each under the hash of its content."""

from aiohttp import web

from assistant.web.http.pages import SERVED, Assets


def static_routes(assets: Assets) -> list[web.RouteDef]:
    """Routes for the files in `static/`, each under the hash of its content."""

    compressed = assets.compressed

    async def static(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if request.match_info["digest"] != assets.digest or name not in assets.files:
            raise web.HTTPNotFound
        kind = SERVED["." + name.rsplit(".", 1)[1]]
        response = web.Response(
            body=assets.files[name],
            content_type=kind,
            charset=None if kind == "image/png" else "utf-8",
            headers={"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"},
        )
        # they hold no words, so a compressed length reveals nothing; pages are never compressed
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            response.body, response.headers["Content-Encoding"] = compressed[name], "gzip"
        return response

    return [web.get("/static/{digest}/{name}", static)]
