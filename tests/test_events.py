"""The operating log: one line of a kind a minute, fields from a list, and never the wrong state last."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from assistant import events
from assistant.events import Event, OneAMinute, OngoingState, note, place
from assistant.operations.logs import TEXTS, JsonLine, ReadableLine, configure


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(events, "_one_a_minute", OneAMinute(clock=clock))
    return clock


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is written, with everything put back afterwards."""
    root = logging.getLogger()
    ours = [logging.getLogger(name) for name in ("assistant", TEXTS)]
    before = (root.handlers[:], root.level, [logger.level for logger in ours])
    stream = io.StringIO()
    configure(stream)
    yield stream
    root.handlers[:], root.level = before[0], before[1]
    for logger, level in zip(ours, before[2], strict=True):
        logger.setLevel(level)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_kind_is_written_once_a_minute_and_says_how_many_were_held_back(
    clock: Clock, log: io.StringIO
) -> None:
    written = [note(Event.HOST_REFUSED, shape="name") for _ in range(50)]
    assert written == [True] + [False] * 49
    assert note(Event.SEAL_BROKEN, where="a.py:1"), "another kind is not held back by it"
    clock.now += 60
    assert note(Event.HOST_REFUSED, shape="name")
    told = [line for line in lines(log) if line["event"] == "host_refused"]
    assert [line.get("suppressed") for line in told] == [None, 49]


def test_a_change_that_was_held_back_is_told_as_soon_as_it_may(clock: Clock, log: io.StringIO) -> None:
    writing = OngoingState(Event.WRITES_FAILING, Event.WRITES_AGAIN)

    def told() -> list[str]:
        return [line["event"] for line in lines(log)]

    writing.works()
    assert told() == []
    writing.failed("SQLITE_FULL")
    writing.failed("SQLITE_FULL")
    writing.works()
    assert told() == ["writes_failing", "writes_again"]
    writing.failed("SQLITE_FULL")
    assert told() == ["writes_failing", "writes_again"], "within a minute"
    clock.now += 61
    writing.failed("SQLITE_FULL")
    assert told() == ["writes_failing", "writes_again", "writes_failing"], "the last line is true"
    assert writing.failures == 4


def test_a_field_that_is_not_on_the_list_and_a_value_with_words_are_left_out(
    clock: Clock, log: io.StringIO
) -> None:
    unlisted: Any = {"said": "ønske", "path": "/meetings/1"}
    note(Event.UNFORESEEN, error="ønske så «her»", where="x" * 201, **unlisted)
    (line,) = lines(log)
    assert line.pop("at")
    assert line == {"level": "error", "event": "unforeseen", "error": "?", "where": "?"}


def test_what_a_library_logs_is_reduced_to_where_it_happened(log: io.StringIO) -> None:
    try:
        raise ValueError("ønske i en feil")
    except ValueError as error:
        where = place(error)
        for _ in range(30):
            logging.getLogger("aiohttp.server").exception("Error handling %s", "/meetings/secret")
    (line,) = lines(log)
    assert (line["event"], line["library"], line["error"]) == ("library", "aiohttp.server", "ValueError")
    assert line["where"] == where.split(" > ")[-1]
    assert where.startswith("test_events.py:")
    assert "secret" not in log.getvalue()
    assert "ønske" not in log.getvalue()


def test_a_terminal_gets_the_same_fields_in_a_readable_line(clock: Clock) -> None:
    record = logging.LogRecord("assistant", logging.ERROR, "", 1, "%s", ("writes_failing",), None)
    record.event_fields = {"symptom": "SQLITE_FULL"}
    readable, as_json = ReadableLine().format(record), json.loads(JsonLine().format(record))
    assert readable.endswith(" error writes_failing symptom=SQLITE_FULL")
    assert (as_json["event"], as_json["symptom"]) == ("writes_failing", "SQLITE_FULL")
