"""Reading forms: every text as it was sent, and a large one of somebody who is not known a few at a time."""

import asyncio
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from support.clock import Clock
from support.person import CATALOGUES, FORM, Person

from assistant.retention import RELEASED
from assistant.web.http.forms import (
    BODY_READING,
    STRANGERS_LIMIT,
    BodyUnreadable,
    decode_form,
)
from assistant.web.http.rate_limits import LARGE_BODIES

NB = CATALOGUES["nb"].say
LARGE = "å" * (STRANGERS_LIMIT // 6 + 1_000)
NOBODYS = f"/meetings/{'0' * 32}/form"
PIECES = st.sampled_from(
    [
        b"%41",
        b"%C3%A5",
        b"a",
        b"+",
        b"=",
        b"&",
        b"%0D%0A",
        b"%0d",
        b"_",
        b" ",
        b"%3d",
        b"%26",
        b"%E2",
        b".",
        b"\0",
    ]
)


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(_TEXT, _TEXT), max_size=5))
async def test_every_text_is_read_as_it_was_typed(typed: list[tuple[str, str]]) -> None:
    expected: dict[str, tuple[str, ...]] = {}
    for name, text in typed:
        as_read = text.replace("\r\n", "\n").replace("\r", "\n")
        expected[name] = (*expected.get(name, ()), as_read)
    assert await decode_form(urlencode(typed).encode(), 200) == expected


@given(st.lists(PIECES, max_size=12).map(b"".join))
async def test_it_reads_what_urllib_reads(body: bytes) -> None:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
    except ValueError:
        with pytest.raises(BodyUnreadable):
            await decode_form(body, 200)
        return
    decoded = await decode_form(body, 200)
    assert [(name, text) for name, texts in decoded.items() for text in texts] == sorted(
        ((name, text.replace("\r\n", "\n").replace("\r", "\n")) for name, text in pairs),
        key=lambda pair: [name for name, _ in pairs].index(pair[0]),
    )


@pytest.mark.parametrize("body", [b"a=%", b"a=%4", b"a=%zz", b"a=%%41", b"a=%\n", b"a=%\r41", b"a\nb=1"])
async def test_what_no_browser_sends_is_refused(body: bytes) -> None:
    with pytest.raises(BodyUnreadable):
        await decode_form(body, 200)


@pytest.mark.parametrize("text", ["å", "\r\n", "\r", "x%", "=+ ", "𐍈"])
async def test_a_long_text_is_decoded_in_slices_and_comes_out_whole(text: str) -> None:
    expected = (text * 70_000).replace("\r\n", "\n").replace("\r", "\n")
    for before in range(7):  # wherever the cuts fall
        body = urlencode({"a" * before: text * 70_000}).encode()
        assert await decode_form(body, 200) == {"a" * before: (expected,)}
        body = urlencode({"a": "b" * before + text * 70_000}).encode()
        assert await decode_form(body, 200) == {"a": ("b" * before + expected,)}


async def test_others_are_served_while_a_long_text_is_decoded() -> None:
    decoding = asyncio.create_task(decode_form(b"a=" + b"%41" * 1_000_000, 200))
    passes = 0
    while not decoding.done():
        await asyncio.sleep(0)
        passes += 1
    assert passes > 40


async def send(person: Person, path: str, words: str) -> int:
    body = urlencode({"turn": "0", "statement.new1": words, "move": "answer"}).encode()
    response = await person.client.post(path, data=body, headers={"Content-Type": FORM})
    await response.read()
    return response.status


async def test_a_large_form_to_a_page_that_gives_nothing_back_is_not_read_for_strangers(
    person: Person,
) -> None:
    assert await send(person, "/nb/r", LARGE) == 413
    assert await send(person, "/nb/r", "å" * 1_000) == 422


async def test_a_large_form_is_read_for_a_session_and_given_back_when_it_has_ended(
    person: Person, clock: Clock
) -> None:
    page = await person.reach("matters/now")
    typed = page.form("reply").say(LARGE).press()
    told = await person.send(typed)
    assert told.status == 422, "too long for an answer, and said so"
    assert told.form("reply").text("statement.new1") == LARGE
    clock.pass_by(RELEASED.borrowed_browser + timedelta(seconds=1))
    held = await person.send(typed)
    assert (held.status, held.form("unlock").text("statement.new1")) == (401, LARGE)
    person.client.session.cookie_jar.clear()
    held = await person.send(typed)
    assert (held.status, held.form("unlock").text("statement.new1")) == (401, LARGE)


async def test_only_a_few_large_forms_of_strangers_are_read_at_once(
    app: web.Application, person: Person
) -> None:
    strangers = app[BODY_READING].strangers
    with strangers.place("127.0.0.1"), strangers.place("127.0.0.1"):
        assert await send(person, NOBODYS, LARGE) == 413
        assert await send(person, NOBODYS, "å" * 1_000) == 401, "what is small is read all the same"
    assert await send(person, NOBODYS, LARGE) == 401
    assert not strangers._under_way


@pytest.mark.one_application
async def test_large_forms_are_not_read_without_end(person: Person) -> None:
    seen = {await send(person, NOBODYS, LARGE) for _ in range(int(LARGE_BODIES.burst))}
    assert 429 not in seen
    tries = 0
    while await send(person, NOBODYS, LARGE) != 429:  # one more is read each second
        tries += 1
        assert tries < LARGE_BODIES.burst
    assert await send(person, NOBODYS, "å" * 1_000) == 401
