"""Notes for a peer worker: beside the questions, in every language, and never on a user's side."""

from pathlib import Path

import pytest
from support.as_read import our_library

from assistant.dialogue.library import read_dialogue
from assistant.dialogue.model import Dialogue, Text
from assistant.engine.machine import DialogueMachine
from assistant.languages import LANGUAGES

LIBRARY = our_library()
PEER_SESSION = LIBRARY["peer_session"]
LED = ["before_meeting", "peer_session"]
"""The dialogues that guided sessions are about."""
TEMPLATES = Path(__file__).parents[2] / "assistant" / "web" / "templates"


def notes(dialogue: Dialogue) -> list[Text]:
    """Every note in a dialogue, for parts and for states."""
    beside = [*dialogue.parts, *dialogue.states.values()]
    return [each.facilitator for each in beside if each.facilitator is not None]


def with_notes(dialogue: Dialogue, note: str) -> Dialogue:
    """The same dialogue with this note beside everything."""
    beside = {"facilitator": Text(nb=note, nn=note, en=note)}
    parts = [
        part.model_copy(update={"states": [s.model_copy(update=beside) for s in part.states], **beside})
        for part in dialogue.parts
    ]
    return Dialogue(frame=dialogue.frame, parts=parts)


@pytest.mark.parametrize("name", LED)
def test_every_turn_that_says_or_asks_something_has_a_note_beside_it(name: str) -> None:
    states = LIBRARY[name].states
    bare = {address for address, state in states.items() if state.facilitator is None}
    bridges = {address for address in states if address.endswith("/lead") and states[address].asks == "say"}
    assert bare == bridges  # «Så til det som hjelper deg»: there is nothing to say, avoid or wait for
    for state in states.values():
        for language, say, leave in (
            ("nb", "Si", "La ligge:"),
            ("nn", "Sei", "Lat liggje:"),
            ("en", "Say", "Avoid:"),
        ):
            if state.facilitator is not None:
                note = state.facilitator.in_(language)
                assert note.startswith(say), note
                assert leave in note, note


@pytest.mark.parametrize("name", LED)
def test_a_note_fits_a_glance_and_says_the_same_things_in_every_language(name: str) -> None:
    for note in notes(LIBRARY[name]):
        assert len({"Pause:" in note.in_(language) for language in LANGUAGES}) == 1, note
        assert all(len(note.in_(language)) <= 300 for language in LANGUAGES), note


def test_the_notes_remind_that_the_screen_is_not_seen() -> None:
    note = LIBRARY["before_meeting"].states["opening/who"].facilitator
    assert note is not None
    for language, reminder in (
        ("nb", "Du ser ingenting. Spør."),
        ("nn", "Du ser ingenting. Spør."),
        ("en", "You can’t see anything. Ask."),
    ):
        assert note.in_(language).endswith(reminder)


@pytest.mark.parametrize("name", LIBRARY)
def test_a_conversation_is_had_without_the_notes(name: str) -> None:
    marked = with_notes(LIBRARY[name], "BAREFORLEDEREN")
    assert "BAREFORLEDEREN" in marked.model_dump_json()
    assert "BAREFORLEDEREN" not in DialogueMachine(marked).dialogue.model_dump_json()


@pytest.mark.parametrize("name", LED)
def test_no_wording_that_a_user_meets_says_what_a_note_says(name: str) -> None:
    dialogue = LIBRARY[name]
    met = DialogueMachine(dialogue).dialogue.model_dump_json()
    told = [note.in_(language) for note in notes(dialogue) for language in LANGUAGES]
    assert len(told) > 2 * len(dialogue.states)
    assert [note for note in told if note in met] == []
    assert notes(DialogueMachine(dialogue).dialogue) == []


def test_no_template_of_a_user_asks_for_a_note() -> None:
    """Only the printed script, with `assistant show --facilitator`, and the pages of peer workers."""
    asking = {
        page.relative_to(TEMPLATES).as_posix()
        for page in TEMPLATES.rglob("*.html")
        if "facilitator" in page.read_text("utf-8")
    }
    assert asking == {"public/script.html", "peer/lead.html", "peer/notes.html"}


def test_a_changed_note_is_the_same_conversation_and_a_changed_question_is_another() -> None:
    assert with_notes(PEER_SESSION, "noe annet").digest == PEER_SESSION.digest
    assert PEER_SESSION.as_asked.digest == PEER_SESSION.digest
    text = PEER_SESSION.model_dump_json().replace("Hva gir deg håp?", "Hva gir deg mot?")
    assert Dialogue.model_validate_json(text).digest != PEER_SESSION.digest


def test_a_note_is_read_as_it_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "trial"
    folder.mkdir()
    (folder / "dialogue.yaml").write_text(
        "spec: 1\nid: trial\nversion: 1\ntitle: {nb: Prøve, nn: Prøve, en: Trial}\n"
        "sections: []\nparts: [first]\n",
        encoding="utf-8",
    )
    (folder / "first.yaml").write_text(
        "id: first\ntopic: {nb: Først, nn: Først, en: First}\n"
        "facilitator: {nb: Sett dere godt., nn: Set dykk godt., en: Sit well.}\n"
        "states:\n- id: hello\n  asks: say\n  prompt: {nb: Ring 113., nn: Ring 113., en: Call 113.}\n"
        "  facilitator: {nb: Vent., nn: Vent litt., en: Wait.}\n",
        encoding="utf-8",
    )
    dialogue, issues = read_dialogue(folder)
    assert dialogue is not None, issues
    assert [note.in_("en") for note in notes(dialogue)] == ["Sit well.", "Wait."]
