"""Reads a walk, has its conversation again, and writes down what was then said.

A walk is a whole conversation as plain text. After a few remarks and two lines of heading it goes turn by
turn: what the guide says stands as it is, and what the person does stands under it, one thing a line:

    [an option, in its own wording]
    > own words, one statement
    | and the next line of the same statement
    (skips)  (goes back)  (goes to: the question)  (rounds off)

A date is one line of own words, and a time of day another. A statement that is changed stands where it
stood before; an empty `>` takes it away. What is put first is chosen like an option, by its first line. In
what is asked once a topic, the topic stands before the question: `Housing: What do you want to say?` What is
only offered comes when the person goes to it.

After the round-off comes the summary. What stands under its last heading, `Only for me`, is shown to nobody
else. Blank lines are only for the eye. Nothing the guide says needs to be typed, but for the lines of a
support and challenge: `ASSISTANT_UPDATE_WALKS=1 pytest tests/walks` has every conversation again and writes
the guide's words, and the summary, anew.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.dialogue.library import read_dialogue
from assistant.dialogue.model import (
    Address,
    Balance,
    Choice,
    Choices,
    Day,
    Dialogue,
    Option,
    OwnText,
    Question,
    Rank,
    Statements,
    Text,
)
from assistant.engine.conversation import ROUND_OFF, Conversation, OnDay
from assistant.engine.journey import Journey, begin, statements_in
from assistant.engine.machine import DialogueMachine
from assistant.engine.reply import Given, as_given
from assistant.engine.turn import Reply, take_turn, where
from assistant.errors import Refusal
from assistant.languages import Language, as_language, read_catalogues
from assistant.meetings.summary import Entry, summarise, topic_named

ROOT = Path(__file__).parents[2]
DIALOGUES = ROOT / "dialogues"
CATALOGUES = read_catalogues(ROOT / "locales")


@dataclass(frozen=True)
class Doings:
    """What a person may do besides answering, as the walks of one language say it."""

    skips: str
    goes_back: str
    goes_to: str
    rounds_off: str
    not_taken: str


DOINGS: Mapping[Language, Doings] = {
    "nb": Doings("hopper over", "går tilbake", "går til: ", "runder av", "kunne ikke tas imot"),
    "nn": Doings("hoppar over", "går tilbake", "går til: ", "rundar av", "kunne ikkje takast imot"),
    "en": Doings("skips", "goes back", "goes to: ", "rounds off", "could not be taken"),
}


@dataclass
class Turn:
    """What the person did at one question: under each line of the guide's, the lines of theirs."""

    under: list[list[str]] = field(default_factory=lambda: [[]])

    @property
    def lines(self) -> list[str]:
        return [line for lines in self.under for line in lines]

    def doing(self) -> str | None:
        """`skips`, where the turn is `(skips)`; None where it is an answer."""
        first = self.lines[0]
        return first[1:-1] if first.startswith("(") and first.endswith(")") else None


@dataclass(frozen=True)
class Walk:
    """A walk as it was written: its heading, and what the person did in it."""

    heading: list[str]
    dialogue: str
    language: Language
    turns: list[Turn]


def read_walk(text: str) -> Walk:
    """The heading and the person's side; the guide's words are for `have_again` to find."""
    heading_text, _, talk = text.partition("\n\n")
    heading = heading_text.splitlines()
    facts = dict(line.split(": ", 1) for line in heading if not line.startswith("#"))
    language = as_language(facts["language"])
    assert language is not None, "a walk is in one of our languages"
    return Walk(heading, facts["dialogue"], language, list(_turns(talk.splitlines(), DOINGS[language])))


def _turns(lines: list[str], doings: Doings) -> Iterator[Turn]:
    """A turn ends at a blank line, once the person has done something in it."""
    turn = Turn()
    for line in [*lines, ""]:
        if line == f"({doings.not_taken})":
            continue
        if line[:1] in ("[", ">", "|", "("):
            turn.under[-1].append(line)
        elif line:
            turn.under.append([])
        elif turn.lines:
            yield turn
            if turn.doing() == doings.rounds_off:
                return
            turn = Turn()


