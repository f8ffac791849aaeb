"""A review that goes on keeps the professional signed in; what is only read does not."""

import asyncio
from datetime import timedelta

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import Colleague
from support.person import Person
from support.reviewing import met, opened

from assistant.web.http.open_streams import STREAMS


@pytest.mark.parametrize("has_met", [False, True])
@pytest.mark.one_application
async def test_over_an_hour_the_stream_of_a_review_that_goes_on_keeps_her_signed_in(
    person: Person,
    kari: Colleague,
    app: web.Application,
    clock: Clock,
    has_met: bool,
) -> None:
    app[STREAMS].heartbeat = 0.02
    both = await (met if has_met else opened)(person, kari)
    async with kari.client.get(f"{both.desk}/events") as stream:
        await stream.content.readuntil(b"data: ")
        for _ in range(3):
            await asyncio.sleep(0.3)
            clock.pass_by(timedelta(minutes=25))
    assert (await both.her_page()).status == (200 if has_met else 401)
