"""Who may do what, from where; and what every answer carries."""

import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient
from pytest_aiohttp import AiohttpClient
from support.clock import Clock
from support.colleague import in_role
from support.database import content
from support.page import Page, Submission
from support.person import CATALOGUES, FORM, Client, Person
from support.quick import LOW_COST, our_texts
from support.server import Server
from support.short_way import have

from assistant.config import Settings
from assistant.meetings.permissions import ROLES, Act, Actor, Role, may
from assistant.operations.logs import JsonLine
from assistant.web.app import make_app
from assistant.web.form_drafts import is_for_staff
from assistant.web.http.security_headers import HEADERS
from assistant.web.refused_pages import act_to_see

M = "/meetings/{meeting}"
ONE = "/admin/staff/{staff}"


@dataclass(frozen=True)
class Row:
    """What comes of a request without the guard's objection, for each kind of person.

    Where staff are asked who they are, `act` is the row of `may` that decides: those it lets get `staff`,
    the others 404. Elsewhere an account makes no difference, unless `staff` says so.
    """

    nobody: int
    owner: int
    other: int
    fields: tuple[tuple[str, str], ...] = ()
    act: Act | None = None
    staff: int | None = None

    def of(self, role: Role) -> int:
        """What comes of it for a member of staff in this role, who has no part in the meeting."""
        if self.act is not None and not may(Actor("staff", "x", frozenset({role})), self.act):
            return 404
        return self.nobody if self.staff is None else self.staff


def staff_only(act: Act, status: int, *fields: tuple[str, str]) -> Row:
    return Row(401, 401, 401, fields, act, status)


def everyone(status: int, *fields: tuple[str, str]) -> Row:
    return Row(status, status, status, fields)


