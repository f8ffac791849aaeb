"""Several lines typed as one statement: when it is asked about, and what is made of them."""

import pytest
from support.answers import DIALOGUE

from assistant.engine.conversation import Statement, StatementsGiven
from assistant.engine.lines import lines_to_ask_about, set_apart
from assistant.engine.reply import Given

WISH = DIALOGUE.question("wishes/wish")
NEW = "statement.new1"
BEFORE = StatementsGiven(statements=(Statement(id="a01", text="En\nto"),))


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        ({NEW: ("Å sove.\r\n\r\n  Ro. ",)}, 2),
        ({NEW: ("Å sove.\n\n",)}, 0),
        ({NEW: ("a\nb",), "statement.new2": ("c",)}, 2),
        ({NEW: ("\n".join("abcdefghijkl"),)}, 0),
        ({"statement.a01": ("En\nto\ntre",)}, 0),
        ({"option": ("a\nb",)}, 0),
    ],
    ids=["two lines", "one line", "with another", "no room", "only changed", "no statement"],
)
def test_new_lines_are_asked_about_if_there_is_room_for_each(given: Given, lines: int) -> None:
    assert lines_to_ask_about(WISH, given, BEFORE) == lines


def test_a_question_with_one_answer_asks_nothing() -> None:
    assert lines_to_ask_about(DIALOGUE.question("meeting/kind"), {NEW: ("a\nb",)}, None) == 0


def test_each_line_is_as_it_was_typed_and_in_its_place() -> None:
    given = {"statement.a01": ("En\nto",), NEW: ("  Å sove. \r\n\r\nRo.",), "statement.new2": ("c",)}
    texts = list(set_apart(given, BEFORE).values())
    assert texts == [("En\nto",), ("  Å sove. ",), ("Ro.",), ("c",)]
