"""A review: whose words they are, by which hand, to which wording, and what becomes of them."""

from datetime import UTC, date, datetime

import pytest
from support.answers import DIALOGUE
from support.review_acts import BUS, FEWER, KARI, OLA, REST, USER, Together, entry, shared

from assistant.dialogue.model import Text
from assistant.engine.conversation import OnDay
from assistant.engine.entries import entries_of
from assistant.errors import NotFound, NothingSaid, WrittenBetween
from assistant.meetings.review.acts import (
    Act,
    GiveAnswer,
    MarkEntry,
    Meet,
    Point,
    PutBeside,
    WantAnswer,
)
from assistant.meetings.review.asking import is_for_next_time, is_unanswered
from assistant.meetings.review.review import SIDES, AnswerKind, Author, Mark, Review
from assistant.meetings.review.snapshot_changes import begun, follow


def test_a_review_begins_with_what_was_put_first_and_nothing_said() -> None:
    review = Together().review
    assert list(review.gone_into) == ["fewer"]
    assert review.gone_into["fewer"].first == 1
    assert not review.has_begun
    assert (review.stage, review.agreed, review.record) == ("shared", (), None)


def test_any_entry_that_is_shared_can_be_gone_into_and_no_other() -> None:
    now = Together()
    now.answer(KARI, "bus")
    assert now.one("bus").entry == BUS
    assert now.review.has_begun
    acts: list[Act] = [
        GiveAnswer("kept back", "can", "", None, 0),
        PutBeside("kept back", "professional", "Ord", 0),
        MarkEntry("kept back", "talked"),
        WantAnswer("kept back", True),
    ]
    for act in acts:
        with pytest.raises(NotFound):
            now.do(KARI, act)


def test_an_answer_keeps_the_wording_it_was_given_to() -> None:
    now = Together()
    now.answer(KARI, "fewer", "Ja, vi to")
    now.beside(USER, "fewer", "Helst")
    now.share(shared(entry("fewer", "Bare oss to", 2), BUS))
    now.share(shared(entry("fewer", "Bare oss to, ute", 3), BUS))
    now.answer(OLA, "fewer", "Ute går bra")
    one = now.one("fewer")
    said = {answer.signed.by.name: one.wording(answer.about) for answer in one.answers.values()}
    assert said == {"Kari": "Færre folk", "Ola": "Bare oss to, ute"}
    assert one.wordings == {1: "Færre folk"}, "nobody said anything to the second wording"


def test_a_wording_goes_when_nothing_is_said_to_it_any_more() -> None:
    now = Together()
    now.beside(USER, "fewer", "Helst")
    written = now.one("fewer").remarks["user/user/"].written
    now.share(shared(entry("fewer", "Bare oss to", 2)))
    assert now.one("fewer").wordings == {1: "Færre folk"}
    now.beside(USER, "fewer", "Helst nå", seen=written)
    assert now.one("fewer").wordings == {}
    assert "Færre folk" not in now.review.model_dump_json()


def test_a_day_that_is_moved_is_another_wording() -> None:
    question = DIALOGUE.question("meeting/day")
    days = [date(2026, 12, 1), date(2026, 12, 2)]
    first, moved = [next(iter(entries_of("meeting/day", question, OnDay(on=day)))) for day in days]
    now = Together(shared(entry("day", OnDay(on=days[0]), first.version)))
    now.answer(KARI, "day", "Det går")
    now.share(shared(entry("day", OnDay(on=days[1]), moved.version)))
    (answer,) = now.one("day").answers.values()
    assert now.one("day").wording(answer.about) == OnDay(on=days[0])


def test_every_hand_has_a_place_of_its_own() -> None:
    now = Together()
    for hand, words in ((KARI, "Ja"), (OLA, "Kanskje"), (USER, "Hun sa ja")):
        now.answer(hand, "fewer", words)
        now.beside(hand, "fewer", words, whose="professional")
        now.beside(hand, "fewer", words, whose="user")
    one = now.one("fewer")
    assert [answer.words for answer in one.answers.values()] == ["Ja", "Kanskje", "Hun sa ja"]
    assert [remark.words for remark in one.remarks.values()] == ["Ja"] * 2 + ["Kanskje"] * 2 + [
        "Hun sa ja"
    ] * 2


