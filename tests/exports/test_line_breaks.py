"""Words on their way to the typesetter: nothing added, nothing taken away."""

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as some

from assistant.exports.line_breaks import lines_of, runs_from_right


@for_any(some.text() | some.text("a \t\u0301\u200d👍🏽🇳🇴א\n", min_size=20))
def test_the_pieces_of_the_lines_are_the_text(text: str) -> None:
    assert "\n".join("".join(line["pieces"]) for line in lines_of(text)) == text


@for_any(some.text("ab \t", min_size=1).filter(str.strip))
def test_nothing_stays_so_long_that_it_runs_off_the_paper(text: str) -> None:
    for line in lines_of(text * 30):
        for piece in line["pieces"]:
            assert max((len(run) for run in piece.split()), default=0) <= 26


def test_what_is_seen_as_one_sign_is_not_broken() -> None:
    family = "👩\u200d👩\u200d👧"
    for sign in (family, "👍🏽", "e\u0301", "🇳🇴"):
        (line,) = lines_of(sign * 30)
        assert len(line["pieces"]) > 1 or sign == "🇳🇴"
        assert all(len(piece) % len(sign) == 0 for piece in line["pieces"])


@pytest.mark.parametrize(
    ("text", "is_so"),
    [("שלום", True), ("1. سلام abc", True), ("abc שלום", False), ("", False), ("123 !", False)],
)
def test_a_line_runs_the_way_its_first_letter_does(text: str, is_so: bool) -> None:
    assert runs_from_right(text) is is_so
