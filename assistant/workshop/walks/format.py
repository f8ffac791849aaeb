"""The walk format: a whole conversation as plain text, which a peer worker can read and correct, and tests
replay.

After a few remarks and two heading lines it goes turn by turn: what the guide says is written as it is, and
what the person does is below, one thing a line:

    [an option, in its own wording]
    > own words, one statement
    | and the next line of the same statement
    (skips)  (goes back)  (goes to: the question)  (rounds off)  (stops here)

A date is one line of own words, and a time of day another. A changed statement keeps its place; an empty `>`
removes it. What is put first is chosen like an option, by its first line. In a repeated part the topic is
written before the question: `Housing: What do you want to say?` An offered question comes when the person
goes to it.

A conversation with agreements from an earlier meeting has a heading line for each, `agreed: what`, and each
is written before its question as a topic is.

A walk in a guided session has a heading line `facilitator: Peder`, and Peder's pointer is a line of its own
before the guide's question: `[Peder points at: What matters to you right now?]`. It changes nothing in the
conversation.

After the round-off comes the summary. Everything under its last heading, `Only for me`, is private. Blank
lines mean nothing. `replay.py` replays a walk.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from assistant.dialogue.model import Balance, Choice, Choices, Option, Question, Rank, Text
from assistant.engine.reply import Given
from assistant.languages import Catalogue, Language, as_language
from assistant.value_class import value_class

_AGREED = "agreed: "
_FACILITATOR = "facilitator: "


@value_class
class WalkCommands:
    """The commands besides answering, as worded in one language."""

    skips: str
    goes_back: str
    goes_to: str
    rounds_off: str
    stops: str
    not_taken: str
    points_at: str

    @classmethod
    def as_said_in(cls, catalogue: Catalogue) -> "WalkCommands":
        """Return the commands in this catalogue's language."""
        return cls(
            catalogue.say("walk.skips"),
            catalogue.say("walk.goes_back"),
            catalogue.say("walk.goes_to") + " ",
            catalogue.say("walk.rounds_off"),
            catalogue.say("walk.stops"),
            catalogue.say("walk.not_taken"),
            catalogue.say("walk.points_at") + " ",
        )


@dataclass
class Turn:
    """A person's turn at one question: their lines under each line of the guide's."""

    under: list[list[str]] = field(default_factory=lambda: [[]])
    pointed: list[str] = field(default_factory=list)
    """The questions that the facilitator pointed at before it, as they are worded."""

    @property
    def lines(self) -> list[str]:
        return [line for lines in self.under for line in lines]

    def doing(self) -> str | None:
        """Return the command, `skips` for `(skips)`; None if the turn is an answer."""
        first = self.lines[0]
        return first[1:-1] if first.startswith("(") and first.endswith(")") else None


@value_class
class Walk:
    """A parsed walk: its heading and its turns."""

    heading: list[str]
    dialogue: str
    language: Language
    turns: list[Turn]
    agreed: list[str] = field(default_factory=list)
    """The agreements it began with."""
    facilitator: str = ""
    """The name of the person who leads the guided session it is in; empty outside one."""


def read_walk(text: str, catalogues: Mapping[Language, Catalogue]) -> Walk:
    """Read the heading and the person's turns; the guide's words are reproduced by the replay."""
    heading_text, _, talk = text.partition("\n\n")
    heading = heading_text.split("\n")
    facts = dict(line.split(": ", 1) for line in heading if not line.startswith("#"))
    language = as_language(facts["language"])
    assert language is not None, "a walk is in one of our languages"
    doings = WalkCommands.as_said_in(catalogues[language])
    # not `splitlines`: own words may contain other kinds of line break
    agreed = [line.removeprefix(_AGREED) for line in heading if line.startswith(_AGREED)]
    facilitator = facts.get(_FACILITATOR.rstrip(": "), "")
    turns = list(_turns(talk.split("\n"), doings, pointing(facilitator, doings)))
    return Walk(heading, facts["dialogue"], language, turns, agreed, facilitator)


def pointing(facilitator: str, doings: WalkCommands) -> str:
    """Return how a line begins in which this facilitator points at a question."""
    return f"[{facilitator} {doings.points_at}"


