"""The small dialogue in `small/`, and short ways to have it."""

from pathlib import Path

from assistant.dialogue.library import read_dialogue
from assistant.dialogue.model import Address, Dialogue
from assistant.engine.conversation import Conversation
from assistant.engine.journey import begin
from assistant.engine.machine import DialogueMachine
from assistant.engine.reply import Given
from assistant.engine.turn import Move, Reply, take_turn


def read(folder: Path) -> Dialogue:
    """A dialogue that has nothing wrong."""
    dialogue, issues = read_dialogue(folder)
    assert dialogue is not None, issues
    assert issues == []
    return dialogue


SMALL = DialogueMachine(read(Path(__file__).parent / "small"))

WALKING: Given = {"option": ("walk",)}
SAILING: Given = {"option": ("boat",)}
SOMETHING_ELSE: Given = {"option": ("other",)}


def reply(
    now: Conversation, state: Address, move: Move, given: Given | None = None, to: Address | None = None
) -> Conversation:
    """One turn, as the person sees the conversation now."""
    return take_turn(SMALL, now, Reply(now.turn, state, move, given or {}, to), seed=f"t{now.turn}.")


def had(*answers: tuple[Address, Given | None]) -> Conversation:
    """A conversation in which these were answered, one after the other; None is skipped."""
    now = begin(SMALL)
    for state, given in answers:
        now = reply(now, state, "skip") if given is None else reply(now, state, "answer", given)
    return now
