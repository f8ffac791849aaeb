"""Several replies at once: the same journey as one after the other, or nothing at all."""

from pathlib import Path

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as some
from support.effort import tries
from support.small_dialogue import SAILING, SMALL, SOMETHING_ELSE, WALKING, had, read

from assistant.dialogue.model import Address, Rank
from assistant.engine.conversation import ChosenOptions, Conversation, Skipped, Statement, StatementsGiven
from assistant.engine.entries import rankable_in
from assistant.engine.journey import begin, walk
from assistant.engine.machine import DialogueMachine
from assistant.engine.replies import RepliesAtOnce, filled_in, take_replies
from assistant.engine.reply import Given, as_given
from assistant.engine.turn import Reply, take_turn
from assistant.errors import DayUnreadable, NoSuchOption, NotOnTheWay, Refusal, SeveralRefused, StaleTurn
from engine.test_wandering import MACHINES, forms_for

TOPICS = DialogueMachine(read(Path(__file__).parent / "topics"))
WISH: Given = {"statement.new1": ("litt mer ro",)}


def replied(now: Conversation, given: dict[Address, Given]) -> Conversation:
    return take_replies(SMALL, now, RepliesAtOnce(now.turn, given), "s")


def one_after_the_other(
    machine: DialogueMachine, now: Conversation, given: dict[Address, Given]
) -> Conversation:
    """The same replies as in the chat: an answer, or a skip where the answer was emptied."""
    seen = walk(machine, now.answers).questions
    for number, address in enumerate(a for a in seen if a in given):
        filled, before = filled_in(given[address]), now.answers.get(address)
        if not filled and (before is None or not before.given):
            continue
        move = Reply(now.turn, address, "answer" if filled else "skip", filled)
        now = take_turn(machine, now, move, f"s{number:02d}.")
    return now


def test_all_are_taken_in_one_turn() -> None:
    now = replied(begin(SMALL), {"trip/kind": SAILING, "me/wish": WISH})
    assert now.answers == {
        "trip/kind": ChosenOptions(options=("boat",)),
        "me/wish": StatementsGiven(statements=(Statement(id="s01.01", text="litt mer ro"),)),
    }
    assert now.turn == 1


def test_one_stands_at_the_next_open_question_after_the_last_reply() -> None:
    assert (
        replied(begin(SMALL), {"trip/kind": SAILING, "trip/day": {"on": ("5.1.2027",)}}).at
        == "trip/with_whom"
    )


def test_one_stands_where_one_stood_while_that_is_open() -> None:
    assert replied(begin(SMALL), {"me/wish": WISH}).at == "trip/kind"
    assert replied(begin(SMALL), {"trip/kind": {}, "trip/day": {"on": ("5.1.2027",)}}).at == "trip/kind"


def test_a_question_with_nothing_in_its_fields_stays_as_open_as_it_was() -> None:
    now = had(("trip/kind", None))
    after = replied(now, {"trip/kind": {}, "trip/day": {"on": ("",)}, "me/wish": WISH})
    assert after.answers.keys() == {"trip/kind", "me/wish"}
    assert after.answers["trip/kind"] == Skipped()


def test_an_answer_that_is_emptied_is_taken_away() -> None:
    now = had(("me/wish", WISH), ("trip/kind", WALKING))
    after = replied(now, {"me/wish": {"statement.t0.01": (" ",)}, "trip/kind": {"option": ("",)}})
    assert after.answers == {"me/wish": Skipped(), "trip/kind": Skipped()}
    assert "litt mer ro" not in after.model_dump_json()


@pytest.mark.parametrize("given", [{}, {"trip/kind": {}}, {"trip/day": {"on": ("",)}}])
def test_with_nothing_given_nothing_has_moved(given: dict[Address, Given]) -> None:
    now = begin(SMALL)
    assert replied(now, given) is now


def test_the_same_answers_again_are_no_turn() -> None:
    now = had(("trip/kind", WALKING), ("me/wish", WISH))
    assert replied(now, {a: as_given(answer) for a, answer in now.answers.items()}) is now


def test_it_says_of_each_question_what_could_not_be_taken_and_takes_none() -> None:
    now = begin(SMALL)
    with pytest.raises(SeveralRefused) as refused:
        replied(now, {"trip/kind": {"option": ("fly",)}, "trip/day": {"on": ("snart",)}, "me/wish": WISH})
    wrong = refused.value.by_question
    assert {a: (type(why), why.field) for a, why in wrong.items()} == {
        "trip/kind": (NoSuchOption, "option"),
        "trip/day": (DayUnreadable, "on"),
    }
    assert "snart" not in str(refused.value)
    assert now == begin(SMALL)


def test_a_question_that_another_of_the_replies_leads_past_is_kept_and_set_aside() -> None:
    now = had(("trip/kind", SOMETHING_ELSE))
    after = replied(now, {"trip/kind": WALKING, "trip/own_kind": {"statement.new1": ("sykkel",)}})
    assert walk(SMALL, after.answers).set_aside.keys() == {"trip/own_kind"}


def test_replies_to_another_turn_are_stale() -> None:
    with pytest.raises(StaleTurn):
        take_replies(SMALL, had(("trip/kind", None)), RepliesAtOnce(0, {"trip/day": {}}), "s")


@pytest.mark.parametrize("astray", ["trip/own_kind", "trip/hello", "no/where", "end", ""])
def test_a_reply_to_a_question_off_the_way_is_refused(astray: str) -> None:
    with pytest.raises(NotOnTheWay):
        replied(begin(SMALL), {"trip/kind": WALKING, astray: WISH})


@pytest.mark.parametrize("machine", [*MACHINES, TOPICS], ids=lambda machine: machine.dialogue.frame.id)
@settings(max_examples=tries(60))
@for_any(data=some.data())
def test_through_the_form_and_through_the_chat_the_journey_is_the_same(
    machine: DialogueMachine, data: some.DataObject
) -> None:
    chat = form = begin(machine)
    for _ in range(data.draw(some.integers(1, 4), label="saves")):
        ways = walk(machine, form.answers).questions
        part = data.draw(some.lists(some.sampled_from(ways), max_size=4, unique=True), label="part")
        given: dict[Address, Given] = {}
        for address in part:
            question, before = machine.dialogue.question(address), form.answers.get(address)
            if isinstance(question, Rank) and len(part) > 1:
                continue  # the form can put first what the same form takes away; the chat cannot
            among = question.among if isinstance(question, Rank) else ()
            rankable = rankable_in(machine, walk(machine, form.answers), among)
            again: some.SearchStrategy[Given] = some.sampled_from([as_given(before), {}])
            given[address] = data.draw(again | forms_for(question, before, rankable), label=address)
        try:
            chat_after = one_after_the_other(machine, chat, given)
        except NotOnTheWay:
            continue  # in the chat one would not have been asked; the form sets it aside, as tested above
        except Refusal:
            with pytest.raises(SeveralRefused):
                take_replies(machine, form, RepliesAtOnce(form.turn, given), "s")
            continue
        form = take_replies(machine, form, RepliesAtOnce(form.turn, given), "s")
        chat = replace_turn(chat_after, form)
        assert form.answers == chat.answers
        assert form.topics_aside == chat.topics_aside
        assert walk(machine, form.answers) == walk(machine, chat.answers)
        assert Conversation.model_validate_json(form.model_dump_json()) == form


def replace_turn(chat: Conversation, form: Conversation) -> Conversation:
    """The chat has taken more turns for the same; ids of what comes next are made alike."""
    return chat.model_copy(update={"turn": form.turn})
