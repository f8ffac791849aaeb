"""Every route, in matching order."""

from aiohttp import web

from assistant.web import form_drafts, leaving, refused_pages
from assistant.web.admin import accounts, insight
from assistant.web.http import event_stream
from assistant.web.http.pages import Assets
from assistant.web.http.static_files import static_routes
from assistant.web.peer import lead, opening
from assistant.web.professional import dashboard, invitations
from assistant.web.professional import review as staff_review
from assistant.web.professional import share as staff_share
from assistant.web.public import health, information, script
from assistant.web.staff import (
    account,
    account_setup,
    fresh_proof,
    guides,
    key_password,
    passkeys,
    provider,
    provider_logout,
    sign_in,
)
from assistant.web.user import (
    access,
    conversation,
    downloads,
    guided,
    invitation,
    joining,
    loan_tablet,
    look_back,
    notebook,
    plain_form,
    review,
    share,
    share_choices,
    start,
    staying,
    summary,
    taken_along,
    written_for,
)

_MODULES = (
    information,
    health,
    leaving,
    guides,
    script,
    start,
    conversation,
    plain_form,
    summary,
    look_back,
    downloads,
    notebook,
    access,
    loan_tablet,
    event_stream,
    staying,
    form_drafts,
    refused_pages,
    share,
    share_choices,
    written_for,
    review,
    taken_along,
    staff_share,
    staff_review,
    invitation,
    joining,
    guided,
    invitations,
    sign_in,
    account_setup,
    provider,
    provider_logout,
    account,
    fresh_proof,
    key_password,
    passkeys,
    dashboard,
    opening,
    lead,
    accounts,
    insight,
)


def all_routes(assets: Assets) -> list[web.RouteDef]:
    """Collect the routes of all pages and the static files."""
    return [*(route for module in _MODULES for route in module.routes()), *static_routes(assets)]
