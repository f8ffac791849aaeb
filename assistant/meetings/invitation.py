"""An invitation: a professional's details about a meeting, sent before the user prepares for it.

The kind of meeting and the day become ordinary answers in the dialogue, which the user may change. Place,
participants and greeting are the professional's words, not the user's answers; they are shown beside the
meeting as the text of the invitation.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from assistant.dialogue.model import Address, Choice, Day, Dialogue, Option
from assistant.engine.conversation import ROUND_OFF, Answer, ChosenOptions, Conversation, OnDay, StoredModel
from assistant.engine.journey import walk
from assistant.engine.likely_day import MEANT, see_that_it_is_likely
from assistant.engine.machine import DialogueMachine
from assistant.engine.reply import read_clock, read_day, without_hidden
from assistant.errors import (
    DayMissing,
    DayNotAhead,
    DayUnlikely,
    HiddenCharacter,
    NoSuchOption,
    NumberUnreadable,
    TextTooLong,
)
from assistant.languages import Language

LABEL_LIMIT = 60
PLACE_LIMIT = 100
PEOPLE_LIMIT = 300
GREETING_LIMIT = 400
SLIPS_LIMIT = 30
"""The maximum number of people invited to one meeting, or from one waiting room in a day."""

_KIND, _DAY = "meeting/kind", "meeting/day"
_OPEN = ("unsure",)
"""Uninformative options: with these, an invitation leaves the kind open."""


class Invitation(StoredModel):
    """The content of an invitation: the professional's own words, apart from the kind and the day."""

    format: Literal[1] = 1
    language: Language
    kind: str | None = None
    """An option of the dialogue's own question."""
    on: date | None = None
    at: time | None = None
    place: str = ""
    people: str = ""
    greeting: str = ""


class ReceivedInvitation(StoredModel):
    """The invitation a meeting came from, as stored in the user's notebook."""

    id: str
    staff_id: str
    """The member of staff who invited."""
    label: str
    """The professional's label, encrypted to them: neither the user nor the server can read it."""
    said: Invitation


class InvitationDraft(StoredModel):
    """The form by which a professional makes an invitation: its content, and notes for themselves."""

    said: Invitation
    label: str
    slips: int


def kinds_in(dialogue: Dialogue) -> tuple[Option, ...]:
    """Return the kinds of meeting an invitation may name: the options in the dialogues."""
    question = dialogue.states.get(_KIND)
    if not isinstance(question, Choice):
        return ()
    return tuple(option for option in question.options if option.id not in _OPEN)


def read_wish(
    dialogue: Dialogue, given: Mapping[str, str], language: Language, today: date
) -> InvitationDraft:
    """Read the form of an invitation. Every field may be empty.

    Raises a `Refusal` with the field that was not accepted.
    """
    kind = given.get("kind", "") or None
    if kind is not None and kind not in {option.id for option in kinds_in(dialogue)}:
        raise NoSuchOption().in_field("kind")
    on, at = _day(given, today)
    return InvitationDraft(
        said=Invitation(
            language=language,
            kind=kind,
            on=on,
            at=at,
            place=read_words(given, "place", PLACE_LIMIT),
            people=read_words(given, "people", PEOPLE_LIMIT),
            greeting=read_words(given, "greeting", GREETING_LIMIT),
        ),
        label=read_words(given, "label", LABEL_LIMIT),
        slips=_number(given.get("slips", "")),
    )


def works_until(said: Invitation, today: date, without_day: timedelta) -> datetime:
    """Return when it expires: after the day following the meeting, or some time from now without a date."""
    last = said.on + timedelta(days=1) if said.on else today + without_day
    return datetime.combine(last + timedelta(days=1), time.min, tzinfo=UTC)


def filled_in(machine: DialogueMachine, begun: Conversation, said: Invitation) -> Conversation:
    """Return the new conversation with the invitation's details as answers. Details without a matching
    question on the journey of this dialogue version are left out.
    """
    answers = dict(begun.answers) | _answers(machine.dialogue, said)
    journey = walk(machine, answers, begun.carried)
    at = next(iter(journey.open_questions), ROUND_OFF)
    return begun.model_copy(update={"answers": journey.answers, "at": at})


def _answers(dialogue: Dialogue, said: Invitation) -> dict[Address, Answer]:
    answers: dict[Address, Answer] = {}
    if said.kind in {option.id for option in kinds_in(dialogue)}:
        answers[_KIND] = ChosenOptions(options=(said.kind or "",))
    question = dialogue.states.get(_DAY)
    if isinstance(question, Day) and said.on is not None:
        answers[_DAY] = OnDay(on=said.on, at=said.at if question.with_time else None)
    return answers


def _day(given: Mapping[str, str], today: date) -> tuple[date | None, time | None]:
    day = (given.get(f"on{MEANT}", "") or given.get("on", "")).strip()
    clock = given.get("at", "").strip()
    if clock and not day:
        raise DayMissing().in_field("on")
    on = read_day(day) if day else None
    if on is not None:
        try:
            see_that_it_is_likely(on, today, is_sure=False, may_be_over=False)
        except DayUnlikely as unlikely:
            raise DayNotAhead(on, unlikely.meant).in_field("on") from None
    return on, read_clock(clock) if clock else None


def read_words(given: Mapping[str, str], field: str, limit: int) -> str:
    """Return the text of a field. Raises `TextTooLong` and `HiddenCharacter`."""
    words = given.get(field, "")
    if not words.strip():
        return ""
    if len(words) > limit:
        raise TextTooLong(len(words), limit).in_field(field)
    if words != without_hidden(words):
        raise HiddenCharacter().in_field(field)
    return words


def _number(typed: str) -> int:
    if not typed.strip():
        return 1
    try:
        number = int(typed)
    except ValueError:
        number = 0
    if not 1 <= number <= SLIPS_LIMIT:
        raise NumberUnreadable(SLIPS_LIMIT).in_field("slips")
    return number
