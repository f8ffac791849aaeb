"""What one user takes part in, and what of their answers the facilitator sees.

The facilitator never gets a key to anybody's conversation. A seat is a copy, as a share is: it holds exactly
the answers that the user shows, at the versions they showed, and their own request rewrites it.
"""

import hashlib
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Literal

from pydantic import AwareDatetime, Field

from assistant.dialogue.model import Address
from assistant.engine.conversation import (
    Answer,
    RankedStatements,
    Skipped,
    StatementsGiven,
    StoredModel,
)
from assistant.meetings.guided.room import Facilitator, Form

Scope = Literal["nothing", "shown", "question", "answers"]
"""How much the facilitator sees: nothing, what is shown one by one, also which question the user is at, or
also every answer given from then on.
"""
WIDER: tuple[Scope, ...] = ("question", "answers")

MESSAGE_LIMIT = 400
MOST_MESSAGES = 30


class Piece(StoredModel):
    """The smallest part of an answer that can be shown: one statement, or an answer as a whole."""

    id: str
    version: str


class Participation(StoredModel):
    """A guided session that a meeting is prepared in. After the session it is kept without its keys."""

    session: str
    key: str | None
    """The key of the room, in hex."""
    arrival: str
    seat_key: str | None = None
    form: Form
    facilitators: tuple[Facilitator, ...]
    joined_on: date
    ends_at: AwareDatetime
    """The latest time the session can end, with all the time its facilitators may add."""
    scope: Scope = "nothing"
    shown: tuple[Piece, ...] = ()
    before: tuple[Piece, ...] = ()
    """The pieces there were when the scope became `answers`; they are not shown by it."""
    hidden: tuple[str, ...] = ()
    """The ids of pieces that were taken back; a scope never shows them again."""
    lines: tuple[str, ...] = ()
    """The ids of the user's own lines, so that they can take them down."""

    def is_running(self, now: datetime) -> bool:
        """Return whether the session can still be open."""
        return self.key is not None and now < self.ends_at

    def over(self) -> "Participation":
        """Return what is kept after the session: who led it and when, and no key."""
        gone = {"key": None, "seat_key": None, "scope": "nothing", "lines": ()}
        return self.model_copy(update={**gone, "shown": (), "before": (), "hidden": ()})


class SeatContent(StoredModel):
    """The content of a seat: the answers that the facilitator may read, and nothing else."""

    format: Literal[1] = 1
    scope: Scope
    dialogue: str
    """The content hash of the dialogue's text that the answers belong to."""
    at: Address | None = None
    answers: dict[Address, Answer] = Field(default_factory=dict)


class Message(StoredModel):
    """A few words between the two in a session with one person; `at` offers them for a question."""

    id: str
    by: Literal["user", "facilitator"]
    at: Address | None = None
    text: str


class Messages(StoredModel):
    """The messages of a session; deleted with it."""

    format: Literal[1] = 1
    messages: tuple[Message, ...] = ()


def pieces_of(address: Address, answer: Answer) -> tuple[Piece, ...]:
    """Return the pieces of an answer that can be shown; a skip and an order of statements have none."""
    match answer:
        case Skipped() | RankedStatements():
            return ()
        case StatementsGiven(statements=statements):
            return tuple(Piece(id=one.id, version=str(one.version)) for one in statements)
        case _:
            digest = hashlib.sha256(answer.model_dump_json().encode()).hexdigest()[:16]
            return (Piece(id=address, version=digest),)


def all_pieces(answers: Mapping[Address, Answer]) -> tuple[Piece, ...]:
    """Return the pieces of every answer, in order."""
    return tuple(piece for address, answer in answers.items() for piece in pieces_of(address, answer))


def shown_of(
    dialogue: str, at: Address, answers: Mapping[Address, Answer], participation: Participation
) -> SeatContent:
    """Return what the facilitator may see of these answers.

    A piece is in it only at the version that was shown: an edit takes the old words out and does not put the
    new ones in. Under the scope `answers`, pieces given since then are in it, except those taken back.
    """
    scope = participation.scope
    visible = _visible(answers, participation)
    return SeatContent(
        scope=scope,
        dialogue=dialogue,
        at=at if scope in WIDER else None,
        answers={
            address: kept
            for address, answer in answers.items()
            if (kept := _only(address, answer, visible)) is not None
        },
    )


def _visible(answers: Mapping[Address, Answer], participation: Participation) -> frozenset[Piece]:
    if participation.scope == "nothing":
        return frozenset()
    there = all_pieces(answers)
    visible = {piece for piece in there if piece in participation.shown}
    if participation.scope == "answers":
        hidden = participation.hidden
        visible |= {piece for piece in there if piece not in participation.before and piece.id not in hidden}
    return frozenset(visible)


def _only(address: Address, answer: Answer, visible: Collection[Piece]) -> Answer | None:
    """Return the answer with its visible pieces alone; None without any."""
    kept = [piece.id for piece in pieces_of(address, answer) if piece in visible]
    if not kept:
        return None
    if isinstance(answer, StatementsGiven):
        statements = tuple(one for one in answer.statements if one.id in kept)
        return answer.model_copy(update={"statements": statements})
    return answer


def showing(
    participation: Participation, answers: Mapping[Address, Answer], ids: Collection[str]
) -> Participation:
    """Return the participation with these pieces shown, at their current versions."""
    new = tuple(piece for piece in all_pieces(answers) if piece.id in ids)
    if not new:
        return participation
    kept = tuple(piece for piece in participation.shown if piece.id not in {one.id for one in new})
    scope: Scope = "shown" if participation.scope == "nothing" else participation.scope
    hidden = tuple(id_ for id_ in participation.hidden if id_ not in ids)
    return participation.model_copy(update={"shown": (*kept, *new), "scope": scope, "hidden": hidden})


def taking_back(
    participation: Participation, answers: Mapping[Address, Answer], ids: Collection[str]
) -> Participation:
    """Return the participation with these pieces taken back, under every scope."""
    there = {piece.id for piece in (*all_pieces(answers), *participation.shown)}
    ids = [id_ for id_ in dict.fromkeys(ids) if id_ in there]
    shown = tuple(piece for piece in participation.shown if piece.id not in ids)
    hidden = tuple(dict.fromkeys((*participation.hidden, *ids)))
    return participation.model_copy(update={"shown": shown, "hidden": hidden})


def with_scope(
    participation: Participation, answers: Mapping[Address, Answer], scope: Scope
) -> Participation:
    """Return the participation with this scope. `nothing` takes everything back."""
    if scope == participation.scope:
        return participation
    if scope == "nothing":
        return participation.model_copy(update={"scope": scope, "shown": (), "before": (), "hidden": ()})
    before = all_pieces(answers) if scope == "answers" else ()
    return participation.model_copy(update={"scope": scope, "before": before})
