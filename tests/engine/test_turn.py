"""One turn: a reply in, a new conversation out, and the one given never changed."""

import pytest
from support.small_dialogue import SAILING, SMALL, SOMETHING_ELSE, WALKING, had, reply

from assistant.engine.conversation import (
    ROUND_OFF,
    ChosenOptions,
    Conversation,
    Skipped,
    Statement,
    StatementsGiven,
)
from assistant.engine.journey import begin
from assistant.engine.reply import Given
from assistant.engine.turn import Move, Reply, take_turn, where
from assistant.errors import NoSuchOption, NothingSaid, NotOnTheWay, Refusal, StaleTurn

WISH = {"statement.new": ("litt mer ro",)}


def all_skipped() -> Conversation:
    questions = ("trip/kind", "trip/day", "trip/with_whom", "me/wish", "me/balance", "me/again")
    return had(*((question, None) for question in questions))


def test_an_answer_is_kept_and_the_next_open_question_stands_there() -> None:
    now = reply(begin(SMALL), "trip/kind", "answer", SAILING)
    assert now.answers == {"trip/kind": ChosenOptions(options=("boat",))}
    assert (now.turn, now.at) == (1, "trip/day")


def test_ids_of_new_statements_come_from_the_seed_of_the_turn() -> None:
    now = take_turn(SMALL, begin(SMALL), Reply(0, "me/wish", "answer", WISH), "seed-")
    assert now.answers == {
        "me/wish": StatementsGiven(statements=(Statement(id="seed-01", text="litt mer ro"),))
    }


def test_a_skipped_question_is_answered_and_may_be_answered_later() -> None:
    now = reply(begin(SMALL), "trip/kind", "skip")
    assert now.answers == {"trip/kind": Skipped()}
    assert now.at == "trip/day"
    now = reply(now, "trip/kind", "answer", WALKING)
    assert now.answers == {"trip/kind": ChosenOptions(options=("walk",))}


def test_to_skip_an_answered_question_takes_the_words_away() -> None:
    now = reply(had(("me/wish", WISH)), "me/wish", "skip")
    assert now.answers == {"me/wish": Skipped()}
    assert WISH["statement.new"][0] not in now.model_dump_json()


def test_an_answer_changed_keeps_its_id() -> None:
    now = had(("me/wish", WISH))
    before = now.answers["me/wish"]
    assert isinstance(before, StatementsGiven)
    identity = before.statements[0].id
    now = reply(now, "me/wish", "answer", {f"statement.{identity}": ("mye mer ro",)})
    assert now.answers["me/wish"] == StatementsGiven(
        statements=(Statement(id=identity, text="mye mer ro", version=2),)
    )


def test_a_question_may_be_answered_out_of_order() -> None:
    now = reply(begin(SMALL), "me/again", "answer", {"on": ("5.1.2026",)})
    assert now.at == "trip/kind"


def test_an_answer_may_open_a_question_before_which_one_then_stands() -> None:
    now = reply(all_skipped(), "trip/kind", "answer", SOMETHING_ELSE)
    assert now.at == "trip/own_kind"


def test_with_nothing_left_to_ask_one_stands_at_the_round_off() -> None:
    now = all_skipped()
    at, journey = where(SMALL, now)
    assert (now.at, at) == (ROUND_OFF, ROUND_OFF)
    assert journey.open_questions == ()


# ---- back


def test_back_goes_to_the_question_before_and_keeps_every_answer() -> None:
    now = had(("trip/kind", WALKING))
    back = reply(now, "trip/day", "back")
    assert (back.at, back.turn, back.answers) == ("trip/kind", 2, now.answers)


def test_back_from_the_first_question_stays() -> None:
    assert reply(begin(SMALL), "trip/kind", "back").at == "trip/kind"


def test_back_from_the_round_off_goes_to_the_last_question() -> None:
    assert reply(all_skipped(), ROUND_OFF, "back").at == "me/again"


def test_what_stood_in_the_form_is_not_taken_when_going_back() -> None:
    assert reply(had(("trip/kind", None)), "trip/day", "back", {"on": ("5.1.2026",)}).answers == {
        "trip/kind": Skipped()
    }


# ---- go


def test_one_may_go_to_any_question_on_the_way() -> None:
    assert reply(begin(SMALL), "trip/kind", "go", to="me/balance").at == "me/balance"
    assert reply(all_skipped(), ROUND_OFF, "go", to="trip/kind").at == "trip/kind"


@pytest.mark.parametrize("to", ["trip/own_kind", "trip/hello", "trip/nowhere", "me", "", None])
def test_one_may_not_go_where_the_way_does_not(to: str | None) -> None:
    with pytest.raises(NotOnTheWay):
        reply(begin(SMALL), "trip/kind", "go", to=to)


