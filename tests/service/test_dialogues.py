"""The texts of a dialogue: which is shown, and that its notes are kept but reach no conversation."""

import asyncio
import threading
from datetime import timedelta

import pytest
from support.house import House

from assistant.dialogue.model import Dialogue, Text
from assistant.engine.machine import DialogueMachine
from assistant.errors import NotFound
from assistant.service import dialogues
from assistant.service.dialogues import OLDER_KEPT, Dialogues
from assistant.storage.dialogues import find_dialogue


def an_older(dialogue: Dialogue, version: int, title: str) -> Dialogue:
    """The same dialogue as it may have been before."""
    words = Text({**dialogue.frame.title.root, "nb": title})
    frame = dialogue.frame.model_copy(update={"version": version, "title": words})
    return Dialogue(frame=frame, parts=dialogue.parts)


async def publish(house: House, dialogue: Dialogue) -> None:
    await Dialogues(house.database, {dialogue.frame.id: dialogue}).publish(house.clock())


async def test_without_a_version_it_is_the_text_in_use(house: House) -> None:
    now = house.scripts.before_meeting.dialogue
    for which in (None, str(now.frame.version), now.digest):
        assert (await house.scripts.text("before_meeting", which)).digest == now.digest


async def test_an_older_text_is_found_by_its_version_and_its_hash(house: House) -> None:
    now = house.scripts.before_meeting.dialogue
    first, second = an_older(now, 1, "Først"), an_older(now, 1, "Deretter")
    await publish(house, first)
    house.clock.pass_by(timedelta(days=1))
    await publish(house, second)
    assert await house.scripts.text("before_meeting", "1") == second
    assert await house.scripts.text("before_meeting", first.digest) == first
    published = await house.scripts.published("before_meeting")
    assert [(text.version, text.digest) for text in published] == [
        (now.frame.version, now.digest),
        (1, second.digest),
        (1, first.digest),
    ]


async def test_where_two_texts_have_one_version_it_means_the_one_in_use(house: House) -> None:
    now = house.scripts.before_meeting.dialogue
    house.clock.pass_by(timedelta(days=1))
    await publish(house, an_older(now, now.frame.version, "En annen"))
    assert (await house.scripts.text("before_meeting", str(now.frame.version))).digest == now.digest


@pytest.mark.parametrize(
    ("name", "which"),
    [("before_meeting", "99"), ("before_meeting", "0" * 64), ("nothing", None), ("nothing", "1")],
)
async def test_what_was_never_published_is_not_found(house: House, name: str, which: str | None) -> None:
    with pytest.raises(NotFound):
        await house.scripts.text(name, which)


async def test_a_text_is_not_found_under_another_dialogues_name(house: House) -> None:
    with pytest.raises(NotFound):
        await house.scripts.text("nothing", house.scripts.before_meeting.dialogue.digest)


async def test_the_notes_are_kept_with_the_text_and_reach_no_conversation(house: House) -> None:
    text = house.scripts.before_meeting.dialogue.model_dump_json()
    note = '{"nb": "BAREFORLEDEREN", "nn": "BERREFORLEIAREN", "en": "ONLYFORTHELEADER"}'
    marked = Dialogue.model_validate_json(text.replace('"facilitator":null', f'"facilitator":{note}'))
    marked = Dialogue.model_validate_json(
        marked.model_dump_json().replace("Hva er viktig for deg nå?", "Hva er viktigst nå?")
    )
    scripts = Dialogues(house.database, {"before_meeting": marked})
    await scripts.publish(house.clock())
    kept = await house.database.read(lambda connection: find_dialogue(connection, marked.digest))
    assert kept is not None
    assert "BAREFORLEDEREN" in kept.content
    # today's, and one that is read back as an older text
    for had in (scripts.before_meeting, await house.scripts.of(marked.digest)):
        assert had.dialogue.digest == marked.digest
        assert "BAREFORLEDEREN" not in had.dialogue.model_dump_json()


async def test_an_older_text_is_built_once_for_all_who_want_it_and_not_on_the_loop(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = an_older(house.scripts.before_meeting.dialogue, 1, "Først")
    await publish(house, older)
    built_in: list[int] = []

    def build(dialogue: Dialogue) -> DialogueMachine:
        built_in.append(threading.get_ident())
        return DialogueMachine(dialogue)

    monkeypatch.setattr(dialogues, "DialogueMachine", build)
    found = await asyncio.gather(*(house.scripts.of(older.digest) for _ in range(5)))
    assert {machine.dialogue.digest for machine in found} == {older.digest}
    assert len(built_in) == len({id(machine) for machine in found}) == 1
    assert threading.get_ident() not in built_in


async def test_one_who_gives_up_does_not_take_an_older_text_from_the_others(house: House) -> None:
    older = an_older(house.scripts.before_meeting.dialogue, 1, "Først")
    await publish(house, older)
    first, second = (asyncio.ensure_future(house.scripts.of(older.digest)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).dialogue == older.as_asked


async def test_few_older_texts_are_kept_and_all_are_found(house: House) -> None:
    now = house.scripts.before_meeting.dialogue
    older = [an_older(now, version, f"Nummer {version}") for version in range(1, OLDER_KEPT + 3)]
    for one in older:
        await publish(house, one)
    for one in [*older, older[0]]:
        assert (await house.scripts.of(one.digest)).dialogue.frame.title == one.frame.title
    assert len(house.scripts._older) == OLDER_KEPT
    with pytest.raises(NotFound):
        await house.scripts.of("0" * 64)
    assert len(house.scripts._older) == OLDER_KEPT
