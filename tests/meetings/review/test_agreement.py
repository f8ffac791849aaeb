"""Agreements and standpoints in a review, the text for the record, and what is left for the next time."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from support.review_acts import BUS, FEWER, KARI, OLA, USER, Together, entry, shared

from assistant.errors import NotFound, NothingSaid, WrittenBetween
from assistant.meetings.review.acts import (
    Act,
    Confirm,
    Drop,
    MarkEntry,
    Meet,
    Point,
    PrepareRecord,
    Propose,
    SeeRecord,
    TakeStand,
    TransferRecord,
    WantAnswer,
)
from assistant.meetings.review.agreement import Agreement, OtherPerson
from assistant.meetings.review.carry_over import left_over
from assistant.meetings.review.review import Author, RecordText, Review, View


def record(now: Together) -> RecordText:
    assert now.review.record is not None
    return now.review.record


@pytest.mark.parametrize(("one", "other"), [(USER, KARI), (KARI, USER)])
def test_whoever_proposes_means_it_and_the_other_confirms(one: Author, other: Author) -> None:
    now = Together()
    now.propose(one)
    (proposal,) = now.review.proposals
    assert proposal.confirmed_by == {one.side}
    assert proposal.is_waiting
    assert not now.review.agreed
    now.confirm(other)
    (agreement,) = now.review.agreed
    assert (agreement.what, agreement.who, agreement.agreed_at) == ("Møtes ute", "professional", now.at)
    assert not now.review.proposals[0].is_waiting


def test_two_of_the_same_side_do_not_make_both() -> None:
    now = Together()
    now.propose(KARI)
    now.confirm(OLA)
    now.confirm(KARI)
    assert not now.review.agreed
    now.confirm(USER)
    assert len(now.review.agreed) == 1
    assert len(now.review.proposals[0].confirmed) == 3


def test_another_wording_asks_both_again() -> None:
    now = Together()
    now.agree()
    seen = now.written()
    now.propose(USER, "Møtes inne", seen=seen)
    assert not now.review.agreed
    assert now.review.proposals[0].confirmed_by == {"user"}
    with pytest.raises(WrittenBetween):
        now.do(KARI, Confirm("a1", seen))
    now.confirm(KARI)
    assert [agreement.what for agreement in now.review.agreed] == ["Møtes inne"]


@pytest.mark.parametrize("seen", [0, 99])
def test_a_wording_that_was_not_seen_is_neither_confirmed_dropped_nor_worded_over(seen: int) -> None:
    now = Together()
    now.propose(KARI)
    before = now.review
    acts: list[Act] = [
        Confirm("a1", seen),
        Drop("a1", seen),
        Propose("a1", "Noe annet", "user", None, None, seen),
    ]
    for act in acts:
        with pytest.raises(WrittenBetween):
            now.do(USER, act)
    assert now.review == before


@pytest.mark.parametrize(
    "other",
    [
        Propose("a1", "Møtes ute", "user", None, None, 0),
        Propose("a1", "Møtes ute", OtherPerson(name="Siri"), None, None, 0),
        Propose("a1", "Møtes ute.", "professional", None, None, 0),
    ],
)
def test_who_and_when_are_part_of_the_wording(other: Propose) -> None:
    now = Together()
    now.agree()
    now.do(USER, replace(other, seen=now.written()))
    assert not now.review.agreed


def test_the_same_wording_again_takes_no_confirmation_away() -> None:
    now = Together()
    now.agree()
    number = now.number
    now.propose(KARI)
    now.confirm(USER)
    assert now.number == number
    assert len(now.review.agreed) == 1


@pytest.mark.parametrize("by", [USER, KARI, OLA])
def test_what_is_dropped_is_no_agreement_and_can_still_be_seen(by: Author) -> None:
    now = Together()
    now.agree()
    seen = now.written()
    now.do(by, Drop("a1", seen))
    now.do(by, Drop("a1", seen))
    (proposal,) = now.review.proposals
    assert proposal.dropped is not None
    assert (proposal.dropped.by, proposal.what) == (by, "Møtes ute")
    assert not now.review.agreed
    assert not proposal.is_waiting
    with pytest.raises(NotFound):
        now.confirm(USER)
    with pytest.raises(WrittenBetween):
        now.propose(KARI, seen=0)
    now.propose(KARI, seen=now.written())
    assert now.review.proposals[0].is_waiting


def test_an_agreement_says_what() -> None:
    for what in ("", " \n"):
        with pytest.raises(NothingSaid) as refused:
            Together().propose(KARI, what)
        assert refused.value.field == "what"


@pytest.mark.parametrize("id_", ["", "A", "a/b", "a" * 41, "å", "a\n"])
def test_an_agreement_has_an_id_that_the_next_preparation_can_ask_about(id_: str) -> None:
    with pytest.raises(NotFound):
        Together().propose(KARI, id_=id_)


def test_what_is_not_proposed_is_neither_confirmed_nor_dropped() -> None:
    acts: list[Act] = [Confirm("a1", 0), Drop("a1", 0), Propose("a1", "Ord", "user", None, None, 3)]
    for act in acts:
        with pytest.raises(NotFound):
            Together().do(USER, act)


def test_agreements_stand_in_the_order_they_were_proposed() -> None:
    now = Together()
    for id_ in ("b", "a", "c"):
        now.agree(id_)
    now.propose(USER, "Ny ordlyd", id_="b", seen=now.written("b"))
    now.confirm(KARI, "b")
    assert [agreement.id for agreement in now.review.agreed] == ["b", "a", "c"]
    assert all(isinstance(agreement, Agreement) for agreement in now.review.agreed)


@pytest.mark.parametrize("users", ["agree", "differ", "unfinished"])
@pytest.mark.parametrize("staffs", ["agree", "differ", "unfinished"])
def test_each_ending_is_a_good_one_and_both_may_end_differently(users: View, staffs: View) -> None:
    now = Together()
    assert now.stand(USER, users, "Jeg ser det slik").stage == "gone_through"
    assert now.stand(KARI, staffs).stage == "confirmed"
    assert {one.view for one in now.review.standpoints.values()} == {users, staffs}


def test_an_agreement_that_waits_is_not_passed_over() -> None:
    now = Together()
    now.propose(KARI)
    now.stand(USER)
    assert now.stand(KARI).stage == "gone_through"
    now.do(USER, Drop("a1", now.written()))
    now.stand(USER, seen=now.review.standpoints["user/user/"].written)
    assert (
        now.stand(KARI, seen=now.review.standpoints["professional/professional/kari"].written).stage
        == "confirmed"
    )


def test_two_of_the_same_side_are_not_both() -> None:
    now = Together()
    now.stand(KARI)
    assert now.stand(OLA).stage == "gone_through"


def test_a_change_after_a_standpoint_asks_again() -> None:
    changes: list[Callable[[Together], Review]] = [
        lambda now: now.answer(KARI, "bus"),
        lambda now: now.beside(USER, "bus", "Helst"),
        lambda now: now.propose(KARI),
        lambda now: now.do(USER, WantAnswer("bus", True)),
        lambda now: now.share(shared(entry("fewer", "Bare oss to", 2), BUS, first=["fewer"])),
        lambda now: now.share(shared(BUS)),
    ]
    for change in changes:
        now = Together()
        now.stand(USER)
        stages = [now.stand(KARI).stage, change(now).stage]
        assert stages == ["confirmed", "gone_through"]
        assert not any(map(now.review.still_holds, now.review.standpoints.values()))
        assert len(now.review.standpoints) == 2, "what they said is still there"


def test_what_says_nothing_new_asks_nobody_again() -> None:
    now = Together()
    now.stand(USER)
    now.stand(KARI)
    now.do(USER, MarkEntry("fewer", "talked"))
    now.do(KARI, MarkEntry("bus", "next_time"))
    now.do(KARI, MarkEntry("bus", None))
    now.do(USER, Point("rest"))
    now.do(OLA, Meet("opening"))
    now.do(USER, WantAnswer("rest", True))
    now.do(USER, WantAnswer("rest", False))
    now.prepare()
    now.do(USER, SeeRecord("r1"))
    now.stand(OLA, "differ")
    assert now.review.stage == "confirmed"


def test_nobody_stands_on_what_the_page_did_not_show() -> None:
    now = Together()
    on = now.review.print
    now.answer(KARI, "fewer")
    with pytest.raises(WrittenBetween):
        now.do(USER, TakeStand("agree", "", on, 0))
    assert now.review.standpoints == {}


def test_a_standpoint_written_on_another_screen_is_not_written_over_unseen() -> None:
    now = Together()
    now.stand(USER, "differ", "Fra telefonen")
    with pytest.raises(WrittenBetween):
        now.stand(USER, "agree", "Fra den andre skjermen")
    now.stand(USER, "differ", "Fra telefonen")
    now.stand(USER, "agree", "Begge", seen=now.number)
    assert [one.words for one in now.review.standpoints.values()] == ["Begge"]


def test_nobody_can_be_made_to_stand_somewhere_by_the_other() -> None:
    now = Together()
    now.stand(KARI, "agree")
    now.stand(OLA, "differ")
    assert {one.signed.whose for one in now.review.standpoints.values()} == {"professional"}
    assert all(one.signed.is_in_own_hand for one in now.review.standpoints.values())


def test_the_text_for_the_record_is_seen_before_it_is_taken_or_transferred() -> None:
    now = Together()
    now.prepare()
    assert not now.review.may_be_taken(record(now), now.snapshot)
    with pytest.raises(NotFound):
        now.do(KARI, TransferRecord("r1"))
    now.do(USER, SeeRecord("r1"))
    assert now.review.may_be_taken(record(now), now.snapshot)
    stages = [now.review.stage]
    for _ in range(2):
        stages.append(now.do(KARI, TransferRecord("r1")).stage)
    assert stages == ["shared", "transferred", "transferred"]
    assert record(now).text == "Ønsker\nFærre folk\n"


@pytest.mark.parametrize(("by", "in_own_hand"), [(USER, True), (KARI, False)])
def test_it_is_seen_on_ones_own_screen_or_on_this_one_together(by: Author, in_own_hand: bool) -> None:
    now = Together()
    now.prepare()
    now.do(by, SeeRecord("r1"))
    seen = record(now).seen
    assert seen is not None
    assert (seen.whose, seen.is_in_own_hand) == ("user", in_own_hand)
    now.do(OLA, SeeRecord("r1"))
    assert record(now).seen == seen, "it was seen then and by that hand"


def test_after_something_was_said_the_text_is_laid_out_and_seen_anew() -> None:
    now = Together()
    now.prepare()
    now.do(USER, SeeRecord("r1"))
    now.answer(KARI, "fewer", "Ja")
    assert not now.review.may_be_taken(record(now), now.snapshot)
    now.prepare("r2", "Nytt")
    assert [one.id for one in now.review.records] == ["r2"]
    assert not now.review.may_be_taken(record(now), now.snapshot)


def test_the_text_is_not_laid_out_from_what_was_there_before() -> None:
    now = Together()
    on = now.review.print
    now.answer(KARI, "fewer", "Ja")
    with pytest.raises(WrittenBetween):
        now.do(KARI, PrepareRecord("r1", "Gammelt", "nb", on))


def test_what_was_transferred_is_known_when_there_is_another_text() -> None:
    now = Together()
    now.prepare()
    now.do(USER, SeeRecord("r1"))
    now.do(KARI, TransferRecord("r1"))
    now.answer(KARI, "fewer", "Ja")
    now.prepare("r2")
    assert [one.id for one in now.review.records] == ["r1", "r2"]
    assert now.review.stage == "transferred"


def test_a_text_in_the_record_does_not_make_it_confirmed() -> None:
    now = Together()
    now.prepare()
    now.do(USER, SeeRecord("r1"))
    now.do(KARI, TransferRecord("r1"))
    assert now.review.reached == {"shared", "transferred"}
    now.stand(KARI)
    assert now.review.reached == {"shared", "gone_through", "transferred"}
    now.stand(USER)
    assert now.review.reached == {"shared", "gone_through", "confirmed", "transferred"}


def test_words_taken_back_are_in_no_text_that_waits_for_the_record() -> None:
    now = Together()
    now.prepare(text="Ta <bussen>")
    now.do(USER, SeeRecord("r1"))
    now.share(shared(FEWER, first=["fewer"]))
    assert now.review.records == ()
    assert "bussen" not in now.review.as_shared.model_dump_json()
    with pytest.raises(NotFound):
        now.do(KARI, TransferRecord("r1"))


def test_only_staff_lays_out_and_transfers() -> None:
    now = Together()
    with pytest.raises(NotFound):
        now.do(USER, PrepareRecord("r1", "Ord", "nb", now.review.print))
    now.prepare()
    now.do(USER, SeeRecord("r1"))
    with pytest.raises(NotFound):
        now.do(USER, TransferRecord("r1"))
    acts: list[Act] = [SeeRecord("r2"), TransferRecord("r2")]
    for act in acts:
        with pytest.raises(NotFound):
            now.do(KARI, act)


def test_what_was_put_off_and_what_got_no_answer_is_left_for_the_next_time() -> None:
    now = Together()
    now.do(USER, MarkEntry("rest", "next_time"))
    now.do(USER, WantAnswer("bus", True))
    assert [one.entry.id for one in left_over([now.review])] == ["fewer", "rest", "bus"]
    now.do(KARI, MarkEntry("fewer", "talked"))
    now.answer(KARI, "bus")
    now.answer(KARI, "rest")
    assert [one.entry.id for one in left_over([now.review])] == ["rest"], "put off, whatever was answered"


def test_an_answer_in_one_review_of_a_meeting_is_an_answer_in_the_other() -> None:
    withdrawn, again = Together(), Together()
    again.answer(KARI, "fewer")
    for reviews in ([withdrawn, again], [again, withdrawn]):
        assert left_over(one.review for one in reviews) == ()
    withdrawn.do(USER, MarkEntry("fewer", "next_time"))
    assert len(left_over([withdrawn.review, again.review])) == 1
    again.do(USER, MarkEntry("fewer", "talked"))
    assert left_over([withdrawn.review, again.review]) == ()


def test_what_is_left_is_in_the_words_it_was_shared_in_last() -> None:
    before, again = Together(), Together(shared(entry("fewer", "Bare oss to", 2), first=["fewer"]))
    assert [one.entry.said for one in left_over([before.review, again.review])] == ["Bare oss to"]
