"""How large a printed summary is set: by how much was said, and never too small to read."""

from hypothesis import given as for_any
from hypothesis import strategies as some
from support.answers import DIALOGUE, told, whatever_is_told
from support.sheets import stated

from assistant.languages import LANGUAGES
from assistant.meetings.paper_fit import POINTS, ROOMS, PaperFit, fit_on_paper
from assistant.meetings.summary import summarise

SMALLEST = PaperFit(POINTS[-1], ROOMS[-1])


@for_any(data=some.data())
def test_whatever_is_told_is_never_set_in_less_than_eleven_points(data: some.DataObject) -> None:
    said = summarise(DIALOGUE, whatever_is_told(data))
    for language in LANGUAGES:
        fit = fit_on_paper(said, language)
        assert fit.points >= 11
        assert fit.room >= 10, "handwriting needs a centimetre"


@for_any(number=some.integers(1, 24), length=some.integers(1, 60))
def test_more_words_are_never_set_larger_and_get_no_larger_type(number: int, length: int) -> None:
    texts = ["Jeg vil " * length] * number
    less, more = (
        fit_on_paper(summarise(DIALOGUE, told({"wishes/wish": stated("a", *said)})), "nb")
        for said in (texts, [*texts, "Og litt til."])
    )
    assert more.points <= less.points
    assert more.points < less.points or more.room <= less.room


def test_one_wish_is_large_and_a_long_preparation_is_small() -> None:
    told_of = [told({"wishes/wish": stated("a", *["Jeg vil sove."] * number)}) for number in (1, 60)]
    fits = [fit_on_paper(summarise(DIALOGUE, journey), "nb") for journey in told_of]
    assert fits[0].points == POINTS[0]
    assert fits[1] == SMALLEST
