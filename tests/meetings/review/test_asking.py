"""What asks for an honest answer without being ranked or requested, and what is left for the next time."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from support.answers import DIALOGUE
from support.effort import tries
from support.review_acts import KARI, OLA, USER, Together, entry, shared

from assistant.exports.fhir.document import WISHES_AND_NEEDS
from assistant.meetings.review.acts import Act, GiveAnswer, MarkEntry, Meet, PutBeside, WantAnswer
from assistant.meetings.review.asking import ASKING, asks, is_for_next_time, is_unanswered, promise
from assistant.meetings.review.carry_over import left_from_meeting, left_over
from assistant.meetings.review.review import AnswerKind, Author, Review
from assistant.meetings.review.snapshot_changes import follow

BY_THE_8TH = date(2026, 12, 8)


def together(section: str = "wishes", *ids: str) -> Together:
    """A review of these entries, none of them ranked."""
    return Together(shared(*(entry(id_, f"{id_} ønske") for id_ in ids or ("fewer", "bus")), section=section))


def must_ask(id_: str = "fewer", seen: int = 0) -> GiveAnswer:
    """The answer that somebody else must be asked, by a day."""
    return GiveAnswer(id_, "must_ask", "Jeg må spørre lederen min", BY_THE_8TH, seen)


def ids_left(now: Together) -> list[str]:
    """What is left for the next time."""
    return [one.entry.id for one in left_over([now.review])]


@pytest.mark.parametrize("section", ASKING)
def test_every_wish_need_and_question_asks_without_being_ranked_and_comes_back_untouched(
    section: str,
) -> None:
    assert section in {each.id for each in DIALOGUE.frame.sections}
    now = together(section)
    assert all(is_unanswered(now.one(id_)) for id_ in ("fewer", "bus"))
    now.answer(KARI, "fewer")
    assert not is_unanswered(now.one("fewer"))
    assert ids_left(now) == ["bus"]


def test_what_becomes_a_goal_in_the_record_also_asks_for_an_answer() -> None:
    assert set(ASKING) > WISHES_AND_NEEDS


def test_what_is_said_about_oneself_asks_only_when_it_is_asked_about_or_put_first() -> None:
    now = together("helps")
    assert now.review.gone_into == {}
    now.do(USER, WantAnswer("bus", True))
    assert ids_left(now) == ["bus"]


def test_what_is_withdrawn_before_anything_was_said_leaves_no_trace() -> None:
    now = together("needs")
    now.share(shared(entry("bus", "bus ønske"), section="needs"))
    assert list(now.review.gone_into) == ["bus"]
    assert "fewer" not in now.review.model_dump_json()


@pytest.mark.parametrize("mark", ["talked", None])
def test_a_promise_to_ask_comes_back_with_its_day_though_it_was_talked_about(mark: str | None) -> None:
    now = together()
    now.do(KARI, must_ask())
    now.do(USER, MarkEntry("fewer", "talked" if mark else None))
    first = left_from_meeting({}, [now.review], {})[0]
    assert (first.why, first.said) == ("promised", ("fewer ønske",))
    made = first.promises["fewer ønske"]
    assert (made.by_on, made.signed.by.name) == (BY_THE_8TH, "Kari")


def test_a_promise_is_kept_by_a_later_answer_from_anybody_and_broken_by_none() -> None:
    now = together()
    now.answer(OLA, "fewer", "Ja")
    now.do(KARI, must_ask())
    assert ids_left(now) == ["fewer", "bus"], "the latest answer is that Kari must ask"
    now.answer(OLA, "fewer", "Ja, det er i orden", seen=next(iter(now.one("fewer").answers.values())).written)
    assert ids_left(now) == ["bus"]


def test_a_text_that_is_written_again_after_the_meeting_stands_once_with_its_promise() -> None:
    now = together()
    now.do(KARI, must_ask())
    left = left_from_meeting({"fewer ønske": False, "noe eget": False}, [now.review], {"bus ønske": False})
    assert [(one.why, one.said) for one in left] == [
        ("promised", ("fewer ønske",)),
        ("carried", ("bus ønske",)),
        ("written", ("noe eget",)),
    ]


@pytest.mark.parametrize(
    ("by", "act", "is_so"),
    [
        (KARI, Meet("opening"), True),
        (USER, PutBeside("fewer", "user", "Helst", 0), True),
        (USER, PutBeside("fewer", "user", "", 0), False),
    ],
)
def test_a_review_is_gone_through_when_somebody_says_they_have_met_or_writes(
    by: Author, act: Act, is_so: bool
) -> None:
    now = together()
    now.do(by, act)
    assert now.review.is_gone_through == is_so


ACTS: list[Callable[[Together, str], Act]] = [
    lambda _, id_: MarkEntry(id_, "talked"),
    lambda _, id_: MarkEntry(id_, "next_time"),
    lambda _, id_: MarkEntry(id_, None),
    lambda _, id_: WantAnswer(id_, True),
    lambda _, id_: WantAnswer(id_, False),
]


def answering(now: Together, by: Author, id_: str, kind: AnswerKind) -> Act:
    """An answer on a page that shows what this hand has written before."""
    before = (
        now.one(id_).answers.get(f"professional/{by.side}/{by.id}") if id_ in now.review.gone_into else None
    )
    return GiveAnswer(id_, kind, f"svar {now.number}", None, before.written if before else 0)


def test_a_mark_that_is_taken_back_leaves_nothing_behind() -> None:
    now = together("helps")
    before = now.review.gone_into
    now.do(USER, MarkEntry("fewer", "talked"))
    now.do(USER, MarkEntry("fewer", None))
    assert now.review.gone_into == before


@settings(max_examples=tries(80))
@given(some.data(), some.sampled_from([*ASKING, "helps", "matters"]))
def test_whatever_is_done_no_wish_is_lost_between_two_meetings(data: some.DataObject, section: str) -> None:
    now = together(section)
    kinds: list[AnswerKind] = ["can", "must_ask", "not_possible"]
    for _ in range(data.draw(some.integers(0, 8), label="acts")):
        by, id_ = (
            data.draw(some.sampled_from([USER, KARI, OLA])),
            data.draw(some.sampled_from(["fewer", "bus"])),
        )
        if data.draw(some.booleans(), label="answers"):
            now.do(by, answering(now, by, id_, data.draw(some.sampled_from(kinds))))
        else:
            now.do(by, data.draw(some.sampled_from(ACTS))(now, id_))
    assert follow(now.review, now.snapshot or shared()) == now.review, "an unchanged share changes nothing"
    left = ids_left(now)
    for id_, one in now.review.gone_into.items():
        latest = max(one.answers.values(), key=lambda said: said.written, default=None)
        assert (promise(one) is not None) == (latest is not None and latest.kind == "must_ask")
        dealt_with = one.mark == "talked" or (latest is not None and latest.kind != "must_ask")
        is_back = one.mark == "next_time" or promise(one) is not None or (asks(one) and not dealt_with)
        assert (id_ in left) == is_back == is_for_next_time(one)
    if section in ASKING:
        assert set(now.review.gone_into) == {"fewer", "bus"}


@settings(max_examples=tries(30))
@given(some.sets(some.sampled_from(["fewer", "bus"])))
def test_a_review_stored_before_wishes_asked_by_themselves_is_read_as_it_was(first: set[str]) -> None:
    now = Together(shared(entry("fewer", "a"), entry("bus", "b"), first=first, section="wishes"))
    stored = now.review.model_copy(
        update={"gone_into": {id_: one for id_, one in now.review.gone_into.items() if one.first is not None}}
    )
    read = Review.model_validate_json(stored.model_dump_json())
    assert read == stored
    assert read.digest == now.review.digest, "what was confirmed is not asked for again"
    assert now.snapshot is not None
    assert follow(read, now.snapshot).gone_into.keys() == now.review.gone_into.keys()
