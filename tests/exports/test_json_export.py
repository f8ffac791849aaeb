"""All of it as data: nothing is left out, and it can be read back."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given as for_any
from hypothesis import strategies as some
from support.answers import DIALOGUE, PRIVATE, told, whatever_is_told
from support.sheets import BOOKS, NOTE, many_kinds, stated

from assistant.dialogue.model import Address
from assistant.engine.conversation import ROUND_OFF, Answer, ChosenOptions, Conversation, Skipped, Statement
from assistant.engine.journey import Journey
from assistant.exports.json_export import (
    AuditRowExport,
    ConversationExport,
    MeetingExport,
    ShareExport,
    as_had,
    as_json,
    gather,
    when,
)
from assistant.languages import LANGUAGES, Language
from assistant.meetings.notebook import Draft, Meeting
from assistant.meetings.review.agreement import Agreement, OtherPerson
from assistant.meetings.share import SharingChoices, take_snapshot
from assistant.meetings.summary import summarise

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CARRIED = (Statement(id="agreed1", text="Øve på <bussen>"),)
ASIDE = (Statement(id="gone1", text="Katten  min"),)
AGREED = Agreement(id="a1", what="Ringe\n«legen»", who=OtherPerson(name="Siri"), agreed_at=NOW)
SHARING = SharingChoices(
    salt="5a17" * 8, explained=True, for_all="share", exceptions={"b1": "keep", "c1": "say", "a1": "share"}
)


def gathered(
    answers: dict[Address, Answer], language: Language = "nb", draft: Draft | None = None
) -> MeetingExport:
    meeting, journey, catalogue = Meeting(id="m" * 32), told(answers), BOOKS[language]
    conversation = Conversation(
        dialogue=DIALOGUE.digest, turn=7, at=ROUND_OFF, answers=answers, carried=CARRIED, topics_aside=ASIDE
    )
    had = as_had(DIALOGUE, conversation, journey, draft or Draft(), catalogue)
    return gather(
        had,
        when(meeting, journey),
        catalogue,
        after=had.model_copy(update={"carried": ()}),
        agreements=[AGREED],
        sharing=SHARING,
        shares=[shared(journey)],
        made_at=NOW,
        kept_until=NOW,
    )


def shared(journey: Journey) -> ShareExport:
    """The summary of this journey as it was shared, and opened once."""
    return ShareExport(
        way="together",
        made_at=NOW,
        opens_until=NOW + timedelta(hours=12),
        ended=None,
        ended_at=None,
        version=1,
        seen=take_snapshot(summarise(DIALOGUE, journey), SHARING, NOW.date()),
        trail=(
            AuditRowExport(at=NOW, act="shared", by=None),
            AuditRowExport(at=NOW, act="opened", by="Kari"),
        ),
        trail_is_whole=True,
    )


@for_any(data=some.data(), language=some.sampled_from(LANGUAGES))
def test_what_was_answered_comes_back_from_the_file_the_same(
    data: some.DataObject, language: Language
) -> None:
    journey = whatever_is_told(data)
    everything = gathered(journey.answers, language)
    read = MeetingExport.model_validate_json(as_json(everything))
    assert read == everything
    assert {asked.address: asked.answer for asked in read.asked if asked.answer} == journey.answers
    assert PRIVATE in as_json(everything)
    assert SHARING.salt not in as_json(everything)


def test_what_was_set_aside_skipped_or_only_typed_is_in_it_and_says_so() -> None:
    answers = many_kinds() | {
        "meeting/own_kind": stated("h", "Kaffeprat"),
        "needs/need": Skipped(),
        "more/about": ChosenOptions(options=("private",)),
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
    assert (file["format"], file["language"]) == (3, "nn")
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


def test_what_was_agreed_shared_and_looked_back_on_is_in_it() -> None:
    file = json.loads(as_json(gathered(many_kinds())))
    assert file["carried"] == [{"id": "agreed1", "text": "Øve på <bussen>", "version": 1}]
    assert file["topics_aside"] == [{"id": "gone1", "text": "Katten  min", "version": 1}]
    (agreed,) = file["agreements"]
    assert (agreed["what"], agreed["who"]) == ("Ringe\n«legen»", {"name": "Siri"})
    assert file["sharing"] == {
        "explained": True,
        "for_all": "share",
        "exceptions": {"b1": "keep", "c1": "say", "a1": "share"},
    }
    said = {entry["id"] for asked in file["asked"] for entry in asked["said"]}
    assert set(file["sharing"]["exceptions"]) <= said, "an exception is found by the entry's id"
    assert file["after"]["asked"] == file["asked"]
    (share,) = file["shares"]
    assert [(act["act"], act["by"]) for act in share["trail"]] == [("shared", None), ("opened", "Kari")]
    seen = json.dumps(share["seen"], ensure_ascii=False)
    assert "Å få sove" in seen
    assert "čáđŋ" not in seen
    assert NOTE not in seen


def test_where_nothing_was_shared_agreed_or_looked_back_on_that_is_what_it_says() -> None:
    had = gathered({})
    bare = gather(
        ConversationExport(**{name: getattr(had, name) for name in ConversationExport.model_fields}),
        had.meeting,
        BOOKS["nb"],
        made_at=NOW,
        kept_until=NOW,
    )
    assert (bare.after, bare.agreements, bare.invited, bare.sharing, bare.shares) == (
        None,
        (),
        None,
        None,
        (),
    )
    assert MeetingExport.model_validate_json(as_json(bare)) == bare