def test_what_one_types_for_the_other_is_told_apart() -> None:
    now = Together()
    now.beside(USER, "fewer", "Hun ser det slik", whose="professional")
    now.beside(KARI, "fewer", "Slik ser jeg det")
    now.answer(USER, "fewer", "Hun kan")
    one = now.one("fewer")
    hands = {r.words: (r.signed.whose, r.signed.is_in_own_hand) for r in one.remarks.values()}
    assert hands == {"Hun ser det slik": ("professional", False), "Slik ser jeg det": ("professional", True)}
    (answer,) = one.answers.values()
    assert (answer.signed.whose, answer.signed.by, answer.signed.is_in_own_hand) == (
        "professional",
        USER,
        False,
    )


def test_words_stay_exactly_as_they_were_written() -> None:
    now = Together()
    words = "  <b>å</b>\n\n👩‍👩‍👧 \u200fשלום  "
    now.answer(KARI, "fewer", words)
    now.beside(USER, "fewer", words)
    one = Review.model_validate_json(now.review.model_dump_json()).gone_into["fewer"]
    assert [answer.words for answer in one.answers.values()] == [words]
    assert [remark.words for remark in one.remarks.values()] == [words]


@pytest.mark.parametrize("seen", [0, 1, 99])
def test_nothing_is_written_over_that_the_page_did_not_show(seen: int) -> None:
    now = Together()
    now.answer(KARI, "fewer", "Ja")
    now.beside(KARI, "fewer", "Slik ser jeg det")
    before = now.review
    with pytest.raises(WrittenBetween):
        now.answer(KARI, "fewer", "Nei", "not_possible", seen=seen)
    with pytest.raises(WrittenBetween):
        now.beside(KARI, "fewer", "Nei", seen=seen)
    with pytest.raises(WrittenBetween):
        now.beside(KARI, "fewer", "", seen=seen)
    assert now.review == before


def test_what_was_seen_can_be_changed_and_taken_away_by_the_same_hand() -> None:
    now = Together()
    now.answer(KARI, "fewer", "Ja")
    now.answer(KARI, "fewer", "Jeg må spørre", "must_ask", seen=now.number)
    (answer,) = now.one("fewer").answers.values()
    assert (answer.words, answer.kind) == ("Jeg må spørre", "must_ask")
    now.beside(USER, "fewer", "Helst")
    now.beside(USER, "fewer", " \n", seen=now.number)
    assert now.one("fewer").remarks == {}
    assert "Helst" not in now.review.model_dump_json()


@pytest.mark.parametrize("kind", ["must_ask", "not_possible"])
def test_what_must_be_asked_or_is_not_possible_says_whom_or_why(kind: AnswerKind) -> None:
    with pytest.raises(NothingSaid) as refused:
        Together().answer(KARI, "fewer", " ", kind)
    assert refused.value.field == "words"
    now = Together()
    now.answer(KARI, "fewer", "", "can")
    assert not is_unanswered(now.one("fewer"))


def test_saying_the_same_again_changes_nothing() -> None:
    now = Together()
    for _ in range(2):
        now.answer(KARI, "fewer", "Ja")
        now.beside(USER, "fewer", "Helst")
        now.do(USER, WantAnswer("bus", True))
        now.do(KARI, MarkEntry("bus", "talked"))
        now.do(USER, Point("bus"))
        now.do(KARI, Meet("opening"))
        assert now.number == 7


@pytest.mark.parametrize("by", [USER, KARI])
@pytest.mark.parametrize("mark", ["talked", "next_time"])
def test_both_mark_and_both_unmark(by: Author, mark: Mark) -> None:
    now = Together()
    now.do(by, MarkEntry("bus", mark))
    assert (now.one("bus").mark, now.one("bus").is_touched) == (mark, True)
    assert is_for_next_time(now.one("bus")) == (mark == "next_time")
    now.do(OLA, MarkEntry("bus", None))
    assert "bus" not in now.review.gone_into, "as if it had never been marked"


def test_an_answer_is_to_come_to_what_was_put_first_or_asked_about() -> None:
    now = Together()
    now.do(USER, WantAnswer("bus", True))
    now.do(KARI, MarkEntry("rest", "talked"))
    assert [id_ for id_, one in now.review.gone_into.items() if is_unanswered(one)] == ["fewer", "bus"]
    now.answer(KARI, "fewer")
    now.do(USER, WantAnswer("bus", False))
    assert not any(is_unanswered(one) for one in now.review.gone_into.values())


def test_only_the_user_points() -> None:
    now = Together()
    now.do(USER, Point("bus"))
    with pytest.raises(NotFound):
        now.do(KARI, Point("fewer"))
    with pytest.raises(NotFound):
        now.do(KARI, Point(None))
    with pytest.raises(NotFound):
        now.do(USER, Point("kept back"))
    assert (now.review.pointed, now.review.as_shared.pointed) == ("bus", "bus")
    assert now.do(USER, Point(None)).pointed is None