ROUTES: Mapping[tuple[str, str], Row] = {
    ("GET", "/"): everyone(302),
    ("GET", "/healthz"): everyone(200),
    ("GET", "/readyz"): everyone(200),
    ("GET", "/static/{digest}/{name}"): everyone(200),
    ("GET", "/{language}/"): everyone(200),
    ("GET", "/{language}/help"): everyone(200),
    ("GET", "/{language}/how-it-is-kept"): everyone(200),
    ("GET", "/{language}/privacy"): everyone(200),
    ("GET", "/{language}/insight"): everyone(404),
    ("GET", "/{language}/manifest"): everyone(200),
    ("GET", "/{language}/for-professionals"): everyone(200),
    ("GET", "/{language}/for-peer-workers"): everyone(200),
    ("GET", "/{language}/script"): everyone(200),
    ("GET", "/{language}/script/{dialogue}"): everyone(200),
    ("GET", "/{language}/script/{dialogue}/{version}"): everyone(200),
    ("GET", "/{language}/script/{dialogue}/{version}/drawing"): everyone(200),
    ("GET", "/{language}/r"): everyone(200),
    ("GET", "/{language}/r{secret}"): everyone(200),
    ("POST", "/{language}/r"): everyone(422, ("link", "x")),
    ("GET", "/{language}/at/{unit}"): everyone(404),
    ("GET", "/{language}/at/{unit}/privacy"): everyone(404),
    ("GET", "/{language}/start"): Row(303, 200, 200, staff=303),
    ("POST", "/{language}/start"): everyone(303),
    ("POST", "/leave"): everyone(200),
    ("GET", "/{language}/tablet"): everyone(303),
    ("GET", "/{language}/tablet/set-up"): everyone(200),
    ("POST", "/{language}/tablet/set-up"): everyone(303, ("tablet", "on")),
    ("GET", "/finish"): Row(401, 200, 200),
    ("POST", "/finish"): Row(401, 303, 303),
    ("GET", M): Row(401, 200, 404),
    ("POST", M): Row(401, 303, 404, (("turn", "0"), ("state", "meeting/kind"), ("move", "skip"))),
    ("GET", f"{M}/form"): Row(401, 200, 404),
    ("POST", f"{M}/form"): Row(401, 303, 404, (("turn", "0"), ("move", "save:"))),
    ("GET", f"{M}/help"): everyone(200),
    ("GET", f"{M}/pause"): Row(401, 200, 404),
    ("GET", f"{M}/transcript"): Row(401, 200, 404),
    ("POST", f"{M}/continue"): Row(401, 303, 303, (("move", "answer"),)),
    ("GET", f"{M}/summary"): Row(401, 200, 404),
    ("GET", f"{M}/show"): Row(401, 200, 404),
    ("GET", f"{M}/show/{{entry}}"): Row(401, 404, 404),
    ("GET", f"{M}/print"): Row(401, 200, 404),
    ("GET", f"{M}/take"): Row(401, 200, 404),
    ("GET", f"{M}/take/summary.pdf"): Row(401, 200, 404),
    ("GET", f"{M}/take/summary.txt"): Row(401, 200, 404),
    ("GET", f"{M}/take/everything.json"): Row(401, 200, 404),
    ("GET", f"{M}/take/meeting.ics"): Row(401, 404, 404),
    ("GET", f"{M}/take/card/{{entry}}.pdf"): Row(401, 404, 404),
    ("GET", f"{M}/events"): Row(401, 200, 404),
    ("GET", f"{M}/delete"): Row(401, 200, 303),
    ("POST", f"{M}/delete"): Row(401, 303, 303),
    ("GET", f"{M}/{{after}}"): Row(401, 200, 404),
    ("POST", f"{M}/{{after}}/begin"): Row(401, 303, 404),
    ("POST", f"{M}/{{after}}"): Row(401, 404, 404, (("turn", "0"), ("state", "x/y"), ("move", "skip"))),
    ("GET", f"{M}/{{after}}/form"): Row(401, 404, 404),
    ("POST", f"{M}/{{after}}/form"): Row(401, 404, 404, (("turn", "0"), ("move", "save:"))),
    ("GET", f"{M}/{{after}}/help"): everyone(200),
    ("GET", f"{M}/{{after}}/pause"): Row(401, 404, 404),
    ("GET", f"{M}/{{after}}/transcript"): Row(401, 404, 404),
    ("POST", f"{M}/{{after}}/continue"): Row(401, 303, 303, (("move", "answer"),)),
    ("GET", f"{M}/{{after}}/summary"): Row(401, 404, 404),
    ("GET", f"{M}/{{after}}/events"): Row(401, 404, 404),
    ("POST", f"{M}/written-for"): Row(401, 303, 404, (("act", "write_again"),)),
    ("POST", f"{M}/{{after}}/written-for"): Row(401, 404, 404, (("act", "write_again"),)),
    ("GET", "/notebook"): Row(401, 200, 200),
    ("GET", "/notebook/deleted"): Row(401, 200, 200),
    ("POST", "/notebook/begin"): Row(401, 303, 303),
    ("POST", "/notebook/keep"): Row(401, 303, 303),
    ("GET", "/notebook/{way}/new"): Row(401, 200, 200),
    ("POST", "/notebook/{way}/new"): Row(401, 303, 303),
    ("GET", "/notebook/{way}/off"): Row(401, 200, 200),
    ("POST", "/notebook/{way}/off"): Row(401, 303, 303),
    ("GET", "/notebook/codename"): Row(401, 404, 404),
    ("GET", "/notebook/codename/card"): Row(401, 404, 404),
    ("GET", "/notebook/codename/try"): Row(401, 404, 404),
    ("POST", "/notebook/codename/try"): Row(401, 404, 404),
    ("GET", "/delete"): Row(401, 200, 200),
    ("POST", "/delete"): Row(401, 303, 303),
    ("GET", "/{language}/deleted"): Row(200, 303, 303),
    ("GET", "/refused/{number}"): Row(401, 303, 303),
    ("POST", "/device"): Row(401, 303, 303, (("device", "own"), ("back", "/delete"))),
    ("POST", "/language"): Row(401, 303, 303, (("language", "nn"), ("back", "/delete"))),
    ("POST", "/stay"): Row(401, 204, 204, ()),
    ("POST", "/form-draft"): Row(401, 303, 303, (("draft", "/notebook%23keep"),)),
    ("GET", f"{M}/share"): Row(401, 303, 404),
    ("POST", f"{M}/share"): Row(401, 409, 404, (("looked_at", "x"),)),
    ("GET", f"{M}/share/each"): Row(401, 200, 404),
    ("POST", f"{M}/share/each"): Row(401, 303, 404),
    ("GET", f"{M}/share/preview"): Row(401, 303, 404),
    ("POST", f"{M}/share/code"): Row(401, 404, 404),
    ("GET", f"{M}/share/shown"): Row(401, 303, 404),
    ("GET", f"{M}/share/changed"): Row(401, 303, 404),
    ("GET", f"{M}/share/withdrawn"): Row(401, 303, 404),
    ("GET", f"{M}/share/withdraw"): Row(401, 303, 404),
    ("POST", f"{M}/share/withdraw"): Row(401, 303, 404),
    ("GET", f"{M}/share/events"): Row(401, 404, 404),
    ("GET", f"{M}/review"): Row(401, 404, 404),
    ("GET", f"{M}/review/{{review}}"): Row(401, 404, 404),
    ("GET", f"{M}/review/{{review}}/record/{{record}}"): Row(401, 404, 404),
    ("POST", f"{M}/review/{{review}}"): Row(401, 404, 404, (("act", "point:"),)),
    ("GET", f"{M}/review/{{review}}/events"): Row(401, 404, 404),
    ("GET", f"{M}/review/{{review}}/take"): Row(401, 404, 404),
    ("GET", f"{M}/review/{{review}}/take.pdf"): Row(401, 404, 404),
    ("GET", f"{M}/review/{{review}}/calendar/{{agreement}}"): Row(401, 404, 404),
    ("GET", "/d"): Row(200, 200, 200, act="enter_code"),
    ("GET", "/d{secret}"): Row(200, 200, 200, act="enter_code"),
    ("GET", "/{language}/d"): Row(200, 200, 200, act="enter_code"),
    ("GET", "/{language}/d{secret}"): Row(200, 200, 200, act="enter_code"),
    ("POST", "/d"): staff_only("enter_code", 422, ("link", "x")),
    ("GET", "/desk/arrived/{share}"): staff_only("enter_code", 404),
    ("POST", "/desk/arrived/{share}"): staff_only("enter_code", 404),
    ("GET", "/desk/shared/{opening}"): staff_only("enter_code", 404),
    ("POST", "/desk/shared/{opening}"): staff_only("enter_code", 404, ("act", "meet")),
    ("POST", "/desk/shared/{opening}/record/{form}"): staff_only("enter_code", 404),
    ("GET", "/desk/shared/{opening}/record/{record}"): staff_only("enter_code", 404),
    ("POST", "/desk/shared/{opening}/close"): staff_only("enter_code", 303),
    ("GET", "/desk/shared/{opening}/events"): staff_only("enter_code", 404),
    ("GET", "/{language}/staff"): Row(200, 200, 200, staff=303),
    ("POST", "/{language}/staff"): everyone(422),
    ("GET", "/{language}/staff/welcome"): everyone(200),
    ("GET", "/{language}/staff/welcome{secret}"): everyone(200),
    ("POST", "/{language}/staff/welcome"): everyone(422),
    ("GET", "/{language}/staff/welcome/choose"): everyone(303),
    ("POST", "/{language}/staff/welcome/choose"): everyone(422),
    ("POST", "/{language}/staff/provider"): everyone(404),
    ("GET", "/{language}/staff/provider"): everyone(303),
    ("GET", "/staff/provider/callback"): everyone(404),
    ("POST", "/staff/provider/logout"): everyone(404),
    ("POST", "/staff/sign-out"): everyone(303),
    ("POST", "/staff/sign-out-everywhere"): staff_only("use_own_account", 303),
    ("POST", "/staff/language"): staff_only("use_own_account", 303, ("language", "en"), ("back", "/desk")),
    ("GET", "/staff/account"): staff_only("use_own_account", 200),
    ("POST", "/staff/account/password"): staff_only("use_own_account", 422),
    ("POST", "/staff/account/provider"): staff_only("use_own_account", 404),
    ("GET", "/staff/proof"): staff_only("use_own_account", 303),
    ("POST", "/staff/proof"): staff_only("use_own_account", 422),
    ("POST", "/staff/proof/passkey"): staff_only("use_own_account", 404),
    ("POST", "/staff/proof/start-over"): staff_only("use_own_account", 404),
    ("POST", "/staff/proof/provider"): staff_only("use_own_account", 404),
    ("GET", "/staff/proof{back}"): staff_only("see_staff", 303),
    ("GET", "/staff/key"): staff_only("use_own_account", 303),
    ("POST", "/staff/key"): staff_only("use_own_account", 404),
    ("POST", "/staff/key/choose"): staff_only("use_own_account", 404),
    ("POST", "/staff/key/forget"): staff_only("use_own_account", 404),
    ("POST", "/staff/key/passkey"): staff_only("use_own_account", 404),
    ("POST", "/staff/key/passkey/add"): staff_only("use_own_account", 404),
    ("POST", "/staff/key/passkey/remove"): staff_only("use_own_account", 404),
    ("POST", "/staff/account/codes"): staff_only("use_own_account", 303),
    ("GET", "/staff/refused/{number}"): staff_only("use_own_account", 303),
    ("GET", "/staff/codes"): staff_only("use_own_account", 303),
    ("POST", "/staff/codes"): staff_only("use_own_account", 303),
    ("GET", "/desk"): staff_only("use_desk", 200),
    ("GET", "/{language}/i/guided"): everyone(303),
    ("POST", "/i/join"): everyone(303, ("link", "x")),
    ("GET", f"{M}/guided"): Row(401, 303, 404),
    ("POST", f"{M}/guided"): Row(401, 404, 404),
    ("GET", f"{M}/guided/hold-up"): Row(401, 404, 404),
    ("POST", f"{M}/guided/hold-up"): Row(401, 404, 404),
    ("GET", "/desk/guided"): staff_only("open_guided_session", 200),
    ("POST", "/desk/guided"): staff_only("open_guided_session", 404),
    ("GET", "/desk/guided/over"): staff_only("open_guided_session", 200),
    ("GET", "/desk/guided/plan"): staff_only("open_guided_session", 200),
    ("GET", "/desk/guided/notes/{dialogue}"): staff_only("open_guided_session", 200),
    ("GET", "/desk/guided/{session}"): staff_only("open_guided_session", 303),
    ("POST", "/desk/guided/{session}"): staff_only("open_guided_session", 404),
    ("GET", "/desk/guided/{session}/end"): staff_only("open_guided_session", 303),
    ("GET", "/desk/guided/{session}/events"): staff_only("open_guided_session", 404),
    ("GET", "/desk/guided/{session}/screen"): staff_only("open_guided_session", 404),
    ("GET", "/desk/guided/{session}/slips"): staff_only("open_guided_session", 404),
    ("GET", "/desk/invitations"): staff_only("invite", 200),
    ("POST", "/desk/invitations"): staff_only("invite", 303),
    ("GET", "/desk/invitations/{invitation}"): staff_only("invite", 303),
    ("GET", "/desk/invitations/{invitation}/slips"): staff_only("invite", 404),
    ("POST", "/desk/invitations/{invitation}/take-back"): staff_only("invite", 303),
    ("GET", "/i"): everyone(200),
    ("GET", "/i{secret}"): everyone(200),
    ("GET", "/{language}/i"): everyone(200),
    ("GET", "/{language}/i{secret}"): everyone(200),
    ("GET", "/{language}/i/opened"): everyone(303),
    ("POST", "/i"): everyone(422, ("link", "x")),
    ("POST", "/i/begin"): everyone(422, ("link", "x")),
    ("GET", "/admin/staff"): staff_only("see_staff", 200),
    ("GET", "/admin/insight"): staff_only("see_staff", 404),
    ("POST", "/admin/staff"): staff_only("add_staff", 303, ("name", "Ny"), ("role", "peer_worker")),
    ("GET", ONE): staff_only("see_staff", 200),
    ("POST", f"{ONE}/roles"): staff_only("change_roles", 303, ("role", "peer_worker")),
    ("POST", f"{ONE}/disable"): staff_only("disable_staff", 303),
    ("POST", f"{ONE}/enable"): staff_only("disable_staff", 303),
    ("GET", f"{ONE}/reset"): staff_only("reset_staff", 200),
    ("POST", f"{ONE}/reset"): staff_only("reset_staff", 303),
    ("POST", f"{ONE}/rename"): staff_only("rename_staff", 303, ("name", "Et annet navn")),
    ("GET", f"{ONE}/renamed"): staff_only("rename_staff", 200),
    ("GET", f"{ONE}/remove"): staff_only("remove_staff", 303),
    ("POST", f"{ONE}/remove"): staff_only("remove_staff", 404),
    ("GET", "/admin/staff/removed"): staff_only("remove_staff", 200),
}
CHANGES = [route for route in ROUTES if route[0] != "GET"]
"""Everything that can be asked for that is more than looking."""
FOREIGN: Mapping[str, Mapping[str, str]] = {
    "cross-site": {"Sec-Fetch-Site": "cross-site"},
    "same-site": {"Sec-Fetch-Site": "same-site"},
    "typed in the address bar": {"Sec-Fetch-Site": "none"},
    "made up": {"Sec-Fetch-Site": "x"},
    "cross-site with our origin": {"Sec-Fetch-Site": "cross-site", "Origin": "OURS"},
    "another origin": {"Origin": "https://evil.example"},
    "another origin that says it is ours": {
        "Sec-Fetch-Site": "same-origin",
        "Origin": "https://evil.example",
    },
    "null": {"Origin": "null"},
    "another port": {"Origin": "http://127.0.0.1:1"},
    "https": {"Origin": "https://127.0.0.1"},
    "our origin and more": {"Origin": "OURS.evil.example"},
    "another host": {"Host": "evil.example"},
    "a host that ends in ours": {"Host": "localhost.evil.example"},
    "another address": {"Host": "10.0.0.1"},
}


