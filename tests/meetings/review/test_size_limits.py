"""Each side has its own room in a review, and nothing said in it keeps an entry from being taken back."""

import pytest
from support.review_acts import FEWER, KARI, OLA, REST, USER, Together, entry, shared

from assistant.errors import DocumentFull
from assistant.meetings.review.acts import Drop, Meet
from assistant.meetings.review.review import Author
from assistant.vault.sealing import LIMIT

LONG = "å" * 4_000


def fill(now: Together, by: Author) -> int:
    """Propose until there is no room; how many were taken."""
    for number in range(200):
        try:
            now.propose(by, LONG, id_=f"{by.side}{by.id}{number}")
        except DocumentFull:
            return number
    raise AssertionError("there is always room for one more")


@pytest.mark.parametrize(("one", "other"), [(KARI, USER), (USER, KARI)])
def test_whoever_fills_their_room_takes_none_of_the_others(one: Author, other: Author) -> None:
    now = Together()
    assert fill(now, one) > 10
    now.answer(other, "fewer", LONG)
    now.beside(other, "bus", LONG)
    now.propose(other, LONG, id_="theirs")
    now.stand(other, words=LONG)
    now.confirm(one, "theirs")


def test_two_of_the_same_side_share_one_room() -> None:
    now = Together()
    assert fill(now, KARI) > 0 == fill(now, OLA)


def test_in_a_full_room_one_may_write_less_and_do_all_that_takes_no_words() -> None:
    now = Together()
    now.beside(KARI, "bus", LONG)
    fill(now, KARI)
    with pytest.raises(DocumentFull):
        now.beside(KARI, "rest", LONG)
    now.do(KARI, Meet("opening"))
    now.do(KARI, Drop("professionalkari0", now.written("professionalkari0")))
    now.beside(KARI, "bus", "Kort", seen=now.one("bus").remarks["professional/professional/kari"].written)


def test_what_is_shared_can_be_changed_when_both_have_filled_their_room() -> None:
    now = Together()
    now.answer(KARI, "fewer")
    now.answer(KARI, "bus")
    fill(now, KARI)
    fill(now, USER)
    now.share(shared(entry("bus", LONG, 2)))
    now.share(shared(REST, FEWER))
    assert len(now.review.model_dump_json().encode()) < LIMIT
