"""Until when a notebook is kept: by its use, or by its owner's word."""

from datetime import UTC, datetime, timedelta

import pytest

from assistant.errors import NotFound
from assistant.meetings.notebook import KEPT_FOR, Meeting, Notebook
from assistant.meetings.retention import months_from

NOW = datetime(2026, 11, 30, 14, 30, tzinfo=UTC)
NOTEBOOK = Notebook(
    link="x",
    kept_until=NOW + timedelta(days=1),
    meetings=(Meeting(id="first"), Meeting(id="second")),
    revisions={"conversation.first": 3, "draft.first": 1, "conversation.second": 2},
)


@pytest.mark.parametrize(
    ("months", "day"),
    [(1, "2026-12-30"), (3, "2027-02-28"), (12, "2027-11-30"), (24, "2028-11-30"), (15, "2028-02-29")],
)
def test_months_from_now_are_months_of_the_calendar(months: int, day: str) -> None:
    assert months_from(NOW, months).date().isoformat() == day
    assert months_from(NOW, months).timetz() == NOW.timetz()


def test_unless_a_day_was_chosen_use_moves_the_end() -> None:
    assert NOTEBOOK.used_at(NOW).kept_until == NOW + KEPT_FOR


@pytest.mark.parametrize("days", [3, 400, 700])
def test_a_day_that_was_chosen_stands_whatever_is_written(days: int) -> None:
    chosen = NOTEBOOK.model_copy(update={"chosen_until": NOW + timedelta(days=days)})
    assert chosen.used_at(NOW + timedelta(days=2)).kept_until == NOW + timedelta(days=days)


def test_without_a_meeting_the_index_forgets_all_its_documents() -> None:
    after = NOTEBOOK.without("first")
    assert [meeting.id for meeting in after.meetings] == ["second"]
    assert after.revisions == {"conversation.second": 2}
    with pytest.raises(NotFound):
        after.without("first")
