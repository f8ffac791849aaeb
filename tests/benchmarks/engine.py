"""What the engine alone takes for one turn: in a dialogue of 40 states, and with 5 and 60 answers behind it.

    python -m tests.benchmarks.engine

The way is walked from the answers at every turn, so a turn costs more the further one has come. The ratio is
how much more: a walk that goes through everything once for each answer would make it grow with the square.
No storage, no sealing, no pages.
"""

import time
from statistics import median

from assistant.dialogue.model import Dialogue, Frame, OwnText, Part, Say, Section, State, Text
from assistant.engine.conversation import ROUND_OFF, Conversation
from assistant.engine.journey import begin
from assistant.engine.machine import DialogueMachine
from assistant.engine.turn import Reply, take_turn, where
from assistant.languages import LANGUAGES

FEW, MANY = 5, 60
ROUNDS = 2000
WORDS = {"statement.new1": ("Å bli hørt når jeg sier nei.",)}


def _text(words: str) -> Text:
    return Text(dict.fromkeys(LANGUAGES, words))


def dialogue(questions: int) -> Dialogue:
    """A dialogue that asks for own words, ten questions a part."""
    asked: list[State] = [
        OwnText(id=f"q{n}", asks="text", section="said", prompt=_text(f"{n}?"), why=_text("…"))
        for n in range(questions)
    ]
    parts = [Part(id=f"p{n}", topic=_text(f"{n}"), states=asked[n : n + 10]) for n in range(0, questions, 10)]
    opening = Part(id="opening", topic=_text("…"), states=[Say(id="hello", asks="say", prompt=_text("…"))])
    frame = Frame(
        spec=1,
        id="long",
        version=1,
        title=_text("…"),
        sections=[Section(id="said", heading=_text("…"))],
        parts=["opening", *(part.id for part in parts)],
    )
    return Dialogue(frame=frame, parts=[opening, *parts])


def _at(machine: DialogueMachine, answers: int) -> Conversation:
    now = begin(machine)
    for _ in range(answers):
        now = take_turn(machine, now, Reply(now.turn, now.at, "answer", WORDS), f"s{now.turn}")
    assert len(now.answers) == answers
    assert where(machine, now)[0] != ROUND_OFF
    return now


def main() -> None:
    short, long = DialogueMachine(dialogue(39)), DialogueMachine(dialogue(MANY + 10))
    print(f"40 states, {FEW:>2} answers  {_took(short, FEW):6.1f} µs a turn")
    few, many = _took(long, FEW), _took(long, MANY)
    print(f"{MANY + 11} states, {FEW:>2} answers  {few:6.1f} µs a turn")
    print(f"{MANY + 11} states, {MANY:>2} answers  {many:6.1f} µs a turn")
    print(f"ratio {many / few:.2f} for {MANY // FEW} times the answers")


def _took(machine: DialogueMachine, answers: int) -> float:
    """The median turn with so many answers, in microseconds."""
    now, times = _at(machine, answers), []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        take_turn(machine, now, Reply(now.turn, now.at, "answer", WORDS), "seed")
        times.append((time.perf_counter() - began) * 1e6)
    return median(times)


if __name__ == "__main__":
    main()
