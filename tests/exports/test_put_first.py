"""What was put first comes first wherever it is read, whatever kind of entry it is, and stands once."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from support.answers import DIALOGUE, told
from support.reviews_gone_through import ON, SHARED_ON
from support.sheets import BOOKS, laid, many_kinds

from assistant.engine.conversation import RankedStatements
from assistant.exports.fhir.document import as_fhir
from assistant.exports.plain_text import as_text
from assistant.exports.review.layout import lay_out_review
from assistant.exports.review.plain_text import as_record_text
from assistant.exports.review.sheet import ReviewSheet
from assistant.languages import LANGUAGES, Language
from assistant.meetings.review.snapshot_changes import begun
from assistant.meetings.share import SharingChoices, Snapshot, take_snapshot
from assistant.meetings.summary import summarise

FIRST = ("balance/now.support.level.more", "topics/which.days", "b2", "d1")
"""A level of support, a topic, own words, and the signal of too much; the engine takes three of them."""
ANSWERS = many_kinds() | {"first/three": RankedStatements(first=FIRST)}


def shared() -> Snapshot:
    sharing = SharingChoices(salt="salt", explained=True, for_all="share")
    return take_snapshot(summarise(DIALOGUE, told(ANSWERS)), sharing, SHARED_ON)


def sheet(language: Language) -> ReviewSheet:
    return lay_out_review(begun(shared()), shared(), BOOKS[language], on=ON, service="Kommune")


def test_the_summary_and_what_is_shared_begin_with_it() -> None:
    first = [entry for _, entry in summarise(DIALOGUE, told(ANSWERS)).first]
    assert tuple(entry.id for entry in first) == FIRST
    assert [one.entry.said for one in shared().first] == [entry.said for entry in first]
    inside = [entry.said for section in shared().sections for entry in section.entries]
    assert not [entry.said for entry in first if entry.said in inside]


def test_the_review_has_it_in_the_order_it_was_put() -> None:
    gone_into = begun(shared()).gone_into
    assert [gone_into[one.entry.id].first for one in shared().first] == [1, 2, 3, 4]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paper_and_file_begins_with_it(language: Language) -> None:
    said = [one.entry for one in shared().first]
    words = [one.said if isinstance(one.said, str) else one.said.in_(language) for one in said]  # type: ignore[union-attr]
    heading = BOOKS[language].say("summary.first")
    for text in (as_text(laid(ANSWERS, language)), as_record_text(sheet(language))):
        places = [text.index(heading), *(text.index(line) for line in words[:2])]
        assert places == sorted(places)
        assert text.count(words[0]) == 1
    document = as_fhir(sheet(language), document=UUID(int=7), at=datetime(2027, 2, 5, 14, 0, tzinfo=UTC))
    first, *rest = document["entry"][0]["resource"]["section"]
    assert first["title"] == heading
    assert words[0] in first["text"]["div"]
    assert not any(words[0] in section["text"]["div"] for section in rest)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_put_first_says_which_side_it_is_about(language: Language) -> None:
    entry = shared().first[0].entry
    assert entry.under is not None
    for text in (as_text(laid(ANSWERS, language)), as_record_text(sheet(language))):
        assert entry.under.in_(language) in text
