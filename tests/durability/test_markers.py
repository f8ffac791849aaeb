"""No word anybody wrote is in any file of the server, nor any secret that would open one."""

import json
import secrets
import shutil
import sqlite3
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from support.markers import hits, new_marker
from support.network_browser import Browser, browsing
from support.page import Form, Page
from support.server_process import Server

from assistant.languages import LANGUAGES, Language
from assistant.vault.key_slots import read_link
from assistant.vault.session_keys import session_index, unwrap_session
from assistant.web.http.forms import BODY_LIMIT

ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "hex": lambda raw: raw.hex().encode(),
    "HEX": lambda raw: raw.hex().upper().encode(),
    "base64": b64encode,
    "base64 in an address": urlsafe_b64encode,
    "url": lambda raw: quote(raw).encode(),
    "form": lambda raw: quote_plus(raw).encode(),
    "utf-16le": lambda raw: raw.decode().encode("utf-16-le"),
    "utf-16be": lambda raw: raw.decode().encode("utf-16-be"),
    "base64 of utf-16le": lambda raw: b64encode(raw.decode().encode("utf-16-le")),
    "hex of utf-16be": lambda raw: raw.decode().encode("utf-16-be").hex().encode(),
}

IN_A_MONTH = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
"""A likely day for a meeting, by the clock of the real process."""


@pytest.mark.parametrize("before", ["", "f", "fo", "for"])
@pytest.mark.parametrize("encoder", ENCODERS)
def test_the_search_finds_words_in_every_spelling_wherever_they_begin(
    tmp_path: Path, encoder: str, before: str
) -> None:
    marker = new_marker()
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").write_bytes(ENCODERS[encoder](f"{before}{marker} og mer".encode()))
    assert hits([marker], tmp_path)
    assert not hits([new_marker()], tmp_path)


@pytest.mark.parametrize("before", [b"", b"\xff", b"\xff\xfe", b"\xff\xfe\xfd"])
@pytest.mark.parametrize("encoder", ["plain", "hex", "HEX", "base64", "base64 in an address"])
def test_the_search_finds_a_key_in_every_spelling(tmp_path: Path, encoder: str, before: bytes) -> None:
    key = secrets.token_bytes(32)
    (tmp_path / "file").write_bytes(ENCODERS[encoder](before + key + before))
    assert hits([key], tmp_path)
    assert not hits([secrets.token_bytes(32)], tmp_path)


def test_the_search_looks_at_the_names_of_files_too(tmp_path: Path) -> None:
    marker = new_marker()
    (tmp_path / marker).touch()
    assert hits([marker], tmp_path)


