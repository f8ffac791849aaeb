"""The forms of a review: each names its act, and is parsed as that act or refused."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar, get_args

from assistant.engine.likely_day import MEANT
from assistant.engine.reply import own_words, read_day
from assistant.errors import NotFound, NothingSaid, Refusal, TextTooLong
from assistant.meetings.review.acts import (
    Act,
    Confirm,
    Drop,
    GiveAnswer,
    MarkEntry,
    Meet,
    Point,
    Propose,
    PutBeside,
    SeeRecord,
    TakeStand,
    TransferRecord,
    WantAnswer,
)
from assistant.meetings.review.agreement import OtherPerson, Who
from assistant.meetings.review.review import AnswerKind, Mark, Side, View
from assistant.web.http.forms import Form

_DAYS = ("by_on", "look_again_on")
NAME_LIMIT = 100
"""Maximum number of characters in the name of the person responsible."""
_SEEN_DIGITS = 9

T = TypeVar("T")


def read_act(form: Form, side: Side, opening: str = "") -> Act:
    """Parse the act in a form. Raises `NotFound` for an unknown act, and refusals for the typed text."""
    act, _, value = form.one("act").partition(":")
    match act:
        case "mark":
            return MarkEntry(form.one("entry"), one_of(get_args(Mark), value))
        case "want":
            return WantAnswer(form.one("entry"), value == "yes")
        case "point":
            return Point(form.one("entry") if value == "here" else None)
        case "meet":
            return Meet(opening)
        case "beside":
            whose: Side = one_of(get_args(Side), form.one("whose")) or side
            return PutBeside(form.one("entry"), whose, _words(form), _seen(form))
    read = _READ.get(act)
    if read is None:
        raise NotFound
    return read(form)


def _answer(form: Form) -> Act:
    kind: AnswerKind | None = one_of(get_args(AnswerKind), form.one("kind"))
    if kind is None:
        raise NothingSaid().in_field("kind")
    by_on = _day(form, "by_on")
    return GiveAnswer(form.one("entry"), kind, _words(form), by_on, _seen(form), _sure(form))


def _propose(form: Form) -> Act:
    what = own_words(form.one("what"), "what")
    if not what.strip():
        raise NothingSaid().in_field("what")
    by_on, look_again_on = _day(form, "by_on"), _day(form, "look_again_on")
    return Propose(form.one("id"), what, _who(form), by_on, look_again_on, _seen(form), _sure(form))


def _stand(form: Form) -> Act:
    view: View | None = one_of(get_args(View), form.one("view"))
    if view is None:
        raise NothingSaid().in_field("view")
    return TakeStand(view, _words(form), form.one("on"), _seen(form))


_READ: Mapping[str, Callable[[Form], Act]] = {
    "answer": _answer,
    "propose": _propose,
    "confirm": lambda form: Confirm(form.one("id"), _seen(form)),
    "drop": lambda form: Drop(form.one("id"), _seen(form)),
    "stand": _stand,
    "see": lambda form: SeeRecord(form.one("id")),
    "transfer": lambda form: TransferRecord(form.one("id")),
}


def _words(form: Form) -> str:
    return own_words(form.one("words"), "words")


def _who(form: Form) -> Who:
    """Return who is to do it. A typed name overrides any choice."""
    name = own_words(form.one("name"), "name").strip()
    if len(name) > NAME_LIMIT:
        raise TextTooLong(len(name), NAME_LIMIT).in_field("name")
    if name:
        return OtherPerson(name=name)
    if form.one("who") == "other":
        raise NothingSaid().in_field("name")
    side: Side | None = one_of(get_args(Side), form.one("who"))
    if side is None:
        raise NothingSaid().in_field("who")
    return side


def _day(form: Form, field: str) -> date | None:
    typed = day_typed(form, field).strip()
    try:
        return read_day(typed) if typed else None
    except Refusal as refusal:
        raise refusal.in_field(field) from None


def day_typed(form: Form, field: str) -> str:
    """Return the text of a date field, or the date chosen by button."""
    return form.one(f"{field}{MEANT}") or form.one(field)


def days_said(form: Form) -> tuple[str, ...]:
    """Return the dates confirmed on this form, now or before: `by_on=2029-01-05`."""
    pressed = (f"{day}={form.one(f'{day}{MEANT}')}" for day in _DAYS if form.one(f"{day}{MEANT}"))
    return tuple(dict.fromkeys((*pressed, *form.fields.get("sure", ())[: len(_DAYS)])))


def _sure(form: Form) -> frozenset[str]:
    """Return the fields whose date is confirmed; a date changed since must be confirmed anew."""
    said = days_said(form)
    return frozenset(day for day in _DAYS if f"{day}={day_typed(form, day)}" in said)


def _seen(form: Form) -> int:
    seen = form.one("seen")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) <= _SEEN_DIGITS else 0


def one_of(values: tuple[T, ...], text: str) -> T | None:
    """Return the submitted value if it is one of these; None otherwise."""
    return next((value for value in values if value == text), None)
