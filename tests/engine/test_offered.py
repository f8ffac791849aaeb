"""Questions that are offered: there to be gone to, never owed, and nobody is led there."""

import pytest
from support.small_dialogue import WINDING, reply, words
from support.winding_dialogue import answered, goes, journey_of, skipped, topics

from assistant.dialogue.model import Dialogue
from assistant.engine.conversation import ROUND_OFF, ChosenOptions, Conversation, RankedStatements, Skipped
from assistant.engine.journey import begin, walk
from assistant.engine.machine import DialogueMachine
from assistant.engine.turn import where
from assistant.errors import NoSuchOption, NotOnTheWay, TooManyChosen
from assistant.meetings.summary import summarise

CALM = ("start/more", {"option": ("calm",)})


def back(now: Conversation) -> str:
    return reply(now, now.at, "back", machine=WINDING).at


def test_an_offered_question_is_on_the_way_and_owed_by_nobody() -> None:
    journey = journey_of(begin(WINDING))
    assert journey.offered == {"start/more", "first/three"}
    assert journey.questions == ("start/wish", "start/which", "start/more", "first/three")
    assert journey.open_questions == journey.led == ("start/wish", "start/which")


def test_one_is_led_past_what_is_offered_to_the_round_off() -> None:
    now = skipped(begin(WINDING))
    assert now.at == ROUND_OFF
    assert set(now.answers) == {"start/wish", "start/which"}
    assert where(WINDING, now)[0] == ROUND_OFF


def test_one_may_go_there_from_any_question_and_from_the_round_off() -> None:
    assert goes(begin(WINDING), "start/more").at == "start/more"
    assert goes(skipped(begin(WINDING)), "first/three").at == "first/three"


def test_one_who_went_there_stands_there_and_may_leave_it_open() -> None:
    now = goes(skipped(begin(WINDING)), "start/more")
    assert where(WINDING, now)[0] == "start/more"
    assert goes(now, ROUND_OFF).at == ROUND_OFF
    now = goes(begin(WINDING), "start/more")
    with pytest.raises(NotOnTheWay):  # something else is owed
        goes(now, ROUND_OFF)


def test_back_from_what_is_offered_is_the_question_one_was_led_to_before_it() -> None:
    now = skipped(begin(WINDING))
    assert back(goes(now, "first/three")) == "start/which"
    assert back(goes(now, "start/more")) == "start/which"


def test_back_passes_by_what_is_offered_until_it_is_answered() -> None:
    now = answered(("start/wish", None), ("start/which", topics("home")))
    assert now.at == "each/home/say"
    assert back(now) == "start/which"
    now = goes(answered(("start/more", {"option": ("again",)}), after=now), "each/home/say")
    assert back(now) == "start/more"


def test_back_from_the_round_off_passes_by_what_is_offered() -> None:
    assert back(skipped(begin(WINDING))) == "start/which"
    now = skipped(answered(("start/wish", words("ro"))))
    ranked = answered(("first/three", {"first": ("t0.01",)}), after=now)
    assert ranked.at == ROUND_OFF
    assert back(ranked) == "first/three"


def test_an_offer_first_on_the_way_has_nothing_before_it_and_is_before_nothing() -> None:
    start = WINDING.dialogue.part_of("start/more")
    hello, wish, _, more = start.states
    frame = WINDING.dialogue.frame
    part = start.model_copy(update={"states": [hello, more, wish]})
    machine = DialogueMachine(Dialogue(frame=frame, parts=[part]))
    journey = walk(machine, {})
    assert (journey.before("start/more"), journey.before("start/wish")) == ("start/more", "start/wish")
    assert journey.before(ROUND_OFF) == "start/wish"
    assert journey.said_before("start/wish") == ("start/hello",)
    assert walk(machine, {"start/more": Skipped()}).said_before("start/wish") == ()

    only_offers = part.model_copy(update={"states": [hello, more]})
    machine = DialogueMachine(Dialogue(frame=frame, parts=[only_offers]))
    assert begin(machine).at == ROUND_OFF
    assert walk(machine, {}).before(ROUND_OFF) == ROUND_OFF


def test_an_offer_skipped_is_answered_and_counts_among_those_one_is_led_through() -> None:
    now = answered(("start/more", None))
    journey = journey_of(now)
    assert journey.answers == {"start/more": Skipped()}
    assert journey.led == ("start/wish", "start/which", "start/more")
    assert now.at == "start/wish"  # nothing owed comes after it


def test_what_an_offer_opens_is_owed() -> None:
    now = answered(("start/wish", None), ("start/which", None), CALM)
    assert now.at == "calm/note"
    assert journey_of(now).open_questions == ("calm/note",)


def test_what_is_said_before_an_offer_nobody_took_up_is_said_before_the_next_question() -> None:
    now = answered(("start/which", topics("home", "work")))
    assert journey_of(now).said_before("each/work/say") == ("each/work/now",)
    assert journey_of(now).said_before("each/home/rest") == ()
    now = answered(CALM, after=now)
    assert journey_of(now).said_before("calm/note") == ("calm/still",)


def test_what_is_offered_in_a_topic_is_offered_in_each() -> None:
    now = answered(("start/which", topics("home", "work")))
    assert {"each/home/rest", "each/work/rest"} <= journey_of(now).offered
    now = answered(("each/home/rest", words("nøkkelen")), after=now)
    assert "each/home/rest" in journey_of(now).led
    assert "each/work/rest" not in journey_of(now).led