def _turns(lines: list[str], doings: WalkCommands, pointing: str) -> Iterator[Turn]:
    """Split into turns: a turn ends at a blank line after the person has done something."""
    turn = Turn()
    for line in [*lines, ""]:
        if line == f"({doings.not_taken})":
            continue
        if line.startswith(pointing):
            turn.pointed.append(line.removeprefix(pointing).removesuffix("]"))
        elif line[:1] in ("[", ">", "|", "("):
            turn.under[-1].append(line)
        elif line:
            turn.under.append([])
        elif turn.lines:
            yield turn
            if turn.doing() in (doings.rounds_off, doings.stops):
                return
            turn = Turn()


def a_doing(what: str) -> Turn:
    """Return the turn for a command other than an answer."""
    return Turn([[f"({what})"]])


def as_turn(
    question: Question, given: Given, language: Language, rankable: Mapping[str, str] | None = None
) -> Turn:
    """Write an answer in the walk format: the inverse of how `replay.py` reads it. `rankable` are the texts
    a rank may put first, by id.
    """
    own = [text for name, texts in given.items() if name.startswith("statement.") for text in texts]
    match question:
        case Choice() | Choices():
            return Turn([[*_picked(question.options, given.get("option", ()), language), *_said(own)]])
        case Rank():
            return Turn([[f"[{first_line((rankable or {})[id_])}]" for id_ in given.get("first", ())]])
        case Balance():
            return Turn(list(_sides(question, given, language)))
        case _:
            day = [text for name in ("on", "at") for text in given.get(name, ())]
            return Turn([list(_said(day or own))])


def _sides(question: Balance, given: Given, language: Language) -> Iterator[list[str]]:
    yield []
    for name, side in (("support", question.support), ("challenge", question.challenge)):
        level = _picked(side.levels, given.get(f"{name}.level", ()), language)
        yield [*level, *_picked(side.forms, given.get(f"{name}.forms", ()), language)]
        yield list(_said(given.get(f"{name}.own", ())))
    yield []
    for name in ("signal", "then"):
        yield list(_said(given.get(name, ())))


def _picked(options: list[Option], ids: tuple[str, ...], language: Language) -> list[str]:
    return [f"[{option.text.in_(language)}]" for option in options if option.id in ids]


def _said(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        first, *more = text.split("\n")
        yield f"> {first}" if first else ">"
        yield from (f"| {line}" if line else "|" for line in more)


def labels_of(question: Question) -> list[Text]:
    """Return the guide's labels below a question, in order; each may have an answer under it."""
    match question:
        case Choice() | Choices():
            own = own_label(question)
            return [own] if own else []
        case Balance(support=support, challenge=challenge, stop=stop):
            sides = [support.label, support.own, challenge.label, challenge.own]
            return [*sides, stop.label, stop.signal, stop.then]
        case _:
            return []


def own_label(question: Question) -> Text | None:
    """The label of the field for own words beside the options; None if only options can be chosen."""
    label: Text | None = getattr(question, "own", None) if isinstance(question, Choice | Choices) else None
    return label


def under(question: Question, turn: Turn) -> list[list[str]]:
    """Group the person's lines by what they are under: the question first, then each of its labels."""
    if isinstance(
        question, Choice | Choices
    ):  # own words belong to their own label, wherever they were typed
        picked = [line for line in turn.lines if line.startswith("[")]
        words = [line for line in turn.lines if not line.startswith("[")]
        return [picked, words] if own_label(question) else [turn.lines]
    return turn.under[-1 - len(labels_of(question)) :]


def first_line(text: str) -> str:
    """Return the first line of a statement, by which other lines refer to it."""
    return text.split("\n", 1)[0]


def options_in(lines: list[str]) -> list[str]:
    """Return the wordings of the chosen options."""
    return [line[1:-1] for line in lines if line.startswith("[")]


def own_words_in(lines: list[str]) -> list[str]:
    """Return the written statements, each with all its lines."""
    words: list[str] = []
    for line in lines:
        if line.startswith(">"):
            words.append(line[2:])
        elif line.startswith("|"):
            words[-1] += "\n" + line[2:]
    return words