def routes_of(app: web.Application) -> set[tuple[str, str]]:
    return {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }


def fill(path: str, meeting: str) -> str:
    path = path.replace("/static/{digest}/{name}", our_texts().assets.address("site.css"))
    path = path.replace("{dialogue}", "before_meeting").replace("{version}", "4")
    return (
        path.replace(M, meeting)
        .replace("{language}", "nn")
        .replace("{entry}", "0" * 16)
        .replace("{way}", "link")
        .replace("{secret}", "%23x")
        .replace("{staff}", "0" * 32)
        .replace("{back}", "/admin/staff")
        .replace("{share}", "0" * 32)
        .replace("{opening}", "0" * 32)
        .replace("{number}", "0" * 32)
        .replace("{invitation}", "0" * 32)
        .replace("{session}", "0" * 32)
        .replace("{review}", "0" * 32)
        .replace("{agreement}", "0" * 32)
        .replace("{form}", "pdf")
        .replace("{record}", "0" * 32)
        .replace("{after}", "after")
    )


async def ask(person: Person, route: tuple[str, str], path: str, headers: Mapping[str, str]) -> Page:
    method, _ = route
    ours = {name: value.replace("OURS", person.address) for name, value in headers.items()}
    body = "&".join(f"{name}={text}" for name, text in ROUTES[route].fields)
    with_body = (
        {"data": body, "headers": {"Content-Type": FORM} | ours} if method == "POST" else {"headers": ours}
    )
    response = await person.client.request(method, path, allow_redirects=False, **with_body)
    is_stream = response.content_type == "text/event-stream"  # which has no end to wait for
    html = "" if is_stream else await response.text(errors="replace")
    response.close()
    return Page(path, response.status, response.headers, html)


