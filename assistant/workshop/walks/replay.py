"""Replay a walk turn by turn, and write its transcript.

The same replay serves a walk from a file and a conversation in the terminal: a saved conversation replays
identically by construction.
"""

from collections.abc import Iterator, Sequence

from assistant.dialogue.model import (
    Address,
    Balance,
    Choice,
    Choices,
    Day,
    Option,
    OwnText,
    Question,
    Rank,
    Statements,
    Text,
)
from assistant.engine.conversation import ROUND_OFF, Conversation, OnDay, Statement
from assistant.engine.entries import Entry, rankable_in
from assistant.engine.journey import Journey, begin
from assistant.engine.machine import DialogueMachine
from assistant.engine.reply import Given, as_given
from assistant.engine.turn import Reply, take_turn, where
from assistant.errors import Refusal
from assistant.languages import Catalogue
from assistant.meetings.summary import summarise, topic_named
from assistant.workshop.walks.format import (
    Turn,
    Walk,
    WalkCommands,
    first_line,
    labels_of,
    options_in,
    own_label,
    own_words_in,
    pointing,
    under,
)


def have_again(walk: Walk, machine: DialogueMachine, catalogue: Catalogue) -> str:
    """Replay the conversation and return it verbatim, with the summary it ends in."""
    telling = Replay(machine, catalogue, walk.heading, walk.agreed, walk.facilitator)
    for turn in walk.turns:
        telling.take(turn)
        if telling.is_over:
            return telling.text
    raise AssertionError(f"the walk stops at {telling.at} and never rounds off")


