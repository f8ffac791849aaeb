"""What is shared is told to whom it is for and is in no file; when it is over, nothing is left of it."""

import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from support.guests import Colleague, Guest
from support.markers import hits, new_marker
from support.network_browser import browsing
from support.page import Page
from support.program import until
from support.reviewing import answering, beside
from support.server_process import Server
from support.sharing import choose, code_of, open_by, share
from support.thief import Thief

from assistant.meetings.permissions import Role
from assistant.web.staff.first_link import NAME as FIRST_LINK_FILE
from durability.test_markers import Planter


@dataclass
class Shared:
    """Somebody who shares some of what they wrote, and the two who work there."""

    planter: Planter
    owner: Guest
    kari: Colleague
    """A professional."""
    anne: Colleague
    """An administrator."""
    here: Page
    """Where the code stands, and who opened it."""
    words: list[str]
    """What is shared."""
    kept: list[str]
    """All else that was ever written."""
    ways: list[str]
    """The code, as it may be typed, and what the link has after its #."""
    own: list[str | bytes]
    """The owner's secrets."""
    ids: list[str]

    @property
    def planted(self) -> list[str | bytes]:
        """What is to be in no file."""
        return [*self.words, *self.kept, *self.ways, *self.own]


@pytest_asyncio.fixture
async def shared(server: Server) -> AsyncIterator[Shared]:
    """Together in the meeting: one entry is kept, one rather said, the rest shared, and not opened yet."""
    await server.start()
    async with browsing(server) as own, browsing(server) as office, browsing(server) as ward:
        planter = Planter(server, own, "nb")
        await planter.write_everywhere()
        owner, anne, kari = Guest(own), Colleague(office), Colleague(ward)
        await anne.set_up(first_link(server), "Anne Administrator")
        await kari.set_up(await invite(anne, "Kari Fagperson"), "Kari Fagperson")
        await kari.sign_out_and_in()
        summary = await owner.open(f"{planter.path}/summary")
        kept, said, *words = [text for _, text in summary.entries if text in planter.words]
        preview = await choose(owner, summary, **{kept: "keep", said: "say"})
        here = await share(owner, preview)
        assert words
        yield Shared(
            planter=planter,
            owner=owner,
            kari=kari,
            anne=anne,
            here=here,
            words=words,
            kept=[word for word in planter.words if word not in words],
            ways=[code_of(here), code_of(here).replace("-", ""), link_of(here)],
            own=planter.secrets,
            ids=planter.ids,
        )


@pytest.mark.slow
async def test_staff_are_told_what_is_shared_and_no_file_is_told_anything(
    shared: Shared, server: Server, tmp_path: Path
) -> None:
    kari, anne = shared.kari, shared.anne
    assert left(shared.planted, tmp_path) == []
    page = await open_by(kari, shared.ways[0])
    assert all(word in page.html for word in shared.words)
    assert left(shared.planted, tmp_path) == []
    assert {page.path, "/desk"} <= await kari.look_round()
    assert (await kari.send(page.form("close").press())).path == "/desk"
    assert (await kari.open(page.path)).status == 410
    assert len(await anne.look_round()) > len(["/desk", "/admin/staff", "/staff/account", "/d"])
    assert (await anne.open(page.path)).status == 404
    assert "Kari Fagperson" in (await shared.owner.open(shared.here.path)).main
    assert len(kari.was_told(shared.words)) >= len(shared.words), "the search sees what is there"
    assert kari.was_told([*shared.kept, *shared.own, shared.ways[-1]]) == []
    assert anne.was_told(shared.planted) == []
    thief = Thief.with_cookie(server, kari.browser.cookie)
    assert left([*shared.planted, thief.private_key], tmp_path) == []
    server.kill()
    assert left([*shared.planted, thief.private_key], tmp_path) == []


