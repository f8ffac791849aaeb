"""«I am still here»: prevents a borrowed browser from locking while it is used."""

from aiohttp import web

from assistant.service.notebook.sessions import SignedInUser
from assistant.web.http.forms import Form
from assistant.web.http.private_form import private_form
from assistant.web.user.form_handling import USERS


@private_form(USERS)
async def stay(_request: web.Request, _form: Form, _who: SignedInUser) -> web.Response:
    """Prolong the session in full; the page does not change."""
    return web.Response(status=204)


def routes() -> list[web.RouteDef]:
    """Routes for the button of the warning."""
    return [web.post("/stay", stay)]
