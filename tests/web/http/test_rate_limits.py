"""What is done faster than a person would: told so, with the text kept."""

import asyncio
import ipaddress
import sys

import pytest
from aiohttp import web
from pytest_aiohttp import AiohttpClient
from support.page import Page, Submission
from support.person import CATALOGUES, Person
from support.quick import LOW_COST, our_texts

from assistant.config import Settings
from assistant.web.app import make_app
from assistant.web.http import rate_limits
from assistant.web.http.context import CONTEXT
from assistant.web.http.rate_limits import (
    ACTS,
    CODENAMES,
    SIGN_INS,
    STARTS,
    Failures,
    Limit,
    RateLimit,
    TooOften,
    Tries,
    WaitingLine,
    places,
)

NB = CATALOGUES["nb"].say
WRONG = Submission("/nb/r", [("link", "acorn tulip kaffe notebook fjell gitar lanterne")])
TRIES = int(CODENAMES.burst)


class Seconds:
    """A clock for buckets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_its_burst_and_then_a_drop_at_a_time() -> None:
    seconds = Seconds()
    buckets = RateLimit(Limit(burst=3, per_second=0.5), seconds)
    assert [buckets.wait_for("me") for _ in range(4)] == [0, 0, 0, 2]
    assert buckets.wait_for("you") == 0, "each has their own"
    seconds.now = 2
    assert [buckets.wait_for("me") for _ in range(2)] == [0, 2]
    seconds.now = 1000
    assert [buckets.wait_for("me") for _ in range(4)] == [0, 0, 0, 2]


def test_buckets_that_are_full_again_are_forgotten() -> None:
    seconds = Seconds()
    buckets = RateLimit(Limit(burst=2, per_second=1), seconds)
    for number in range(10):
        buckets.wait_for(str(number))
    buckets.wait_for("9")
    seconds.now = 59
    buckets.wait_for("another")
    assert len(buckets._levels) == 11, "not at every use"
    seconds.now = 60
    buckets.wait_for("one more")
    assert list(buckets._levels) == ["one more"]


async def test_no_address_is_kept_when_nobody_has_failed_from_it_for_long() -> None:
    seconds = Seconds()
    failures = Failures(SIGN_INS, clock=seconds)
    address = str(ipaddress.ip_address("192.0.2.77"))
    known = sys.getrefcount(address)
    await failures.failed(address)
    assert await failures.are_many(address) is False
    seconds.now = 600
    await failures.failed("192.0.2.78")
    kept = [key for tries in (failures._near, failures._wide) for key in tries._own._levels]
    assert kept == ["192.0.2.78"] * 2
    assert sys.getrefcount(address) == known


class Line:
    """Tries under one name that is spent, and the order they are let through in."""

    def __init__(self) -> None:
        self.seconds, self.passed = Seconds(), []  # type: tuple[Seconds, list[tuple[str, float]]]
        self.buckets = Tries(Limit(burst=1, per_second=0.5), clock=self.seconds)
        self.line = WaitingLine(self.sleep)

    @classmethod
    async def spent(cls) -> "Line":
        line = cls()
        await line.buckets.wait_for("kari")
        return line

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.seconds.now += seconds

    async def take(self, address: str) -> None:
        await self.line.take(self.buckets, "kari", address)
        self.passed.append((address, self.seconds.now))


async def test_over_a_limit_each_address_waits_in_one_place_and_comes_through_in_turn() -> None:
    line = await Line.spent()
    attackers = ["10.0.0.1"] * 50 + ["2001:db8::1", "2001:db8::2"]
    tries = [asyncio.create_task(line.take(address)) for address in [*attackers, "10.0.0.9"]]
    refused = await asyncio.gather(*tries, return_exceptions=True)
    assert line.passed == [("10.0.0.1", 2), ("2001:db8::1", 4), ("10.0.0.9", 6)]
    assert sum(isinstance(one, TooOften) for one in refused) == 50
    line.seconds.now += 2
    await line.take("10.0.0.1")
    assert line.passed[-1] == ("10.0.0.1", 8), "nobody waits for a line that is over"


async def test_a_line_has_an_end_and_who_gives_up_leaves_it() -> None:
    line = await Line.spent()
    tries = [asyncio.create_task(line.take(f"10.0.0.{number}")) for number in range(20)]
    await asyncio.sleep(0)
    tries[0].cancel()
    seen = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, TooOften) for one in seen) == 12
    assert [address for address, _ in line.passed] == [f"10.0.0.{number}" for number in range(1, 8)]
    assert line.line._lines == {}


async def test_a_line_that_could_not_be_joined_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger chooses the names, so each one remembered would be memory for ever."""
    monkeypatch.setattr(rate_limits, "_ALL_WAITING", 0)
    line = await Line.spent()
    with pytest.raises(TooOften):
        await line.take("10.0.0.1")
    assert line.line._lines == {}


