"""All of it as data: nothing is left out, and it can be read back."""

import json
from datetime import UTC, datetime

from hypothesis import given as for_any
from hypothesis import settings as trying
from hypothesis import strategies as some
from meetings.told import DIALOGUE, PRIVATE, told, whatever_is_told

from assistant.dialogue.model import Address
from assistant.engine.conversation import ROUND_OFF, Answer, Chosen, Conversation, Skipped
from assistant.exports.everything import Everything, as_json, gather
from assistant.languages import LANGUAGES, Language
from assistant.meetings.notebook import Draft, Meeting

from .laid import BOOKS, NOTE, many_kinds, stated

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def gathered(
    answers: dict[Address, Answer], language: Language = "nb", draft: Draft | None = None
) -> Everything:
    conversation = Conversation(dialogue=DIALOGUE.digest, turn=7, at=ROUND_OFF, answers=answers)
    return gather(
        DIALOGUE,
        Meeting(id="m" * 32),
        conversation,
        told(answers),
        draft or Draft(),
        BOOKS[language],
        made_at=NOW,
        kept_until=NOW,
    )


@trying(deadline=None)
@for_any(data=some.data(), language=some.sampled_from(LANGUAGES))
def test_what_was_answered_comes_back_from_the_file_the_same(
    data: some.DataObject, language: Language
) -> None:
    journey = whatever_is_told(data)
    everything = gathered(journey.answers, language)
    read = Everything.model_validate_json(as_json(everything))
    assert read == everything
    assert {asked.address: asked.answer for asked in read.asked if asked.answer} == journey.answers
    assert PRIVATE in as_json(everything)


def test_what_was_set_aside_skipped_or_only_typed_is_in_it_and_says_so() -> None:
    answers = many_kinds() | {
        "meeting/own_kind": stated("h", "Kaffeprat"),
        "needs/need": Skipped(),
        "more/about": Chosen(options=("private",)),
    }
    draft = Draft(fields={"questions/ask": {"statement.new1": ("Hvem leser",)}})
    everything = gathered(answers, draft=draft)
    status = {asked.address: asked.status for asked in everything.asked}
    assert status["meeting/own_kind"] == status["topics/which"] == "set_aside"
    assert status["topic/days/say"] == "set_aside"
    assert status["needs/need"] == "skipped"
    assert status["questions/ask"] == "open"
    assert status["matters/now"] == "answered"
    assert everything.typed == draft.fields
    assert {a.address: a.answer for a in everything.asked if a.answer} == answers


def test_the_file_says_what_it_is_and_what_is_private() -> None:
    file = json.loads(as_json(gathered(many_kinds(), "nn")))
    assert (file["format"], file["language"]) == (1, "nn")
    assert file["dialogue"] == {
        "id": "before_meeting",
        "version": DIALOGUE.frame.version,
        "digest": DIALOGUE.digest,
    }
    assert (file["meeting"]["on"], file["meeting"]["at"]) == ("2027-02-05", "12:30:00")
    assert file["meeting"]["time_zone"] == "Europe/Oslo"
    assert {asked["address"] for asked in file["asked"] if asked["private"]} >= {"private/notes"}
    (note,) = [said for asked in file["asked"] for said in asked["said"] if said["text"] == NOTE]
    assert (note["id"], note["version"], note["own"]) == ("g1", 1, True)
