"""Links whose `#` became `%23` on the way, so that the browser sends the secret in the path.

They lead to the page the link was for, with the secret in its field. Nothing is opened by itself, and there
is no redirect: its address would hold the secret once more.
"""

from aiohttp import web

ESCAPED = "{secret:#.*}"
"""The end of the path of such a link, as aiohttp compares it: decoded."""


def secret_in_path(request: web.Request) -> str:
    """The secret that such a link has in its path; empty for any other."""
    return request.match_info.get("secret", "").removeprefix("#")
