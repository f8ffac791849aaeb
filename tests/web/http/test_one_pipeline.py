"""Every form goes one way: read, sender, permission, rate, act, and a refusal with what was typed."""

import inspect
import re
from collections.abc import Callable

import pytest
from aiohttp import web
from support.colleague import PASSWORD, Colleague
from support.page import Submission
from support.person import Person

from assistant.web.http import private_form, public_form
from assistant.web.http.context import CONTEXT

PIPELINES = {private_form.__file__, public_form.__file__}
DISPATCHES = {"/form-draft", "/staff/provider/logout"}
"""The first reads only whose form it is, and hands it to one of the two. The second comes from the identity
provider: no page, no person and no language."""
OF_USERS = re.compile(r"/(meetings|notebook|delete|device|language|stay)\b")


def forms(app: web.Application) -> dict[str, Callable[..., object]]:
    """Every handler of a POST, by the template of its path."""
    return {
        route.resource.canonical: route.handler
        for route in app.router.routes()
        if route.method == "POST" and route.resource is not None
    }


def test_every_form_goes_through_one_of_the_two_pipelines(app: web.Application) -> None:
    handlers = forms(app)
    assert len(handlers) > 40
    elsewhere = {path for path, handler in handlers.items() if inspect.getfile(handler) not in PIPELINES}
    assert elsewhere == DISPATCHES


@pytest.mark.one_application
async def test_every_form_of_a_user_is_counted_before_it_does_anything(
    app: web.Application, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await person.reach("matters/now")
    meeting = page.path.split("/")[2]
    counted: list[str] = []

    def too_often(key: str) -> float:
        counted.append(key)
        return 5.0

    monkeypatch.setattr(app[CONTEXT].limits.acts, "wait_for", too_often)
    paths = [path for path in forms(app) if OF_USERS.match(path)]
    assert len(paths) > 20
    for path in paths:
        filled = path.replace("{meeting}", meeting).replace("{after}", "after").replace("{way}", "link")
        answer = await person.send(Submission(filled.replace("{review}", "0" * 32), []))
        assert answer.status >= 400, path
    assert len(counted) == len(paths)
    assert len(set(counted)) == 1, "by notebook"


@pytest.mark.one_application
async def test_a_password_is_never_given_back_however_often_it_is_tried(
    app: web.Application, anne: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = (await anne.open("/staff/account")).form("change-password")
    form.write("password", "galt passord her").write("new", PASSWORD * 2).write("again", PASSWORD * 2)

    async def too_often(_: str) -> float:
        return 5.0

    limits = app[CONTEXT].limits
    for limit, refuses in ((limits.sign_in_names, too_often), (limits.acts, lambda _: 5.0)):
        with monkeypatch.context() as often:
            often.setattr(limit, "wait_for", refuses)
            page = await anne.send(form.press())
        assert (page.status, page.headers["Retry-After"]) == (429, "5")
        assert page.has("change-password")
        assert not {"galt passord her", PASSWORD * 2} & set(re.split(r'[">\n]', page.html))
