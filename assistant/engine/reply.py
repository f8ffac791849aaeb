"""Read a submitted form as an answer to the question.

A form is a mapping from field names to texts. The same shape holds a draft, a refused reply and a saved
answer, so that one template can show any of them in its fields again.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date, time
from itertools import count

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
from assistant.engine.conversation import (
    Answer,
    Axis,
    ChosenOptions,
    OnDay,
    PlacedBalance,
    RankedStatements,
    Skipped,
    Statement,
    StatementsGiven,
)
from assistant.engine.likely_day import MEANT, is_possible, see_that_it_is_likely
from assistant.errors import (
    ClockUnreadable,
    DayUnlikely,
    DayUnreadable,
    HiddenCharacter,
    NoSuchOption,
    NothingSaid,
    TextTooLong,
    TooManyChosen,
    TooManyStatements,
)

Given = Mapping[str, tuple[str, ...]]
"""Form fields by name, each with its submitted texts."""

_DAY_FIRST = re.compile(r"^(\d{1,2})\s*[./ -]\s*(\d{1,2})\s*[./ -]\s*(\d{4}|\d{2})$")
_CLOCK = re.compile(r"^(?:kl\.?\s*)?(\d{1,2})(?:[:. ]?(\d{2}))?$", re.IGNORECASE)


def read_answer(
    question: Question,
    given: Given,
    before: Answer | None,
    seed: str,
    rankable: Collection[str] = (),
    today: date | None = None,
) -> Answer:
    """Read the answer from the form.

    Statements keep their ids from the answer `before`; new ones get ids made from the `seed`, which must be
    new for each turn. `rankable` are the ids of the statements a rank may put first. A date far from `today`
    raises `DayUnlikely`; without `today`, as when a conversation is replayed, any date is accepted. Raises a
    `Refusal` that names the problem and the field.
    """
    reader = _Reader(given, _statements_of(before), seed)
    match question:
        case Choice(options=options, own=own):
            return reader.one(options, may_add=own is not None)
        case Choices(options=options, at_most=at_most, own=own):
            return reader.chosen(options, at_most, may_name=own is not None)
        case Rank(at_most=at_most):
            return reader.ranked(rankable, at_most)
        case OwnText():
            return reader.stated(at_most=1)
        case Statements(at_most=at_most):
            return reader.stated(at_most)
        case Balance():
            return reader.placed(question)
        case Day(with_time=with_time):
            return reader.day(with_time, before, today)


def as_given(answer: Answer | None) -> Given:
    """Return the form that would give this answer again; fields that were left open are omitted."""
    return {name: texts for name, texts in _fields_of(answer).items() if texts}


def _fields_of(answer: Answer | None) -> dict[str, tuple[str, ...]]:
    match answer:
        case None | Skipped():
            return {}
        case ChosenOptions(options=options, own=own):
            return {"option": options, **{f"statement.{s.id}": (s.text,) for s in own}}
        case RankedStatements(first=first):
            return {"first": first}
        case StatementsGiven(statements=statements):
            return {f"statement.{s.id}": (s.text,) for s in statements}
        case OnDay(on=on, at=at):
            return {"on": (on.isoformat(),), "at": (at.strftime("%H:%M"),) if at else ()}
        case PlacedBalance(support=support, challenge=challenge, signal=signal, then=then):
            sides = {**_axis_as_given("support", support), **_axis_as_given("challenge", challenge)}
            stop = {"signal": signal, "then": then}
            return sides | {name: (s.text,) for name, s in stop.items() if s}


def _axis_as_given(name: str, axis: Axis) -> dict[str, tuple[str, ...]]:
    return {
        f"{name}.level": (axis.level,) if axis.level else (),
        f"{name}.forms": axis.forms,
        f"{name}.own": (axis.own.text,) if axis.own else (),
    }


def _statements_of(answer: Answer | None) -> dict[str, Statement]:
    """Return the statements of an answer by the name of their form field."""
    match answer:
        case StatementsGiven(statements=statements) | ChosenOptions(own=statements):
            return {f"statement.{s.id}": s for s in statements}
        case PlacedBalance(support=support, challenge=challenge, signal=signal, then=then):
            fields = {
                "support.own": support.own,
                "challenge.own": challenge.own,
                "signal": signal,
                "then": then,
            }
            return {name: s for name, s in fields.items() if s}
        case _:
            return {}


class _Reader:
    """Reads one form; knows the earlier statements and creates new ids."""

    def __init__(self, given: Given, before: dict[str, Statement], seed: str) -> None:
        self._given = given
        self._before = before
        self._ids = (f"{seed}{number:02d}" for number in count(1))

    def chosen(self, options: list[Option], at_most: int | None, *, may_name: bool = False) -> ChosenOptions:
        picked = self._options("option", options)
        own = tuple(self._statements()) if may_name else ()
        if not picked and not own:
            raise NothingSaid().in_field("option")
        if at_most is not None and len(picked) + len(own) > at_most:
            raise TooManyChosen(at_most).in_field("option")
        return ChosenOptions(options=picked, own=own)

    def one(self, options: list[Option], *, may_add: bool) -> ChosenOptions:
        """Read one option and the words added to it; words alone are allowed, for people whom no option
        fits.
        """
        picked = self._options("option", options)
        added = tuple(self._statements()) if may_add else ()
        if not picked and not added:
            raise NothingSaid().in_field("option")
        if len(picked) > 1 or len(added) > 1:
            raise TooManyChosen(1).in_field("option")
        return ChosenOptions(options=picked, own=added)

    def ranked(self, rankable: Collection[str], at_most: int) -> RankedStatements:
        first = tuple(dict.fromkeys(text for text in self._given.get("first", ()) if text))
        if not first:
            raise NothingSaid().in_field("first")
        if not set(first) <= set(rankable):
            raise NoSuchOption().in_field("first")
        if len(first) > at_most:
            raise TooManyChosen(at_most).in_field("first")
        return RankedStatements(first=first)

    def stated(self, at_most: int) -> StatementsGiven:
        fields = self._statement_fields()
        said = self._statements()
        if not said:
            raise NothingSaid().in_field(next(iter(fields), None))
        if len(said) > at_most:
            raise TooManyStatements(at_most).in_field(fields[-1])
        return StatementsGiven(statements=tuple(said))

    def placed(self, question: Balance) -> PlacedBalance:
        answer = PlacedBalance(
            support=self._axis("support", question.support),
            challenge=self._axis("challenge", question.challenge),
            signal=self._statement("signal"),
            then=self._statement("then"),
        )
        if answer == PlacedBalance(support=Axis(), challenge=Axis()):
            raise NothingSaid().in_field("support.level")
        return answer

    def day(self, with_time: bool, before: Answer | None, today: date | None) -> OnDay:
        pressed = self._one(f"on{MEANT}").strip()
        typed = pressed or self._one("on").strip()
        at = self._one("at").strip() if with_time else ""
        if not typed:
            raise NothingSaid().in_field("on")
        on = read_day(typed)
        if today is not None and not (_is_kept(before, on) and is_possible(on, today)):
            try:
                see_that_it_is_likely(on, today, is_sure=bool(pressed), may_be_over=True)
            except DayUnlikely as unlikely:
                raise unlikely.in_field("on") from None
        return OnDay(on=on, at=read_clock(at) if at else None)

    def _axis(self, name: str, side: Side) -> Axis:
        level = self._options(f"{name}.level", side.levels)
        if len(level) > 1:
            raise NoSuchOption().in_field(f"{name}.level")
        forms = self._options(f"{name}.forms", side.forms)
        return Axis(level=next(iter(level), None), forms=forms, own=self._statement(f"{name}.own"))

    def _statement_fields(self) -> list[str]:
        return [name for name in self._given if name.startswith("statement.")]

    def _statements(self) -> list[Statement]:
        return [said for name in self._statement_fields() if (said := self._statement(name))]

    def _options(self, field: str, options: list[Option]) -> tuple[str, ...]:
        """Return the chosen options in the order offered, without duplicates."""
        picked = set(self._given.get(field, ()))
        if picked - {option.id for option in options}:
            raise NoSuchOption().in_field(field)
        return tuple(option.id for option in options if option.id in picked)

    def _statement(self, field: str) -> Statement | None:
        text = own_words(self._one(field), field)
        if not text.strip():
            return None
        before = self._before.get(field)
        if before is None:
            return Statement(id=next(self._ids), text=text)
        if before.text == text:
            return before
        return Statement(id=before.id, text=text, version=before.version + 1)

    def _one(self, field: str) -> str:
        return next(iter(self._given.get(field, ())), "")


def _is_kept(before: Answer | None, on: date) -> bool:
    """Return whether this day is already the stored answer, and so was accepted before."""
    return isinstance(before, OnDay) and before.on == on


_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_LINE_BREAKS = "\v\f\x85\u2028\u2029"
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_MEANT = {chr(code): letter for code, letter in _WINDOWS.items()} | dict.fromkeys(_LINE_BREAKS, "\n")
"""Replacements for control characters: PowerPoint breaks lines with VT, old texts contain Windows-1252.
Browsers draw nothing for U+2028 and U+2029 either, so words around them would run together.
"""


def own_words(text: str, field: str) -> str:
    """Return the words as written. A form sends line breaks as CR LF; they are converted back to LF."""
    words = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(words) > TEXT_LIMIT:
        raise TextTooLong(len(words), TEXT_LIMIT).in_field(field)
    if words != without_hidden(words):
        raise HiddenCharacter().in_field(field)
    return words


def without_hidden(text: str) -> str:
    """Replace the control characters that no page can show, so that no two words are joined.

    Every kind of line break becomes LF, Windows-1252 bytes become their letters, and other characters become
    a space between two letters or digits and are removed elsewhere.
    """
    return _HIDDEN.sub(_instead_of, text)


def _instead_of(hidden: re.Match[str]) -> str:
    signs, text = hidden[0], hidden.string
    meant = "".join(_MEANT.get(sign, "") for sign in signs)
    before, after = text[: hidden.start()][-1:], text[hidden.end() :][:1]
    return meant or (" " if before.isalnum() and after.isalnum() else "")


def read_day(text: str) -> date:
    """Read a date as browsers send it (2026-01-05) or as people write it (5.1.2026)."""
    try:
        if found := _DAY_FIRST.match(text):
            day, month, year = map(int, found.groups())
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        raise DayUnreadable().in_field("on") from None


def read_clock(text: str) -> time:
    """Read a time of day: 09:05, 9.05, kl. 9 or 0905."""
    found = _CLOCK.match(text)
    try:
        if found is None:
            raise ValueError
        return time(int(found[1]), int(found[2] or 0))
    except ValueError:
        raise ClockUnreadable().in_field("at") from None
