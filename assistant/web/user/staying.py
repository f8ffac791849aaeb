"""«I am still here»: prevents a borrowed browser from locking while it is used."""

from aiohttp import web

from assistant.service.notebook.sessions import SignedInUser
from assistant.web.http.context import services
from assistant.web.http.forms import Form
from assistant.web.http.private_form import private_form
from assistant.web.user.form_handling import USERS


@private_form(USERS)
async def stay(request: web.Request, _form: Form, who: SignedInUser) -> web.Response:
    """Prolong the session in full; the page does not change."""
    await services(request).loan_tablets.stay(who)
    return web.Response(status=204)


def routes() -> list[web.RouteDef]:
    """Routes for the button of the warning."""
    return [web.post("/stay", stay)]