def test_only_staff_says_that_they_have_met() -> None:
    now = Together()
    with pytest.raises(NotFound):
        now.do(USER, Meet("opening"))
    assert now.do(KARI, Meet("opening")).met == ("opening",)
    assert now.do(OLA, Meet("another")).met == ("opening", "another")


def test_what_is_taken_back_is_its_users_alone_again() -> None:
    now = Together()
    now.answer(KARI, "fewer", "Ja")
    now.beside(USER, "bus", "Helst ikke alene")
    now.do(USER, Point("bus"))
    before = now.review.digest
    now.share(shared(FEWER))
    assert set(now.review.as_shared.gone_into) == {"fewer"}
    assert now.review.as_shared.pointed is None
    assert "bus" not in now.review.as_shared.model_dump_json()
    assert now.review.digest == now.review.as_shared.digest != before
    assert now.one("bus").remarks["user/user/"].words == "Helst ikke alene"
    assert now.one("bus").entry == BUS
    for by in (USER, KARI):
        with pytest.raises(NotFound):
            now.beside(by, "bus", "Mer")


def test_what_is_taken_back_and_came_to_nothing_leaves_no_trace() -> None:
    now = Together()
    now.do(USER, Point("rest"))
    now.share(shared(BUS))
    assert (now.review.gone_into, now.review.pointed) == ({}, None)
    assert "Færre folk" not in now.review.model_dump_json()


def test_what_is_shared_again_is_where_it_was_with_its_newest_words() -> None:
    now = Together()
    now.answer(KARI, "bus", "Ja")
    now.share(shared(FEWER))
    now.share(shared(FEWER, entry("bus", "Ta trikken", 4)))
    one = now.one("bus")
    (answer,) = one.answers.values()
    assert (one.is_shared, one.entry.said, one.wording(answer.about)) == (True, "Ta trikken", "Ta <bussen>")


def test_what_is_put_first_follows_what_is_shared() -> None:
    now = Together()
    now.share(shared(BUS, FEWER, first=["bus", "fewer"]))
    assert {id_: one.first for id_, one in now.review.gone_into.items()} == {"fewer": 2, "bus": 1}
    now.answer(KARI, "fewer")
    now.share(shared(BUS, FEWER))
    assert {id_: one.first for id_, one in now.review.gone_into.items()} == {"fewer": None}


def test_following_the_same_again_changes_nothing() -> None:
    now = Together()
    now.answer(KARI, "bus")
    now.share(shared(FEWER, entry("bus", "Ta trikken", 2), first=["fewer"]))
    assert now.snapshot is not None
    assert follow(now.review, now.snapshot) == now.review
    assert begun(now.snapshot).digest == follow(Review(), now.snapshot).digest


def test_when_the_share_is_over_its_owner_goes_on_with_what_is_in_it() -> None:
    now = Together()
    now.answer(KARI, "bus")
    now.snapshot = None
    now.beside(USER, "bus", "Det gikk fint")
    now.do(USER, MarkEntry("fewer", "next_time"))
    with pytest.raises(NotFound):
        now.beside(USER, "rest", "Denne ble det aldri noe av")


def test_an_option_and_a_day_come_back_as_they_were() -> None:
    chosen = Text({"nb": "Ja", "nn": "Ja", "en": "Yes"})
    day = OnDay(on=date(2027, 2, 5))
    now = Together(shared(entry("option", chosen), entry("day", day), entry("word", "{}")))
    for id_ in ("option", "day", "word"):
        now.answer(KARI, id_)
    now.share(shared(entry("option", chosen, 2), entry("day", day, 2), entry("word", "ny", 2)))
    now.do(KARI, Meet("opening"))
    again = Review.model_validate_json(now.review.model_dump_json())
    assert again == now.review
    assert again.digest == now.review.digest
    assert {one.wording(1) for one in again.gone_into.values()} == {chosen, day, "{}"}


def test_everything_written_says_when_and_by_whom() -> None:
    now = Together()
    now.answer(KARI, "fewer")
    now.propose(OLA)
    now.stand(USER)
    signed = [
        *(answer.signed for answer in now.one("fewer").answers.values()),
        *(proposal.signed for proposal in now.review.proposals),
        *(one.signed for one in now.review.standpoints.values()),
    ]
    assert [one.by for one in signed] == [KARI, OLA, USER]
    assert [one.at for one in signed] == [datetime(2026, 12, 1, 9, n, tzinfo=UTC) for n in (1, 2, 3)]
    assert {one.whose for one in signed} == set(SIDES)
    assert all(one.is_in_own_hand for one in signed)
    assert REST.id not in now.review.gone_into
