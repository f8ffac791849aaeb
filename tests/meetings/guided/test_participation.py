"""What a facilitator sees is what was shown, at the version it was shown."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.model import Address
from assistant.engine.conversation import Answer, ChosenOptions, Skipped, Statement, StatementsGiven
from assistant.meetings.guided.participation import (
    Participation,
    Scope,
    all_pieces,
    showing,
    shown_of,
    taking_back,
    with_scope,
)

BEGUN = Participation(
    session="s",
    key="00",
    arrival="a",
    seat_key="00",
    form="one",
    facilitators=(),
    joined_on=date(2026, 11, 28),
    ends_at=datetime(2026, 11, 28, 13, tzinfo=UTC),
)
Answers = dict[Address, Answer]


def said(*statements: tuple[str, str, int]) -> StatementsGiven:
    return StatementsGiven(statements=tuple(Statement(id=i, text=t, version=v) for i, t, v in statements))


def seen(answers: Answers, participation: Participation) -> list[str]:
    shown = shown_of("d", "wishes/wish", answers, participation)
    return [
        one.text
        for answer in shown.answers.values()
        if isinstance(answer, StatementsGiven)
        for one in answer.statements
    ]


def test_nothing_is_seen_until_it_is_shown() -> None:
    answers: Answers = {"wishes/wish": said(("1", "ro", 1), ("2", "tid", 1))}
    assert shown_of("d", "wishes/wish", answers, BEGUN).answers == {}
    assert shown_of("d", "wishes/wish", answers, BEGUN).at is None
    assert seen(answers, showing(BEGUN, answers, ["2"])) == ["tid"]


def test_an_edit_takes_the_old_words_out_and_does_not_put_the_new_ones_in() -> None:
    answers: Answers = {"wishes/wish": said(("1", "ro", 1))}
    showed = showing(BEGUN, answers, ["1"])
    edited: Answers = {"wishes/wish": said(("1", "mye ro", 2))}
    assert seen(edited, showed) == []
    assert seen(edited, showing(showed, edited, ["1"])) == ["mye ro"]
    chosen: Answers = {"meeting/kind": ChosenOptions(options=("care_team",))}
    showed = showing(BEGUN, chosen, ["meeting/kind"])
    assert shown_of("d", "end", chosen, showed).answers == chosen
    other: Answers = {"meeting/kind": ChosenOptions(options=("first",))}
    assert shown_of("d", "end", other, showed).answers == {}


def test_every_answer_from_now_on_does_not_show_what_was_there_nor_what_was_taken_back() -> None:
    before: Answers = {"wishes/wish": said(("1", "ro", 1))}
    wide = with_scope(BEGUN, before, "answers")
    now: Answers = {"wishes/wish": said(("1", "ro", 1), ("2", "tid", 1), ("3", "tur", 1))}
    assert seen(now, wide) == ["tid", "tur"]
    narrowed = taking_back(wide, now, ["2"])
    edited: Answers = {"wishes/wish": said(("1", "ro", 1), ("2", "god tid", 2), ("3", "tur", 1))}
    assert seen(edited, narrowed) == ["tur"]
    assert seen(edited, with_scope(narrowed, edited, "shown")) == []
    assert seen(edited, with_scope(narrowed, edited, "nothing")) == []
    assert shown_of("d", "wishes/wish", now, wide).at == "wishes/wish"


IDS = st.lists(st.sampled_from("1234"), max_size=3)
SCOPES = st.sampled_from(("nothing", "shown", "question", "answers"))
ANSWERS = st.dictionaries(
    st.sampled_from(("wishes/wish", "needs/need")),
    st.just(Skipped())
    | st.lists(
        st.tuples(st.sampled_from("1234"), st.sampled_from(("ro", "tid")), st.integers(1, 3)), min_size=1
    ).map(lambda statements: said(*statements)),
)


@given(ANSWERS, IDS, IDS, SCOPES, ANSWERS)
def test_what_is_seen_is_always_part_of_what_is_there(
    before: Answers, shown: list[str], taken: list[str], scope: Scope, later: Answers
) -> None:
    one = taking_back(showing(with_scope(BEGUN, before, scope), before, shown), before, taken)
    for answers in (before, later):
        visible = shown_of("d", "end", answers, one)
        assert set(all_pieces(visible.answers)) <= set(all_pieces(answers))
        taken_back = {piece.id for piece in all_pieces(before)} & set(taken)
        assert not {piece.id for piece in all_pieces(visible.answers)} & taken_back
    assert shown_of("d", "end", later, with_scope(one, later, "nothing")).answers == {}


def test_after_the_session_no_key_is_kept() -> None:
    assert {"00"}.isdisjoint(str(value) for value in BEGUN.over().model_dump().values())
