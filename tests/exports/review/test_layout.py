"""A review laid out for the record: whose words, by which hand, and nothing that is not shared."""

import pytest
from hypothesis import given as for_any
from hypothesis import settings as trying
from hypothesis import strategies as some
from support.answers import PRIVATE
from support.effort import tries
from support.reviews_gone_through import (
    AGREED,
    BECAUSE,
    BESIDE,
    BOTH_VIEWS,
    DROPPED,
    EARLIER,
    FOR_PROFESSIONAL,
    FOR_USER,
    KARI,
    OLA,
    ON,
    OTHER,
    USER,
    WAITING,
    GoingThrough,
    a_whole_review,
    edited,
    id_of,
    shared,
    sheet_of,
    whatever_comes_of_it,
)
from support.sheets import BOOKS, EMOJI, HEBREW, MARKUP, NOTE
from support.zones import told_in

from assistant.exports.pdf import Size, job_of, typeset
from assistant.exports.review.layout import lay_out_review
from assistant.exports.review.plain_text import as_record_text
from assistant.languages import LANGUAGES, Language
from assistant.meetings.review.acts import Confirm, GiveAnswer, Propose, PutBeside
from assistant.meetings.review.review import Author, Review
from assistant.meetings.review.snapshot_changes import begun
from exports.test_pdf import facts, poppler, read

__all__ = ["poppler"]
SLEEP = "Å få sove"


