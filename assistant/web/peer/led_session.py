"""What the facilitator's pages show of a session: the questions, their notes, and what one user shows."""

from collections.abc import Sequence

from aiohttp import web

from assistant.dialogue.model import Address, Text
from assistant.engine.entries import entries_of
from assistant.engine.journey import walk
from assistant.service.guided.views import LedSeat, LedSession
from assistant.web.http.context import services
from assistant.web.peer.pages import AnswerSeen, MessageSeen, NoteRow, QuestionRow
from assistant.web.views.said import said_shown


def questions_of(led: LedSession) -> tuple[list[QuestionRow], QuestionRow | None]:
    """Return the questions that can be pointed at, and the one that comes next."""
    rows = [
        QuestionRow(address, led.machine.dialogue.question(address).prompt, address == led.room.at)
        for address in walk(led.machine, {}).questions
    ]
    here = next((place for place, row in enumerate(rows) if row.is_here), -1)
    return rows, rows[here + 1] if here + 1 < len(rows) else None


def said_before(led: LedSession, at: Address | None) -> Sequence[Address]:
    """Return what the guide says before a question; before the first one nothing, as on the users' pages:
    it is said before they join.
    """
    journey = walk(led.machine, {})
    return () if at not in journey.states or journey.questions[0] == at else journey.said_before(at)


def said_first(led: LedSession) -> Sequence[Address]:
    """Return what is said before the first question: read aloud while people gather."""
    journey = walk(led.machine, {})
    return journey.said_before(journey.questions[0])


def with_notes(request: web.Request, led: LedSession, said: Sequence[Address]) -> list[NoteRow]:
    """Return what is said, each with its note for the facilitator."""
    dialogue = led.machine.dialogue
    return [NoteRow(dialogue.state(one).prompt, note_at(request, led, one)) for one in said]


def note_at(request: web.Request, led: LedSession, address: Address | None) -> Text | None:
    """Return the note for the facilitator at a state, if the current text has one."""
    if address is None:
        return None
    written = services(request).dialogues.with_notes(led.room.dialogue)
    state = written.states.get(address)
    return None if state is None else state.facilitator


def answers_seen(request: web.Request, seat: LedSeat) -> list[AnswerSeen]:
    """Return what the user shows, question by question."""
    if seat.shown is None or seat.machine is None:
        return []
    dialogue, found = seat.machine.dialogue, []
    for address, answer in seat.shown.answers.items():
        question = dialogue.question(address)
        texts = [said_shown(request, entry.said) for entry in entries_of(address, question, answer)]
        found.append(AnswerSeen(question.prompt, [(text.text, text.own) for text in texts]))
    return found


def user_at(seat: LedSeat) -> Text | None:
    """Return the question the user is at, under the scopes that show it."""
    if seat.shown is None or seat.machine is None or seat.shown.at is None:
        return None
    state = seat.machine.dialogue.state(seat.shown.at) if "/" in seat.shown.at else None
    return None if state is None else state.prompt


def messages_seen(led: LedSession, seat: LedSeat) -> list[MessageSeen]:
    """Return the messages between the facilitator and the user."""
    states = (seat.machine or led.machine).dialogue.states
    return [
        MessageSeen(
            one.by == "facilitator", one.text, states[one.at].prompt if one.at and one.at in states else None
        )
        for one in seat.messages
    ]
