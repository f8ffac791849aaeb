"""Everything a notebook holds about one meeting, as data its owner can keep, read and move elsewhere.

`format` is the version of this format. Format 3, in file order:

- `made_at`, `kept_until`: when the file was made; when the notebook is deleted if nothing more is answered;
- `language`: the language of `prompt`, `topic`, `under` and of chosen wordings in `said`;
- `meeting`: its id, its day and time where given, and the time zone they are told in;
- `dialogue`: which script was asked, at which version, and the SHA-256 of its text;
- `turn`, `at`: the number of replies, and the current question;
- `carried`: the agreements of earlier meetings that it began with;
- `topics_aside`: own topics that were removed while they still have answers;
- `asked`: every question on the way in order, then those whose answers were set aside. `status` is one of
  `answered`, `skipped`, `open` and `set_aside`; `private` is true for answers that are shown to no one else;
  `answer` is the answer as it is kept; `said` is the same in words, each entry with its id and
  text version. `unread` is true where another person wrote it for the user, who has not approved it;
- `typed`: what was typed under a question and not yet given, by question and field;
- `after`: the look back on the meeting, with its `dialogue` and all that follows it up to `typed`; null where
  it has not begun;
- `agreements`: what was agreed at the meeting;
- `sharing`: what was chosen about sharing: for all, and for each entry that is an exception, by its id;
- `invited`: what the invitation said, where the meeting came from one; null where it did not;
- `guided`: the guided session it was prepared in: who led it, its form and its day; null without one;
- `shares`: each time something was shared, the oldest first. `seen` is what the other can see now, and null
  when it is over: then nothing is left of it. `trail` says who did what with it and when; `by` is null where
  it was its owner, or the clock, and where it was someone who no longer works here, it says so.
  `trail_is_whole` is false where the trail has been tampered with. `review` holds the marks, answers,
  comments, standpoints and texts for the record, each with its author and writer; null for shares from before
  there were reviews.

Format 2 had neither `unread` nor `guided`. Format 1 had neither what was carried nor anything from `after`
on. Keys, links and codes are never in it.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Literal

from pydantic import AwareDatetime

from assistant.dialogue.model import Address, Dialogue
from assistant.engine.conversation import Answer, Conversation, Skipped, Statement, StoredModel
from assistant.engine.entries import entries_of
from assistant.engine.journey import Journey
from assistant.exports.calendar_entry import day_of
from assistant.exports.sheet import words_of
from assistant.languages import Catalogue, Language
from assistant.meetings.guided.participation import Participation
from assistant.meetings.guided.room import Facilitator, Form
from assistant.meetings.invitation import Invitation
from assistant.meetings.notebook import Draft, Meeting
from assistant.meetings.review.agreement import Agreement
from assistant.meetings.review.review import Review
from assistant.meetings.share import Choice, SharingChoices, Snapshot
from assistant.meetings.summary import NOTHING_UNREAD, Unread, marked, topic_named
from assistant.zone import service_zone

Status = Literal["answered", "skipped", "open", "set_aside"]


class DialogueExport(StoredModel):
    """The dialogue of the conversation, with its exact text."""

    id: str
    version: int
    digest: str


class MeetingTimeExport(StoredModel):
    """The meeting and its time."""

    id: str
    on: date | None
    at: time | None
    time_zone: str


class EntryExport(StoredModel):
    """One entry in words."""

    id: str
    version: int
    text: str
    own: bool
    under: str | None
    unread: bool = False


class QuestionExport(StoredModel):
    """One question with its answer."""

    address: Address
    prompt: str
    asks: str
    topic: str | None
    private: bool
    status: Status
    answer: Answer | None
    said: tuple[EntryExport, ...]


class ConversationExport(StoredModel):
    """One conversation in full, including notes, skipped questions and answers that were set aside."""

    dialogue: DialogueExport
    turn: int
    at: Address
    carried: tuple[Statement, ...]
    topics_aside: tuple[Statement, ...]
    asked: tuple[QuestionExport, ...]
    typed: dict[Address, dict[str, tuple[str, ...]]]


class SharingChoicesExport(StoredModel):
    """The sharing choices."""

    explained: bool
    for_all: Choice | None
    exceptions: dict[str, Choice]


class AuditRowExport(StoredModel):
    """One row of a trail."""

    at: AwareDatetime
    act: str
    by: str | None


class ShareExport(StoredModel):
    """One share with everything that belongs to it."""

    way: str
    made_at: AwareDatetime
    opens_until: AwareDatetime
    ended: str | None
    ended_at: AwareDatetime | None
    version: int
    seen: Snapshot | None
    trail: tuple[AuditRowExport, ...]
    trail_is_whole: bool
    review: Review | None = None


class _Top(StoredModel):
    """The first fields of the file."""

    format: Literal[3] = 3
    made_at: AwareDatetime
    kept_until: AwareDatetime
    language: Language
    meeting: MeetingTimeExport


class GuidedExport(StoredModel):
    """The guided session that a meeting was prepared in, without its keys."""

    form: Form
    facilitators: tuple[Facilitator, ...]
    joined_on: date


class MeetingExport(ConversationExport, _Top):
    """The whole file. The preparation's fields are at its top level."""

    after: ConversationExport | None
    agreements: tuple[Agreement, ...]
    invited: Invitation | None
    guided: GuidedExport | None
    sharing: SharingChoicesExport | None
    shares: tuple[ShareExport, ...]


