"""Published dialogues, verbatim, so that what exactly was asked can always be shown."""

from dataclasses import field
from datetime import datetime

from sqlalchemy import Connection, select

from assistant.storage.insert_once import insert_once
from assistant.storage.schema import dialogues
from assistant.value_class import value_class


@value_class
class StoredDialogue:
    digest: str
    dialogue_id: str
    version: int
    content: str = field(repr=False)
    published_at: datetime


@value_class
class PublishedText:
    """Which text was published when, without the text itself, which may be half a megabyte."""

    digest: str
    version: int
    published_at: datetime


def publish_dialogue(connection: Connection, dialogue: StoredDialogue) -> bool:
    """Publish a text and return whether it is new; publishing it again changes nothing, not even its date."""
    return insert_once(connection, dialogues, **vars(dialogue))


def find_dialogue(connection: Connection, digest: str) -> StoredDialogue | None:
    row = connection.execute(select(dialogues).where(dialogues.c.digest == digest)).first()
    return StoredDialogue(**row._mapping) if row else None


def published_texts(connection: Connection, dialogue_id: str) -> list[PublishedText]:
    """Return every text this dialogue has had, newest first."""
    columns = (dialogues.c.digest, dialogues.c.version, dialogues.c.published_at)
    mine = select(*columns).where(dialogues.c.dialogue_id == dialogue_id)
    newest_first = mine.order_by(dialogues.c.version.desc(), dialogues.c.published_at.desc())
    return [PublishedText(*row) for row in connection.execute(newest_first)]
