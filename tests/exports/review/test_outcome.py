"""What came of a review, for the user: every answer and agreement, in words that are theirs."""

import pytest
from support.reviews_gone_through import (
    AGREED,
    BECAUSE,
    BOTH_VIEWS,
    DROPPED,
    FOR_PROFESSIONAL,
    FOR_USER,
    ON,
    OTHER,
    WAITING,
    a_whole_review,
    shared,
)
from support.sheets import BOOKS, MARKUP

from assistant.exports.pdf import job_of, typeset
from assistant.exports.review.outcome import lay_out_outcome
from assistant.languages import LANGUAGES, Language
from assistant.meetings.review.snapshot_changes import begun
from exports.test_pdf import facts, poppler, read

__all__ = ["poppler"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_agreements_and_standpoints_are_on_a_tagged_sheet(language: Language) -> None:
    review, _ = a_whole_review()
    sheet = lay_out_outcome(review, BOOKS[language], today=ON, service="Eksempel kommune")
    assert sheet is not None
    pdf = typeset(job_of(sheet))
    text = read(pdf)
    print(f"{language}: {facts(pdf)['Pages']} page, type of {sheet.points} points")
    assert (facts(pdf)["Pages"], sheet.points) == ("1", 11), "eight statements and three standpoints"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    for words in (AGREED, WAITING, BECAUSE, FOR_USER, FOR_PROFESSIONAL, OTHER):
        assert [word for word in words.split() if word not in text] == []
    assert " ".join(BOTH_VIEWS.split()[:4]) in text
    assert "".join(MARKUP.split()) in "".join(text.split())
    assert DROPPED not in text
    assert "Eksempel kommune" in text
    assert facts(pdf)["Title"] == BOOKS[language].say("outcome.title")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_user_is_i_on_their_own_paper(language: Language) -> None:
    review, _ = a_whole_review()
    sheet = lay_out_outcome(review, BOOKS[language], today=ON)
    assert sheet is not None
    said = BOOKS[language].say
    labels = [one.label for one in sheet.standpoints]
    labels += [voice.label for row in (*sheet.answered, *sheet.unanswered) for voice in row.entry.voices]
    for key in ("beside_user", "stands_user_differ"):
        assert said(f"record.{key}") not in labels
    assert said("outcome.beside_user") in labels


def test_there_is_no_sheet_before_anything_was_said() -> None:
    assert lay_out_outcome(begun(shared()), BOOKS["nb"], today=ON) is None