def gather(
    preparation: ConversationExport,
    meeting: MeetingTimeExport,
    catalogue: Catalogue,
    *,
    after: ConversationExport | None = None,
    agreements: Sequence[Agreement] = (),
    invited: Invitation | None = None,
    guided: Participation | None = None,
    sharing: SharingChoices | None = None,
    shares: Sequence[ShareExport] = (),
    made_at: datetime,
    kept_until: datetime,
) -> MeetingExport:
    """Collect all data of one meeting."""
    # the salt is omitted, because it acts as a key
    chosen = sharing and SharingChoicesExport(
        **sharing.model_dump(include=set(SharingChoicesExport.model_fields))
    )
    return MeetingExport(
        **dict(preparation),
        made_at=made_at,
        kept_until=kept_until,
        language=catalogue.language,
        meeting=meeting,
        after=after,
        agreements=tuple(agreements),
        invited=invited,
        guided=None
        if guided is None
        else GuidedExport(form=guided.form, facilitators=guided.facilitators, joined_on=guided.joined_on),
        sharing=chosen,
        shares=tuple(shares),
    )


def as_had(
    dialogue: Dialogue,
    conversation: Conversation,
    journey: Journey,
    draft: Draft,
    catalogue: Catalogue,
    unread: Unread = NOTHING_UNREAD,
) -> ConversationExport:
    """Return a conversation with every question and answer."""
    return ConversationExport(
        dialogue=DialogueExport(
            id=dialogue.frame.id, version=dialogue.frame.version, digest=conversation.dialogue
        ),
        turn=conversation.turn,
        at=conversation.at,
        carried=conversation.carried,
        topics_aside=conversation.topics_aside,
        asked=tuple(_asked(dialogue, journey, catalogue, unread)),
        typed=draft.fields,
    )


def when(meeting: Meeting, journey: Journey) -> MeetingTimeExport:
    """Return the meeting with its date and time as given."""
    day = day_of(journey)
    on, at = (day.on, day.at) if day else (None, None)
    return MeetingTimeExport(id=meeting.id, on=on, at=at, time_zone=service_zone().key)


def as_json(everything: MeetingExport) -> str:
    """Return the indented JSON file, with non-ASCII letters as themselves."""
    return everything.model_dump_json(indent=2) + "\n"


def _asked(
    dialogue: Dialogue, journey: Journey, catalogue: Catalogue, unread: Unread
) -> Iterator[QuestionExport]:
    for address in (*journey.questions, *journey.set_aside):
        answer = journey.answers.get(address)
        aside = journey.set_aside.get(address)
        status: Status = "answered" if answer else "set_aside" if aside else "open"
        question, topic = dialogue.question(address), None
        if address in journey.questions:
            named = topic_named(dialogue, journey, address)
            topic = named if named is None or isinstance(named, str) else named.in_(catalogue.language)
        kept = answer or aside
        yield QuestionExport(
            address=address,
            prompt=question.prompt.in_(catalogue.language),
            asks=question.asks,
            topic=topic,
            private=question.section is None,
            status="skipped" if isinstance(answer, Skipped) else status,
            answer=kept,
            said=tuple(_said(address, dialogue, kept, catalogue, unread)) if kept else (),
        )


def _said(
    address: Address, dialogue: Dialogue, answer: Answer, catalogue: Catalogue, unread: Unread
) -> Iterator[EntryExport]:
    for entry in marked(entries_of(address, dialogue.question(address), answer), unread):
        words = words_of(entry, catalogue)
        under = entry.under.in_(catalogue.language) if entry.under else None
        yield EntryExport(
            id=entry.id,
            version=entry.version,
            text=words.text,
            own=words.own,
            under=under,
            unread=entry.is_unread,
        )