async def many(person: Person, what: Submission, number: int, *forwarded: str) -> list[Page]:
    """Send it so many times at once."""
    headers = {"X-Forwarded-For": forwarded[0]} if forwarded else {}
    return list(await asyncio.gather(*(person.send(what, headers, follow=False) for _ in range(number))))


async def test_a_wrong_codename_too_many_is_told_so(person: Person) -> None:
    pages = await many(person, WRONG, TRIES + 5)
    slow = [page for page in pages if page.status == 429]
    assert len(slow) == 5
    assert int(slow[0].headers["Retry-After"]) >= 1
    assert slow[0].trouble == NB("codename.too_many")


async def test_a_locked_text_is_kept_when_codenames_are_tried_too_often(person: Person) -> None:
    page = await person.reach("matters/now")
    sent = page.form("reply").say("Barna mine.").press()
    await many(person, WRONG, TRIES + 1)
    page = await person.send(sent.instead("link", WRONG.fields[0][1]))
    assert page.status == 429
    assert int(page.headers["Retry-After"]) >= 1
    assert page.trouble == NB("codename.too_many")
    assert page.form("unlock").text("statement.new1") == "Barna mine."


def test_ipv6_counts_by_network_and_everything_else_by_itself() -> None:
    assert places("2001:db8:2:1::7") == ("2001:db8:2:1::/64", "2001:db8:2::/48")
    assert places("192.0.2.7") == places("::ffff:192.0.2.7") == ("192.0.2.7", "192.0.2.7")
    assert places("fe80::1%eth0")[0] == "fe80::/64"
    assert places("no address") == ("no address", "no address")


async def test_failures_of_one_network_are_counted_together() -> None:
    seconds = Seconds()
    failures = Failures(Limit(burst=10, per_second=1 / 60), clock=seconds)
    counted = [await failures.failed(f"2001:db8:2:1::{n:x}") for n in range(11)]
    assert [bool(seconds) for seconds in counted] == [False] * 10 + [True]
    assert await failures.are_many("2001:db8:2:1::ffff")
    assert not await failures.are_many("2001:db8:2:2::1")
    for n in range(80):  # eighty more, each from a /64 of its own
        await failures.failed(f"2001:db8:2:{n + 16:x}::1")
    assert await failures.are_many("2001:db8:2:ffff::1"), "the whole /48 has failed often"
    assert not await failures.are_many("2001:db8:3::1")
    seconds.now = 60
    assert not await failures.are_many("2001:db8:2:1::1")


@pytest.mark.one_application
async def test_a_reply_that_comes_too_fast_is_given_back(app: web.Application, person: Person) -> None:
    seconds = app[CONTEXT].limits.acts._clock = Seconds()
    page = await person.reach("matters/now")
    form = page.form("reply").say("Barna mine.")
    pages = await many(person, form.press().instead("move", "keep"), int(ACTS.burst) + 60)
    slow = [page for page in pages if page.status == 429]
    assert slow
    for page in slow:
        assert int(page.headers["Retry-After"]) >= 1
        assert page.trouble == NB("refusal.TooOften")
        assert page.form("reply").text("statement.new1") == "Barna mine."
        assert page.form("reply").text("request") == form.text("request")
    seconds.now += 0.2
    page = await person.send(slow[0].form("reply").press())
    assert page.state == "wishes/wish"


@pytest.mark.one_application
async def test_notebooks_cannot_be_begun_without_end(person: Person) -> None:
    begin = (await person.open("/nb/")).form("start").press()
    pages = await many(person, begin, int(STARTS.burst) + 20)
    assert {page.status for page in pages} == {303, 429}


@pytest.mark.parametrize("known", [True, False])
async def test_only_a_known_proxy_says_whom_it_speaks_for(
    settings: Settings, aiohttp_client: AiohttpClient, known: bool
) -> None:
    proxies = frozenset({"127.0.0.1"}) if known else frozenset[str]()
    person = Person(
        await aiohttp_client(
            make_app(settings.model_copy(update={"proxies": proxies}), texts=our_texts(), cost=LOW_COST)
        )
    )
    spent = await many(person, WRONG, TRIES + 5, "192.0.2.1")
    assert 429 in {page.status for page in spent}
    for forwarded, is_spent in (
        ("192.0.2.1", True),
        ("192.0.2.2", not known),
        ("192.0.2.2, 192.0.2.1", True),
        ("192.0.2.1, 192.0.2.2", not known),
    ):
        (page,) = await many(person, WRONG, 1, forwarded)
        assert (page.status == 429) is is_spent, forwarded


async def test_a_line_of_ones_own_does_not_hide_who_asks(
    settings: Settings, aiohttp_client: AiohttpClient
) -> None:
    behind = settings.model_copy(update={"proxies": frozenset({"127.0.0.1"})})
    person = Person(await aiohttp_client(make_app(behind, texts=our_texts(), cost=LOW_COST)))
    await many(person, WRONG, TRIES + 5, "192.0.2.1")
    headers = [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-For", "192.0.2.1")]
    response = await person.client.post("/nb/r", data=dict(WRONG.fields), headers=headers)
    assert response.status == 429
