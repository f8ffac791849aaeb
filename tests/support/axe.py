"""axe in a page: what it finds wrong, and nothing else.

The library's own call sends the whole script into the page each time, and all that is right in it back. That
costs more than the looking.
"""

import json
import re
from functools import cache
from hashlib import sha256
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.async_api import Page

Faults = list[tuple[str, list[str]]]
"""The rules that are broken, each with the elements that break it."""
_RUN = """axe.run(%s).then(({violations}) =>
    violations.map(({id, nodes}) => [id, nodes.map(({html}) => html)]))"""
# preloading fetches every style sheet again, for two rules: one is off by default, the other is about sound
_SETTLED = {"resultTypes": ["violations"], "preload": False}
_IDS = re.compile(r"[0-9a-f]{32}|[A-Za-z0-9_-]{24,}")


async def faults_in(page: Page, options: dict[str, Any] | None = None) -> Faults:
    """What these rules, or all of them, find on the page as it is now."""
    if await page.evaluate("typeof axe") == "undefined":
        await page.evaluate(AXE_SCRIPT)
    run = _RUN % json.dumps(_SETTLED | (options or {}))
    found: Faults = [(rule, elements) for rule, elements in await page.evaluate(run)]
    return found


@cache
def looked_at() -> set[bytes]:
    """The pages in which this process has found nothing wrong."""
    return set()


def likeness(html: str, *surroundings: object) -> bytes:
    """What is the same for two pages that differ only in their ids, seen in the same surroundings."""
    return sha256(f"{surroundings}{_IDS.sub('', html)}".encode()).digest()
