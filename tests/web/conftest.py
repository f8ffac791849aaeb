"""The people with an account that most tests of pages need."""

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import Colleague, an_administrator, as_colleague, in_role
from support.person import NewPerson


@pytest.fixture
async def anne(app: web.Application, new_person: NewPerson, clock: Clock) -> Colleague:
    """The first administrator, set up and signed in."""
    return await an_administrator(app, new_person, clock)


@pytest.fixture
async def kari(app: web.Application, new_person: NewPerson, clock: Clock) -> Colleague:
    """A professional who is signed in. She has no password: a test that needs one makes its own."""
    colleague = as_colleague(await new_person(), clock)
    colleague.app = app
    await in_role(app, colleague, "professional", name="Kari Fagperson")
    return colleague
