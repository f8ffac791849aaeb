"""The stream of revisions: who may have it, what it says, and that it says no more than that."""

import asyncio
import logging
import socket
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web
from support.clock import Clock
from support.database import content
from support.page import Page
from support.person import NewPerson, Person
from support.short_way import unlock
from support.waiting import until

from assistant.config import Settings
from assistant.service.preparation.drafts import SeenRevisions
from assistant.web.http.open_streams import STREAMS, EventStreams
from assistant.web.http.security_headers import HEADERS

PATIENCE = 15
"""Seconds; less than a heartbeat, at which a stream looks by itself."""


class Stream:
    """A stream as a page hears it."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response
        self.raw = b""

    async def line(self) -> str:
        """The next thing said; nothing when it has ended."""
        block = b""
        while not block.endswith(b"\n\n"):
            read = await asyncio.wait_for(self.response.content.readline(), PATIENCE)
            if not read:
                break
            block += read
        self.raw += block
        return block.decode().strip()

    async def revision(self) -> str:
        """The next revision it tells of."""
        while (line := await self.line()) in (":", "retry: 4000"):
            pass
        assert line.startswith("id: "), line
        first, second = line.split("\n")
        assert first.removeprefix("id: ") == second.removeprefix("data: ")
        return second.removeprefix("data: ")

    async def ending(self) -> str:
        """What it says at its end."""
        last = ""
        while line := await self.line():
            last = line
        return last


@asynccontextmanager
async def listening(person: Person, page: Page) -> AsyncIterator[Stream]:
    """Listen to what a page listens to."""
    async with person.client.get(events_of(page)) as response:
        assert response.status == 200
        yield Stream(response)


def events_of(page: Page) -> str:
    return page.root.one("main").attributes["data-live"]


def revision_of(page: Page) -> str:
    return page.root.one("main").attributes["data-revision"]


async def keep(person: Person, page: Page, text: str, seen: str, move: str = "keep") -> str | None:
    """What our script sends while somebody types; the revision it learns."""
    sent = page.form("reply").say(text).press().instead("move", move).instead("seen", seen)
    kept = await person.send(sent)
    assert kept.status == 204
    return kept.headers.get("X-Revision")


@pytest.fixture
def streams(app: web.Application) -> EventStreams:
    return app[STREAMS]


async def test_a_stream_tells_what_is_newest_and_then_what_is_newer(person: Person) -> None:
    page = await person.reach("matters/now")
    async with listening(person, page) as stream:
        assert await stream.revision() == revision_of(page)
        page = await person.send(page.form("reply").say("Barna mine.").press())
        assert await stream.revision() == revision_of(page)
        page = await person.send(page.form("reply").say("Noe mer").press("more"))
        assert await stream.revision() == revision_of(page)


async def test_every_page_that_can_grow_old_says_what_it_was_made_from(person: Person) -> None:
    page = await person.begin()
    seen = [revision_of(page)]
    while not page.has("summary"):
        form = "reply" if page.has("reply") else "continue"
        page = await person.send(page.form(form).press("skip" if page.form(form).offers("skip") else None))
        seen.append(revision_of(page))
        assert events_of(page).startswith("/meetings/")
    seen.append(revision_of(await person.open(page.path.replace("summary", "show"))))
    parsed = [SeenRevisions.read(revision) for revision in seen]
    assert None not in parsed
    assert parsed == sorted(revision for revision in parsed if revision)


async def test_a_page_that_was_away_learns_at_once_what_it_missed(person: Person) -> None:
    page = await person.reach("matters/now")
    newer = await person.send(page.form("reply").say("Barna mine.").press())
    async with listening(person, page) as stream:
        assert await stream.revision() == revision_of(newer) != revision_of(page)


async def test_a_stream_has_the_headers_of_every_answer_and_those_of_a_stream(person: Person) -> None:
    page = await person.reach("matters/now")
    async with listening(person, page) as stream:
        headers = stream.response.headers
    assert HEADERS.items() <= headers.items()
    assert headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Accel-Buffering"] == "no"
    assert "Set-Cookie" not in headers
    assert "Content-Length" not in headers


@pytest.mark.one_application
async def test_no_word_id_or_link_travels_in_a_stream(person: Person, streams: EventStreams) -> None:
    streams.heartbeat = 0.02
    page = await person.reach("matters/now")
    meeting = page.path.rsplit("/", 1)[-1]
    async with listening(person, page) as stream:
        await stream.revision()
        await keep(person, page, "PLANTED PLAN", revision_of(page))
        await stream.revision()
        page = await person.send(page.form("reply").say("PLANTED PLANTED").press())
        await stream.revision()
        await person.open("/nb/help")
        for _ in range(5):
            await stream.line()
        await person.send(page.form("leave").press())
        await stream.ending()
    assert b"PLANTED" not in stream.raw
    assert meeting.encode() not in stream.raw
    assert len(stream.raw) < 300


async def test_a_meeting_of_somebody_else_looks_as_if_it_never_was(new_person: NewPerson) -> None:
    owner, other = await new_person(), await new_person()
    page = await owner.reach("matters/now")
    await other.begin()
    theirs = await other.open(events_of(page))
    madeup = await other.open(f"/meetings/{'0' * 32}/events")
    assert (theirs.status, madeup.status) == (404, 404)
    assert theirs.html == madeup.html


async def test_without_a_session_there_is_no_stream(new_person: NewPerson) -> None:
    page = await (await new_person()).reach("matters/now")
    stranger = await new_person()
    assert (await stranger.open(events_of(page))).status == 401
    assert (await stranger.open(events_of(page), {"Cookie": "s=x"})).status == 401


@pytest.mark.parametrize(("method", "status"), [("HEAD", 405), ("POST", 405), ("PUT", 405)])
async def test_a_stream_can_only_be_got(person: Person, method: str, status: int) -> None:
    page = await person.reach("matters/now")
    headers = {"Origin": person.address, "Content-Type": "application/x-www-form-urlencoded"}
    async with person.client.request(method, events_of(page), headers=headers) as response:
        assert response.status == status


async def test_a_stream_ends_when_this_browser_is_left_in_another_tab(person: Person) -> None:
    page = await person.reach("matters/now")
    async with listening(person, page) as stream:
        await stream.revision()
        began = time.monotonic()
        await person.send(page.form("leave").press())
        assert await stream.ending() == "event: ended\ndata:"
    assert time.monotonic() - began < PATIENCE


async def test_a_stream_ends_when_everything_is_deleted_on_another_device(new_person: NewPerson) -> None:
    phone, computer = await new_person(), await new_person()
    page = await phone.reach("continue")
    link = page.root.one("input", id="link").attributes["value"]
    await unlock(computer, link)
    async with listening(phone, page) as stream:
        await stream.revision()
        sure = await computer.open("/delete")
        await computer.send(sure.form("delete").press())
        assert await stream.ending() == "event: ended\ndata:"
    assert (await phone.open(page.path)).status == 401


@pytest.mark.one_application
async def test_a_stream_ends_when_the_session_runs_out(
    person: Person, clock: Clock, streams: EventStreams
) -> None:
    streams.heartbeat = 0.05
    page = await person.reach("matters/now")
    async with listening(person, page) as stream:
        await stream.revision()
        clock.pass_by(timedelta(minutes=19))
        assert await stream.line() == ":"
        clock.pass_by(timedelta(minutes=2))
        assert await stream.ending() == "event: ended\ndata:"


async def test_listening_changes_nothing_and_prolongs_nothing(
    person: Person, streams: EventStreams, settings: Settings
) -> None:
    streams.heartbeat = 0.02
    page = await person.reach("matters/now")
    before = content(settings)
    async with listening(person, page) as stream:
        for _ in range(10):
            await stream.line()
    assert content(settings) == before


async def test_two_devices_hear_of_each_other(new_person: NewPerson) -> None:
    phone, computer = await new_person(), await new_person()
    page = await phone.reach("continue")
    link = page.root.one("input", id="link").attributes["value"]
    page = await phone.send(page.form("continue").press())
    there = await unlock(computer, link)
    async with listening(phone, page) as here, listening(computer, there) as over_there:
        assert await here.revision() == await over_there.revision() == revision_of(page)
        after = await computer.send(there.form("reply").say("Fra datamaskinen").press())
        assert await here.revision() == await over_there.revision() == revision_of(after)


async def test_nobody_elses_writing_is_heard(new_person: NewPerson, streams: EventStreams) -> None:
    one, other = await new_person(), await new_person()
    page, theirs = await one.reach("matters/now"), await other.reach("matters/now")
    async with listening(one, page) as stream:
        await stream.revision()
        await other.send(theirs.form("reply").say("Noe annet").press())
        page = await one.send(page.form("reply").say("Barna mine.").press())
        assert await stream.revision() == revision_of(page)


@pytest.mark.one_application
async def test_of_many_streams_in_one_session_the_newest_stay(person: Person, streams: EventStreams) -> None:
    page = await person.reach("matters/now")
    opened = [listening(person, page) for _ in range(6)]
    heard = [await one.__aenter__() for one in opened]
    for stream in heard[:2]:
        assert await stream.ending() == "event: crowded\ndata:"
    for stream in heard[2:]:
        assert await stream.revision() == revision_of(page)
    await until(lambda: streams.open == streams.at_most == 4)
    for one in opened:
        await one.__aexit__(None, None, None)


async def test_streams_that_are_gone_are_forgotten(person: Person, streams: EventStreams) -> None:
    streams.heartbeat = 0.02
    page = await person.reach("matters/now")
    for _ in range(3):
        async with listening(person, page) as stream:
            await stream.revision()
    await until(lambda: streams.open == 0 and streams.broadcast.listened_to == 0)


@pytest.mark.one_application
async def test_a_slow_reader_is_dropped(app: web.Application, person: Person, streams: EventStreams) -> None:
    streams.heartbeat, streams.patience = 0.0005, 0.3
    page = await person.reach("matters/now")
    cookie = next(iter(person.client.session.cookie_jar))
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    reader.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(reader, (person.client.host, person.client.port))
    asked = f"GET {events_of(page)} HTTP/1.1\r\nHost: localhost\r\nCookie: s={cookie.value}\r\n\r\n"
    await loop.sock_sendall(reader, asked.encode())
    await until(lambda: streams.open == 1)
    (stalled,) = streams._open
    stalled.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
    await until(lambda: streams.open == 0)
    reader.close()
    newer = await person.send(page.form("reply").say("Barna mine.").press())
    async with listening(person, page) as stream:
        assert await stream.revision() == revision_of(newer)


@pytest.mark.one_application
async def test_a_server_that_stops_hangs_up_at_once(person: Person, streams: EventStreams) -> None:
    page = await person.reach("matters/now")
    async with listening(person, page) as stream:
        await stream.revision()
        began = time.monotonic()
        await person.client.server.close()
        assert await stream.ending() == ""
        assert time.monotonic() - began < PATIENCE
    assert streams.open == 0


async def test_a_fault_of_ours_drops_the_stream_and_the_log_holds_only_what_kind_it_was(
    person: Person, streams: EventStreams, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    streams.heartbeat = 0.02
    page = await person.reach("matters/now")
    async with listening(person, page) as stream:
        await stream.revision()
        with closing(sqlite3.connect(settings.data / "words.db")) as database:
            database.execute("ALTER TABLE sessions RENAME TO away")
            with pytest.raises(aiohttp.ClientPayloadError):
                await stream.ending()
            database.execute("ALTER TABLE away RENAME TO sessions")
    said = [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]
    said = [event for event in said if event != "sweep_failed"]  # the first sweep may meet the same fault
    assert said == ["unforeseen"]
    async with listening(person, page) as stream:
        assert await stream.revision() == revision_of(page)


async def test_a_draft_is_not_written_over_by_a_page_that_has_not_seen_it(person: Person) -> None:
    page = await person.reach("matters/now")
    other = await person.open(page.path)
    first = await keep(person, page, "Fra den ene fanen", revision_of(page))
    assert first is not None
    assert await keep(person, other, "Fra den andre", revision_of(other)) is None
    assert await keep(person, other, "", revision_of(other)) is None
    assert await keep(person, page, "Fra den ene fanen, og mer", first) is not None
    newest = await person.open(page.path)
    assert newest.form("reply").text("statement.new1") == "Fra den ene fanen, og mer"
    assert await keep(person, other, "Fra den andre", revision_of(newest)) is not None


@pytest.mark.parametrize("move", ["pause", "more", "language:nn", "back", "go:meeting/kind", "skip"])
async def test_no_button_of_an_older_page_writes_over_a_draft_it_has_not_seen(
    person: Person, move: str
) -> None:
    page = await person.reach("matters/now")
    older = await person.open(page.path)
    await keep(person, page, "Fra den andre enheten", revision_of(page))
    refused = await person.send(older.form("reply").say("Fra denne").press(move))
    assert (refused.status, refused.state) == (409, "matters/now")
    assert refused.form("reply").text("statement.new1") == "Fra denne"
    assert (await person.open(page.path)).form("reply").text("statement.new1") == "Fra den andre enheten"
    told = await person.send(refused.form("reply").press(move))
    assert told.status == 200, "who has been told may go on"


@pytest.mark.parametrize("move", ["pause", "more", "language:nn", "back", "go:meeting/kind", "skip"])
async def test_an_older_page_with_nothing_typed_leaves_the_newer_draft_alone(
    person: Person, move: str
) -> None:
    page = await person.reach("matters/now")
    older = await person.open(page.path)
    await keep(person, page, "Fra den andre enheten", revision_of(page))
    assert (await person.send(older.form("reply").press(move))).status == 200
    newest = await person.open(page.path)
    if newest.state != "matters/now":
        newest = await person.send(newest.form("reply").press().instead("move", "go:matters/now"))
    assert newest.form("reply").text("statement.new1") == "Fra den andre enheten"


async def test_an_answer_from_an_older_page_leaves_the_newer_draft_to_be_found(person: Person) -> None:
    page = await person.reach("matters/now")
    older = await person.open(page.path)
    await keep(person, page, "Fra den andre enheten", revision_of(page))
    page = await person.send(older.form("reply").say("Svaret").press())
    assert page.state == "wishes/wish"
    page = await person.send(page.form("reply").press("back"))
    assert "Fra den andre enheten" in page.html
    assert (await person.open(f"{page.path}/summary")).entries == [("matters", "Svaret")]


async def test_a_page_that_was_refused_has_not_seen_more_than_before(person: Person) -> None:
    page = await person.reach("matters/now")
    older = await person.open(page.path)
    await keep(person, page, "Fra den andre enheten", revision_of(page))
    refused = await person.send(older.form("reply").say("\x07").press())
    assert refused.status == 422
    await person.send(refused.form("reply").say("").press("pause"))
    assert (await person.open(page.path)).form("reply").text("statement.new1") == "Fra den andre enheten"


async def test_an_empty_answer_from_an_older_page_skips_and_takes_no_draft_away(person: Person) -> None:
    page = await person.reach("matters/now")
    older = await person.open(page.path)
    await keep(person, page, "Fra den andre enheten", revision_of(page))
    page = await person.send(older.form("reply").press())
    page = await person.send(page.form("reply").press("back"))
    assert "Fra den andre enheten" in page.main


async def test_a_page_writes_over_its_own_draft_also_when_it_never_heard_that_it_was_kept(
    person: Person,
) -> None:
    page = await person.reach("matters/now")
    old = revision_of(page)
    assert await keep(person, page, "Barna", old) is not None
    assert await keep(person, page, "Barna mi", old) is not None
    page = await person.send(page.form("reply").say("Barna mine.").press())
    page = await person.send(page.form("reply").press("back"))
    assert page.form("reply").text(page.form("reply").words[0]) == "Barna mine."


async def test_the_same_draft_twice_is_kept_however_old_the_page_is(person: Person) -> None:
    page = await person.reach("matters/now")
    kept = await keep(person, page, "Barna mine", revision_of(page))
    assert await keep(person, page, "Barna mine", revision_of(page)) == kept


async def test_what_is_set_aside_stands_under_its_question_when_the_conversation_has_moved_on(
    person: Person,
) -> None:
    page = await person.reach("matters/now")
    older = await person.open(page.path)
    page = await person.send(page.form("reply").say("Svaret").press())
    assert await keep(person, older, "Det andre", revision_of(older)) is None
    assert await keep(person, older, "Det andre", revision_of(older), "keep:aside") is not None
    page = await person.send(page.form("reply").press("go:matters/now"))
    assert "Det andre" in page.html
    summary = await person.open(f"{page.path}/summary")
    assert summary.entries == [("matters", "Svaret")]


@pytest.mark.parametrize("seen", ["", "x", "1", "1.2.3.4", "-1.0", "1.٣", "9999999999.1", "1e1.0"])
async def test_a_revision_that_is_none_is_as_if_there_were_none(person: Person, seen: str) -> None:
    page = await person.reach("matters/now")
    assert SeenRevisions.read(seen) is None
    kept = await keep(person, page, "Barna", seen)
    assert kept is not None
    parsed = SeenRevisions.read(kept)
    assert parsed is not None
    assert parsed.text == kept
