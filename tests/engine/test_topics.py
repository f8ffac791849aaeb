"""Parts that are had once a topic, and parts that are had only when wanted."""

import pytest
from support.small_dialogue import WINDING, words
from support.winding_dialogue import answered, goes, journey_of, skipped, topics

from assistant.dialogue.model import Dialogue, Transition, When, topic_of, written_at
from assistant.engine.conversation import (
    ROUND_OFF,
    ChosenOptions,
    Conversation,
    Skipped,
    Statement,
    StatementsGiven,
)
from assistant.engine.journey import begin, walk
from assistant.engine.machine import DialogueMachine
from assistant.engine.turn import Reply, take_turn, where
from assistant.errors import NotOnTheWay, TooManyChosen

HOME_AND_WORK = ("start/which", topics("home", "work"))


def asked(now: Conversation, part: str) -> list[str]:
    """The questions on the way in this part, without its name."""
    return [a.removeprefix(f"{part}/") for a in journey_of(now).questions if a.startswith(f"{part}/")]


# ---- once a topic


def test_a_part_is_had_once_for_each_topic_in_the_order_they_are_offered() -> None:
    now = answered(("start/which", topics("work", "home")))
    assert asked(now, "each") == ["home/say", "home/how", "home/rest", "work/say", "work/how", "work/rest"]
    assert asked(now, "last") == ["home/day", "work/day"]
    states = journey_of(now).states
    assert [state for state in states if state.endswith("/now")] == ["each/home/now", "each/work/now"]


def test_each_topic_has_answers_of_its_own() -> None:
    now = answered(HOME_AND_WORK, ("each/home/say", words("et rom")), ("each/work/say", words("fri")))
    assert now.answers["each/home/say"] != now.answers["each/work/say"]
    assert "each/say" not in now.answers


def test_with_no_topics_the_part_is_passed_by() -> None:
    for now in (answered(), answered(("start/which", None))):
        assert journey_of(now).questions == ("start/wish", "start/which", "start/more", "first/three")
        assert "each/now" not in journey_of(now).states


def test_the_questions_are_the_same_for_every_topic() -> None:
    now = answered(HOME_AND_WORK)
    dialogue = WINDING.dialogue
    assert dialogue.question("each/home/say") is dialogue.question("each/work/say")
    assert {written_at(a) for a in journey_of(now).states} <= set(dialogue.states)
    assert [topic_of(a) for a in ("each/home/say", "start/which", ROUND_OFF)] == ["home", None, None]


@pytest.mark.parametrize(
    "address", ["each/say", "each/money/say", "each//say", "start/home/which", "each/home"]
)
def test_a_question_of_a_topic_that_was_not_chosen_is_not_on_the_way(address: str) -> None:
    with pytest.raises(NotOnTheWay):
        answered(HOME_AND_WORK, (address, words("et rom")))


def test_a_guard_looks_at_the_answers_of_its_own_topic() -> None:
    now = answered(
        HOME_AND_WORK,
        ("each/home/say", words("et rom")),
        ("each/home/how", {"option": ("together",)}),
        ("each/work/say", None),
        ("each/work/how", {"option": ("alone",)}),
    )
    assert asked(now, "each") == ["home/say", "home/how", "home/rest", "work/say", "work/how", "work/rest"]
    now = answered(("each/work/say", words("fri")), after=now)
    assert asked(now, "each")[3:] == ["work/say", "work/how", "work/alone", "work/rest"]
    now = answered(("each/home/how", {"option": ("alone",)}), ("each/work/say", None), after=now)
    assert asked(now, "each") == [
        *("home/say", "home/how", "home/alone", "home/rest"),
        *("work/say", "work/how", "work/rest"),
    ]


def test_a_guard_does_not_look_at_another_topic_where_its_own_has_no_answer() -> None:
    now = answered(
        HOME_AND_WORK, ("each/home/say", words("et rom")), ("each/work/how", {"option": ("alone",)})
    )
    assert asked(now, "each")[3:] == ["work/say", "work/how", "work/rest"]


def test_an_answer_set_aside_in_one_topic_leaves_the_others_be() -> None:
    now = answered(
        HOME_AND_WORK,
        *((f"each/{topic}/say", words("fri")) for topic in ("home", "work")),
        *((f"each/{topic}/how", {"option": ("alone",)}) for topic in ("home", "work")),
        *((f"each/{topic}/alone", words("rydde")) for topic in ("home", "work")),
    )
    now = answered(("each/home/how", {"option": ("together",)}), after=now)
    assert set(journey_of(now).set_aside) == {"each/home/alone"}
    assert "each/work/alone" in journey_of(now).answers


