"""Everything a notebook holds about one meeting, as data its owner can keep, read and move elsewhere.

`format` says how it is written. Format 1, in the order it stands in the file:

- `made_at`, `kept_until`: when the file was made; when the notebook is deleted if nothing more is answered;
- `language`: the language of `prompt`, `topic`, `under` and of chosen wordings in `said`;
- `dialogue`: which script was asked, at which version, and the SHA-256 of its text;
- `meeting`: its id, its day and time where given, and the time zone they are told in;
- `asked`: every question on the way in order, then those whose answers were set aside. `status` is one of
  `answered`, `skipped`, `open` and `set_aside`; `private` is true where nobody else is shown it; `answer` is
  the answer as it is kept; `said` is the same in words, each entry with its id and the version of its text;
- `typed`: what was typed under a question and not yet given, by question and field.

Keys, links and codes are never in it.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Literal

from pydantic import AwareDatetime

from assistant.dialogue.model import Address, Dialogue
from assistant.engine.conversation import Answer, Conversation, Kept, OnDay, Skipped
from assistant.engine.journey import Journey
from assistant.exports.calendar_entry import ZONE
from assistant.exports.sheet import words_of
from assistant.languages import Catalogue, Language
from assistant.meetings.notebook import Draft, Meeting
from assistant.meetings.summary import entries_of, topic_named

Status = Literal["answered", "skipped", "open", "set_aside"]


class Script(Kept):
    """The dialogue that was had, and the exact text of it."""

    id: str
    version: int
    digest: str


class When(Kept):
    """The meeting, and when it is."""

    id: str
    on: date | None
    at: time | None
    time_zone: str = ZONE


class Said(Kept):
    """One entry in words."""

    id: str
    version: int
    text: str
    own: bool
    under: str | None


class Asked(Kept):
    """One question with what was answered to it."""

    address: Address
    prompt: str
    asks: str
    topic: str | None
    private: bool
    status: Status
    answer: Answer | None
    said: tuple[Said, ...]


class Everything(Kept):
    """The whole file."""

    format: Literal[1] = 1
    made_at: AwareDatetime
    kept_until: AwareDatetime
    language: Language
    dialogue: Script
    meeting: When
    turn: int
    at: Address
    asked: tuple[Asked, ...]
    typed: dict[Address, dict[str, tuple[str, ...]]]


def gather(
    dialogue: Dialogue,
    meeting: Meeting,
    conversation: Conversation,
    journey: Journey,
    draft: Draft,
    book: Catalogue,
    *,
    made_at: datetime,
    kept_until: datetime,
) -> Everything:
    """Everything there is, with nothing left out: notes, skipped questions and what was set aside too."""
    day = day_of(journey)
    return Everything(
        made_at=made_at,
        kept_until=kept_until,
        language=book.language,
        dialogue=Script(id=dialogue.frame.id, version=dialogue.frame.version, digest=conversation.dialogue),
        meeting=When(id=meeting.id, on=day.on if day else None, at=day.at if day else None),
        turn=conversation.turn,
        at=conversation.at,
        asked=tuple(_asked(dialogue, journey, book)),
        typed=draft.fields,
    )


def day_of(journey: Journey) -> OnDay | None:
    """The day of the meeting, where it was given: the first day told on the way."""
    return next((answer for answer in journey.answers.values() if isinstance(answer, OnDay)), None)


def as_json(everything: Everything) -> str:
    """The file, indented, with every letter as itself."""
    return everything.model_dump_json(indent=2) + "\n"


def _asked(dialogue: Dialogue, journey: Journey, book: Catalogue) -> Iterator[Asked]:
    for address in (*journey.questions, *journey.set_aside):
        answer = journey.answers.get(address)
        aside = journey.set_aside.get(address)
        status: Status = "answered" if answer else "set_aside" if aside else "open"
        question, topic = dialogue.question(address), None
        if address in journey.questions:
            named = topic_named(dialogue, journey, address)
            topic = named if named is None or isinstance(named, str) else named.in_(book.language)
        kept = answer or aside
        yield Asked(
            address=address,
            prompt=question.prompt.in_(book.language),
            asks=question.asks,
            topic=topic,
            private=question.section is None,
            status="skipped" if isinstance(answer, Skipped) else status,
            answer=kept,
            said=tuple(_said(address, dialogue, kept, book)) if kept else (),
        )


def _said(address: Address, dialogue: Dialogue, answer: Answer, book: Catalogue) -> Iterator[Said]:
    for entry in entries_of(address, dialogue.question(address), answer):
        words = words_of(entry, book)
        under = entry.under.in_(book.language) if entry.under else None
        yield Said(id=entry.id, version=entry.version, text=words.text, own=words.own, under=under)
