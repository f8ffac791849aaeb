"""axe in a page: what it finds wrong, and nothing else; in each part of a page once.

The library's own call sends the whole script into the page each time, and all that is right in it back. That
costs more than the looking. And most of a page is like the last one: the same head, the same forms, a list
with one item more. What was right there is left out the next time, in the same colours and at the same size.
"""

import json
import re
from collections.abc import Hashable, Sequence
from functools import cache
from hashlib import sha256
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.async_api import Page

Faults = list[tuple[str, list[str]]]
"""The rules that are broken, each with the elements that break it."""
Part = tuple[int, str, str, str]
"""An element: the number of the one it is in, the one before it, itself without what is in it, all of it."""
_RUN = """async () => {
    const context = { include: [document], exclude: %s.map((number) => window.parts[number]) };
    const { violations } = await axe.run(context, %s);
    return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}"""
# preloading fetches every style sheet again, for two rules: one is off by default, the other is about sound
_SETTLED = {"resultTypes": ["violations"], "preload": False}
_IDS = re.compile(r"[0-9a-f]{32}|[A-Za-z0-9_-]{24,}")
# which words there are makes no difference, nor how many like items: only whether there are any
_PARTS = """() => {
    const WORDS = new RegExp("^(id|for|name|value|href|action|formaction|src|content|(href)?lang|title|alt"
        + "|label|placeholder|datetime|min|max|maxlength|rows|d|points|[xy][12]?|c[xy]|data-.*"
        + "|aria-(label|labelledby|describedby|controls|owns|details|valuetext))$");
    const parts = [], found = (window.parts = []);
    const brief = (text) => {  // FNV-1a, twice as wide
        let a = 0x811c9dc5, b = 0x9747b28c;
        for (let n = 0; n < text.length; n += 1) {
            a = Math.imul(a ^ text.charCodeAt(n), 0x01000193);
            b = Math.imul(b ^ text.charCodeAt(n), 0x5bd1e995);
        }
        return (a >>> 0).toString(36) + (b >>> 0).toString(36);
    };
    const mark = ({ name, value }) => `${name}=${value && WORDS.test(name) ? "words" : value}`;
    const own = (one) =>
        [one.localName, one.checked, ...[...one.attributes].map(mark).sort()].join(" ");
    const walk = (one, outer, before) => {
        const number = found.push(one) - 1;
        const itself = own(one), part = [outer, before, brief(itself), ""];
        parts.push(part);
        let last = "", inside = "", beside = "";
        for (const node of one.childNodes) {
            let now = node.nodeType === Node.TEXT_NODE && node.data.trim() ? "words" : "";
            if (node.nodeType === Node.ELEMENT_NODE) {
                now = walk(node, number, beside);
                beside = brief(own(node));
            }
            if (now && now !== last) inside += ` ${last = now}`;
        }
        return (part[3] = brief(`${itself}${inside}`));
    };
    walk(document.documentElement, -1, "");
    return JSON.stringify(parts);  // as one value: each is looked at on its way through the driver
}"""


async def faults_in(page: Page, options: dict[str, Any] | None = None) -> Faults:
    """What these rules, or all of them, find on the page as it is now."""
    return await _faults(page, options, [])


async def new_faults_in(page: Page, options: dict[str, Any] | None, *surroundings: Hashable) -> Faults:
    """The same, but not in what is like something in which nothing was wrong in these surroundings."""
    parts: list[Part] = [tuple(part) for part in json.loads(await page.evaluate(_PARTS))]
    places = whereabouts(parts)
    right = _right(surroundings)
    known = known_parts(parts, places, right)
    if known == [0]:
        return []
    # what is wrong in a part may be right in the whole: a heading's level needs the ones before it
    faults = await _faults(page, options, known) and await _faults(page, options, [])
    if not faults:
        right.update(places)
    return faults


async def _faults(page: Page, options: dict[str, Any] | None, left_out: Sequence[int]) -> Faults:
    if await page.evaluate("typeof axe") == "undefined":
        await page.evaluate(AXE_SCRIPT)
    run = _RUN % (json.dumps(left_out), json.dumps(_SETTLED | (options or {})))
    found: Faults = [(rule, elements) for rule, elements in await page.evaluate(run)]
    return found


def whereabouts(parts: Sequence[Part]) -> list[int]:
    """Of each part: what it is, and what it is in, up to the page itself."""
    around: list[int] = []
    places: list[int] = []
    for outer, before, own, whole in parts:
        chain = hash((around[outer] if outer >= 0 else 0, own))
        around.append(chain)
        places.append(hash((chain, before, whole)))
    return places


def known_parts(parts: Sequence[Part], places: Sequence[int], right: set[int]) -> list[int]:
    """The numbers of the largest parts that are among those which are right."""
    known: list[int] = []
    inside: set[int] = set()
    for number, (outer, *_) in enumerate(parts):
        if outer in inside:
            inside.add(number)
        elif places[number] in right:
            inside.add(number)
            known.append(number)
    return known


@cache
def _right(surroundings: tuple[Hashable, ...]) -> set[int]:
    """The parts in which this process has found nothing wrong."""
    return set()


@cache
def looked_at() -> set[bytes]:
    """The pages in which this process has found nothing wrong, and those that fit a narrow screen."""
    return set()


def likeness(html: str, *surroundings: object) -> bytes:
    """What is the same for two pages that differ only in their ids, seen in the same surroundings."""
    return sha256(f"{surroundings}{_IDS.sub('', html)}".encode()).digest()
