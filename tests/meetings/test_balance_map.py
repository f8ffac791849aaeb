"""The map holds where topics were placed, and never where they were not."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as some
from support.answers import DIALOGUE, placed, told, topics, whatever_is_told
from support.effort import tries
from support.person import CATALOGUES

from assistant.dialogue.model import Choices
from assistant.engine.conversation import ChosenOptions, Skipped
from assistant.engine.journey import Journey
from assistant.languages import LANGUAGES, Language
from assistant.meetings.balance_map import SCALES, BalanceMap, map_balances
from assistant.meetings.map_drawing import draw_map
from assistant.meetings.share import SharingChoices, entries_in, take_snapshot
from assistant.meetings.summary import summarise

DAY = date(2026, 1, 5)
LEVELS = [None, *SCALES[0], "unsure"]


def mapped(journey: Journey) -> BalanceMap:
    return map_balances(summarise(DIALOGUE, journey))


@pytest.mark.parametrize(("support", "challenge"), list(product(LEVELS, LEVELS)))
def test_only_what_has_a_place_on_both_axes_is_drawn(support: str | None, challenge: str | None) -> None:
    found = mapped(told({"balance/now": placed(support, challenge)}))
    if support in SCALES[0] and challenge in SCALES[0]:
        cell = (SCALES[0].index(support), SCALES[0].index(challenge))
        assert [placement.cell for placement in found.drawn] == [cell]
    else:
        assert found.drawn == ()
        assert len(found.not_drawn) == (support is not None or challenge is not None)


@pytest.mark.parametrize(("support", "challenge"), list(product(SCALES[1], SCALES[1])))
def test_a_first_meeting_has_a_map_without_a_now(support: str, challenge: str) -> None:
    first = {"meeting/kind": ChosenOptions(options=("first",))}
    found = mapped(told(first | {"balance/start": placed(support, challenge)}))
    assert found.scale == SCALES[1]
    (placement,) = found.drawn
    assert placement.cell == (SCALES[1].index(support), SCALES[1].index(challenge))
    drawing = draw_map(found, CATALOGUES["nb"])
    assert drawing is not None
    assert not drawing.layout.arrows
    written = f"{drawing.what} {drawing.now} {drawing.more_support} {drawing.drawn[0].said}"
    assert not {"nå", "mer", "mindre"} & set(written.replace(".", "").split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_say_what_the_arrows_show(language: Language) -> None:
    say = CATALOGUES[language].say
    asked = DIALOGUE.question("topics/which")
    assert isinstance(asked, Choices)
    days = next(option.text for option in asked.options if option.id == "days")
    answers = topics("days", "money", own={"cat": "Katten <min>"}) | {
        "balance/now": placed("less", "more"),
        "topic/days/balance": placed("same", "same"),
        "topic/cat/balance": placed("unsure", "less"),
    }
    drawing = draw_map(mapped(told(answers)), CATALOGUES[language])
    assert drawing is not None
    assert [(one.name, one.said) for one in drawing.drawn] == [
        (say("map.general"), f"{say('map.less_support')}, {say('map.more_challenge')}"),
        (
            days.in_(language),
            f"{say('map.same_support')}, {say('map.same_challenge')}",
        ),
    ]
    (unsure,) = drawing.not_drawn
    assert (unsure.name, unsure.is_own) == ("Katten <min>", True)
    assert unsure.said == f"{say('map.unsure_support')}, {say('map.less_challenge')}"
    assert [arrow.to for arrow in drawing.layout.arrows] == [(0,)], "as now is no change"


def test_nothing_placed_is_nothing_to_draw() -> None:
    for answers in ({}, {"balance/now": Skipped()}, {"balance/now": placed("unsure", "unsure")}):
        found = mapped(told(answers))
        assert found.drawn == ()
        assert draw_map(found, CATALOGUES["nb"]) is None


def test_a_place_that_was_set_aside_is_not_on_it() -> None:
    answers = topics("days") | {"topic/days/balance": placed("more", "more")}
    del answers["topics/which"]
    assert mapped(told(answers)).drawn == ()


@settings(max_examples=tries(60))
@for_any(data=some.data())
def test_a_shared_map_is_drawn_from_what_is_shared_and_nothing_else(data: some.DataObject) -> None:
    whole = summarise(DIALOGUE, whatever_is_told(data))
    kept = {
        entry.id: data.draw(some.sampled_from(("keep", "say")))
        for _, entry in entries_in(whole)
        if data.draw(some.booleans())
    }
    sharing = SharingChoices(salt="s", for_all="share", exceptions=kept)
    snapshot = take_snapshot(whole, sharing, DAY)
    found = map_balances(snapshot.summary)
    levels = [e.level for _, e in entries_in(whole) if e.level is not None and e.id not in kept]
    on_map = [
        f"{side}.{level}"
        for one in (*found.drawn, *found.not_drawn)
        for side, level in (("support", one.support), ("challenge", one.challenge))
        if level is not None
    ]
    assert sorted(on_map) == sorted(levels)
    topics_shared = {e.said for _, e in entries_in(whole) if e.names is not None and e.id not in kept}
    assert {one.topic for one in (*found.drawn, *found.not_drawn)} <= topics_shared | {None}
    full = map_balances(whole)
    if not kept:
        assert found == full, "all shared is all drawn"
