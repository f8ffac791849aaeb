from dataclasses import replace
from functools import partial

from support.rows import DAY, NOW, counting

from assistant.storage.database import Database
from assistant.storage.dialogues import (
    PublishedText,
    StoredDialogue,
    find_dialogue,
    publish_dialogue,
    published_texts,
)

DIALOGUE = StoredDialogue("ab12", "before_meeting", 1, "Kva ønskjer du – «eigentleg»? 🌲", NOW)


async def test_a_published_dialogue_is_found_word_for_word(database: Database) -> None:
    assert await database.write(lambda c: publish_dialogue(c, DIALOGUE))
    assert await database.read(lambda c: find_dialogue(c, "ab12")) == DIALOGUE
    assert await database.read(lambda c: find_dialogue(c, "cd34")) is None


async def test_publishing_again_changes_nothing(database: Database) -> None:
    await database.write(lambda c: publish_dialogue(c, DIALOGUE))
    assert not await database.write(lambda c: publish_dialogue(c, replace(DIALOGUE, published_at=NOW + DAY)))
    assert await database.read(lambda c: find_dialogue(c, "ab12")) == DIALOGUE
    assert await database.read(counting("dialogues")) == 1


async def test_every_text_of_one_dialogue_is_there_newest_first(database: Database) -> None:
    later = replace(DIALOGUE, digest="cd34", published_at=NOW + DAY)
    second = replace(DIALOGUE, digest="ef56", version=2)
    other = replace(DIALOGUE, digest="0000", dialogue_id="after_meeting")
    for row in (DIALOGUE, other, second, later):
        await database.write(partial(publish_dialogue, dialogue=row))
    assert await database.read(lambda c: published_texts(c, "before_meeting")) == [
        PublishedText(one.digest, one.version, one.published_at) for one in (second, later, DIALOGUE)
    ]
    assert await database.read(lambda c: published_texts(c, "nothing")) == []
