"""A conversation in the terminal: every kind of question, everything else one may do, and what is kept."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.effort import tries
from support.typist import CATALOGUES, Typist, had_again

from assistant.dialogue.model import TEXT_LIMIT
from assistant.languages import LANGUAGES, Language

NB = CATALOGUES["nb"].say
KINDS = 12
"""How many kinds of meeting one can choose between."""
TO_MATTERS = ["/hopp", "/hopp"]
SHORT_WAY = [
    *["12", "5.2.2026", "12.30"],  # a choice, a day with its time
    *["Barna.", "| Og katten.", "Ro.", ""],  # two statements, the first on two lines
    *["/hopp", "/hopp", "Tid.", ""],
    *["3", "1 2", "Bli med.", "", "", "6", "", "Jeg blir stille.", "", ""],  # a balance, half of it open
    *["Hva nå?", ""],
]
MORE = ["/gå", "12", "5 9"]  # to what is offered; topics and notes of one's own
TOPICS = ["3", "Katten min", "", "Jeg ligger våken.", "", "/hopp", "Hvem passer henne?", "", "/hopp"]
RANK = ["Puste.", "", "/gå", "19", "2 1"]


def test_a_whole_conversation_is_had_and_kept() -> None:
    typist = Typist([*SHORT_WAY, *MORE, *TOPICS, *RANK, ""])
    kept = typist.have()
    assert had_again(kept) == kept
    assert "torsdag 5. februar 2026, 12:30" in kept
    assert "> Barna.\n| Og katten.\n> Ro.\n" in kept
    assert "Katten min: Hva vil du si om dette temaet?\n> Hvem passer henne?\n" in kept
    assert kept.endswith(f"\n{NB('summary.private')}\n- Puste.\n")
    first = kept.partition(f"\n{NB('summary.first')}\n")[2]
    assert first.startswith("- Ro.\n- Barna.\n| Og katten.\n")
    assert kept.endswith("\n".join(typist.seen[-20:]) + "\n"), "the summary is shown as it is kept"


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_can_be_skipped_in_every_language(language: Language) -> None:
    say = CATALOGUES[language].say
    kept = Typist([say("talk.skip")] * 8 + [""]).have(language)
    assert kept.endswith(f"({say('walk.rounds_off')})\n")
    assert kept.count(f"({say('walk.skips')})") == 8
    assert had_again(kept) == kept


def test_why_and_examples_are_told_and_what_was_begun_stands() -> None:
    typist = Typist([*TO_MATTERS, "En ting.", "/hvorfor", "/EKSEMPLER ", "/hjelp", "En til.", "", "/slutt"])
    kept = typist.have()
    assert typist.saw("Møtet handler om deg.")
    assert typist.saw("– Barna mine.")
    assert "> En ting.\n> En til.\n" in kept


def test_going_back_shows_the_answer_and_an_empty_line_keeps_it() -> None:
    typist = Typist(["1", "/tilbake", "", "5.2.2026", "", "/slutt"])
    kept = typist.have()
    assert typist.saw(NB("talk.before"))
    assert kept.count("[Førstesamtale: vi møtes for første gang]") == 2
    assert had_again(kept) == kept


def test_an_answer_is_changed_and_its_statement_stays_the_same_one() -> None:
    typist = Typist([*TO_MATTERS, "Jobb.", "Ro.", "", "/tilbake", "Jobben.", "", "/slutt"])
    kept = typist.have()
    assert "> Jobb.\n> Ro.\n" in kept
    assert "> Jobben.\n" in kept
    assert had_again(kept) == kept


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (["13"], NB("talk.no_such_number", last=KINDS)),
        (["0"], NB("talk.no_such_number", last=KINDS)),
        (["en"], NB("talk.no_such_number", last=KINDS)),
        (["²"], NB("talk.no_such_number", last=KINDS)),
        (["1 2"], NB("refusal.TooManyChosen", limit=1)),
        ([""], NB("talk.nothing", skip="/hopp")),
        (["/tull"], NB("talk.no_such_command")),
        (["\x07"], NB("talk.hidden")),
        (["\udcff"], NB("talk.hidden")),
        (["a\rb"], NB("talk.hidden")),
        (["/hopp", "31.2.2026"], NB("refusal.DayUnreadable")),
        (["/hopp", "1.2.2026", "25:00"], NB("refusal.ClockUnreadable")),
        ([*TO_MATTERS, *"abcdef", ""], NB("refusal.TooManyStatements", limit=5)),
        ([*TO_MATTERS, "a" * (TEXT_LIMIT + 1)], NB("refusal.TextTooLong", length=4001, limit=4000)),
        ([*TO_MATTERS, "a" * TEXT_LIMIT, "| b", ""], NB("refusal.TextTooLong", length=4002, limit=4000)),
        (["/gå", "99"], NB("talk.stays")),
        (["/gå", "/hopp"], NB("talk.where")),
    ],
)
def test_what_cannot_be_taken_is_told_in_a_sentence_and_asked_again(typed: list[str], sentence: str) -> None:
    typist = Typist([*typed, "/slutt"])
    kept = typist.have()
    assert typist.saw(sentence)
    assert kept.endswith(f"({NB('walk.stops')})\n")


@pytest.mark.parametrize("stops_with", [EOFError, KeyboardInterrupt])
@pytest.mark.parametrize("number", range(len(SHORT_WAY)))
def test_wherever_it_is_broken_off_what_was_said_is_kept(
    stops_with: type[BaseException], number: int
) -> None:
    typist = Typist(SHORT_WAY[:number], stops_with=stops_with)
    kept = typist.have()
    assert typist.seen[-1] == NB("talk.stopped")
    assert kept.endswith(f"({NB('walk.stops')})\n")
    assert had_again(kept) == kept


def test_what_was_typed_before_the_end_of_the_file_counts() -> None:
    kept = Typist([*TO_MATTERS, "Barna."]).have()
    assert "> Barna.\n" in kept


LINES = st.one_of(
    st.sampled_from([NB(f"talk.{name}") for name in ("skip", "back", "go", "why", "examples", "help")]),
    st.sampled_from(["", "", "1", "2", "1 2 3", "7", "5.2.2026", "| mer", "[a]", "> b", "(c)", "- d"]),
    st.text(max_size=20).filter(lambda text: "\n" not in text and not text.startswith("/")),
)


@settings(max_examples=tries(60))
@given(st.lists(LINES, max_size=40))
def test_whatever_is_typed_the_kept_walk_gives_the_same_conversation(lines: list[str]) -> None:
    kept = Typist(lines).have()
    assert had_again(kept) == kept
