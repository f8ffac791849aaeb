"""A conversation in the terminal, line by line.

Typed lines become a turn of a walk, and the conversation takes that turn, so replaying the saved walk gives
exactly the same conversation. The terminal is an argument: two functions.
"""

from collections.abc import Callable, Mapping
from textwrap import fill

from assistant.dialogue.model import TEXT_LIMIT, Address, Question, Rank
from assistant.engine.conversation import ROUND_OFF
from assistant.engine.machine import DialogueMachine
from assistant.engine.reply import as_given, without_hidden
from assistant.errors import Refusal
from assistant.languages import Catalogue
from assistant.workshop.typed_replies import TypedReplies, options_told
from assistant.workshop.walks.format import Turn, a_doing, as_turn
from assistant.workshop.walks.replay import Replay

Read = Callable[[str], str]
"""Shows a prompt and returns a line. Raises `EOFError` at the end of the input."""
Write = Callable[[str], None]

_WIDTH = 78
_COMMANDS = ("skip", "back", "why", "examples", "go", "help", "quit")
_DOT = " · "


class Command(Exception):
    """A command was typed instead of an answer, at any point of the answer."""

    def __init__(self, name: str) -> None:
        self.name = name


class TerminalConversation:
    """One conversation, from the opening to the summary, or until the person stops."""

    def __init__(self, machine: DialogueMachine, catalogue: Catalogue, read: Read, write: Write) -> None:
        frame = machine.dialogue.frame
        heading = [
            f"# {catalogue.say('talk.remark')}",
            f"dialogue: {frame.id}",
            f"language: {catalogue.language}",
        ]
        self.telling = Replay(machine, catalogue, heading)
        self._dialogue = machine.dialogue
        self._catalogue = catalogue
        self._say = catalogue.say
        self._read = read
        self._write = write
        self._commands: Mapping[str, str] = {catalogue.say(f"talk.{name}"): name for name in _COMMANDS}
        self._shown: set[Address] = set()

    def have(self) -> str:
        """Hold the conversation; return its walk."""
        self._paragraph(self._dialogue.frame.title.in_(self._catalogue.language))
        self._help()
        try:
            while not self.telling.is_over:
                self._one_turn()
        except (EOFError, KeyboardInterrupt):
            self._write("")
            self._stop()
        return self.telling.text

    def line(self, prompt: str = "> ") -> str:
        """Read one line. Raises `Command` if it is one."""
        while True:
            line = self._read(prompt).removesuffix("\r")
            if line != without_hidden(line) or "\r" in line:
                self.sentence(self._say("talk.hidden"))
            elif len(line) > TEXT_LIMIT:
                self.sentence(self._say("refusal.TextTooLong", length=len(line), limit=TEXT_LIMIT))
            elif not line.startswith("/"):
                return line
            elif (name := self._commands.get(line.strip().lower())) is None:
                self.sentence(self._say("talk.no_such_command"))
                self._help()
            elif not self._explained(name):
                raise Command(name)

    def sentence(self, text: str) -> None:
        """Print a statement by the guide, wrapped to the page width."""
        for line in text.split("\n"):
            self._write(fill(line, _WIDTH))

    def _paragraph(self, text: str) -> None:
        self._write("")
        self.sentence(text)

    def _one_turn(self) -> None:
        for address in self.telling.says():
            if address not in self._shown:
                self._shown.add(address)
                self._paragraph(self._dialogue.state(address).prompt.in_(self._catalogue.language))
        at = self.telling.at
        try:
            turn = self._round_off() if at == ROUND_OFF else self._answer(at)
        except Command as command:
            asked_for = self._do(command.name)
            if asked_for is None:
                return
            turn = asked_for
        refusal = self.telling.take(turn)
        if refusal is not None:
            self.sentence(self._refused(refusal))
        elif self.telling.is_over and at == ROUND_OFF and turn.doing() == self.telling.doings.rounds_off:
            for line in self.telling.summary():
                self._write(line)

    def _answer(self, at: Address) -> Turn:
        question = self._dialogue.question(at)
        self._ask(at, question)
        before = self.telling.now.answers.get(at)
        rankable = self._rankable(question)
        given = TypedReplies(self, self._catalogue).to(question, as_given(before), rankable)
        while not any(text for texts in given.values() for text in texts):
            self.sentence(self._say("talk.nothing", skip=self._say("talk.skip")))
            given = TypedReplies(self, self._catalogue).to(question, {}, rankable)
        return as_turn(question, given, self._catalogue.language, rankable)

    def _ask(self, at: Address, question: Question) -> None:
        journey = self.telling.journey
        self._write("")
        place = self._dialogue.part_of(at).topic.in_(self._catalogue.language)
        if at in journey.led:
            number = journey.led.index(at) + 1
            place += _DOT + self._say("reply.place", place=number, all=len(journey.led))
        self._write(f"── {place}")
        self.sentence(self.telling.named(at))
        before = self.telling.now.answers.get(at)
        if before is not None and before.given:
            self.sentence(self._say("talk.before"))
            turn = as_turn(question, as_given(before), self._catalogue.language, self._rankable(question))
            for line in turn.lines:
                self._write(f"    {line}")

    def _rankable(self, question: Question) -> Mapping[str, str]:
        return self.telling.rankable(question) if isinstance(question, Rank) else {}

    def _round_off(self) -> Turn:
        self._paragraph(self._say("round_off.heading"))
        self.sentence(self._say("talk.round_off", go=self._say("talk.go")))
        while self.line():
            self.sentence(self._say("talk.round_off", go=self._say("talk.go")))
        return a_doing(self.telling.doings.rounds_off)

    def _do(self, name: str) -> Turn | None:
        """Return the turn for a command; None if it only printed something."""
        doings = self.telling.doings
        match name:
            case "back":
                return a_doing(doings.goes_back)
            case "skip":
                return a_doing(doings.skips)
            case "quit":
                self._stop()
            case "go":
                return self._somewhere()
        return None

    def _explained(self, name: str) -> bool:
        """Return True if the line only asked the guide a question; it is answered here."""
        at = self.telling.at
        if name in ("why", "examples") and at != ROUND_OFF:
            self._explain(name, self._dialogue.question(at))
        elif name in ("why", "examples", "help") or (name == "skip" and at == ROUND_OFF):
            self._help()
        else:
            return False
        return True

    def _somewhere(self) -> Turn | None:
        """Ask where to go, among all questions on the journey."""
        names = [self.telling.named(address) for address in self.telling.journey.questions]
        options_told(names, self._write)
        self.sentence(self._say("talk.where"))
        try:
            number = self.line().strip()
        except Command:
            return None
        if number.isdecimal() and 0 < int(number) <= len(names):
            return a_doing(self.telling.doings.goes_to + names[int(number) - 1])
        self.sentence(self._say("talk.stays"))
        return None

    def _explain(self, name: str, question: Question) -> None:
        if name == "why":
            self._paragraph(question.why.in_(self._catalogue.language))
        elif not question.examples:
            self._paragraph(self._say("talk.no_examples"))
        else:
            self._paragraph(self._say("reply.examples_hint"))
            for example in question.examples:
                self.sentence(f"– {example.in_(self._catalogue.language)}")

    def _refused(self, refusal: Refusal) -> str:
        return self._say(f"refusal.{type(refusal).__name__}", **vars(refusal))

    def _help(self) -> None:
        self._write("")
        for command, name in self._commands.items():
            self._write(f"  {command:<14}{self._say(f'talk.{name}_explained')}")

    def _stop(self) -> None:
        self.telling.take(a_doing(self.telling.doings.stops))
        self.sentence(self._say("talk.stopped"))
