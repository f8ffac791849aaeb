"""The kind and day of a meeting as the user gave them; the notebook lists meetings by these."""

from typing import NamedTuple

from assistant.dialogue.model import Dialogue, Text
from assistant.engine.conversation import Answer, ChosenOptions, OnDay, Skipped
from assistant.engine.entries import entries_of
from assistant.engine.journey import Journey

_SECTION = "meeting"
_UNSURE = "unsure"
"""The option «I don't know yet», which does not name a kind of meeting."""


class MeetingDetails(NamedTuple):
    """The kind (own words or an option's wording) and the day, as far as given."""

    kind: str | Text | None
    on: OnDay | None
    title: Text
    """The title of the dialogue, for a conversation that no treatment meeting follows."""


def meeting_details(dialogue: Dialogue, journey: Journey) -> MeetingDetails:
    """Return the kind and day given in the conversation; a name in own words comes before the option."""
    kind: str | Text | None = None
    on: OnDay | None = None
    for address, answer in journey.answers.items():
        question = dialogue.question(address)
        if question.section != _SECTION or not _tells(answer):
            continue
        for entry in entries_of(address, question, answer):
            if isinstance(entry.said, OnDay):
                on = entry.said
            else:
                kind = entry.said
    return MeetingDetails(kind, on, dialogue.frame.title)


def _tells(answer: Answer) -> bool:
    return not isinstance(answer, Skipped) and not (
        isinstance(answer, ChosenOptions) and answer.options == (_UNSURE,)
    )