def have_again(walk: Walk) -> str:
    """The same conversation had once more, word for word, with the summary it ends in."""
    dialogue, issues = read_dialogue(DIALOGUES / walk.dialogue)
    assert dialogue is not None, issues
    return "\n".join(_Retelling(walk, DialogueMachine(dialogue)).told()) + "\n"


class _Retelling:
    def __init__(self, walk: Walk, machine: DialogueMachine) -> None:
        self._walk = walk
        self._machine = machine
        self._dialogue: Dialogue = machine.dialogue
        self._said: set[Address] = set()

    def told(self) -> Iterator[str]:
        yield from self._walk.heading
        now = begin(self._machine)
        for turn in self._walk.turns:
            at, journey = where(self._machine, now)
            yield from self._say(journey.said_before(at))
            yield ""
            if at == ROUND_OFF:
                yield from turn.lines
                if turn.doing() == DOINGS[self._walk.language].rounds_off:
                    yield from self._summary(journey)
                    return
            else:
                yield from self._ask(at, journey, turn)
            try:
                now = take_turn(self._machine, now, self._reply(turn, at, journey, now), f"turn{now.turn}.")
            except Refusal:
                yield f"({DOINGS[self._walk.language].not_taken})"
            # as if the person paused here and went on from another device
            now = Conversation.model_validate_json(now.model_dump_json())
        raise AssertionError(f"the walk stops at {now.at} and never rounds off")

    def _in(self, text: Text) -> str:
        return text.in_(self._walk.language)

    def _say(self, says: Iterable[Address]) -> Iterator[str]:
        """What the guide says on the way; each thing once, also when the person comes by again."""
        for address in says:
            if address not in self._said:
                self._said.add(address)
                yield ""
                yield self._in(self._dialogue.state(address).prompt)

    def _named(self, address: Address, journey: Journey) -> str:
        """The question as it is asked, with its topic before it."""
        topic = topic_named(self._dialogue, journey, address)
        prompt = self._in(self._dialogue.question(address).prompt)
        return f"{self._topic(topic)}: {prompt}" if topic else prompt

    def _topic(self, topic: str | Text) -> str:
        return _first_line(topic if isinstance(topic, str) else self._in(topic))

    def _ask(self, at: Address, journey: Journey, turn: Turn) -> Iterator[str]:
        """The question, and the person's lines where they stand under it."""
        yield self._named(at, journey)
        question = self._dialogue.question(at)
        labels = [self._in(label) for label in _labels_of(question)]
        if turn.doing() is not None or not labels:
            yield from turn.lines
            return
        first, *others = _under(question, turn)
        yield from first
        for label, done in zip(labels, others, strict=True):
            yield label
            yield from done

    def _reply(self, turn: Turn, at: Address, journey: Journey, now: Conversation) -> Reply:
        doings, doing = DOINGS[self._walk.language], turn.doing()
        if doing is None:
            return Reply(
                now.turn, at, "answer", self._given(at, journey, turn, as_given(now.answers.get(at)))
            )
        if doing == doings.skips:
            return Reply(now.turn, at, "skip")
        if doing == doings.goes_back:
            return Reply(now.turn, at, "back")
        assert doing.startswith(doings.goes_to), f"nobody can do this: ({doing})"
        named = {self._named(address, journey): address for address in journey.questions}
        return Reply(now.turn, at, "go", to=named[doing.removeprefix(doings.goes_to)])

    def _given(self, at: Address, journey: Journey, turn: Turn, before: Given) -> Given:
        """The person's lines as the form they would have filled in."""
        question = self._dialogue.question(at)
        words, picked = _own_words(turn.lines), _options(turn.lines)
        stray = [*([] if _takes_words(question) else words), *([] if _has_options(question) else picked)]
        assert not stray, f"«{self._named(at, journey)}» is not answered like this: {stray}"
        match question:
            case Choice() | Choices():
                return {"option": self._ids(question.options, picked), **_statements(words, before)}
            case Rank():
                said = statements_in(self._machine, journey, question.among)
                by_first_line = {_first_line(statement.text): id_ for id_, statement in said.items()}
                return {"first": tuple(by_first_line[line] for line in picked)}
            case Day():
                return dict(zip(("on", "at"), ((line,) for line in words), strict=False))
            case OwnText() | Statements():
                return _statements(words, before)
            case Balance():
                return dict(self._balance(question, _under(question, turn)))

    def _balance(self, question: Balance, under: list[list[str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
        _, support, support_own, challenge, challenge_own, _, signal, then = under
        for name, side, done in (
            ("support", question.support, support),
            ("challenge", question.challenge, challenge),
        ):
            levels = {self._in(option.text) for option in side.levels}
            picked = _options(done)
            yield f"{name}.level", self._ids(side.levels, [text for text in picked if text in levels])
            yield f"{name}.forms", self._ids(side.forms, [text for text in picked if text not in levels])
        fields = {"support.own": support_own, "challenge.own": challenge_own, "signal": signal, "then": then}
        yield from ((name, tuple(_own_words(done))) for name, done in fields.items())

    def _ids(self, options: list[Option], texts: list[str]) -> tuple[str, ...]:
        offered = {self._in(option.text): option.id for option in options}
        assert set(texts) <= set(offered), f"not offered: {set(texts) - set(offered)}"
        return tuple(offered[text] for text in texts)

    def _summary(self, journey: Journey) -> Iterator[str]:
        summary, say = summarise(self._dialogue, journey), CATALOGUES[self._walk.language].say
        chapters = [(self._in(chapter.section.heading), chapter.entries) for chapter in summary.chapters]
        first = tuple(entry for _, entry in summary.first)
        for heading, entries in (
            (say("summary.first"), first),
            *chapters,
            (say("summary.private"), summary.private),
        ):
            if entries:
                yield ""
                yield heading
            for entry in entries:
                yield from self._told(entry)

    def _told(self, entry: Entry) -> Iterator[str]:
        """One entry, with the topic and the side it was said about, on as many lines as it was written."""
        about = [self._topic(entry.topic)] if entry.topic else []
        about += [self._in(entry.under)] if entry.under else []
        first, *more = self._entry(entry).split("\n")
        yield f"- {', '.join(about)}: {first}" if about else f"- {first}"
        yield from (f"| {line}".rstrip() for line in more)

    def _entry(self, entry: Entry) -> str:
        match entry.said:
            case str() as own_words:
                return own_words
            case Text() as wording:
                return self._in(wording)
            case OnDay(on=on, at=at):
                told = CATALOGUES[self._walk.language]
                return f"{told.day(on)}, {told.clock(at)}" if at else told.day(on)


def _labels_of(question: Question) -> list[Text]:
    """What the guide says below a question, in order; each line may have an answer under it."""
    match question:
        case Choice(own=Text() as own) | Choices(own=Text() as own):
            return [own]
        case Balance(support=support, challenge=challenge, stop=stop):
            sides = [support.label, support.own, challenge.label, challenge.own]
            return [*sides, stop.label, stop.signal, stop.then]
        case _:
            return []


def _under(question: Question, turn: Turn) -> list[list[str]]:
    """The person's lines by what they stand under: the question first, then each of its labels."""
    if isinstance(
        question, Choice | Choices
    ):  # own words stand under their own label, wherever they were typed
        picked = [line for line in turn.lines if line.startswith("[")]
        return [picked, [line for line in turn.lines if not line.startswith("[")]]
    return turn.under[-1 - len(_labels_of(question)) :]


def _takes_words(question: Question) -> bool:
    return not isinstance(question, Rank) and not (
        isinstance(question, Choice | Choices) and not question.own
    )


def _has_options(question: Question) -> bool:
    return isinstance(question, Choice | Choices | Rank | Balance)


def _statements(words: list[str], before: Given) -> dict[str, tuple[str, ...]]:
    """Own words in the fields they stood in before, and in new ones after those."""
    names = [name for name in before if name.startswith("statement.")]
    names += [f"statement.new{number}" for number in range(len(words))]
    return {name: (text,) for name, text in zip(names, words, strict=False)}


def _first_line(text: str) -> str:
    return text.split("\n", 1)[0]


def _options(lines: list[str]) -> list[str]:
    return [line[1:-1] for line in lines if line.startswith("[")]


def _own_words(lines: list[str]) -> list[str]:
    words: list[str] = []
    for line in lines:
        if line.startswith(">"):
            words.append(line[2:])
        elif line.startswith("|"):
            words[-1] += "\n" + line[2:]
    return words