def test_every_route_stands_in_the_table(app: web.Application) -> None:
    assert routes_of(app) == set(ROUTES)


class Visited:
    """One application for all routes, and the people who ask it.

    Looking changes nothing, so those who look are the same for every route. Whoever changes something is new.
    """

    def __init__(self, app: web.Application, settings: Settings, server: Server) -> None:
        self.app = app
        self.settings = settings
        self._server = server
        self._clients: list[Client] = []
        self._lookers: dict[str, tuple[Person, str]] = {}

    async def new(self) -> Person:
        self._clients.append(TestClient(self._server))
        return Person(self._clients[-1])

    async def owner(self, which: str, route: tuple[str, str]) -> tuple[Person, str]:
        """Somebody who has begun, and the path of their meeting."""
        if which not in self._lookers or route in CHANGES:
            person = await self.new()
            found = person, (await person.begin()).path
            if route in CHANGES:
                return found
            self._lookers[which] = found
        return self._lookers[which]

    async def staff(self, role: Role, route: tuple[str, str]) -> tuple[Person, str]:
        """Somebody signed in with this role, and the id of their account."""
        if role not in self._lookers or route in CHANGES:
            person = await self.new()
            found = person, await in_role(self.app, person, role)
            if route in CHANGES:
                return found
            self._lookers[role] = found
        return self._lookers[role]

    async def close(self) -> None:
        for client in self._clients:
            await client.close()
        await self._server.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def visited(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Visited]:
    settings = Settings(data=tmp_path_factory.mktemp("visited") / "data")
    app = make_app(settings, Clock(), our_texts(), LOW_COST)
    server = Server(app)
    await server.start_server(access_log=None)
    visited = Visited(app, settings, server)
    yield visited
    await visited.close()