@pytest.mark.slow
async def test_of_what_is_withdrawn_nothing_is_left_also_for_who_has_the_staffs_key(
    shared: Shared, server: Server, tmp_path: Path
) -> None:
    kari = shared.kari
    page = await open_by(kari, shared.ways[0])
    thief = Thief.with_cookie(server, kari.browser.cookie)
    (share_id,) = thief.shares()
    (key,) = thief.finds_keys(share_id)
    (read,) = thief.reads(share_id)
    assert all(word in read for word in shared.words)
    assert not any(word in read for word in shared.kept)
    pieces = thief.pieces(share_id)
    assert hits(pieces, server.data), "the search sees what is there"

    ask = await shared.owner.open(f"{shared.here.path}/withdraw")
    await shared.owner.send(ask.form("withdraw").press())
    kari.answers.clear()
    assert (await kari.open(page.path)).status == 410
    assert (await open_by(kari, shared.ways[0])).status == 422
    await kari.look_round()
    assert kari.was_told([*shared.words, *shared.kept]) == []
    assert thief.finds_keys(share_id) == set()
    assert thief.reads(share_id) == [], "the key they kept opens nothing that is there"
    traces = [*shared.planted, *pieces, key, thief.private_key]
    assert left(traces, tmp_path) == []

    await shared.planter.delete_everything()
    await kari.look_round()
    await shared.anne.look_round()
    assert kari.was_told([*shared.words, *shared.kept]) == []
    assert shared.anne.was_told(shared.planted) == []
    assert left([*traces, *shared.ids], tmp_path) == []
    await server.stop()
    assert left([*traces, *shared.ids], tmp_path) == []


@pytest.mark.slow
async def test_of_what_was_gone_through_staff_have_nothing_when_it_is_withdrawn_and_its_owner_has_all(
    shared: Shared, server: Server, tmp_path: Path
) -> None:
    kari, owner = shared.kari, shared.owner
    answered, beside_it, agreed = said = [new_marker() for _ in range(3)]
    page = await open_by(kari, shared.ways[0])
    page = await kari.send(page.form("meet").press("meet"))
    form = answering(page, shared.words[0]).choose("kind", "can").write("words", answered)
    page = await kari.send(form.press())
    page = await kari.send(page.form("proposing").write("what", agreed).choose("who", "user").press())
    (here,) = {
        link.attributes["href"]
        for link in (await owner.open(shared.here.path)).root.all("a")
        if "/review/" in link.attributes.get("href", "")
    }
    mine = await owner.open(here)
    mine = await owner.send(beside(mine, shared.words[0], "user").write("words", beside_it).press())
    page = await kari.open(page.path)
    assert all(word in page.html and word in mine.html for word in said)
    assert not any(word in page.html for word in shared.kept)
    thief = Thief.with_cookie(server, kari.browser.cookie)
    (share_id,) = thief.shares()
    thief.finds_keys(share_id)
    (read,) = thief.reads_reviews(share_id)
    assert all(word in read for word in said), "the search sees what is there"
    pieces = thief.pieces(share_id)
    assert left([*shared.planted, *said, thief.private_key], tmp_path) == []

    ask = await owner.open(f"{shared.here.path}/withdraw")
    await owner.send(ask.form("withdraw").press())
    kari.answers.clear()
    assert (await kari.open(page.path)).status == 410
    await kari.look_round()
    assert kari.was_told([*said, *shared.words, *shared.kept]) == []
    assert thief.reads_reviews(share_id) == []
    assert left([*shared.planted, *said, *pieces, thief.private_key], tmp_path) == []
    mine = await owner.open(here)
    assert all(word in mine.html for word in said)

    await shared.planter.delete_everything()
    assert (await owner.open(here)).status in (401, 404)
    server.kill()
    assert left([*shared.planted, *said, *pieces, *shared.ids], tmp_path) == []


def left(planted: Iterable[str | bytes], folder: Path) -> list[str]:
    """Return the hits, but for random ids in the file of deletions, which a restored backup needs."""
    return [
        hit for hit in hits(planted, folder) if not re.match(r"'[0-9a-f]{32}' \(.*\) in data/deleted$", hit)
    ]


def first_link(server: Server) -> str:
    """The link for the first administrator, in the file that the server keeps it in."""
    until((server.data / FIRST_LINK_FILE).exists)  # the server writes it once it listens
    return (server.data / FIRST_LINK_FILE).read_text().strip()


async def invite(administrator: Colleague, name: str, role: Role = "professional") -> str:
    """The link with which somebody sets their account up."""
    page = await administrator.open("/admin/staff")
    form = page.form("add").write("name", name).choose("role", role)
    page = await administrator.send(form.press())
    return page.root.one("input", id="link").attributes["value"]


def link_of(shown: Page) -> str:
    """What makes the link that opens a share a secret."""
    return shown.root.one("input", id="link").attributes["value"].partition("#")[2]
