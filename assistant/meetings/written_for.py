"""What another person wrote for the user, on the user's own screen.

While another person holds the keyboard, every entry that is new or changed waits until the user has read it
and said that these are their words. Until then it is marked, and no share has it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from pydantic import AwareDatetime

from assistant.dialogue.model import Address, Dialogue
from assistant.engine.conversation import Answer, StoredModel
from assistant.meetings.summary import entries_of

LASTS = timedelta(minutes=20)
"""How long it stays on without an act: the other person may have left the keyboard."""

EntryVersion = tuple[str, int]
"""The id of an entry and its version."""


class WrittenFor(StoredModel):
    """Whether another person writes for the user, and the entries so written that the user has not read."""

    until: AwareDatetime | None = None
    unread: tuple[EntryVersion, ...] = ()

    def is_on(self, now: datetime) -> bool:
        """Return whether another person writes for the user now."""
        return self.until is not None and now < self.until

    def begun(self, now: datetime) -> "WrittenFor":
        """Return it after the user said that another person writes for them."""
        return self.model_copy(update={"until": now + LASTS})

    def ended(self) -> "WrittenFor":
        """Return it after the user said that they write themselves."""
        return self.model_copy(update={"until": None})

    def read(self, entry: EntryVersion) -> "WrittenFor":
        """Return it after the user said that an entry, at this version, is in their words."""
        return self.model_copy(update={"unread": tuple(one for one in self.unread if one != entry)})

    def after_turn(
        self,
        dialogue: Dialogue,
        before: Mapping[Address, Answer],
        after: Mapping[Address, Answer],
        now: datetime,
    ) -> "WrittenFor":
        """Return it after a turn: with what is new, if another person writes, and without what is gone.

        A new version by the user's own hand is theirs, so the old one no longer waits.
        """
        there = entry_versions(dialogue, after)
        unread = [one for one in self.unread if one in there]
        if self.is_on(now):
            unread += [one for one in there if one not in entry_versions(dialogue, before)]
            return WrittenFor(until=now + LASTS, unread=tuple(dict.fromkeys(unread)))
        return WrittenFor(until=None, unread=tuple(unread))


def entry_versions(dialogue: Dialogue, answers: Mapping[Address, Answer]) -> list[EntryVersion]:
    """Return the ids and versions of all entries in these answers."""
    return [
        (entry.id, entry.version)
        for address, answer in answers.items()
        for entry in entries_of(address, dialogue.question(address), answer)
    ]