def text_of(review: Review, through: GoingThrough, language: Language = "nb") -> str:
    return as_record_text(sheet_of(review, through.snapshot, language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_there_as_it_was_written_on_lines_of_its_own(language: Language) -> None:
    text = as_record_text(sheet_of(*a_whole_review(), language))
    for words in (SLEEP, EARLIER, HEBREW, EMOJI, MARKUP, BECAUSE, BESIDE, FOR_USER, FOR_PROFESSIONAL):
        assert f"\n{words}\n" in text
    for words in (AGREED, WAITING, BOTH_VIEWS):
        assert f"\n{words}\n" in text
    assert NOTE not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_line_says_what_it_is_and_on_which_day(language: Language) -> None:
    catalogue = BOOKS[language]
    text = as_record_text(sheet_of(*a_whole_review(), language))
    assert text.splitlines()[0] == catalogue.say("record.title", day=catalogue.day(ON))
    assert "Eksempel kommune" in text.splitlines()[3]
    assert "pasient" not in text.lower()


def test_under_words_stands_whose_they_are_and_which_hand_wrote_them() -> None:
    text = as_record_text(sheet_of(*a_whole_review()))
    assert f"{BECAUSE}\nSkrevet av {KARI.name}, fredag 5. februar 2027 kl. 13:32\n" in text
    assert f"{FOR_USER}\nBrukerens ord, skrevet av {KARI.name} i møtet, fredag 5. februar" in text
    assert f"{FOR_PROFESSIONAL}\nFagpersonens ord, skrevet av brukeren i møtet, fredag 5." in text
    assert f"{BOTH_VIEWS}\nSkrevet av brukeren, fredag 5. februar" in text


def test_a_professional_without_a_name_is_called_what_they_are() -> None:
    through = GoingThrough(shared())
    nobody = Author(side="professional", id="9")
    through.do(nobody, PutBeside(id_of(through.snapshot, SLEEP), "professional", "Vi ser", 0))
    assert "Vi ser\nSkrevet av fagpersonen, fredag" in text_of(through.review, through)


def test_the_time_is_told_where_it_was() -> None:
    review, snapshot = a_whole_review()
    here = lay_out_review(review, snapshot, BOOKS["nb"], on=ON)
    with told_in("UTC"):
        there = lay_out_review(review, snapshot, BOOKS["nb"], on=ON)
    assert "kl. 13:31" in as_record_text(here)
    assert "kl. 12:31" in as_record_text(there)


def test_an_answer_stands_with_the_wording_it_was_given_to() -> None:
    through = GoingThrough(shared(sleep=EARLIER))
    id_ = id_of(through.snapshot, EARLIER)
    through.do(KARI, GiveAnswer(id_, "can", "Ja", None, 0))
    assert text_of(through.review, through).count(EARLIER) == 1
    assert BOOKS["nb"].say("record.earlier") not in text_of(through.review, through)
    through.share(edited(through.snapshot, id_, SLEEP))
    after = text_of(through.review, through)
    assert after.index(f"\n{SLEEP}\n") < after.index("\nJa\n") < after.index(f"\n{EARLIER}\n")


def test_an_edit_nobody_has_taken_in_yet_is_seen_all_the_same() -> None:
    through = GoingThrough(shared(sleep=EARLIER))
    id_ = id_of(through.snapshot, EARLIER)
    through.do(KARI, GiveAnswer(id_, "can", "Ja", None, 0))
    review = through.review
    now = edited(through.snapshot, id_, SLEEP)
    text = as_record_text(sheet_of(review, now))
    assert text.index(f"\n{SLEEP}\n") < text.index(f"\n{EARLIER}\n")


def test_what_is_shared_no_more_is_gone_with_all_that_was_said_about_it() -> None:
    through = GoingThrough(shared())
    id_ = id_of(through.snapshot, SLEEP)
    through.do(KARI, GiveAnswer(id_, "not_possible", "SVARET", None, 0))
    through.do(USER, PutBeside(id_, "user", "VEDSIDENAV", 0))
    assert "SVARET" in text_of(through.review, through)
    through.share(shared(id_))
    text = text_of(through.review, through)
    assert not [words for words in ("SVARET", "VEDSIDENAV", SLEEP) if words in text]


def test_by_default_the_record_has_what_came_first_was_wished_for_or_dealt_with_and_says_there_is_more() -> (
    None
):
    review, snapshot = a_whole_review()
    whole = lay_out_review(review, snapshot, BOOKS["nb"], on=ON)
    short = lay_out_review(review, snapshot, BOOKS["nb"], on=ON, extent="short")
    assert short.first == whole.first
    assert (short.agreements, short.standpoints) == (whole.agreements, whole.standpoints)
    everything, kept = [entry for _, entry in whole.entries], [entry for _, entry in short.entries]
    left_out = [entry for entry in everything if entry not in kept]
    assert left_out
    assert kept == [entry for entry in everything if entry not in left_out], "in the same order"
    assert not any(entry.voices or entry.notes or entry.section == "wishes" for entry in left_out)
    say = BOOKS["nb"].say("record.extract")
    assert (say in short.lines, say in whole.lines) == (True, False)


def test_each_topic_has_a_heading_of_its_own_in_the_text() -> None:
    review, snapshot = a_whole_review()
    sheet = lay_out_review(review, snapshot, BOOKS["nb"], on=ON)
    text = as_record_text(sheet)
    passages = [passage for section in sheet.sections for passage in section.passages]
    heads = [p.head.words.text for p in passages if p.head and p.groups]
    heads += [p.topic.text for p in passages if p.topic]
    assert heads
    for head in heads:
        assert f"\n{head}\n{'-' * max(map(len, head.splitlines()))}\n" in text
        assert f"{BOOKS['nb'].say('record.chosen')}: {head}\n" not in text


def test_an_agreement_says_who_when_and_who_has_confirmed_it() -> None:
    text = as_record_text(sheet_of(*a_whole_review()))
    agreed = text[text.index(AGREED) : text.index(WAITING)]
    assert "Hvem gjør det: Fagpersonen\nInnen: fredag 12. februar 2027\n" in agreed
    assert "Vi ser på det igjen: fredag 5. mars 2027\nBekreftet av begge: " in agreed
    assert f"{KARI.name}, fredag 5. februar 2027 kl. 13:40; Brukeren, fredag" in agreed
    waiting = text[text.index(WAITING) :]
    assert f"Hvem gjør det: {OTHER}\nBekreftet så langt: Brukeren, fredag" in waiting
    assert BOOKS["nb"].say("record.waiting_professional") in waiting
    assert DROPPED not in text


def test_a_standpoint_from_before_the_last_change_says_so() -> None:
    text = as_record_text(sheet_of(*a_whole_review()))
    before = BOOKS["nb"].say("record.stands_before")
    assert text.count(before) == 1
    assert f"Fagpersonen er enig.\n{before}\nSkrevet av {OLA.name}" in text


def test_a_standpoint_is_not_called_old_because_something_else_is_shared_no_more() -> None:
    through = GoingThrough(shared())
    id_ = id_of(through.snapshot, SLEEP)
    through.do(KARI, PutBeside(id_, "professional", "Slik", 0))
    through.share(shared(id_))
    through.stand(USER, "agree")
    assert BOOKS["nb"].say("record.stands_before") not in text_of(through.review, through)


def test_one_alone_never_reads_as_both() -> None:
    through = GoingThrough(shared())
    assert "står\n=" not in text_of(through.review, through)
    through.stand(KARI, "agree")
    assert BOOKS["nb"].say("record.silent_user") in text_of(through.review, through)
    through.stand(USER, "differ")
    assert BOOKS["nb"].say("record.silent_user") not in text_of(through.review, through)


def test_it_is_settled_when_both_are_done_and_nothing_waits() -> None:
    through = GoingThrough(shared())

    def is_settled() -> bool:
        return sheet_of(through.review, through.snapshot).is_settled

    through.stand(KARI, "agree")
    assert not is_settled()
    through.stand(USER, "unfinished")
    assert not is_settled()
    through.stand(USER, "differ")
    assert is_settled()
    through.do(USER, Propose("a", "Noe", "user", None, None, 0))
    written = through.number
    through.stand(USER, "agree")
    through.stand(KARI, "agree")
    assert not is_settled()
    through.do(KARI, Confirm("a", written))
    through.stand(USER, "agree")
    through.stand(KARI, "agree")
    assert is_settled()


def test_nothing_shared_is_said() -> None:
    empty = shared().model_copy(update={"first": (), "sections": ()})
    assert BOOKS["nb"].say("record.empty") in as_record_text(sheet_of(begun(empty), empty))


@trying(max_examples=tries(40))
@for_any(data=some.data())
def test_whatever_is_said_of_what_is_shared_is_there_and_nothing_else(data: some.DataObject) -> None:
    through, shown, hidden = whatever_comes_of_it(data)
    sheet = sheet_of(through.review, through.snapshot)
    text = as_record_text(sheet)
    assert {mark for mark in shown if mark not in text} == set()
    assert {mark for mark in hidden if mark in text} == set()
    assert PRIVATE not in text
    again = Review.model_validate_json(through.review.model_dump_json())
    assert as_record_text(sheet_of(again, through.snapshot)) == text


@pytest.mark.parametrize("size", ["ordinary", "large"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_says_what_the_text_says(language: Language, size: Size) -> None:
    sheet = sheet_of(*a_whole_review(), language)
    job = job_of(sheet, size)
    pdf = typeset(job)
    said = read(pdf)
    for words in (SLEEP, EARLIER, HEBREW, MARKUP, FOR_USER, FOR_PROFESSIONAL, WAITING, OTHER, *sheet.lines):
        assert words in said
    for words in (*BECAUSE.split("\n\n"), *AGREED.split("\n")):
        assert words in said
    about = facts(pdf)
    assert (about["Tagged"], about["Title"]) == ("yes", sheet.title)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert typeset(job) == pdf
    assert KARI.id not in job.decode(), "what is not read is not handed on"


def test_a_long_answer_goes_on_over_pages() -> None:
    through = GoingThrough(shared())
    words = "Dette er et langt svar med mange ord. " * 250
    through.do(KARI, GiveAnswer(id_of(through.snapshot, SLEEP), "not_possible", words, None, 0))
    pdf = typeset(job_of(sheet_of(through.review, through.snapshot)))
    assert int(facts(pdf)["Pages"]) > 2
    assert read(pdf).count("langt") == 250