together = pytest.mark.asyncio(loop_scope="module")


@together
@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
async def test_each_person_may_do_what_the_table_says(visited: Visited, route: tuple[str, str]) -> None:
    nobody = await visited.new()
    owner, meeting = await visited.owner("owner", route)
    other, _ = await visited.owner("other", route)
    path = fill(route[1], meeting)
    row = ROUTES[route]
    for who, status in ((nobody, row.nobody), (other, row.other), (owner, row.owner)):
        page = await ask(who, route, path, {})
        assert page.status == status
        assert HEADERS.items() <= page.headers.items()
        assert (
            "Content-Type" not in page.headers
            or "charset=utf-8" in page.headers["Content-Type"]
            or page.headers["Content-Type"] == "application/pdf"
            or not page.html
        )


@together
@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
async def test_each_role_may_do_what_the_table_says(visited: Visited, route: tuple[str, str]) -> None:
    _, meeting = await visited.owner("owner", ("GET", "/"))
    _, somebody = await visited.staff("peer_worker", route)
    path = fill(route[1], meeting).replace("0" * 32, somebody)
    for role in ROLES:
        colleague, _ = await visited.staff(role, route)
        page = await ask(colleague, route, path, {})
        assert page.status == ROUTES[route].of(role), role
        assert HEADERS.items() <= page.headers.items()