# ---- leaving a part in the middle of a topic


def test_to_leave_the_part_ends_the_topic_and_the_next_one_is_had() -> None:
    now = answered(HOME_AND_WORK, ("each/home/how", {"option": ("enough",)}))
    assert asked(now, "each") == ["home/say", "home/how", "work/say", "work/how", "work/rest"]
    assert asked(now, "last") == ["home/day", "work/day"]


def test_where_the_last_topic_leads_the_conversation_goes() -> None:
    now = answered(HOME_AND_WORK, ("each/work/how", {"option": ("enough",)}))
    assert journey_of(now).questions[-1] == "each/work/how"
    assert (asked(now, "last"), asked(now, "first")) == ([], [])
    now = skipped(goes(now, "start/wish"))
    assert now.at == ROUND_OFF
    assert journey_of(now).said_before(ROUND_OFF) == ()


# ---- topics in own words


def test_a_topic_in_own_words_goes_by_its_statements_id() -> None:
    now = answered(("start/which", topics("money", own=words("Lyset om natten"))))
    assert now.answers["start/which"] == ChosenOptions(
        options=("money",), own=(Statement(id="t0.01", text="Lyset om natten"),)
    )
    assert asked(now, "each")[::3] == ["money/say", "t0.01/say"]
    assert now.at == "each/money/say"


def test_a_topic_in_own_words_keeps_its_answers_when_it_is_worded_anew() -> None:
    now = answered(("start/which", words("Lyset")), ("each/t0.01/say", words("Det må stå på.")))
    now = answered(("start/which", {"statement.t0.01": ("Lyset om natten",)}), after=now)
    assert now.answers["start/which"] == ChosenOptions(
        options=(), own=(Statement(id="t0.01", text="Lyset om natten", version=2),)
    )
    assert "each/t0.01/say" in journey_of(now).answers


def test_a_topic_in_own_words_that_was_removed_takes_its_answers_off_the_way() -> None:
    now = answered(("start/which", topics("home", own=words("Lyset"))), ("each/t0.01/say", words("På.")))
    now = answered(("start/which", topics("home")), after=now)
    assert set(journey_of(now).set_aside) == {"each/t0.01/say"}
    now = answered(("start/which", topics("home", own=words("Lyset"))), after=now)
    assert asked(now, "each")[3] == "t3.01/say"  # the same words again are a new topic
    assert set(journey_of(now).set_aside) == {"each/t0.01/say"}


def test_options_and_own_topics_count_together_towards_the_limit() -> None:
    three = topics("home", "work", own=words("Lyset", " "))
    assert asked(answered(("start/which", three)), "last") == ["home/day", "work/day", "t0.01/day"]
    with pytest.raises(TooManyChosen):
        answered(("start/which", topics("home", "work", own=words("Lyset", "Lyden"))))


# ---- topics that go and come back


def test_a_topic_removed_is_set_aside_and_chosen_again_has_its_answers_back() -> None:
    before = answered(
        HOME_AND_WORK,
        ("each/home/say", words("et rom")),
        ("each/home/how", {"option": ("alone",)}),
        ("each/home/alone", words("rydde")),
        ("last/home/day", {"on": ("2026-01-05",)}),
        ("each/work/say", words("fri")),
    )
    without = answered(("start/which", topics("work")), after=before)
    assert set(journey_of(without).set_aside) == {
        *("each/home/say", "each/home/how", "each/home/alone", "last/home/day"),
    }
    assert journey_of(without).answers["each/work/say"] == before.answers["each/work/say"]
    again = answered(HOME_AND_WORK, after=without)
    assert journey_of(again) == journey_of(before)
    assert journey_of(again).set_aside == {}


def test_topics_skipped_and_chosen_again_have_their_answers_back() -> None:
    before = answered(HOME_AND_WORK, ("each/home/say", words("et rom")))
    without = answered(("start/which", None), after=before)
    assert journey_of(without).answers == {"start/which": Skipped()}
    assert journey_of(answered(HOME_AND_WORK, after=without)) == journey_of(before)


def test_one_who_stands_in_a_topic_that_is_gone_is_moved_to_the_first_open_question() -> None:
    now = answered(HOME_AND_WORK, ("start/wish", None))
    assert now.at == "each/home/say"
    moved = now.model_copy(
        update={"answers": {**now.answers, "start/which": ChosenOptions(options=("work",))}}
    )
    assert where(WINDING, moved)[0] == "each/work/say"