def test_one_may_go_to_the_round_off_only_when_nothing_is_open() -> None:
    with pytest.raises(NotOnTheWay):
        reply(begin(SMALL), "trip/kind", "go", to=ROUND_OFF)
    now = reply(all_skipped(), ROUND_OFF, "go", to="me/wish")
    assert reply(now, "me/wish", "go", to=ROUND_OFF).at == ROUND_OFF


# ---- refusals


@pytest.mark.parametrize("move", ["answer", "skip", "back", "go"])
@pytest.mark.parametrize("turn", [0, 2, -1])
def test_a_reply_to_another_turn_is_stale(move: Move, turn: int) -> None:
    now = had(("trip/kind", WALKING))
    with pytest.raises(StaleTurn):
        take_turn(SMALL, now, Reply(turn, "trip/day", move, {}, "trip/kind"), "seed")


@pytest.mark.parametrize("move", ["answer", "skip", "back", "go"])
@pytest.mark.parametrize("state", ["trip/own_kind", "trip/hello", "trip/nowhere", ""])
def test_a_reply_to_a_question_off_the_way_is_refused(move: Move, state: str) -> None:
    with pytest.raises(NotOnTheWay):
        reply(begin(SMALL), state, move, {"statement.new": ("x",)}, to="trip/kind")


@pytest.mark.parametrize("move", ["answer", "skip"])
def test_the_round_off_asks_nothing(move: Move) -> None:
    with pytest.raises(NotOnTheWay):
        reply(all_skipped(), ROUND_OFF, move, WALKING)


def test_an_answer_that_cannot_be_taken_is_refused_as_the_reply_is_read() -> None:
    with pytest.raises(NoSuchOption):
        reply(begin(SMALL), "trip/kind", "answer", {"option": ("fly",)})


@pytest.mark.parametrize("empty", [{}, {"option": ()}, {"option": ("", " ")}])
def test_nothing_given_is_a_skip(empty: Given) -> None:
    assert reply(begin(SMALL), "trip/kind", "answer", empty) == reply(begin(SMALL), "trip/kind", "skip")


def test_an_empty_form_removes_no_answer() -> None:
    now = reply(begin(SMALL), "trip/kind", "answer", SAILING)
    now = reply(now, "trip/kind", "go", to="trip/kind")
    with pytest.raises(NothingSaid):
        reply(now, "trip/kind", "answer")


# ---- the conversation given


@pytest.mark.parametrize(
    ("state", "move", "given", "to"),
    [
        ("trip/kind", "answer", SAILING, None),
        ("me/wish", "answer", {"statement.t1.01": ("noe annet",)}, None),
        ("trip/kind", "skip", {}, None),
        ("trip/day", "back", {}, None),
        ("trip/day", "go", {}, "me/wish"),
        ("trip/day", "answer", {"on": ("soon",)}, None),
        ("trip/day", "go", {}, "trip/astray"),
    ],
)
def test_the_conversation_given_is_never_changed(
    state: str, move: Move, given: dict[str, tuple[str, ...]], to: str | None
) -> None:
    now = had(("trip/kind", WALKING), ("me/wish", WISH))
    before = now.model_dump_json()
    answers = dict(now.answers)
    try:
        after = reply(now, state, move, given, to)
    except Refusal:
        pass
    else:
        assert after.answers is not now.answers
    assert now.model_dump_json() == before
    assert now.answers == answers


# ---- standing


def test_one_whose_question_left_the_way_is_moved_to_the_first_open_one() -> None:
    now = had(("trip/kind", SOMETHING_ELSE))
    assert now.at == "trip/own_kind"
    moved = now.model_copy(update={"answers": {"trip/kind": ChosenOptions(options=("walk",))}})
    assert where(SMALL, moved)[0] == "trip/day"
    assert reply(moved, "trip/day", "skip").at == "trip/with_whom"


def test_an_answer_set_aside_is_there_again_when_the_way_comes_back() -> None:
    now = had(("trip/kind", SOMETHING_ELSE), ("trip/own_kind", {"statement.new": ("sykkel",)}))
    own = now.answers["trip/own_kind"]
    now = reply(now, "trip/kind", "answer", WALKING)
    with pytest.raises(NotOnTheWay):
        reply(now, "trip/own_kind", "answer", {"statement.new": ("buss",)})
    now = reply(now, "trip/kind", "answer", SOMETHING_ELSE)
    assert now.answers["trip/own_kind"] == own
    assert now.at == "trip/day"
