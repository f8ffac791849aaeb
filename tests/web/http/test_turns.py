"""Requests take turns and are cheap to look at: many of one sender keep nobody waiting long."""

import asyncio
from itertools import pairwise

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import an_administrator
from support.person import NewPerson
from support.short_way import have

from assistant.web.http.turns import Turns


async def begin(turns: Turns, order: list[str], address: str, *, is_pipelined: bool = False) -> None:
    await turns.take(address, is_pipelined=is_pipelined)
    order.append(address)


async def in_order(*asked: tuple[str, bool]) -> list[str]:
    turns, order = Turns(), list[str]()
    await asyncio.gather(*(begin(turns, order, address, is_pipelined=fast) for address, fast in asked))
    return order


async def test_addresses_take_turns_however_many_requests_one_of_them_sends() -> None:
    order = await in_order(*[("many", False)] * 50, ("one", False), ("other", False))
    assert order[:4] == ["many", "many", "one", "other"]
    assert len(order) == 52


async def test_who_sends_requests_without_waiting_for_answers_comes_last() -> None:
    order = await in_order(*[("fast", True)] * 20, ("slow", False), ("slow", False))
    assert order[:3] == ["fast", "slow", "slow"]
    assert len(order) == 22


async def test_one_request_begins_in_each_pass_of_the_loop() -> None:
    turns, order = Turns(), list[str]()
    requests = [asyncio.create_task(begin(turns, order, "a")) for _ in range(5)]
    begun = []
    while len(order) < 5:
        await asyncio.sleep(0)
        begun.append(len(order))
    assert all(after - before <= 1 for before, after in pairwise(begun))
    await asyncio.gather(*requests)


async def test_a_request_that_is_given_up_while_it_waits_keeps_nobody_waiting() -> None:
    turns, order = Turns(), list[str]()
    first, gone, stays = (asyncio.create_task(begin(turns, order, name)) for name in ("a", "gone", "stays"))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.wait_for(asyncio.gather(first, stays), 5)
    assert order == ["a", "stays"]


async def test_a_header_full_of_other_cookies_is_not_parsed_and_hides_no_session(
    app: web.Application, new_person: NewPerson, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    eva = await new_person()
    page, _ = await have(eva, "nb")
    anne = await an_administrator(app, new_person, clock)

    def parse(_: str) -> None:
        raise AssertionError("the whole header is parsed")

    monkeypatch.setattr("aiohttp.web_request.parse_cookie_header", parse)
    for person, path in ((eva, page.path), (anne, "/admin/staff")):
        own = [f"{one.key}={one.value}" for one in person.client.session.cookie_jar]
        full = "; ".join(["a=b"] * 500 + own + ["ss=1", "w w=2"] * 500)
        assert (await person.client.get(path, headers={"Cookie": full})).status == 200
        nobodys = "; ".join(["a=b"] * 500)
        assert (await (await new_person()).client.get(path, headers={"Cookie": nobodys})).status == 401