@pytest.mark.parametrize("role", ROLES)
def test_who_may_send_a_form_may_see_its_refused_page_and_nobody_else(role: Role) -> None:
    who = Actor("staff", "x", frozenset({role}))
    posts = [(path, row.act) for (method, path), row in ROUTES.items() if method == "POST"]
    forms = [(path, act) for path, act in posts if act and is_for_staff(path)]
    wrong = [path for path, act in forms if may(who, act) != may(who, act_to_see(path))]
    assert wrong == []


@together
@pytest.mark.parametrize("route", CHANGES, ids=" ".join)
async def test_no_other_site_can_change_anything(visited: Visited, route: tuple[str, str]) -> None:
    person, meeting = await visited.owner("owner", ("GET", "/"))
    path = fill(route[1], meeting)
    before = content(visited.settings)
    for name, headers in FOREIGN.items():
        page = await ask(person, route, path, headers)
        assert page.status == 403, name
        assert HEADERS.items() <= page.headers.items()
        assert "Set-Cookie" not in page.headers
    assert content(visited.settings) == before


@pytest.mark.parametrize("path", ["/", "/nb/", "/nowhere"])
async def test_nothing_is_told_under_a_name_that_is_not_ours(person: Person, path: str) -> None:
    for host in (
        "evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "[",
        "",
        "localhost.",
        "user@evil.example",
    ):
        response = await person.client.get(path, headers={"Host": host}, allow_redirects=False)
        assert response.status == 403, host
        assert CATALOGUES["nb"].say("trouble.foreign_heading") in await response.text()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_health_is_told_to_a_balancer_that_asks_by_address(person: Person, path: str) -> None:
    for host in ("10.1.2.3:8080", "pod-1", "["):
        response = await person.client.get(path, headers={"Host": host})
        assert (response.status, await response.text()) == (200, "ok\n"), host
        assert (await person.client.post(path, headers={"Host": host})).status == 403


async def test_a_refused_host_and_an_unknown_proxy_are_told_without_saying_who_they_are(
    person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "assistant")
    for _ in range(20):
        await person.client.get("/nb/", headers={"Host": "evil.example"})
        await person.client.get("/nb/", headers={"X-Forwarded-For": "203.0.113.9"})
    records = [record for record in caplog.records if record.levelno >= logging.WARNING]
    told = {record.getMessage(): vars(record)["event_fields"] for record in records}
    assert told == {"host_refused": {"shape": "name"}, "proxy_unknown": {"network": "127.0.0.0/24"}}
    assert len(records) == 2


async def test_a_visitor_without_a_proxy_is_no_unknown_proxy(
    person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "assistant")
    assert (await person.open("/nb/")).status == 200
    assert "proxy_unknown" not in [record.getMessage() for record in caplog.records]


@pytest.mark.parametrize("path", ["/nb/", "/healthz"])
async def test_other_sites_may_link_to_us(person: Person, path: str) -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Origin": "null"}
    assert (await person.open(path, elsewhere)).status == 200
    for method, status in (("HEAD", 200), ("OPTIONS", 405)):
        response = await person.client.request(method, path, headers=elsewhere)
        assert response.status == status, method


async def test_looking_changes_nothing(person: Person, settings: Settings) -> None:
    summary, _ = await have(person, "nb")
    before = content(settings)
    seen: set[str] = set()
    waiting = [summary.path, "/", "/healthz"]
    while waiting:
        path = waiting.pop()
        seen.add(path)
        page = await person.open(path)
        assert page.status == 200
        if "html" in page.headers["Content-Type"]:
            links = (e.attributes.get("href", "").partition("#")[0] for e in page.root.all())
            waiting += [link for link in links if link.startswith("/") and link not in seen]
    assert len({path for path in seen if not path.startswith("/static")}) >= 20
    assert content(settings) == before


async def test_looking_without_the_body_gives_the_headers(person: Person) -> None:
    response = await person.client.head("/nb/help")
    assert response.status == 200
    assert HEADERS.items() <= response.headers.items()


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nb/", 200), ("/", 302), ("/delete", 401), ("/nowhere", 404), ("/leave", 405)],
)
async def test_every_answer_carries_the_headers(person: Person, path: str, status: int) -> None:
    response = await person.client.get(path, allow_redirects=False)
    assert response.status == status
    assert HEADERS.items() <= response.headers.items()
    assert response.headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in response.headers