# ---- what is put first


def test_statements_are_put_first_in_the_order_one_puts_them() -> None:
    now = answered(
        ("start/wish", words("ro", "fred")),
        ("start/which", topics("home")),
        ("each/home/say", words("et rom")),
        ("first/three", {"first": ("t2.01", "t0.02")}),
    )
    assert now.answers["first/three"] == RankedStatements(first=("t2.01", "t0.02"))


def test_only_what_was_said_in_those_sections_can_be_put_first() -> None:
    now = answered(
        ("start/wish", words("ro")),
        ("start/which", topics(own=words("Lyset"))),
        CALM,
        ("calm/note", words("pust")),
    )
    for id_ in ("t3.01", "gone", "start/which.home"):
        with pytest.raises(NoSuchOption) as refused:
            answered(("first/three", {"first": (id_,)}), after=now)
        assert refused.value.field == "first"


def test_what_was_set_aside_cannot_be_put_first() -> None:
    now = answered(("start/which", topics("home")), ("each/home/say", words("et rom")), ("start/which", None))
    with pytest.raises(NoSuchOption):
        answered(("first/three", {"first": ("t1.01",)}), after=now)


def test_putting_first_more_than_it_takes_is_refused_and_nothing_is_a_skip() -> None:
    now = answered(("start/wish", words("ro", "fred", "hvile")))
    with pytest.raises(TooManyChosen) as refused:
        answered(("first/three", {"first": ("t0.01", "t0.02", "t0.03")}), after=now)
    assert (refused.value.field, refused.value.limit) == ("first", 2)
    for empty in ({}, {"first": ()}, {"first": ("", "")}):
        assert answered(("first/three", empty), after=now).answers["first/three"] == Skipped()


def tapped(now: Conversation, *ids: str) -> Conversation:
    for id_ in ids:
        now = reply(now, "first/three", "tap", to=id_, machine=WINDING)
    return now


def test_a_tap_gives_the_next_number_and_a_second_tap_takes_it_away_without_a_gap() -> None:
    now = goes(answered(("start/wish", words("ro", "fred")), ("start/which", topics("home"))), "first/three")
    now = tapped(now, "start/which.home", "t0.02")
    assert now.answers["first/three"] == RankedStatements(first=("start/which.home", "t0.02"))
    assert now.at == "first/three", "the same question is asked further"
    now = tapped(now, "start/which.home")
    assert now.answers["first/three"] == RankedStatements(first=("t0.02",))
    now = tapped(now, "t0.02")
    assert "first/three" not in now.answers
    assert "first/three" in journey_of(now).offered


def test_a_tap_too_many_or_at_what_is_not_there_is_refused_and_changes_nothing() -> None:
    now = answered(("start/wish", words("ro", "fred", "hvile")), CALM, ("calm/note", words("pust")))
    now = tapped(now, "t0.01", "t0.02")
    with pytest.raises(TooManyChosen):
        tapped(now, "t0.03")
    for id_ in ("gone", "t2.01", ""):
        with pytest.raises(NoSuchOption):
            tapped(tapped(now, "t0.01"), id_)
    with pytest.raises(NotOnTheWay):
        reply(now, "start/wish", "tap", to="t0.01", machine=WINDING)
    assert now.answers["first/three"] == RankedStatements(first=("t0.01", "t0.02"))


def test_what_was_put_first_and_then_taken_away_makes_room_for_the_next_tap() -> None:
    now = tapped(answered(("start/wish", words("ro", "fred", "hvile"))), "t0.01", "t0.02")
    given = {f"statement.t0.0{n}": (text,) for n, text in ((1, ""), (2, "fred"), (3, "hvile"))}
    now = answered(("start/wish", given), after=now)
    assert tapped(now, "t0.03").answers["first/three"] == RankedStatements(first=("t0.02", "t0.03"))


def test_an_answer_that_an_earlier_version_stored_means_the_same() -> None:
    now = tapped(answered(("start/wish", words("ro", "fred", "hvile"))), "t0.01")
    stored = now.model_dump(mode="json")
    stored["answers"]["first/three"] = {"kind": "ranked", "first": ["t0.03", "t0.01"]}
    now = Conversation.model_validate(stored)
    assert now.answers["first/three"] == RankedStatements(first=("t0.03", "t0.01"))
    summary = summarise(WINDING.dialogue, journey_of(now))
    assert [entry.said for _, entry in summary.first] == ["hvile", "ro"]
    assert tapped(now, "t0.03").answers["first/three"] == RankedStatements(first=("t0.01",))


def test_the_same_statement_twice_is_put_first_once() -> None:
    now = answered(("start/wish", words("ro", "fred")))
    now = answered(("first/three", {"first": ("t0.02", "", "t0.02", "t0.01")}), after=now)
    assert now.answers["first/three"] == RankedStatements(first=("t0.02", "t0.01"))


def test_one_who_takes_up_an_offer_early_comes_back_to_what_was_left_open() -> None:
    now = answered(CALM)
    assert now.answers == {"start/more": ChosenOptions(options=("calm",))}
    assert now.at == "calm/note"
    assert answered(("calm/note", words("pust")), after=now).at == "start/wish"
