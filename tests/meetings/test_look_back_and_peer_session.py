"""The look back and the peer session: what is said there is the user's own, but for what they carry on."""

from collections.abc import Mapping
from itertools import pairwise

import pytest
from support.as_read import our_library

from assistant.dialogue.model import Address, Choice, Choices, Say, Statements, Text
from assistant.engine.conversation import Answer, ChosenOptions, Skipped, Statement, StatementsGiven
from assistant.engine.journey import begin, walk
from assistant.engine.machine import DialogueMachine
from assistant.languages import LANGUAGES
from assistant.meetings.summary import Summary, summarise

LIBRARY = our_library()
AFTER, PEER = (DialogueMachine(LIBRARY[name]) for name in ("after_meeting", "peer_session"))


def summary_of(machine: DialogueMachine, answers: Mapping[Address, Answer]) -> Summary:
    return summarise(machine.dialogue, walk(machine, dict(answers)))


def stated(text: str) -> StatementsGiven:
    return StatementsGiven(statements=(Statement(id=text, text=text),))


def test_after_a_meeting_seven_questions_are_led_through_and_the_rest_is_offered() -> None:
    way = walk(AFTER, {})
    assert [a.split("/")[0] for a in way.led] == ["look_back"] * 6 + ["next_time"]
    assert set(way.offered) == {"more/tell", "more/differ"}


def test_how_the_meeting_was_is_private_and_nothing_of_it_can_be_scored() -> None:
    looked_back = [a for a in AFTER.dialogue.states if a.startswith("look_back/")]
    for address in looked_back:
        question = AFTER.dialogue.question(address)
        assert question.section is None
        if isinstance(question, Statements):
            continue
        assert isinstance(question, Choice | Choices)
        assert question.own is not None
        if isinstance(question, Choice):
            assert {"yes", "partly", "no", "rather_not"} <= {option.id for option in question.options}
        wordings = [o.text.in_(language) for o in question.options for language in LANGUAGES]
        assert not [text for text in wordings if any(c.isdigit() for c in text)]


def test_the_look_back_is_no_form_of_boxes_to_tick() -> None:
    asks = [question.asks for a in walk(AFTER, {}).led if (question := AFTER.dialogue.question(a))]
    assert asks[0] == asks[-1] == "statements"
    assert asks.count("statements") >= 3
    assert not any(one == next_ == "choice" for one, next_ in pairwise(asks))


def test_what_was_looked_back_on_stands_under_only_for_me_option_and_own_words() -> None:
    added = (Statement(id="s1", text="Ho såg på klokka."),)
    summary = summary_of(AFTER, {"look_back/heard": ChosenOptions(options=("no",), own=added)})
    assert summary.chapters == ()
    assert [e.said.in_("nn") if isinstance(e.said, Text) else e.said for e in summary.private] == [
        "Nei, eg kjende meg ikkje høyrd",
        "Ho såg på klokka.",
    ]


def test_what_was_not_reached_is_there_to_take_to_the_next_meeting() -> None:
    summary = summary_of(
        AFTER, {"next_time/not_reached": stated("boligen"), "look_back/remember": stated("4. mai")}
    )
    assert [(c.section.id, [e.said for e in c.entries]) for c in summary.chapters] == [
        ("next_time", ["boligen"])
    ]
    assert [e.said for e in summary.private] == ["4. mai"]


def test_nothing_leaves_a_peer_session_but_what_is_carried_to_a_meeting() -> None:
    questions = {a: s for a, s in PEER.dialogue.states.items() if not isinstance(s, Say)}
    assert [a for a, question in questions.items() if question.section] == ["onward/carry"]


@pytest.mark.parametrize("machine", [AFTER, PEER], ids=["after_meeting", "peer_session"])
def test_everything_can_be_skipped(machine: DialogueMachine) -> None:
    answers: dict[Address, Answer] = dict.fromkeys(walk(machine, {}).questions, Skipped())
    assert begin(machine).at in answers
    assert walk(machine, answers).open_questions == ()
    assert summary_of(machine, answers) == Summary((), (), ())