def test_the_headers_are_those_that_were_measured_with_an_outside_checker() -> None:
    assert HEADERS["X-Frame-Options"] == "DENY"
    assert HEADERS["X-Content-Type-Options"] == "nosniff"
    assert HEADERS["Cross-Origin-Opener-Policy"] == "same-origin"
    assert HEADERS["Cross-Origin-Resource-Policy"] == "same-origin"
    assert HEADERS["Cross-Origin-Embedder-Policy"] == "require-corp"


async def test_a_fault_of_ours_is_logged_by_its_kind_and_place_and_never_by_its_text(
    person: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    words = "Barna mine har det vanskelig"
    page = await person.reach("matters/now")

    def fail(*_: object, **__: object) -> None:
        raise ValueError(words)

    monkeypatch.setattr("assistant.web.user.conversation.step_page", fail)
    answered = await person.open(page.path)
    assert answered.status == 503
    assert words not in answered.html
    written = "".join(JsonLine().format(record) for record in caplog.records)
    assert '"error": "ValueError"' in written
    assert words not in caplog.text + written
    assert not any(record.exc_info for record in caplog.records)


def test_the_policy_lets_in_nothing_but_our_own_files() -> None:
    policy = dict(part.strip().split(" ", 1) for part in HEADERS["Content-Security-Policy"].split(";"))
    assert policy.pop("default-src") == policy.pop("base-uri") == policy.pop("frame-ancestors") == "'none'"
    assert set(policy.values()) == {"'self'"}
    assert HEADERS["Referrer-Policy"] == "same-origin"


def cookies_of(response: Page) -> str:
    return response.headers.get("Set-Cookie", "")


async def test_on_plain_http_the_cookie_is_plain_and_strict(person: Person) -> None:
    start = await person.open("/nb/")
    page = await person.send(start.form("start").press(), follow=False)
    name, *flags = cookies_of(page).split("; ")
    assert name.startswith("s=")
    assert sorted(flags) == ["HttpOnly", "Path=/", "SameSite=Strict"]


async def test_only_ones_own_device_keeps_the_cookie(person: Person) -> None:
    page = await person.reach("continue")
    own = page.form("continue").choose("device", "own").press()
    borrowed = page.form("continue").choose("device", "borrowed").press()
    assert "Max-Age=2419200;" in cookies_of(await person.send(own, follow=False))
    assert "Max-Age" not in cookies_of(await person.send(borrowed, follow=False))
    left = await person.send(page.form("leave").press())
    assert cookies_of(left).startswith('s=""; ')
    assert "Max-Age=0" in cookies_of(left)


@pytest.fixture
async def over_https(settings: Settings, aiohttp_client: AiohttpClient) -> Person:
    """Somebody who comes through a proxy that speaks https."""
    public = settings.model_copy(
        update={"public_url": "https://motet.example.no", "operator": "Eksempel kommune"}
    )
    person = Person(await aiohttp_client(make_app(public, texts=our_texts(), cost=LOW_COST)))
    person.address = "https://motet.example.no"
    return person


async def test_over_https_the_cookie_is_bound_to_the_host(over_https: Person) -> None:
    host = {"Host": "motet.example.no"}
    start = await over_https.open("/nb/", host)
    assert "motet.example.no" in start.main
    assert "Eksempel kommune" in start.main
    page = await over_https.send(start.form("start").press(), host, follow=False)
    assert page.status == 303
    name, *flags = cookies_of(page).split("; ")
    assert name.startswith("__Host-s=")
    assert sorted(flags) == ["HttpOnly", "Path=/", "SameSite=Strict", "Secure"]
    assert page.headers["Strict-Transport-Security"] == "max-age=63072000"
    left = await over_https.send(start.form("leave").press(), host)
    assert "Secure" in cookies_of(left)
    inside = await over_https.open(page.headers["Location"], host | {"Cookie": name})
    assert inside.state == "meeting/kind"
    plain = await over_https.open(page.headers["Location"], host | {"Cookie": name.removeprefix("__Host-")})
    assert plain.status == 401


async def test_over_https_the_link_names_the_public_address(over_https: Person) -> None:
    host = {"Host": "motet.example.no"}
    start = await over_https.open("/nn/", host)
    page = await over_https.send(start.form("start").press(), host, follow=False)
    cookie = {"Cookie": cookies_of(page).split(";")[0]}
    page = await over_https.open(f"{page.headers['Location']}/pause", host | cookie)
    link = page.root.one("input", id="link").attributes["value"]
    assert link.startswith("https://motet.example.no/nn/r#")


async def test_over_https_a_form_from_the_http_address_is_foreign(over_https: Person) -> None:
    sent = Submission("/nb/start", [])
    for origin in (
        "http://motet.example.no",
        "https://motet.example.no:8443",
        "https://www.motet.example.no",
    ):
        page = await over_https.send(sent, {"Host": "motet.example.no", "Origin": origin})
        assert page.status == 403


async def test_the_health_check_answers_on_the_machine_itself(over_https: Person) -> None:
    assert (await over_https.open("/healthz")).html == "ok\n"
