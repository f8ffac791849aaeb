"""Agreements and look backs in a notebook: what the next preparation opens with, and what goes with them."""

from datetime import date

import pytest
from clock import Clock

from assistant.errors import NotFound
from assistant.meetings.agreement import Agreement, Other
from assistant.service.notebooks import Notebooks
from assistant.service.prepare import Preparations

from .conftest import House


@pytest.fixture
def notebooks(house: House, clock: Clock) -> Notebooks:
    return Notebooks(house.database, house.scripts, clock, house.broadcast)


def two(clock: Clock) -> tuple[Agreement, Agreement]:
    """Two agreements."""
    return (
        Agreement(id="a1", what="Øve på <bussen>", who=Other(name="Siri"), agreed_at=clock()),
        Agreement(id="a2", what="Ringe", who="user", by_on=date(2027, 1, 4), agreed_at=clock()),
    )


async def test_the_next_preparation_opens_with_what_was_agreed(
    house: House, notebooks: Notebooks, clock: Clock
) -> None:
    who, first = await house.visits.begin("nb")
    await notebooks.agreed(who, first.id, two(clock))
    second = await notebooks.begin_another(who, "one")
    at = await house.standing(who, second)
    assert at.at == "since_last/a1/how"
    assert [said.text for said in at.journey.carried] == ["Øve på <bussen>", "Ringe"]
    await house.reply(who, second, "answer", "r", option="done")
    await house.reply(who, second, "answer", "s", option="not")
    third = await notebooks.begin_another(who, "two")
    assert [said.id for said in (await house.standing(who, third)).journey.carried] == ["a2"]
    assert (await house.standing(who, first)).journey.carried == ()


async def test_agreements_and_the_look_back_go_with_their_meeting(
    house: House, notebooks: Notebooks, clock: Clock
) -> None:
    who, first = await house.visits.begin("nb")
    second = await notebooks.begin_another(who, "one")
    await notebooks.agreed(who, second.id, two(clock))
    await notebooks.begin_after(who, second.id)
    back = Preparations(house.database, house.scripts, clock, house.broadcast, after=True)
    await back.keep_draft(who, second.id, "look_back/heard", {"option": ("yes",)})
    papers = (await house.visits.notebook(who)).papers_of(second.id)
    assert papers == {second.conversation, second.agreements, second.after.conversation, second.after.draft}
    await notebooks.delete_meeting(who, second.id)
    assert set((await house.visits.notebook(who)).revisions) == {first.conversation}
    third = await notebooks.begin_another(who, "two")
    assert (await house.standing(who, third)).at == "meeting/kind"


async def test_the_look_back_is_not_there_before_it_is_begun_and_begins_once(
    house: House, notebooks: Notebooks, clock: Clock
) -> None:
    who, first = await house.visits.begin("nb")
    back = Preparations(house.database, house.scripts, clock, house.broadcast, after=True)
    with pytest.raises(NotFound):
        await back.standing(who, first.id)
    await notebooks.begin_after(who, first.id)
    before = (await back.standing(who, first.id)).seen
    await notebooks.begin_after(who, first.id)
    assert (await back.standing(who, first.id)).seen == before
    with pytest.raises(NotFound):
        await notebooks.begin_after(who, "0" * 32)
