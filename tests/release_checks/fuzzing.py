"""Every form and every route with what should not come: no fault that was not foreseen.

People of every kind walk to pages that have forms; each round takes one of those forms, or one route of the
application with made-up parts, spoils it, and sends it as somebody. What was not foreseen is logged as
such, so that is counted, beside every status of 500 and above but the 503 of a server that is busy. The
same seed spoils in the same order.
"""

import logging
import random
import re
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from time import monotonic
from urllib.parse import quote, urlencode

from aiohttp import ClientResponseError, web
from aiohttp.test_utils import TestClient
from support.clock import Clock
from support.colleague import in_role
from support.page import Form, Page, Submission
from support.person import FORM, Client
from support.person import Person as Visitor
from support.quick import LOW_COST, our_texts
from support.server import Server
from support.short_way import have

from assistant.config import Settings
from assistant.errors import Trouble
from assistant.events import Event
from assistant.meetings.permissions import Role
from assistant.web.app import make_app
from assistant.web.http.context import CONTEXT
from assistant.web.http.rate_limits import Limit, RateLimit, RateLimits

STRANGE = (
    "", " ", "\0", "-1", "0", "1" * 400, "９", "1e9", "\x07\x1b[31m", "null", "[]", "on", "0" * 32, "#" * 90,
    "<script>alert(1)</script>", "{{ 7*7 }}", "%(x)s", "../../etc/passwd", "'; DROP TABLE notebooks; --",
    "go:", "go:nowhere/x", "answer:x", "å" * 5000, "\u202eab\u202c", "\ufffe\uffff\U0010ffff", "👩🏽‍🍳" * 50,
    "a\r\nSet-Cookie: x=1", "2026-02-31", "25:61", "//evil.example", "\n" * 3000,
)  # fmt: skip
CONTENT_TYPES = (*(FORM,) * 9, "text/plain", "multipart/form-data; boundary=x")
RENEWED = 150
"""Rounds after which there are new people: spoiled forms sign out and delete as well."""
ROLES: tuple[tuple[Role, ...], ...] = (
    ("professional",),
    ("peer_worker",),
    ("administrator",),
    ("professional", "peer_worker", "administrator"),
)
_PART = re.compile(r"\{(\w+)(?::[^}]*)?\}")
STAFF_PAGES = (
    "/desk",
    "/desk/guided",
    "/desk/guided/plan",
    "/desk/invitations",
    "/admin/staff",
    "/staff/account",
    "/d",
)
PUBLIC_PAGES = (
    "/nb/",
    "/nn/r",
    "/en/staff",
    "/nb/i",
    "/nn/i/guided",
    "/en/tablet/set-up",
    "/nb/staff/welcome",
)
USER_PAGES = ("/notebook", "/notebook/link/new", "/notebook/codename/new", "/delete", "/finish")
MEETING_PAGES = (
    "",
    "/form",
    "/summary",
    "/share/each",
    "/share/preview",
    "/pause",
    "/transcript",
    "/take",
    "/delete",
    "/after",
    "/review",
)


