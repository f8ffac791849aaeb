"""When the storage does not take it, and when somebody wants all of it gone."""

import os
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pytest_aiohttp import AiohttpClient
from support.database import rows
from support.person import CATALOGUES, NewPerson, Person
from support.quick import LOW_COST, our_texts
from support.short_way import have, unlock

from assistant.config import Settings
from assistant.web.app import make_app
from assistant.web.http.pages import AWAY

NB = CATALOGUES["nb"].say
NOTHING = {"notebooks": 0, "documents": 0, "requests": 0, "slots": 0, "sessions": 0}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of six megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mounting, capture_output=True, check=False).returncode != 0:
        pytest.skip("needs the right to mount a small disk")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path) -> Path:
    stuff = disk / "stuff"
    with stuff.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096):
                pass
        except OSError:
            return stuff
    raise AssertionError("a disk without end")


@pytest.fixture
async def cramped(small_disk: Path, aiohttp_client: AiohttpClient) -> Person:
    """Somebody on a server with little room."""
    return Person(
        await aiohttp_client(make_app(Settings(data=small_disk / "data"), texts=our_texts(), cost=LOW_COST))
    )


async def test_a_full_disk_keeps_the_text_and_takes_it_once_when_there_is_room(
    cramped: Person, small_disk: Path
) -> None:
    page = await cramped.reach("matters/now")
    stuff = fill(small_disk)
    sent = page.form("reply").say("Barna mine.").press()
    page = await cramped.send(sent)
    assert (page.status, page.trouble) == (503, NB("refusal.NotSaved"))
    assert page.form("reply").text("statement.new1") == "Barna mine."
    again = page.form("reply").press()
    assert (await cramped.send(again)).status == 503

    stuff.unlink()
    first, second = await cramped.send(again), await cramped.send(again)
    assert (first.status, first.state) == (200, "wishes/wish")
    assert second.form("reply").text("turn") == first.form("reply").text("turn")
    assert (await cramped.summary(second)).entries == [("matters", "Barna mine.")]


async def test_on_a_full_disk_one_can_still_read_and_leave(cramped: Person, small_disk: Path) -> None:
    summary, _ = await have(cramped, "nb")
    fill(small_disk)
    assert (await cramped.open(summary.path)).entries == summary.entries
    begin = (await cramped.open("/nb/")).form("start").press()
    page = await cramped.send(begin)
    assert (page.status, page.heading) == (503, NB("trouble.not_saved_heading"))
    changed = await cramped.send(summary.form("change").press("go:needs/need"))
    assert (changed.status, changed.heading) == (503, NB("trouble.not_saved_heading"))
    page = await cramped.send(summary.form("leave").press())
    assert (page.status, page.headers["Refresh"]) == (200, f"6; url={AWAY}")
    assert NB("left.not_told") in page.root.one("body").text
    assert (await cramped.open(summary.path)).status == 401


async def test_a_document_that_was_tampered_with_is_not_opened_and_the_log_says_where(
    person: Person, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    summary, _ = await have(person, "nb")
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        connection.execute("UPDATE documents SET sealed = zeroblob(length(sealed)) WHERE name LIKE 'conv%'")
        connection.commit()
    for _ in range(5):
        page = await person.open(summary.path)
        assert (page.status, page.heading) == (503, NB("trouble.seal_broken_heading"))
    (told,) = [record for record in caplog.records if record.getMessage() == "seal_broken"]
    assert re.fullmatch(r"(\w+\.py:\d+( > )?)+", vars(told)["event_fields"]["where"])
    page = await person.open("/delete")
    page = await person.send(page.form("delete").press())
    assert page.heading == NB("deleted.heading")
    assert rows(settings) == NOTHING


async def test_deleting_leaves_nothing_behind(new_person: NewPerson, settings: Settings) -> None:
    phone, computer, other = await new_person(), await new_person(), await new_person()
    await other.reach("matters/now")
    others = rows(settings)
    summary, link = await have(phone, "nb")
    there = await unlock(computer, link)
    assert rows(settings)["sessions"] == others["sessions"] + 2

    page = await phone.open("/delete")
    keep = next(a for a in page.root.one("main").all("a"))
    assert (await phone.open(keep.attributes["href"])).status == 200, "asking deletes nothing"
    page = await phone.send(page.form("delete").press())
    assert (page.status, page.heading) == (200, NB("deleted.heading"))
    assert rows(settings) == others
    assert not phone.client.session.cookie_jar.filter_cookies(phone.client.make_url("/"))
    for person, path in ((phone, summary.path), (computer, there.path), (computer, "/delete")):
        assert (await person.open(path)).status == 401
    stranger = await new_person()
    assert (await unlock(stranger, link)).trouble == NB("open.unknown")


async def test_a_text_typed_while_another_device_deletes_is_held(new_person: NewPerson) -> None:
    phone, computer = await new_person(), await new_person()
    page = await phone.reach("continue")
    link = page.root.one("input", id="link").attributes["value"]
    there = await unlock(computer, link)
    there = await computer.send(there.form("continue").press())
    await phone.send((await phone.open("/delete")).form("delete").press())
    page = await computer.send(there.form("reply").say("Barna mine.").press())
    assert page.status == 401
    assert page.form("unlock").text("statement.new1") == "Barna mine."


async def test_no_typed_word_and_no_link_lies_in_the_data_folder(person: Person, settings: Settings) -> None:
    page = await person.reach("continue")
    link = page.root.one("input", id="link").attributes["value"].partition("#")[2]
    page = await person.reach("matters/now", page)
    page = await person.send(page.form("reply").say("PLANTED draft").press("pause"))
    page = await person.open(page.path.removesuffix("/pause"))
    page = await person.send(page.form("reply").say("PLANTED answer").press())
    cookie = next(iter(person.client.session.cookie_jar)).value
    lying = b"".join(path.read_bytes() for path in settings.data.rglob("*") if path.is_file())
    assert len(lying) > 10_000
    for secret in ("PLANTED", link, link.replace("-", ""), cookie):
        assert secret.encode() not in lying
        assert secret.encode("utf-16-le") not in lying
