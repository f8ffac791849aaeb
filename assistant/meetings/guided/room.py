"""The room of a guided session: the one document that everybody in it reads.

It is a pure machine: acts of the facilitators change the stage, the pointer and the board. The pointer says
which question the group is at; it never moves anybody's page. Nothing in the room waits for anybody, so
nothing breaks if a facilitator disappears.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Literal

from pydantic import AwareDatetime

from assistant.dialogue.model import Address
from assistant.engine.conversation import StoredModel
from assistant.errors import FewerThanThree, NotFound, NotOnTheWay
from assistant.languages import Language
from assistant.value_class import value_class

Form = Literal["one", "group"]
Stage = Literal["gathering", "going", "rest"]

WELCOME_LIMIT = 400
NOTE_LIMIT = 600
LINE_LIMIT = 500
FEWEST_LINES = 3
"""Lines without names are shown together, so that no one is known by the order or the time."""
FEWEST_FOR_READY = 5
"""With fewer who have joined, a count of who is ready would point at people."""
LONGEST = timedelta(hours=4)
"""The longest a session lasts from its opening, with all the time its facilitators may add."""
MOST_ARRIVALS: dict[Form, int] = {"one": 1, "group": 20}


class HeldUp(StoredModel):
    """A line that a participant put forward to the group, verbatim. It says nothing about who wrote it."""

    id: str
    said: str


class Facilitator(StoredModel):
    """A peer worker who leads the session, as participants see them."""

    name: str
    title: str


class Room(StoredModel):
    """What everybody in a guided session may read."""

    format: Literal[1] = 1
    form: Form
    language: Language
    dialogue: str
    digest: str
    """The content hash of the dialogue's text that the pointer refers to."""
    facilitators: tuple[Facilitator, ...]
    public_key: str
    """The session's public key, in hex, to which seats and waiting lines are sealed."""
    welcome: str = ""
    stage: Stage = "gathering"
    at: Address | None = None
    step: int = 0
    """The number of times the pointer moved to another question."""
    until: AwareDatetime | None = None
    note: str = ""
    board: tuple[HeldUp, ...] = ()


@value_class
class GoTo:
    """Point at a question. Repeating it changes nothing, so two pages of one facilitator never skip one."""

    address: Address


@value_class
class Rest:
    """Take a rest, until a time of day if one is given."""

    until: AwareDatetime | None = None


@value_class
class SetUntil:
    """Set until when the group stays at this question; None removes it."""

    until: AwareDatetime | None


@value_class
class SetNote:
    """Replace the note that everybody sees, such as the group's agreement."""

    note: str


@value_class
class PutForward:
    """Show lines to the group, three or more at once."""

    lines: tuple[HeldUp, ...]


@value_class
class TakeDown:
    """Remove a line from the board."""

    line: str


@value_class
class Join:
    """Add a facilitator."""

    facilitator: Facilitator


Act = GoTo | Rest | SetUntil | SetNote | PutForward | TakeDown | Join


def after(room: Room, act: Act, questions: Collection[Address] = ()) -> Room:
    """Return the room after an act; the same room where nothing changes.

    `questions` are those a pointer may name. Raises `NotOnTheWay` for another question, `FewerThanThree` for
    too few lines, and `NotFound` for lines in a session that has not begun.
    """
    match act:
        case GoTo(address):
            return _pointed(room, address, questions)
        case Rest(until):
            change: dict[str, object] = {"stage": "rest", "until": until}
        case SetUntil(until):
            change = {"until": until}
        case SetNote(note):
            change = {"note": note}
        case PutForward(lines):
            change = {"board": _with_lines(room, lines)}
        case TakeDown(line):
            change = {"board": tuple(held for held in room.board if held.id != line)}
        case Join(facilitator):
            if facilitator in room.facilitators:
                return room
            change = {"facilitators": (*room.facilitators, facilitator)}
    changed = room.model_copy(update=change)
    return room if changed == room else changed


def _pointed(room: Room, address: Address, questions: Collection[Address]) -> Room:
    if address not in questions:
        raise NotOnTheWay
    if room.at == address:
        if room.stage == "going":
            return room
        return room.model_copy(update={"stage": "going", "until": None})
    return room.model_copy(update={"stage": "going", "at": address, "step": room.step + 1, "until": None})


def _with_lines(room: Room, lines: tuple[HeldUp, ...]) -> tuple[HeldUp, ...]:
    """Return the board with these lines, in the order of their random ids."""
    if room.stage == "gathering":
        raise NotFound
    new = {line.id: line for line in lines}
    if new.keys() <= {line.id for line in room.board}:
        return room.board  # submitted twice
    if len(new) < FEWEST_LINES:
        raise FewerThanThree
    everything = {line.id: line for line in room.board} | new
    return tuple(everything[id_] for id_ in sorted(everything))
