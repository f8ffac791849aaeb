"""The small dialogue in `small/` and the one in `winding/`, and short ways to have them."""

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


SMALL = DialogueMachine(read(Path(__file__).parents[1] / "engine" / "small"))
WINDING = DialogueMachine(read(Path(__file__).parents[1] / "engine" / "winding"))

WALKING: Given = {"option": ("walk",)}
SAILING: Given = {"option": ("boat",)}
SOMETHING_ELSE: Given = {"option": ("other",)}


def words(*texts: str) -> Given:
    """A form with these statements, each new."""
    return {f"statement.new{number}": (text,) for number, text in enumerate(texts)}


def reply(
    now: Conversation,
    state: Address,
    move: Move,
    given: Given | None = None,
    to: Address | None = None,
    machine: DialogueMachine = SMALL,
) -> Conversation:
    """One turn, as the person sees the conversation now."""
    return take_turn(machine, now, Reply(now.turn, state, move, given or {}, to), seed=f"t{now.turn}.")


def had(
    *answers: tuple[Address, Given | None],
    after: Conversation | None = None,
    machine: DialogueMachine = SMALL,
) -> Conversation:
    """A conversation in which these were answered, one after the other; None is skipped."""
    now = after or begin(machine)
    for state, given in answers:
        move: Move = "skip" if given is None else "answer"
        now = reply(now, state, move, given, machine=machine)
    return now