class Unforeseen(logging.Handler):
    """What the application logs as a fault that it did not foresee."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if Event.UNFORESEEN in record.getMessage() or (
            record.exc_info and not isinstance(record.exc_info[1], Trouble)
        ):
            self.seen.append(f"{record.getMessage()} {getattr(record, 'event_fields', '')}")


class Crowd:
    """People with forms before them."""

    def __init__(self, app: web.Application, server: Server, chance: random.Random) -> None:
        self._app, self._server, self._chance = app, server, chance
        self._clients: list[Client] = []
        self.forms: list[tuple[Visitor, Submission]] = []
        self.people: list[Visitor] = []
        self.parts: dict[str, list[str]] = {}

    async def gather(self) -> None:
        """New people, and every form that they come to."""
        await self.close()
        self.forms, self.people = [], []
        nobody = self._new()
        await self._collect(nobody, PUBLIC_PAGES)
        user = self._new()
        page, _ = await have(user, self._chance.choice(("nb", "nn", "en")))
        meeting = page.path.removesuffix("/summary")
        self.parts["meeting"] = [meeting.rpartition("/")[2]]
        await self._collect(user, (*USER_PAGES, *(meeting + end for end in MEETING_PAGES)))
        beginner = self._new()
        at = await beginner.begin()
        for _ in range(self._chance.randrange(12)):
            if at.has("summary"):
                break
            if not at.has("reply"):
                at = await beginner.send(at.form("continue").press())
            else:
                at = await beginner.send(at.form("reply").press("skip"))
        self._take(beginner, at)
        for roles in ROLES:
            colleague = self._new()
            self.parts["staff"] = [await in_role(self._app, colleague, *roles)]
            await self._collect(
                colleague, (*STAFF_PAGES, *(f"/admin/staff/{one}" for one in self.parts["staff"]))
            )

    async def close(self) -> None:
        for client in self._clients:
            await client.session.close()  # its own close would end the server
        self._clients.clear()

    def _new(self) -> Visitor:
        self._clients.append(TestClient(self._server))
        self.people.append(Visitor(self._clients[-1]))
        return self.people[-1]

    async def _collect(self, who: Visitor, paths: tuple[str, ...]) -> None:
        for path in paths:
            self._take(who, await who.open(path))

    def _take(self, who: Visitor, page: Page) -> None:
        for form in page.forms():
            self.forms += [(who, one) for one in _pressed(form)]


def _pressed(form: Form) -> list[Submission]:
    """The form as each of its buttons sends it."""
    values = {button.attributes.get("value") for button in form.buttons}
    return [form.press(value) for value in values]


def spoiled(what: Submission, chance: random.Random, others: list[str]) -> Submission:
    """The same form with one to four things wrong."""
    for _ in range(chance.randint(1, 4)):
        names = [name for name, _ in what.fields] or ["x"]
        name = chance.choice(names)
        match chance.randrange(6):
            case 0:
                what = what.without(name)
            case 1 | 2:
                what = what.instead(name, chance.choice(STRANGE))
            case 3:
                what = Submission(what.path, [*what.fields, (name, chance.choice(STRANGE))])
            case 4:
                what = Submission(what.path, [*what.fields, (chance.choice(others), chance.choice(STRANGE))])
            case _:
                text = "".join(
                    chr(chance.choice((chance.randrange(256), chance.randrange(0x2FFF)))) for _ in range(9)
                )
                what = what.instead(name, text)
    return what


def made_up(path: str, parts: dict[str, list[str]], chance: random.Random) -> str:
    """A route with something in each of its places, sometimes what is there."""

    def put(match: re.Match[str]) -> str:
        name = match[1]
        known = {
            "language": ["nb", "nn", "en"],
            "dialogue": ["before_meeting"],
            "version": ["1", "4"],
        } | parts
        if name in known and chance.random() < 0.7:
            return chance.choice(known[name])
        return quote(chance.choice(STRANGE)[:200] or "x", safe="")

    return _PART.sub(put, path)


async def fuzzing(times: int, seed: int, minutes: float) -> str:
    """Send so many requests, or for so long."""
    until = monotonic() + 60 * minutes
    chance, told, statuses = random.Random(seed), Unforeseen(), Counter[int]()
    logging.getLogger().addHandler(told)
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Settings(data=Path(folder) / "data"), Clock(), our_texts(), LOW_COST)
        # more than any person does in so short a time
        many = RateLimit(Limit(burst=1e9, per_second=1e9))
        limits = RateLimits(starts=many, acts=many, new_codes=many)
        app[CONTEXT] = replace(app[CONTEXT], limits=limits)
        server = Server(app)
        await server.start_server(access_log=None)
        crowd, broken = Crowd(app, server, chance), list[str]()
        routes = [(r.method, r.resource.canonical) for r in app.router.routes() if r.resource is not None]
        used = set[tuple[str, str]]()
        for number in range(times):
            if monotonic() > until:
                break
            if number % RENEWED == 0:
                await crowd.gather()
            who, method, path, body = _next(crowd, routes, chance, used)
            status = await _sent(who, method, path, body, chance)
            statuses[status] += 1
            if told.seen or (status >= 500 and status != 503):
                broken.append(f"{method} {path[:300]} {body[:300]}: {status} {told.seen}")
                break
        await crowd.close()
        await server.close()
    logging.getLogger().removeHandler(told)
    assert not broken, broken
    families = ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items()))
    tried = (
        f"{statuses.total()} requests with seed {seed} to {len(used)} of {len(routes)} routes and to forms"
    )
    return f"{tried}: 0 unforeseen ({families})"


def _next(
    crowd: Crowd, routes: list[tuple[str, str]], chance: random.Random, used: set[tuple[str, str]]
) -> tuple[Visitor, str, str, str]:
    """Who sends what: two of three times a spoiled form, else a route with made-up parts and fields."""
    others = ["move", "turn", "state", "request", "act", "link", "code", "back", "language", "draft", "more"]
    if chance.random() < 0.66:
        who, form = chance.choice(crowd.forms)
        wrong = spoiled(form, chance, others)
        sender = who if chance.random() < 0.9 else chance.choice(crowd.people)
        return sender, "POST", wrong.path.partition("#")[0], urlencode(wrong.fields, errors="replace")
    method, path = route = chance.choice(routes)
    used.add(route)
    fields = [(chance.choice(others), chance.choice(STRANGE)) for _ in range(chance.randrange(6))]
    body = urlencode(fields) if method == "POST" else ""
    query = f"?{urlencode(fields[:1])}" if method != "POST" and chance.random() < 0.3 else ""
    return chance.choice(crowd.people), method, made_up(path, crowd.parts, chance) + query, body


async def _sent(who: Visitor, method: str, path: str, body: str, chance: random.Random) -> int:
    """Send it, now and then with a spoiled header or bytes that are no text; the status."""
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": who.address}
    if method == "POST":
        headers["Content-Type"] = chance.choice(
            (FORM,) * 9 + ("text/plain", "multipart/form-data; boundary=x")
        )
    if chance.random() < 0.1:
        name = chance.choice(
            ("Accept-Language", "Cookie", "Referer", "Range", "If-None-Match", "Last-Event-ID")
        )
        headers[name] = chance.choice(("", "x", "s=%00", "nn;q=x", "bytes=9-1", "é", "a" * 3000, "-1"))
    raw = body.encode()
    if raw and chance.random() < 0.1:
        at = chance.randrange(len(raw))
        raw = raw[:at] + bytes(chance.randrange(256) for _ in range(8)) + raw[at:]
    data = raw if method == "POST" else None
    try:
        answer = await who.client.request(method, path, data=data, headers=headers, allow_redirects=False)
    except ClientResponseError as unread:
        # to what is no request, as HEAD with too long an address, the answer has a body the client refuses
        return unread.status
    if answer.content_type != "text/event-stream":  # it has no end to wait for
        await answer.read()
    answer.close()
    return answer.status
