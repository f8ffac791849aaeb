"""Plain language: what is counted, where the limits lie, and what does not cry wolf."""

from pathlib import Path

import pytest

from assistant.dialogue.checks.plain_language import grades, wording_issues
from assistant.dialogue.checks.wordings import lix, sentences, wordings, words
from assistant.dialogue.folder import FolderContents
from assistant.dialogue.library import read_plain_words
from assistant.dialogue.marked_yaml import read_marked

PLAIN = read_plain_words(Path(__file__).parents[3] / "locales")


def codes(nb: str, nn: str = "", en: str = "") -> list[str]:
    """The codes a text gets."""
    written = {"nb": nb, "nn": nn, "en": en}
    lines = [f"  {language}: '{text}'" for language, text in written.items() if text]
    said = wordings("trial.yaml", read_marked("\n".join(["prompt:", *lines])))
    return [issue.code for issue in wording_issues(said, PLAIN)]


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("Hei. Kom inn", 2),
        ("Kom kl. 9. Ring 113.", 2),
        ("Vil du det? Ja! Så fint …", 3),
        ("Hun sa «nei.» Så gikk hun.", 2),
        ("Én\n\nto", 2),
        ("Omtrent ca. ti minutter", 1),
        ("…", 0),
    ],
)
def test_a_sentence_ends_where_one_takes_a_breath(text: str, many: int) -> None:
    assert len(sentences(text)) == many


def test_what_is_put_in_is_one_word_and_so_is_an_address() -> None:
    assert words("Skriv til {operator} på hjelp.no, e-post 116 117") == [
        *("Skriv", "til", "0", "på", "0", "e-post", "116", "117")
    ]


def test_lix_is_words_a_sentence_and_long_words_in_a_hundred() -> None:
    assert lix(["Dette er lett. Det er en samtale."]) == pytest.approx(7 / 2 + 100 / 7)
    assert lix(["sekser", "syverne"]) == pytest.approx(1 + 50)  # over six letters, not six


def test_a_sentence_of_twenty_words_is_short_enough() -> None:
    assert codes(" ".join(["ord"] * 20) + ".") == []
    assert codes(" ".join(["ord"] * 21) + ".") == ["D401"]
    assert codes(" ".join(["ord"] * 20) + ". Og " + " ".join(["ord"] * 19) + ".") == []


@pytest.mark.parametrize(
    "text", ["Diagnose", "Kirkens SOS", "Støtte og utfordring", "Minn meg på det vi har avtalt"]
)
def test_what_is_rightly_the_same_in_bokmal_and_nynorsk_is_left_alone(text: str) -> None:
    assert codes(text, text) == []


def test_three_words_that_are_the_same_in_english_are_not() -> None:
    assert codes("Fri som gull", "", "Fri som gull") == ["D301"]
    assert codes("Kirkens SOS", "", "Kirkens SOS") == []


@pytest.mark.parametrize(
    ("nb", "nn", "en"),
    [
        ("Mål jeg vil nå", "Mål eg vil nå", "Goals"),
        ("Gå mot høyre", "Gå mot høgre", "No, bare that"),
        ("Måne, måte og måltid", "Ansvarsgruppe", "Mustard"),
        (
            "Er det noe annet du ikke vil si?",
            "Er det noko du ikkje vil seie?",
            "Is there more that you do not say?",
        ),
        ("Hvorfor blir du spurt?", "Kvifor blir du spurd?", "Why are you asked?"),
    ],
)
def test_what_is_well_said_is_left_alone(nb: str, nn: str, en: str) -> None:
    assert codes(nb, nn, en) == []


@pytest.mark.parametrize(
    "nb", ["Vil du ikke?", "Hva vil du ikke?", "Er det ikke slik?", "Hei. Vil du aldri?"]
)
def test_a_question_turned_round_is_told(nb: str) -> None:
    assert codes(nb) == ["D405"]


def graded(prompt: str) -> list[str]:
    marked = read_marked(f"title: {{nb: Prøve}}\nstates:\n- prompt: {{nb: {prompt}}}")
    title, *said = wordings("trial.yaml", marked)
    return [issue.code for issue in grades(said, title, PLAIN)]


def test_a_short_turn_has_no_grade_and_a_long_one_has() -> None:
    assert graded(" ".join(["medvirkning"] * 19)) == []
    assert graded(" ".join(["medvirkning"] * 20)) == ["D402"]
    assert graded(" ".join(["ord"] * 20)) == []


def test_a_whole_dialogue_has_a_grade_when_it_is_long_enough() -> None:
    assert graded(" ".join(["ord"] * 99)) == ["D402"]
    assert graded(" ".join(["ord"] * 100)) == ["D402", "D403"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a: {nb: Du må dit.} # meant: D404", []),
        ("# meant: D401, D404\na: {nb: Du må dit.}", []),
        ("# meant: D401\na: {nb: Du må dit.}", ["D404"]),
        ("# meant: D404\n\na: {nb: Du må dit.}", ["D404"]),
        ("b: x # meant: D404\na: {nb: Du må dit.}", ["D404"]),
        ("a: {nb: Til {x}., nn: Til.} # meant: D302".replace("{x}", "x"), []),
        ("a: {nb: 'Til {x}.', nn: Til.} # meant: D302", ["D302"]),
    ],
)
def test_what_an_author_means_is_left_alone_and_what_stops_a_server_is_not(
    text: str, left: list[str]
) -> None:
    reading = FolderContents("trial", {"a.yaml": read_marked(text)}, [])
    assert [issue.code for issue in reading.all_issues(PLAIN)] == left
