"""A notebook knows its meetings, and nobody else's."""

import json
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from assistant.errors import NotFound
from assistant.meetings.notebook import Draft, Meeting, Notebook
from assistant.retention import RELEASED

NOTEBOOK = Notebook(
    link="x",
    kept_until=datetime(2026, 11, 22, tzinfo=UTC),
    meetings=(Meeting(id="first"), Meeting(id="second")),
    revisions={"conversation.first": 3},
)


def test_a_meeting_is_found_by_its_id() -> None:
    assert NOTEBOOK.meeting("second").conversation == "conversation.second"
    assert NOTEBOOK.meeting("first").draft == "draft.first"
    assert NOTEBOOK.has("first")


@pytest.mark.parametrize("name", ["", "third", "conversation.first", "First"])
def test_a_meeting_that_is_not_in_it_is_not_found(name: str) -> None:
    assert not NOTEBOOK.has(name)
    with pytest.raises(NotFound) as found:
        NOTEBOOK.meeting(name)
    assert str(found.value) == ""


def test_it_reads_back_what_was_kept() -> None:
    assert Notebook.model_validate_json(NOTEBOOK.model_dump_json()) == NOTEBOOK
    draft = Draft(fields={"matters/now": {"statement.new1": (" \n Barna ",)}})
    assert Draft.model_validate_json(draft.model_dump_json()) == draft


@pytest.mark.parametrize("written_for", [None, {"until": None, "unread": [["a", 1]]}])
def test_a_notebook_of_an_unreleased_version_opens(written_for: object) -> None:
    stored = NOTEBOOK.model_dump(mode="json")
    for meeting in stored["meetings"]:
        meeting["written_for"] = written_for
    assert Notebook.model_validate_json(json.dumps(stored)) == NOTEBOOK


def test_what_it_does_not_know_is_not_read() -> None:
    with pytest.raises(ValidationError):
        Notebook.model_validate_json(NOTEBOOK.model_dump_json().replace('"link"', '"mood":1,"link"'))
    with pytest.raises(ValidationError):
        Notebook(link="x", kept_until=datetime(2026, 11, 22))  # noqa: DTZ001


def test_it_is_kept_as_long_as_people_are_told() -> None:
    assert (RELEASED.notebook.days, RELEASED.unanswered.days) == (365, 1)
