"""What an invitation says, and which of it becomes answers."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as some
from support.answers import DIALOGUE, MACHINE

from assistant.dialogue.model import Choice
from assistant.engine.conversation import ChosenOptions, OnDay, Statement
from assistant.engine.journey import begin, walk
from assistant.engine.turn import Reply, take_turn
from assistant.errors import (
    ClockUnreadable,
    DayMissing,
    DayNotAhead,
    DayUnreadable,
    HiddenCharacter,
    NoSuchOption,
    NumberUnreadable,
    Refusal,
    TextTooLong,
)
from assistant.meetings.invitation import (
    GREETING_LIMIT,
    LABEL_LIMIT,
    SLIPS_LIMIT,
    Invitation,
    filled_in,
    kinds_in,
    read_wish,
    works_until,
)
from assistant.retention import RELEASED

TODAY = date(2026, 11, 22)
DAY = date(2026, 12, 3)
WHOLE = {
    "kind": "medication",
    "on": "3.12.2026",
    "at": "kl. 10",
    "place": " Storgata 3 ",
    "people": "Kari",
    "greeting": "Velkommen.\nHilsen oss",
    "label": "torsdag kl. 10",
    "slips": "12",
}


def test_what_was_typed_stands_as_it_was_typed() -> None:
    wish = read_wish(DIALOGUE, WHOLE, "nb", TODAY)
    assert wish.said == Invitation(
        language="nb",
        kind="medication",
        on=DAY,
        at=time(10),
        place=" Storgata 3 ",
        people="Kari",
        greeting="Velkommen.\nHilsen oss",
    )
    assert (wish.label, wish.slips) == ("torsdag kl. 10", 12)


def test_nothing_of_it_is_owed() -> None:
    wish = read_wish(DIALOGUE, {}, "nn", TODAY)
    assert (wish.said, wish.label, wish.slips) == (Invitation(language="nn"), "", 1)


@pytest.mark.parametrize(
    ("field", "typed", "refusal"),
    [
        ("kind", "unsure", NoSuchOption),
        ("kind", "party", NoSuchOption),
        ("on", "soon", DayUnreadable),
        ("on", "2026-11-21", DayNotAhead),
        ("on", "2028-01-01", DayNotAhead),
        ("at", "25", ClockUnreadable),
        ("greeting", "x" * (GREETING_LIMIT + 1), TextTooLong),
        ("label", "x" * (LABEL_LIMIT + 1), TextTooLong),
        ("people", "a\x07b", HiddenCharacter),
        ("slips", "0", NumberUnreadable),
        ("slips", str(SLIPS_LIMIT + 1), NumberUnreadable),
        ("slips", "ten", NumberUnreadable),
    ],
)
def test_what_cannot_be_taken_says_in_which_field(field: str, typed: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as refused:
        read_wish(DIALOGUE, WHOLE | {field: typed}, "nb", TODAY)
    assert refused.value.field == field


def test_a_time_of_day_has_its_day() -> None:
    with pytest.raises(DayMissing):
        read_wish(DIALOGUE, WHOLE | {"on": ""}, "nb", TODAY)


def test_today_is_soon_enough() -> None:
    assert read_wish(DIALOGUE, WHOLE | {"on": TODAY.isoformat()}, "nb", TODAY).said.on == TODAY


def test_every_kind_but_not_knowing_can_be_named() -> None:
    question = DIALOGUE.question("meeting/kind")
    assert isinstance(question, Choice)
    assert {kind.id for kind in kinds_in(DIALOGUE)} == {o.id for o in question.options} - {"unsure"}


@pytest.mark.parametrize(
    ("on", "until"),
    [(DAY, datetime(2026, 12, 5, tzinfo=UTC)), (None, datetime(2027, 1, 22, tzinfo=UTC))],
    ids=["through the day after the meeting", "sixty days where there is no day"],
)
def test_how_long_it_works(on: date | None, until: datetime) -> None:
    assert works_until(Invitation(language="nb", on=on), TODAY, RELEASED.invitation) == until


def test_the_kind_and_the_day_are_answered_and_own_words_come_next() -> None:
    said = read_wish(DIALOGUE, WHOLE, "nb", TODAY).said
    begun = filled_in(MACHINE, begin(MACHINE), said)
    assert begun.answers == {
        "meeting/kind": ChosenOptions(options=("medication",)),
        "meeting/day": OnDay(on=DAY, at=time(10)),
    }
    assert (begun.at, begun.turn) == ("matters/now", 0)


def test_what_was_filled_in_can_be_changed_like_any_answer() -> None:
    said = read_wish(DIALOGUE, WHOLE, "nb", TODAY).said
    begun = filled_in(MACHINE, begin(MACHINE), said)
    after = take_turn(MACHINE, begun, Reply(0, "meeting/kind", "answer", {"option": ("review",)}), "x")
    after = take_turn(MACHINE, after, Reply(1, "meeting/day", "skip"), "y")
    assert after.answers["meeting/kind"] == ChosenOptions(options=("review",))
    assert not after.answers["meeting/day"].given


def test_agreements_from_before_still_come_first() -> None:
    begun = begin(MACHINE, (Statement(id="a1", text="Ringe NAV"),))
    assert filled_in(MACHINE, begun, Invitation(language="nb", kind="review")).at == begun.at
    assert begun.at != "meeting/kind"


def test_a_kind_this_version_does_not_ask_about_is_left_open() -> None:
    begun = filled_in(MACHINE, begin(MACHINE), Invitation(language="nb", kind="from_another_version"))
    assert begun == begin(MACHINE)


@given(
    kind=some.none() | some.sampled_from([*(k.id for k in kinds_in(DIALOGUE)), "unsure", "x"]),
    on=some.none() | some.dates(),
    at=some.none() | some.times(),
)
def test_only_what_the_dialogue_holds_is_ever_said(
    kind: str | None, on: date | None, at: time | None
) -> None:
    said = Invitation(language="nb", kind=kind, on=on, at=at, place="P", people="Q", greeting="G")
    begun = filled_in(MACHINE, begin(MACHINE), said)
    journey = walk(MACHINE, begun.answers)
    assert journey.answers == begun.answers
    assert begun.answers.keys() <= {"meeting/kind", "meeting/day"}
    assert begun.at in journey.open_questions
