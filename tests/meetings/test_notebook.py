"""A notebook: whose meetings are in it, and what its documents are called."""

from datetime import UTC, datetime

import pytest

from assistant.errors import NotFound
from assistant.meetings.notebook import Draft, Meeting, Notebook

MEETINGS = (Meeting(id="one"), Meeting(id="two"))
NOTEBOOK = Notebook(link="link", kept_until=datetime(2027, 1, 5, tzinfo=UTC), meetings=MEETINGS)


def test_a_notebook_has_its_own_meetings_and_no_others() -> None:
    assert NOTEBOOK.has("two")
    assert not NOTEBOOK.has("three")
    assert NOTEBOOK.meeting("two") == MEETINGS[1]
    with pytest.raises(NotFound):
        NOTEBOOK.meeting("three")


def test_each_meeting_has_documents_of_its_own() -> None:
    one, two = MEETINGS
    assert (one.conversation, one.draft) == ("conversation.one", "draft.one")
    assert not {one.conversation, one.draft} & {two.conversation, two.draft}


def test_what_is_kept_reads_back_as_it_was_written() -> None:
    assert Notebook.model_validate_json(NOTEBOOK.model_dump_json()) == NOTEBOOK
    draft = Draft(fields={"topic/home/say": {"statement.new1": (" et rom \n",)}})
    assert Draft.model_validate_json(draft.model_dump_json()) == draft