# ---- parts had only when wanted


def test_a_part_is_had_while_its_condition_holds() -> None:
    assert asked(answered(), "calm") == []
    now = answered(("start/more", {"option": ("calm",)}))
    assert asked(now, "calm") == ["note"]
    assert now.at == "calm/note"
    assert journey_of(now).said_before("calm/note") == ("calm/still",)


def test_a_part_whose_condition_stops_holding_is_set_aside_and_comes_back_with_it() -> None:
    before = answered(("start/more", {"option": ("calm",)}), ("calm/note", words("pust")))
    without = answered(("start/more", {"option": ("again",)}), after=before)
    assert set(journey_of(without).set_aside) == {"calm/note"}
    assert "calm/still" not in journey_of(without).states
    again = answered(("start/more", {"option": ("calm",)}), after=without)
    assert journey_of(again) == journey_of(before)


def test_a_part_that_is_not_had_does_not_lead_anywhere() -> None:
    # the way out of `calm` is the end for those who note nothing; for those who are not there it is no way
    assert asked(answered(HOME_AND_WORK), "first") == ["three"]
    now = answered(HOME_AND_WORK, ("start/more", {"option": ("calm",)}), ("calm/note", None))
    assert journey_of(now).questions[-1] == "calm/note"
    now = answered(("calm/note", words("pust")), after=now)
    assert journey_of(now).questions[-3:] == ("first/three", "last/home/day", "last/work/day")


def test_two_parts_in_a_row_are_each_had_for_every_topic() -> None:
    now = answered(HOME_AND_WORK, ("start/more", {"option": ("again", "calm")}))
    questions = journey_of(now).questions
    place = questions.index("each/work/rest")
    assert questions[place:][:4] == ("each/work/rest", "again/home/look", "again/work/look", "calm/note")


def test_a_part_once_a_topic_is_had_only_when_both_topics_and_condition_are_there() -> None:
    assert asked(answered(HOME_AND_WORK), "again") == []
    assert asked(answered(("start/more", {"option": ("again",)})), "again") == []


def test_a_part_is_not_had_because_of_an_answer_that_was_set_aside() -> None:
    *parts, first, last = WINDING.dialogue.parts
    only_after_note = first.model_copy(update={"when": When(answered="calm/note")})
    machine = DialogueMachine(Dialogue(frame=WINDING.dialogue.frame, parts=[*parts, only_after_note, last]))
    now = answered(("start/more", {"option": ("calm",)}), ("calm/note", words("pust")))
    assert "first/three" in walk(machine, now.answers).questions
    now = answered(("start/more", None), after=now)
    assert "first/three" not in walk(machine, now.answers).questions


# ---- ways into the middle of a part, and parts at the ends of a dialogue


def test_a_part_entered_in_the_middle_begins_there_for_every_topic() -> None:
    start, *others = WINDING.dialogue.parts
    *before, more = start.states
    leads_on = more.model_copy(update={"next": [Transition(to="each/how")]})
    parts = [start.model_copy(update={"states": [*before, leads_on]}), *others]
    machine = DialogueMachine(Dialogue(frame=WINDING.dialogue.frame, parts=parts))
    way = walk(machine, answered(HOME_AND_WORK).answers).questions
    assert [a for a in way if a.startswith("each/")] == [
        *("each/home/how", "each/home/rest", "each/work/how", "each/work/rest"),
    ]


def test_a_dialogue_whose_parts_cannot_be_had_is_at_its_round_off() -> None:
    each = WINDING.dialogue.part_of("each/say")
    machine = DialogueMachine(Dialogue(frame=WINDING.dialogue.frame, parts=[each]))
    assert walk(machine, {}).states == ()
    assert begin(machine).at == ROUND_OFF


def test_a_turn_in_a_topic_is_taken_as_any_other() -> None:
    now = answered(("start/wish", None), HOME_AND_WORK)
    at, _ = where(WINDING, now)
    after = take_turn(WINDING, now, Reply(now.turn, at, "answer", words("et rom")), "seed.")
    assert after.answers["each/home/say"] == StatementsGiven(
        statements=(Statement(id="seed.01", text="et rom"),)
    )
    assert after.at == "each/home/how"
    back = take_turn(WINDING, after, Reply(after.turn, "each/home/how", "back"), "seed.")
    assert back.at == "each/home/say"
