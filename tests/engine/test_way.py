"""The way as a person looks at it; topics taken away and brought back; answers forgotten for good."""

import pytest
from support.small_dialogue import SMALL, SOMETHING_ELSE, WALKING, had

from assistant.dialogue.model import Address
from assistant.engine.conversation import ROUND_OFF, Conversation, Statement
from assistant.engine.journey import Journey, begin, walk
from assistant.engine.reply import Given
from assistant.engine.turn import Reply, take_turn
from assistant.engine.way import legs, turned_at
from assistant.errors import NotOnTheWay
from engine.test_replies import TOPICS

YES: Given = {"option": ("yes",)}
NO: Given = {"option": ("no",)}


def say(now: Conversation, state: Address, given: Given | None) -> Conversation:
    move = Reply(now.turn, state, "skip" if given is None else "answer", given or {})
    return take_turn(TOPICS, now, move, f"t{now.turn}.")


def forget(now: Conversation, address: Address | None) -> Conversation:
    return take_turn(TOPICS, now, Reply(now.turn, now.at, "forget", to=address), "t")


def with_topics() -> tuple[Conversation, str]:
    """Two topics, one of them in own words, and something said to the latter; and its id."""
    now = say(begin(TOPICS), "door/more", YES)
    now = say(now, "which/topics", {"option": ("home",), "statement.new1": ("Katten min",)})
    own = f"t{now.turn - 1}.01"
    now = say(now, f"each/{own}/want", YES)
    return say(now, f"each/{own}/say", {"statement.new1": ("Hvem passer henne?",)}), own


def seen(now: Conversation, at: Address) -> list[tuple[str, str, Address]]:
    return [(leg.key, leg.state, leg.first) for leg in legs(walk(TOPICS, now.answers), at)]


def test_each_part_on_the_way_is_a_leg_and_tells_how_it_stands_with_it() -> None:
    assert seen(begin(TOPICS), "door/more") == [
        ("door", "here", "door/more"),
        ("last", "waiting", "last/secret"),
    ]
    assert seen(say(begin(TOPICS), "door/more", NO), "last/secret") == [
        ("door", "done", "door/more"),
        ("last", "here", "last/secret"),
    ]
    assert seen(say(begin(TOPICS), "door/more", None), ROUND_OFF)[0] == ("door", "skipped", "door/more")


def test_a_part_that_is_had_for_each_topic_is_a_leg_for_each() -> None:
    now, own = with_topics()
    assert seen(now, "each/home/want") == [
        ("door", "done", "door/more"),
        ("which", "done", "which/topics"),
        ("each/home", "here", "each/home/want"),
        (f"each/{own}", "waiting", f"each/{own}/who"),
        ("last", "waiting", "last/secret"),
    ]


def test_a_part_with_nothing_but_offers_is_offered() -> None:
    journey = Journey(("last/first",), ("last/first",), {}, {}, frozenset({"last/first"}))
    offered = legs(journey, ROUND_OFF)
    assert [(leg.state, leg.first) for leg in offered] == [("offered", "last/first")]


# ---- set aside, and why


def test_an_answer_is_set_aside_by_the_question_that_leads_past_it() -> None:
    now = had(
        ("trip/kind", SOMETHING_ELSE),
        ("trip/own_kind", {"statement.new": ("sykkel",)}),
        ("trip/kind", WALKING),
    )
    assert turned_at(SMALL, walk(SMALL, now.answers), "trip/own_kind") == "trip/kind"


def test_a_reason_that_is_itself_set_aside_has_one_too() -> None:
    now, own = with_topics()
    now = say(now, "door/more", NO)
    journey = walk(TOPICS, now.answers)
    assert journey.set_aside.keys() >= {"which/topics", f"each/{own}/say"}
    assert turned_at(TOPICS, journey, "which/topics") == "door/more"
    assert turned_at(TOPICS, journey, f"each/{own}/say") == "door/more"


def test_within_a_topic_the_reason_is_the_topics_own() -> None:
    now, own = with_topics()
    now = say(now, f"each/{own}/want", NO)
    assert turned_at(TOPICS, walk(TOPICS, now.answers), f"each/{own}/say") == f"each/{own}/want"


def test_a_topic_is_set_aside_where_topics_are_named() -> None:
    now, own = with_topics()
    now = say(now, "which/topics", {"option": ("home",)})
    assert turned_at(TOPICS, walk(TOPICS, now.answers), f"each/{own}/say") == "which/topics"


def test_a_question_that_only_follows_another_is_set_aside_with_it() -> None:
    now, own = with_topics()
    now = say(say(now, f"each/{own}/who", {"statement.new1": ("Kari",)}), f"each/{own}/want", NO)
    assert turned_at(TOPICS, walk(TOPICS, now.answers), f"each/{own}/who") == f"each/{own}/want"


@pytest.mark.parametrize("questions", [(), ("trip/day",)])
def test_where_no_answer_leads_past_there_is_no_reason_to_tell(questions: tuple[Address, ...]) -> None:
    journey = Journey(questions, questions, {}, {}, frozenset())
    assert turned_at(SMALL, journey, "trip/more") is None


# ---- topics taken away and brought back


def test_an_own_topic_that_is_taken_away_is_known_by_name_while_answers_stand_under_it() -> None:
    now, own = with_topics()
    now = say(now, "which/topics", {"option": ("home",)})
    assert now.topics_aside == (Statement(id=own, text="Katten min"),)
    now = say(now, "which/topics", {"option": ("home",), f"statement.{own}": ("Katten min",)})
    assert now.topics_aside == ()
    assert f"each/{own}/say" in walk(TOPICS, now.answers).answers


def test_it_comes_back_also_when_all_topics_were_skipped_in_between_and_under_a_new_name() -> None:
    now, own = with_topics()
    now = say(now, "which/topics", None)
    now = say(now, "which/topics", {f"statement.{own}": ("Katta",)})
    journey = walk(TOPICS, now.answers)
    assert f"each/{own}/say" in journey.answers
    assert now.answers["which/topics"].model_dump()["own"] == ({"id": own, "text": "Katta", "version": 2},)


def test_an_own_topic_about_which_nothing_was_said_is_gone() -> None:
    now = say(begin(TOPICS), "door/more", YES)
    now = say(now, "which/topics", {"statement.new1": ("Katten min",)})
    now = say(now, "which/topics", {"option": ("home",)})
    assert now.topics_aside == ()
    assert "Katten" not in now.model_dump_json()


# ---- forgotten for good


def test_an_answer_that_is_set_aside_can_be_forgotten_and_nothing_else_moves() -> None:
    now, own = with_topics()
    now = say(now, "which/topics", {"option": ("home",)})
    for address in (f"each/{own}/say", f"each/{own}/want"):
        before = now
        now = forget(now, address)
        assert (now.at, now.turn) == (before.at, before.turn + 1)
        assert now.answers == {a: answer for a, answer in before.answers.items() if a != address}
    assert now.topics_aside == ()
    assert "Katten" not in now.model_dump_json()
    assert "Hvem passer" not in now.model_dump_json()


@pytest.mark.parametrize("address", ["door/more", "each/home/say", "no/where", "", None])
def test_only_what_is_set_aside_can_be_forgotten(address: str | None) -> None:
    now, _ = with_topics()
    with pytest.raises(NotOnTheWay):
        forget(now, address)
