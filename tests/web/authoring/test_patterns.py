"""The page of components for developers: every kind of question in every state."""

import shutil
from pathlib import Path
from typing import get_args

import pytest
from aiohttp import web
from support.clock import Clock
from support.person import CATALOGUES, Person
from support.quick import LOW_COST

from assistant.config import Settings
from assistant.dialogue.model import Question
from assistant.languages import LANGUAGES, Language
from assistant.web.app import make_app

KINDS = {get_args(kind.model_fields["asks"].annotation)[0] for kind in get_args(Question)}
REFUSED_WITH = dict.fromkeys(KINDS, "NothingSaid") | {"date": "DayUnlikely"}
STATES = {"empty", "filled", "draft", "unread", "refused"}


@pytest.fixture
def app(tmp_path: Path, clock: Clock, first_data: Path) -> web.Application:
    shutil.copytree(first_data, tmp_path / "data")
    return make_app(Settings(data=tmp_path / "data", watch=True), clock, cost=LOW_COST)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_kind_of_question_is_shown_in_every_state(person: Person, language: Language) -> None:
    page = await person.open(f"/{language}/patterns")
    assert (page.status, page.language) == (200, language)
    shown = {card.attributes["id"] for card in page.root.all("div", class_="card") if "id" in card.attributes}
    assert shown == {f"{kind}-{state}" for kind in KINDS for state in STATES}


async def test_each_refusal_is_that_of_the_engine(person: Person) -> None:
    page = await person.open("/nb/patterns")
    for kind in KINDS:
        (card,) = page.root.all("div", id=f"{kind}-refused")
        (wrong,) = card.all("p", class_="wrong")
        assert wrong.text == CATALOGUES["nb"].say(f"refusal.{REFUSED_WITH[kind]}"), kind


async def test_nothing_on_it_can_be_sent(person: Person) -> None:
    page = await person.open("/en/patterns")
    (main,) = page.root.all("main")
    assert not main.has("form")


async def test_through_a_proxy_there_is_no_such_page(person: Person) -> None:
    assert (await person.open("/nb/patterns", {"Via": "1.1 proxy"})).status == 404


class TestWithoutWatching:
    """As people meet it."""

    @pytest.fixture
    def app(self, tmp_path: Path, clock: Clock, first_data: Path) -> web.Application:
        shutil.copytree(first_data, tmp_path / "data")
        return make_app(Settings(data=tmp_path / "data"), clock, cost=LOW_COST)

    async def test_there_is_no_page_of_components(self, person: Person) -> None:
        assert (await person.open("/nb/patterns")).status == 404