class Replay:
    """A conversation in progress, and the walk it becomes."""

    def __init__(
        self,
        machine: DialogueMachine,
        catalogue: Catalogue,
        heading: list[str],
        agreed: Sequence[str] = (),
        facilitator: str = "",
    ) -> None:
        carried = tuple(Statement(id=f"agreed{number}", text=text) for number, text in enumerate(agreed, 1))
        self.machine = machine
        self.doings = WalkCommands.as_said_in(catalogue)
        self.is_over = False
        self.now: Conversation = begin(machine, carried)
        self._catalogue = catalogue
        self._facilitator = facilitator
        self._pointable = where(machine, begin(machine))[1].questions
        self._said: set[Address] = set()
        self._lines = list(heading)

    @property
    def text(self) -> str:
        """Return the whole transcript so far."""
        return "\n".join(self._lines) + "\n"

    @property
    def at(self) -> Address:
        """Show the current question."""
        return where(self.machine, self.now)[0]

    @property
    def journey(self) -> Journey:
        """Return the current journey."""
        return where(self.machine, self.now)[1]

    def says(self) -> list[Address]:
        """Return the guide's statements here, each only the first time it is reached."""
        at, journey = where(self.machine, self.now)
        return [address for address in journey.said_before(at) if address not in self._said]

    def named(self, address: Address) -> str:
        """Return the question with its topic before it."""
        topic = topic_named(self.machine.dialogue, self.journey, address)
        prompt = self._in(self.machine.dialogue.question(address).prompt)
        return f"{self._topic(topic)}: {prompt}" if topic else prompt

    def take(self, turn: Turn) -> Refusal | None:
        """Take one turn; return None if it was accepted. Ids come from the turn's number alone."""
        at = self.at
        self._lines += self._pointed(turn)
        for address in self.says():
            self._said.add(address)
            self._lines += ["", self._in(self.machine.dialogue.state(address).prompt)]
        self._lines += ["", *(turn.lines if at == ROUND_OFF else self._asked(at, turn))]
        if turn.doing() == self.doings.stops:
            self.is_over = True
            return None
        if at == ROUND_OFF and turn.doing() == self.doings.rounds_off:
            self.is_over = True
            self._lines += self.summary()
            return None
        try:
            self.now = take_turn(self.machine, self.now, self._reply(turn, at), f"turn{self.now.turn}.")
        except Refusal as refusal:
            self._lines.append(f"({self.doings.not_taken})")
            return refusal
        # simulates that the person paused here and continued on another device
        self.now = Conversation.model_validate_json(self.now.model_dump_json())
        return None

    def _pointed(self, turn: Turn) -> Iterator[str]:
        """Return the lines of the facilitator's pointer. What it points at is no act of this conversation."""
        named = {self._in(self.machine.dialogue.question(one).prompt) for one in self._pointable}
        for prompt in turn.pointed:
            assert prompt in named, f"nobody can point at this: {prompt}"
            yield ""
            yield f"{pointing(self._facilitator, self.doings)}{prompt}]"

    def _in(self, text: Text) -> str:
        return text.in_(self._catalogue.language)

    def _topic(self, topic: str | Text) -> str:
        return first_line(topic if isinstance(topic, str) else self._in(topic))

    def _asked(self, at: Address, turn: Turn) -> Iterator[str]:
        """Return the question with the person's lines in place."""
        yield self.named(at)
        question = self.machine.dialogue.question(at)
        labels = [self._in(label) for label in labels_of(question)]
        if turn.doing() is not None or not labels:
            yield from turn.lines
            return
        first, *others = under(question, turn)
        yield from first
        for label, done in zip(labels, others, strict=True):
            yield label
            yield from done

    def _reply(self, turn: Turn, at: Address) -> Reply:
        number, doing = self.now.turn, turn.doing()
        if doing is None:
            return Reply(number, at, "answer", self._given(at, turn, as_given(self.now.answers.get(at))))
        if doing == self.doings.skips:
            return Reply(number, at, "skip")
        if doing == self.doings.goes_back:
            return Reply(number, at, "back")
        assert doing.startswith(self.doings.goes_to), f"nobody can do this: ({doing})"
        named = {self.named(address): address for address in self.journey.questions}
        return Reply(number, at, "go", to=named[doing.removeprefix(self.doings.goes_to)])

    def _given(self, at: Address, turn: Turn, before: Given) -> Given:
        """Return the person's lines as the form they would have filled in."""
        question = self.machine.dialogue.question(at)
        words, picked = own_words_in(turn.lines), options_in(turn.lines)
        stray = [*([] if _takes_words(question) else words), *([] if _has_options(question) else picked)]
        assert not stray, f"«{self.named(at)}» is not answered like this: {stray}"
        match question:
            case Choice() | Choices():
                return {"option": self._ids(question.options, picked), **_statements(words, before)}
            case Rank():
                by_first_line = {first_line(text): id_ for id_, text in self.rankable(question).items()}
                return {"first": tuple(by_first_line[line] for line in picked)}
            case Day():
                return dict(zip(("on", "at"), ((line,) for line in words), strict=False))
            case OwnText() | Statements():
                return _statements(words, before)
            case Balance():
                return dict(self._balance(question, under(question, turn)))

    def rankable(self, question: Rank) -> dict[str, str]:
        """Return what can be put first, by id; what was chosen is named with its topic and side."""
        said = rankable_in(self.machine, self.journey, question.among)
        return {id_: self._named(entry) for id_, entry in said.items()}

    def _named(self, entry: Entry) -> str:
        if isinstance(entry.said, str):
            return entry.said
        topic = topic_named(self.machine.dialogue, self.journey, entry.state)
        about = [self._topic(topic)] if topic else []
        about += [self._in(entry.under)] if entry.under else []
        return ": ".join([*about, self._entry(entry)])

    def _balance(self, question: Balance, lines: list[list[str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
        _, support, support_own, challenge, challenge_own, _, signal, then = lines
        for name, side, done in (
            ("support", question.support, support),
            ("challenge", question.challenge, challenge),
        ):
            levels = {self._in(option.text) for option in side.levels}
            picked = options_in(done)
            yield f"{name}.level", self._ids(side.levels, [text for text in picked if text in levels])
            yield f"{name}.forms", self._ids(side.forms, [text for text in picked if text not in levels])
        fields = {"support.own": support_own, "challenge.own": challenge_own, "signal": signal, "then": then}
        yield from ((name, tuple(own_words_in(done))) for name, done in fields.items())

    def _ids(self, options: list[Option], texts: list[str]) -> tuple[str, ...]:
        offered = {self._in(option.text): option.id for option in options}
        assert set(texts) <= set(offered), f"not offered: {set(texts) - set(offered)}"
        return tuple(offered[text] for text in texts)

    def summary(self) -> Iterator[str]:
        """Return the current summary, line by line."""
        summary, say = summarise(self.machine.dialogue, self.journey), self._catalogue.say
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
                yield from self._entry_told(entry)

    def _entry_told(self, entry: Entry) -> Iterator[str]:
        """Return one entry, with its topic and side, on as many lines as it was written."""
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
                catalogue = self._catalogue
                return f"{catalogue.day(on)}, {catalogue.clock(at)}" if at else catalogue.day(on)


def _takes_words(question: Question) -> bool:
    return own_label(question) is not None or not isinstance(question, Choice | Choices | Rank)


def _has_options(question: Question) -> bool:
    return isinstance(question, Choice | Choices | Rank | Balance)


def _statements(words: list[str], before: Given) -> dict[str, tuple[str, ...]]:
    """Return own words in their existing fields, then in new ones."""
    names = [name for name in before if name.startswith("statement.")]
    names += [f"statement.new{number}" for number in range(len(words))]
    return {name: (text,) for name, text in zip(names, words, strict=False)}
