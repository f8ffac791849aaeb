"""The dialogues in use: a text is kept with its notes, and had without them."""

from assistant.dialogue.model import Dialogue
from assistant.service.scripts import Scripts
from assistant.storage.dialogues import find_dialogue

from .conftest import House


async def test_the_notes_are_kept_with_the_text_and_reach_no_conversation(house: House) -> None:
    text = house.scripts.before_meeting.dialogue.model_dump_json()
    note = '{"nb": "BAREFORLEDEREN", "nn": "BERREFORLEIAREN", "en": "ONLYFORTHELEADER"}'
    marked = Dialogue.model_validate_json(text.replace('"facilitator":null', f'"facilitator":{note}'))
    marked = Dialogue.model_validate_json(
        marked.model_dump_json().replace("Hva er viktig for deg nå?", "Hva er viktigst nå?")
    )
    scripts = Scripts(house.database, {"before_meeting": marked})
    await scripts.publish(house.clock())
    kept = await house.database.read(lambda connection: find_dialogue(connection, marked.digest))
    assert kept is not None
    assert "BAREFORLEDEREN" in kept.content
    # today's, and one that is read back as an older text
    for had in (scripts.before_meeting, await house.scripts.of(marked.digest)):
        assert had.dialogue.digest == marked.digest
        assert "BAREFORLEDEREN" not in had.dialogue.model_dump_json()
