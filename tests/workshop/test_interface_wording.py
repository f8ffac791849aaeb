"""`assistant catalogue` looks at how the interface is worded, and not only at its keys."""

import shutil
from pathlib import Path

import pytest

from assistant.config import dialogues_folder, locales_folder
from assistant.languages import LANGUAGES, Language
from assistant.workshop.interface_wording import wording_of_the_interface


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    return Path(shutil.copytree(locales_folder(), tmp_path / "locales"))


def plant(locales: Path, language: Language, key: str, text: str) -> int:
    """Write another sentence under a key, and tell the line its key is on."""
    file = locales / language / "LC_MESSAGES" / "messages.po"
    lines = file.read_text("utf-8").split("\n")
    number = lines.index(f'msgid "{key}"')
    lines[number + 1] = f'msgstr "{text}"'
    file.write_text("\n".join(lines), "utf-8")
    return number + 1


def told(locales: Path) -> list[str]:
    issues, _ = wording_of_the_interface(locales, dialogues_folder(), LANGUAGES)
    return [str(issue) for issue in issues]


def test_the_interface_has_nothing_wrong_in_its_wording(locales: Path) -> None:
    assert told(locales) == []


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("nn", "Ikke nå", "C201 'Ikke' is a word in 'nb', and this is 'nn' → say it as 'nn' does"),
        ("nb", "Du må svare her.", "C202 «må» is not said in 'nb' → say what one can do"),
        ("nn", "Prøv igjen", "C203 «igjen» is correct, but not the form chosen in 'nn'"),
        ("en", "Choose your favorite", "C203 «favorite» is correct, but not the form chosen in 'en'"),
    ],
)
def test_what_a_reader_would_mark_is_told_at_its_line(
    locales: Path, language: Language, text: str, said: str
) -> None:
    line = plant(locales, language, "reply.pause", text)
    first = told(locales)[0]
    assert first.startswith(f"locales/{language}/LC_MESSAGES/messages.po:{line}:1: {said}")


def test_what_somebody_says_of_themselves_is_no_order(locales: Path) -> None:
    plant(locales, "nb", "review.kind_can", "Jeg må tenke på det")
    assert told(locales) == []


def test_a_word_no_dictionary_knows_is_told(hunspell: str, locales: Path) -> None:
    line = plant(locales, "nb", "reply.pause", "Ta en pausse")
    assert f"locales/nb/LC_MESSAGES/messages.po:{line}:1: C204 'pausse'" in told(locales)[0]


def test_a_catalogue_that_cannot_be_read_is_left_to_the_look_at_its_keys(locales: Path) -> None:
    (locales / "nn" / "LC_MESSAGES" / "messages.po").write_text('msgid "a\n', "utf-8")
    assert told(locales) == []
