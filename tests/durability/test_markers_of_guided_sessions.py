"""In a guided session each person is told what is meant for them, and no file is told anything."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from support.guests import Colleague, Guest
from support.markers import new_marker
from support.network_browser import browsing
from support.page import Page
from support.server_process import Server
from web.peer.test_guided_sessions import code_of, do, join, open_session, ticked

from durability.test_markers_of_sharing import first_link, invite, left


@dataclass
class Service:
    """A running server with its staff, and browsers for those who join."""

    server: Server
    windows: AsyncExitStack
    peder: Colleague
    """The peer worker who leads."""
    others: tuple[Colleague, ...]
    """An administrator, a professional, and a peer worker who leads nothing."""

    async def newcomer(self) -> Guest:
        """Somebody with a browser and no notebook."""
        return Guest(await self.windows.enter_async_context(browsing(self.server)))

    async def others_look(self, *paths: str) -> None:
        """The rest of the staff follow every link of theirs, and try these addresses too."""
        for one in self.others:
            await one.look_round()
            for path in paths:
                await one.open(path)


@pytest_asyncio.fixture
async def service(server: Server) -> AsyncIterator[Service]:
    await server.start()
    async with AsyncExitStack() as windows:
        anne, kari, ola, peder = [
            Colleague(await windows.enter_async_context(browsing(server))) for _ in range(4)
        ]
        await anne.set_up(first_link(server), "Anne Administrator")
        await kari.set_up(await invite(anne, "Kari Fagperson"), "Kari Fagperson")
        await ola.set_up(await invite(anne, "Ola", "peer_worker"), "Ola")
        await peder.set_up(await invite(anne, "Peder", "peer_worker"), "Peder")
        yield Service(server, windows, peder, (anne, kari, ola))


async def answer(who: Guest, page: Page, words: str, move: str = "answer") -> Page:
    """Skip to the next field for own words, and write in it."""
    while not (page.has("reply") and page.form("reply").words):
        form = page.form("reply") if page.has("reply") else page.form("continue")
        page = await who.send(form.press("skip"))
    return await who.send(page.form("reply").say(words).press(move))


def secrets_of(who: Guest, lead: Page) -> list[str]:
    """The cookie of this browser, and the code and the link of the session."""
    link = lead.root.one("input", id="link").attributes["value"].partition("#")[2]
    return [who.browser.cookie, code_of(lead), code_of(lead).replace("-", ""), link]


@pytest.mark.slow
async def test_beside_one_person_only_what_is_shown_is_told(service: Service, tmp_path: Path) -> None:
    peder, user = service.peder, await service.newcomer()
    kept, shown, taken_back, draft, message, reply, welcome, note = every = [new_marker() for _ in range(8)]
    lead = await open_session(peder, "one", welcome=welcome)
    page = await join(user, code_of(lead))
    ways = secrets_of(user, lead)
    await peder.send((await peder.open(lead.path)).form("note-form").write("note", note).press())
    meeting = page.path
    for words in (kept, shown, taken_back):
        page = await answer(user, page, words)
    await answer(user, page, draft, "pause")
    own = f"{meeting}/guided"
    for words in (shown, taken_back):
        page = await user.open(own)
        (show,) = [button for button in page.form("guided-acts").buttons if words in button.text]
        await do(user, own, show.attributes["value"])
    assert taken_back in (await peder.open(lead.path)).main
    await do(user, own, show.attributes["value"].replace("show:", "back:"))
    page = await user.open(own)
    page = await user.send(page.form("say").write("text", message).press())
    lead = await peder.send((await peder.open(lead.path)).form("say").write("text", reply).press())
    assert shown in lead.main
    assert message in lead.main
    assert taken_back not in lead.main
    page = await user.open(own)
    assert reply in page.main
    assert note in page.main
    screen = f"{lead.path}/screen"
    projected = (await peder.open(screen)).html
    assert not any(word in projected for word in (shown, message, reply, kept))
    await service.others_look(lead.path, screen, f"{lead.path}/slips", meeting, own)

    assert len(peder.was_told([shown, message])) >= 2, "the search sees what is there"
    assert peder.was_told([kept, draft, user.browser.cookie]) == []
    for one in service.others:
        assert one.was_told([*every, *ways]) == []
    assert left([*every, *ways], tmp_path) == []

    await do(peder, lead.path, "end")
    peder.answers.clear()
    await peder.look_round()
    assert (await peder.open(lead.path)).status in (200, 410)
    assert peder.was_told([*every, *ways]) == []
    mine = (await user.open(f"{meeting}/summary")).main
    assert all(word in mine for word in (kept, shown, taken_back))
    service.server.kill()
    assert left([*every, *ways], tmp_path) == []


@pytest.mark.slow
async def test_in_a_group_a_line_is_told_when_it_is_shown_and_answers_never(
    service: Service, tmp_path: Path
) -> None:
    peder, people = service.peder, [await service.newcomer() for _ in range(4)]
    lines, answers = [new_marker() for _ in range(4)], [new_marker() for _ in range(4)]
    lead = await open_session(peder, "group")
    pages = [await join(one, code_of(lead)) for one in people]
    ways = [way for one in people for way in secrets_of(one, lead)]
    lead = await do(peder, lead.path, "go:matters/now")
    for one, page, line, words in zip(people, pages, lines, answers, strict=True):
        await answer(one, page, words)
        held = await one.open(f"{page.path}/guided/hold-up")
        held = await one.send(held.form("hold-up").write("line", line).press("see"))
        await one.send(held.form("hold-up").press("yes"))
    # one is taken back before it is read, and nobody else has read any
    await do(people[3], f"{pages[3].path}/guided", await taking_down(people[3], f"{pages[3].path}/guided"))
    for number, one in enumerate(people):
        await one.open(f"{pages[number].path}/guided")
        assert one.was_told(set(lines) - {lines[number]}) == []
    lead = await peder.open(lead.path)
    assert all(line in lead.main for line in lines[:3])
    screen = f"{lead.path}/screen"
    projected = (await peder.open(screen)).html
    assert not any(line in projected for line in lines)
    lead = await peder.send(ticked(lead).press("forward"))
    projected = (await peder.open(screen)).html
    assert all(line in projected for line in lines[:3])
    for page, one in zip(pages, people, strict=True):
        board = (await one.open(f"{page.path}/guided")).main
        assert all(line in board for line in lines[:3])
    await service.others_look(lead.path, screen, *(page.path for page in pages))

    assert peder.was_told([*answers, lines[3]]) == []
    for number, one in enumerate(people):
        assert one.was_told(set(answers) - {answers[number]}) == []
    for colleague in service.others:
        assert colleague.was_told([*lines, *answers, *ways]) == []
    assert left([*lines, *answers, *ways], tmp_path) == []

    await do(peder, lead.path, "end")
    for one in (peder, *people):
        one.answers.clear()
    await peder.look_round()
    for page, one in zip(pages, people, strict=True):
        await one.open(f"{page.path}/guided")
        assert one.was_told(lines) == []
    assert peder.was_told([*lines, *answers]) == []
    service.server.kill()
    assert left([*lines, *answers, *ways], tmp_path) == []


async def taking_down(who: Guest, path: str) -> str:
    """The value of the button that takes their waiting line down."""
    page = await who.open(path)
    values = [button.attributes.get("value", "") for button in page.form("guided-acts").buttons]
    (value,) = [value for value in values if value.startswith("down:")]
    return value
