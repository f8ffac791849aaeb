"""Who reads what was shared sees the map beside the first words, on a screen that is not scrolled."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
from collections.abc import Callable

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import as_colleague, in_role
from support.person import Person
from support.preparing import ordinary
from support.sharing import choose, code_of, open_by, share

from web.user.test_conversation_in_browser import DESK, NewTab, kept_tab, time  # noqa: F401
from web.user.test_share_in_browser import address, shared_app  # noqa: F401
from web.views.test_review_at_once_in_browser import at, somebody  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_the_map_is_in_the_first_screen_and_pushes_no_words_down(
    kept_tab: NewTab, somebody: Callable[[], Person], shared_app: web.Application, time: Clock
) -> None:
    hers, mine = as_colleague(somebody(), time), somebody()
    await in_role(shared_app, hers, "professional", name="Kari som leser")
    opened = await open_by(hers, code_of(await share(mine, await choose(mine, await ordinary(mine)))))
    tab = await at(await kept_tab(viewport=DESK), hers, opened.path)
    tops = await tab.page.evaluate(
        """['blockquote.own', '.map', '.map .pill']
            .map((what) => document.querySelector(what).getBoundingClientRect().y)"""
    )
    print(f"own words, map and its first name at y = {tops}")
    words, drawn, name = tops
    assert words < 200
    assert words < drawn < name < 800
    assert await tab.page.locator(".map").count() == 1
    await tab.look()
    tab.assert_nothing_wrong()
