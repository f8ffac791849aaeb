"""Until when a notebook is kept: by its use, or by its owner's word."""

from datetime import UTC, datetime, timedelta

import pytest

from assistant.errors import NotFound
from assistant.meetings.chosen_months import months_from
from assistant.meetings.notebook import Meeting, Notebook
from assistant.retention import RELEASED, Retention

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


def test_unless_a_day_was_chosen_use_moves_the_end_to_the_end_of_an_hour() -> None:
    whole_hour = NOW + timedelta(minutes=30)
    assert NOTEBOOK.used_at(NOW, RELEASED).kept_until == whole_hour + RELEASED.notebook


SHORTER = Retention(notebook=timedelta(days=90))


def test_a_service_that_chooses_a_shorter_period_shortens_no_promise() -> None:
    told = NOTEBOOK.used_at(NOW, RELEASED)
    later = NOW + timedelta(days=30)
    assert told.used_at(later, SHORTER).kept_until == told.kept_until
    assert told.visited_at(later, SHORTER).kept_until == told.kept_until
    near_the_end = told.kept_until - timedelta(days=1)
    assert told.used_at(near_the_end, SHORTER).kept_until == near_the_end + SHORTER.notebook


def test_only_the_owner_moves_the_end_forward_by_choosing_that_it_follows_use() -> None:
    told = NOTEBOOK.choosing(NOW + timedelta(days=700), NOW).used_at(NOW, RELEASED)
    assert told.kept_until == NOW + timedelta(days=700)
    whole_hour = NOW + timedelta(minutes=30)
    assert told.choosing(None, NOW).used_at(NOW, SHORTER).kept_until == whole_hour + SHORTER.notebook


@pytest.mark.parametrize("days", [3, 400, 700])
def test_a_day_that_was_chosen_stands_whatever_is_written(days: int) -> None:
    chosen = NOTEBOOK.model_copy(update={"chosen_until": NOW + timedelta(days=days)})
    assert chosen.used_at(NOW + timedelta(days=2), RELEASED).kept_until == NOW + timedelta(days=days)


def test_without_a_meeting_the_index_forgets_all_its_documents() -> None:
    after = NOTEBOOK.without("first")
    assert [meeting.id for meeting in after.meetings] == ["second"]
    assert after.revisions == {"conversation.second": 2}
    with pytest.raises(NotFound):
        after.without("first")
