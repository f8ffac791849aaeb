"""Read the answer to each kind of question from typed lines, and report errors at once.

The same rule applies to all own words: an empty line ends them, and a line that begins with `|` continues
the line above. An empty first line leaves the field open, or as it was.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Protocol

from assistant.dialogue.model import (
    TEXT_LIMIT,
    Balance,
    Choice,
    Choices,
    Day,
    Option,
    OwnText,
    Question,
    Rank,
    Side,
    Statements,
)
from assistant.engine.reply import Given, read_clock, read_day
from assistant.errors import Refusal
from assistant.languages import Catalogue
from assistant.workshop.walks.format import own_label

Texts = tuple[str, ...]
_WIDTH = 78


class Terminal(Protocol):
    """Reads lines and prints messages."""

    def line(self, prompt: str = "> ") -> str:
        """Read one line."""

    def sentence(self, text: str) -> None:
        """Print a message."""


def options_told(wordings: Sequence[str], write: Callable[[str], None]) -> None:
    """List the options with numbers."""
    for number, wording in enumerate(wordings, 1):
        for line in wrap(f"{number}  {wording}", _WIDTH, initial_indent="  ", subsequent_indent="     "):
            write(line)


class TypedReplies:
    """The fields of one question, asked for in turn."""

    def __init__(self, terminal: Terminal, catalogue: Catalogue) -> None:
        self._terminal = terminal
        self._told = catalogue
        self._say = catalogue.say

    def to(self, question: Question, before: Given, rankable: Mapping[str, str]) -> Given:
        """Ask for an answer and return it as form fields; `before` is their current content."""
        match question:
            case Choice():
                return self._chosen(question, before, at_most=1)
            case Choices(at_most=at_most):
                return self._chosen(question, before, at_most)
            case Rank(at_most=at_most):
                return {"first": self._numbers(list(rankable), list(rankable.values()), at_most)}
            case Day(with_time=with_time):
                return self._day(before, with_time)
            case OwnText():
                return self._one_statement(before)
            case Statements(at_most=at_most):
                return self._statements(before, at_most)
            case Balance():
                return dict(self._balance(question, before))

    def _chosen(self, question: Choice | Choices, before: Given, at_most: int | None) -> Given:
        picked = self._pick(question.options, before.get("option", ()), at_most)
        own = own_label(question)
        if own is None:
            return {"option": picked}
        self._terminal.sentence(own.in_(self._told.language))
        words = self._one_statement(before) if at_most == 1 else self._statements(before, None)
        return {"option": picked, **words}

    def _pick(self, options: list[Option], before: Texts, at_most: int | None) -> Texts:
        ids = [option.id for option in options]
        picked = self._numbers(ids, [o.text.in_(self._told.language) for o in options], at_most)
        return picked or before

    def _numbers(self, ids: list[str], wordings: list[str], at_most: int | None) -> Texts:
        """Read the chosen numbers; none for an empty line."""
        options_told([" ".join(wording.split()) for wording in wordings], self._terminal.sentence)
        self._terminal.sentence(self._say("talk.one_number" if at_most == 1 else "talk.numbers"))
        while True:
            typed = self._terminal.line().replace(",", " ").split()
            picked = tuple(dict.fromkeys(typed))
            if any(not n.isdecimal() or not 0 < int(n) <= len(ids) for n in picked):
                self._terminal.sentence(self._say("talk.no_such_number", last=len(ids)))
            elif at_most is not None and len(picked) > at_most:
                self._terminal.sentence(self._say("refusal.TooManyChosen", limit=at_most))
            else:
                return tuple(ids[int(n) - 1] for n in picked)

    def _texts(self) -> list[str]:
        """Read own words until an empty line, one text per line; `|` continues the text above."""
        texts: list[str] = []
        while (line := self._line_after(texts)).strip():
            if line.startswith("|") and texts:
                texts[-1] += "\n" + line[1:].removeprefix(" ")
            else:
                texts.append(line)
        return texts

    def _line_after(self, texts: list[str]) -> str:
        try:
            return self._terminal.line()
        except EOFError:
            if not texts:
                raise
            return ""  # text typed before the end of the input counts

    def _statements(self, before: Given, at_most: int | None) -> dict[str, Texts]:
        """Read several statements; none typed keeps the existing ones."""
        self._terminal.sentence(self._say("talk.statements"))
        while True:
            texts = self._texts()
            longest = max(map(len, texts), default=0)
            if at_most is not None and len(texts) > at_most:
                self._terminal.sentence(self._say("refusal.TooManyStatements", limit=at_most))
            elif longest > TEXT_LIMIT:
                self._too_long(longest)
            else:
                return _in_fields(texts, before)

    def _one_statement(self, before: Given) -> dict[str, Texts]:
        text = self._text()
        return _in_fields([text] if text else [], before)

    def _text(self) -> str:
        """Read one text of any number of lines."""
        self._terminal.sentence(self._say("talk.text"))
        while True:
            text = "\n".join(self._texts())
            if len(text) <= TEXT_LIMIT:
                return text
            self._too_long(len(text))

    def _day(self, before: Given, with_time: bool) -> dict[str, Texts]:
        on = self._until_read(f"{self._say('day.on')}. {self._say('day.on_hint')}", read_day)
        if not on and not before:
            return {}
        given = {"on": (on,) if on else before["on"]}
        if with_time:
            at = self._until_read(f"{self._say('day.at')}. {self._say('day.at_hint')}", read_clock)
            given["at"] = (at,) if at else before.get("at", ())
        return given

    def _until_read(self, asked: str, reads: Callable[[str], object]) -> str:
        self._terminal.sentence(asked)
        while text := self._terminal.line().strip():
            try:
                reads(text)
            except Refusal as refusal:
                self._terminal.sentence(self._say(f"refusal.{type(refusal).__name__}"))
            else:
                break
        return text

    def _balance(self, question: Balance, before: Given) -> Iterator[tuple[str, Texts]]:
        self._terminal.sentence(self._say("balance.leave_open"))
        for name, side in (("support", question.support), ("challenge", question.challenge)):
            yield from self._side(name, side, before)
        self._terminal.sentence(question.stop.label.in_(self._told.language))
        for name, label in (("signal", question.stop.signal), ("then", question.stop.then)):
            self._terminal.sentence(label.in_(self._told.language))
            yield name, self._own(before.get(name, ()))

    def _side(self, name: str, side: Side, before: Given) -> Iterator[tuple[str, Texts]]:
        label = side.label.in_(self._told.language)
        self._terminal.sentence(self._say("balance.how_much", side=label))
        yield f"{name}.level", self._pick(side.levels, before.get(f"{name}.level", ()), at_most=1)
        self._terminal.sentence(self._say("balance.forms", side=label))
        yield f"{name}.forms", self._pick(side.forms, before.get(f"{name}.forms", ()), None)
        self._terminal.sentence(side.own.in_(self._told.language))
        yield f"{name}.own", self._own(before.get(f"{name}.own", ()))

    def _own(self, before: Texts) -> Texts:
        text = self._text()
        return (text,) if text else before

    def _too_long(self, length: int) -> None:
        self._terminal.sentence(self._say("refusal.TextTooLong", length=length, limit=TEXT_LIMIT))


def _in_fields(texts: list[str], before: Given) -> dict[str, Texts]:
    """Put the texts in the existing fields, then in new ones; none typed leaves them unchanged."""
    there = {name: given for name, given in before.items() if name.startswith("statement.")}
    if not texts:
        return there
    names = [*there, *(f"statement.new{number}" for number in range(len(texts)))]
    return {name: (text,) for name, text in zip(names, texts, strict=False)}