class Planter:
    """Somebody who writes something else in every field there is, in every way that a page allows."""

    def __init__(self, server: Server, browser: Browser, language: Language) -> None:
        self._server = server
        self._browser = browser
        self._language = language
        self.path = ""
        """Where the meeting is."""
        self.words: list[str] = []
        self.kept: list[str] = []
        """Those of the words that shall stand in the summary."""
        self.links: list[str] = []
        self.cookies: list[str] = []

    @property
    def ids(self) -> list[str]:
        """What the server calls the notebook and the meeting."""
        return [self._session()[0], self.path.removeprefix("/meetings/")]

    @property
    def secrets(self) -> list[str | bytes]:
        """The link, the cookie and the notebook's key, in every form in which they are a secret."""
        link = self.links[0]
        bare = read_link(link)
        assert bare is not None
        return [link, link.replace("-", ""), bare, *self.cookies, self._session()[1]]

    async def write_everywhere(self) -> None:
        await self._miss_the_door()
        page = await self._browser.begin(self._language)
        self.path = page.path
        page = await self._send(page.form("reply").choose("option", "other"))
        await self._see_the_way_back(page)
        await self._name_the_meeting()
        await self._be_refused_a_day()
        await self._be_refused_words()
        await self._change_language()
        await self._be_too_late()
        await self._answer()
        await self._answer()
        await self._write_when_locked_out()
        await self._see_the_summary()
        await self._change_an_answer()
        await self._leave_a_draft()

    async def delete_everything(self) -> None:
        page = await self._browser.open("/delete")
        deleted = await self._browser.send(page.form("delete").press())
        assert deleted.status == 303
        assert (await self._browser.open(self.path)).status == 401

    def _plant(self, *, kept: bool = False) -> str:
        marker = new_marker()
        self.words.append(marker)
        self.kept += [marker] * kept
        return marker

    async def _here(self) -> Form:
        return (await self._browser.open(self.path)).form("reply")

    async def _send(self, form: Form, move: str = "answer", status: int = 200) -> Page:
        page = await self._browser.go(form.press(move))
        assert page.status == status, page.main
        return page

    async def _answer(self) -> None:
        form = await self._here()
        if form.element.attributes["data-asks"] == "balance":
            form = (await self._send(form.choose("support.level", "more"))).form("reply")
        await self._send(form.say(*(self._plant(kept=True) for _ in form.words)))

    async def _miss_the_door(self) -> None:
        door = (await self._browser.open(f"/{self._language}/r")).form("open")
        assert (await self._browser.send(door.write("link", self._plant()).press())).status == 422

    async def _see_the_way_back(self, page: Page) -> None:
        self.links.append(page.root.one("b", class_="code").text)
        self.cookies.append(self._browser.cookie)
        await self._browser.go(page.form("continue").choose("device", "own").press("answer"))

    async def _name_the_meeting(self) -> None:
        """First as a draft, with a pause."""
        await self._send((await self._here()).say(self._plant()), "pause")
        await self._answer()

    async def _be_refused_a_day(self) -> None:
        form = await self._here()
        page = await self._send(form.write("on", self._plant()), status=422)
        assert self.words[-1] in page.html
        await self._send(page.form("reply").write("on", IN_A_MONTH).write("at", ""))

    async def _be_refused_words(self) -> None:
        """Too many, with a character nobody sees, and more than the server reads; then several at once."""
        form = await self._here()
        await self._send(form.say(self._plant() + "x" * 4000), status=422)
        await self._send(form.say(self._plant() + "\0"), status=422)
        await self._send(form.say(self._plant() + "x" * BODY_LIMIT), status=413)
        more = await self._send(form.say(self._plant(kept=True)), "more")
        form = more.form("reply")
        await self._send(form.say(form.text(form.words[0]), self._plant(kept=True)))

    async def _change_language(self) -> None:
        """In the middle of a reply, there and back."""
        other = next(language for language in LANGUAGES if language != self._language)
        page = await self._send((await self._here()).say(self._plant()), f"language:{other}")
        page = await self._send(page.form("reply"), f"language:{self._language}")
        assert page.form("reply").text(page.form("reply").words[0]) == self.words[-1]
        await self._answer()

    async def _be_too_late(self) -> None:
        """The same form with other words, and the form of a turn that is over."""
        form = await self._here()
        await self._answer()
        await self._send(form.say(self._plant()), status=409)
        late = form.say(self._plant()).press("answer").instead("request", secrets.token_hex(16))
        assert (await self._browser.send(late)).status == 409

    async def _write_when_locked_out(self) -> None:
        """The page gives the words back: some are never unlocked, some first with a wrong link."""
        form = await self._here()
        self._browser.forget()
        await self._send(form.say(self._plant()), status=401)
        page = await self._send(form.say(self._plant(kept=True)), status=401)
        unlock = page.form("unlock")
        page = await self._browser.send(unlock.write("link", self._plant()).press())
        assert page.status == 401
        assert self.kept[-1] in page.html
        unlock = page.form("unlock").write("link", self.links[0])
        answer = await self._browser.send(unlock.press())
        assert answer.status == 303
        self.cookies.append(self._browser.cookie)

    async def _see_the_summary(self) -> None:
        page = await self._browser.open(f"{self.path}/summary")
        shown = {text for _, text in page.entries}
        assert set(self.words) & shown == set(self.kept)

    async def _change_an_answer(self) -> None:
        """The words that stood there before are to be gone as well."""
        summary = await self._browser.open(f"{self.path}/summary")
        to = next(
            b.attributes["value"] for b in summary.form("change").buttons if "wishes" in b.attributes["value"]
        )
        page = await self._send(summary.form("change"), to)
        await self._send(page.form("reply").say(self._plant()))

    async def _leave_a_draft(self) -> None:
        summary = await self._browser.open(f"{self.path}/summary")
        page = await self._send(
            summary.form("change"), summary.form("change").buttons[-1].attributes["value"]
        )
        await self._send(page.form("reply").say(self._plant()), "pause")

    def _session(self) -> tuple[str, bytes]:
        """The notebook's id and key: with a cookie and the database, as nobody but its owner has them."""
        cookie = self.cookies[-1]
        with closing(sqlite3.connect(f"file:{self._server.database}?mode=ro", uri=True)) as connection:
            lookup = (session_index(cookie),)
            row = connection.execute("SELECT notebook_id, sealed FROM sessions WHERE lookup = ?", lookup)
            notebook_id, sealed = row.fetchone()
        return notebook_id, bytes.fromhex(json.loads(unwrap_session(cookie, sealed))["key"])


@pytest.mark.slow
async def test_no_typed_word_and_no_secret_is_in_any_file(server: Server, tmp_path: Path) -> None:
    await server.start()
    planted: list[str | bytes] = []
    ids: list[str] = []
    for language in LANGUAGES:
        async with browsing(server) as browser:
            planter = Planter(server, browser, language)
            await planter.write_everywhere()
            planted += [*planter.words, *planter.secrets]
            ids += planter.ids
    server.keep_what_it_publishes()
    told = [server.said, server.log, tmp_path / "metrics", tmp_path / "security-log"]
    assert b'family="meetings",status="2xx"' in told[2].read_bytes()
    assert server.database.with_name("words.db-wal").stat().st_size > 0
    assert hits(planted, tmp_path) == []
    assert hits(ids, server.data), "the search sees what is there"
    assert hits(ids, tmp_path / "tmp") == []
    gathered = tmp_path / "told"
    gathered.mkdir()
    for file in told:
        shutil.copy(file, gathered)
    assert hits(ids, gathered) == []
    server.kill()
    assert hits(planted, tmp_path) == []
    await server.start()
    await server.stop()
    assert hits(planted, tmp_path) == []


@pytest.mark.slow
async def test_what_is_deleted_leaves_nothing_not_even_its_name(server: Server, tmp_path: Path) -> None:
    await server.start()
    async with browsing(server) as other, browsing(server) as browser:
        await Planter(server, other, "en").write_everywhere()
        planter = Planter(server, browser, "nb")
        await planter.write_everywhere()
        ids = list(planter.ids)
        traces = [*ids, *planter.words, *planter.secrets]
        assert hits(ids, server.data)
        await planter.delete_everything()
        assert [hit for hit in hits(traces, tmp_path) if not is_tombstone(hit, ids)] == []
    await server.stop()
    assert [hit for hit in hits(traces, tmp_path) if not is_tombstone(hit, ids)] == []


def is_tombstone(hit: str, ids: list[str]) -> bool:
    """Return True for a random id in the file of deletions, which a restored backup needs."""
    return hit.endswith("in data/deleted") and any(id_ in hit for id_ in ids)
