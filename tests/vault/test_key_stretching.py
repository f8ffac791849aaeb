"""Codenames are slow to try, one by one, without anybody else noticing."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.errors import CannotStart, SealBroken, TooBusy
from assistant.vault.key_slots import CODENAME, KeySlot, belongs, index_of, make_slot, open_slot
from assistant.vault.key_stretching import (
    ASKER,
    AT_ONCE,
    FEW_PLACES,
    FULL_COST,
    PLACES,
    QUEUE,
    Asker,
    Stretching,
    StretchingCost,
)
from assistant.vault.pepper import Pepper, load_or_make_salt

NAME = "acorn tulip kaffe notebook fjell gitar lanterne"
SALT = b"s" * 32
OWN_SALT = b"s" * 16
"""As long as the salts of passwords and codes, which another library stretches than codenames."""
PEPPER, OTHER_PEPPER = Pepper(1, b"p" * 32), Pepper(1, b"q" * 32)
KEY = bytes(range(32))


@pytest.fixture
async def secret() -> bytes:
    stretching = Stretching(SALT)
    try:
        return await stretching.stretch(NAME)
    finally:
        stretching.close()


def made(secret: bytes) -> KeySlot:
    return make_slot(PEPPER, CODENAME, secret, "mine", KEY, salt=SALT)


async def test_the_same_codename_gives_the_same_secret_under_one_salt_only(secret: bytes) -> None:
    again, elsewhere = Stretching(SALT), Stretching(b"t" * 32)
    assert await again.stretch(NAME) == secret
    assert await elsewhere.stretch(NAME) != secret
    assert await again.stretch(NAME.replace("acorn", "tulip")) != secret
    assert len(secret) == 32
    assert secret.hex()[:16] == "5b8d6acbd39efb2f", "the cost and the kind are part of what a codename opens"
    again.close()
    elsewhere.close()


def test_what_is_stretched_at_once_takes_the_memory_that_operators_were_told() -> None:
    """`assistant/OPERATING.md`: «two at 64 MiB each»."""
    assert (AT_ONCE, FULL_COST.memory) == (2, 64 * 1024)
    assert 2 * PLACES == QUEUE, "nobody has more than half of the queue"


KNOWN = (
    (SALT, 64 * 1024, 3, NAME, "5b8d6acbd39efb2f77e006c6eadcbe5260b734d0b62b2f5b33e37d0b587cdc9a"),
    (OWN_SALT, 64 * 1024, 3, NAME, "2d20fe308b46e9daf3605535a5a17f3271372642109aff65b103b4be0acc1f86"),
    (OWN_SALT, 64, 1, "", "b8f5cedb377c0c4acc3f8bff22fe75f1ce22af0a9f05eb92da5e317a92f8e31d"),
    (OWN_SALT, 64, 1, "a\0b", "c8d0a6f55a544c50ca5258375ef24c032d3b2cb94c123c780c6b850998af7d93"),
    (
        OWN_SALT,
        64,
        1,
        "blåbærsyltetøy 😀 e\u0301",
        "7150fde69179c48574da03aa1899d3767d9255a1617cf523ad24c96e8e09d806",
    ),
    (OWN_SALT, 64, 1, "\udce5\ud800x", "c72b864861a5dd9fa58b947f101dc7b762814de2cb36f969c57dd0a22eda5041"),
    (SALT, 64, 1, "\udce5\ud800x", "ec1730c8f1266219025532554ce8492c6f73561b3ab799b217e1c10f9a8d44e1"),
    (
        bytes(range(16)),
        1000,
        2,
        "ø" * 3000,
        "4a0eed6c5b7f6068387a0be4a119508845636e135324912c68fa162648da13ae",
    ),
    (
        b"somesalt",
        64 * 1024,
        2,
        "password",
        "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7",
    ),
    (b"somesalt", 256, 2, "password", "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"),
)
"""Salts, costs and texts, with the bytes that argon2-cffi 25.1 gave for them: secrets of earlier versions are
stored under those. The last two are tests of the reference implementation of Argon2 (`src/test.c`).
"""


@pytest.mark.parametrize(("salt", "memory", "passes", "typed", "known"), KNOWN)
async def test_secrets_stretched_by_an_earlier_version_still_open(
    salt: bytes, memory: int, passes: int, typed: str, known: str
) -> None:
    stretching = Stretching(salt, StretchingCost(memory, passes))
    assert (await stretching.stretch(typed)).hex() == known
    stretching.close()


@pytest.mark.parametrize("salt", [SALT, OWN_SALT], ids=["codename", "password"])
async def test_each_try_costs_what_was_promised(salt: bytes) -> None:
    stretching = Stretching(salt)
    began = time.perf_counter()
    await stretching.stretch(NAME)
    assert time.perf_counter() - began > 0.03, "64 MiB three times over is never quicker"
    stretching.close()


@pytest.mark.parametrize("salt", [SALT, OWN_SALT], ids=["codename", "password"])
async def test_the_loop_goes_on_while_secrets_are_stretched(salt: bytes) -> None:
    stretching = Stretching(salt)
    stalls: list[float] = []

    async def tick() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            stalls.append(time.perf_counter() - before)

    ticking = asyncio.create_task(tick())
    await asyncio.gather(*(stretching.stretch(NAME) for _ in range(6)))
    ticking.cancel()
    stretching.close()
    assert len(stalls) > 20
    # one that held the interpreter would stop it for as long as a whole stretch takes, every time
    assert sorted(stalls)[len(stalls) // 2] < 0.03


CHEAP = StretchingCost(memory=64, passes=1)


async def ask(stretching: Stretching, name: str, done: list[str], places: int = PLACES) -> None:
    """Have something stretched as this asker, and note when it is or that there was no room."""
    ASKER.set(Asker(name, places))
    try:
        await stretching.stretch(NAME)
    except TooBusy:
        done.append(f"no room for {name}")
    else:
        done.append(name)


async def test_beyond_their_places_an_asker_is_told_at_once_and_has_them_again_later() -> None:
    stretching, done = Stretching(SALT, CHEAP), list[str]()
    await asyncio.gather(*(ask(stretching, "one", done) for _ in range(AT_ONCE + PLACES + 3)))
    assert done[:3] == ["no room for one"] * 3
    assert done[3:] == ["one"] * (AT_ONCE + PLACES)
    await asyncio.gather(*(ask(stretching, "one", done, FEW_PLACES) for _ in range(AT_ONCE + FEW_PLACES + 1)))
    assert done.count("no room for one") == 4
    stretching.close()


async def test_places_are_taken_in_turns_so_nobody_waits_behind_somebody_elses_many() -> None:
    stretching, done = Stretching(SALT, CHEAP), list[str]()
    stretching._pool = ThreadPoolExecutor(1)  # of two threads, either may be held up: one ends what it begins
    many = [asyncio.create_task(ask(stretching, "many", done)) for _ in range(40)]
    await asyncio.sleep(0)
    few = [asyncio.create_task(ask(stretching, name, done)) for name in ("a", "b", "c")]
    await asyncio.gather(*many, *few)
    assert {"a", "b", "c"} <= set(done[: 2 * AT_ONCE + 6])
    stretching.close()


async def test_a_newcomer_gets_a_place_in_a_full_queue_from_whoever_has_most() -> None:
    stretching, done = Stretching(SALT, CHEAP), list[str]()
    names = ["most"] * (AT_ONCE + PLACES) + ["more"] * (QUEUE - PLACES)
    waiting = [asyncio.create_task(ask(stretching, name, done)) for name in names]
    await asyncio.sleep(0)
    await ask(stretching, "new", done)
    await asyncio.gather(*waiting)
    assert done.count("new") == 1
    assert [name for name in done if name.startswith("no")] == ["no room for most"]
    stretching.close()


async def test_who_goes_away_gives_their_turn_on() -> None:
    stretching, done = Stretching(SALT, CHEAP), list[str]()
    tasks = [asyncio.create_task(ask(stretching, "one", done)) for _ in range(10)]
    await asyncio.sleep(0)
    for task in tasks[AT_ONCE:]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await ask(stretching, "two", done)
    assert done == ["one"] * AT_ONCE + ["two"]
    stretching.close()


async def test_a_thief_without_the_pepper_cannot_confirm_a_right_codename(secret: bytes) -> None:
    """They have the whole database, even the salt, and the very codename."""
    slot = made(secret)
    assert open_slot(PEPPER, slot, secret, salt=SALT) == KEY
    with pytest.raises(SealBroken):
        open_slot(OTHER_PEPPER, slot, secret, salt=SALT)
    assert index_of(OTHER_PEPPER, secret) != slot.index
    again = made(secret)
    same = {slot.outer[i : i + 8] for i in range(len(slot.outer) - 7)}
    assert not same & {again.outer[i : i + 8] for i in range(len(again.outer) - 7)}


async def test_a_thief_with_everything_but_the_codename_opens_nothing(secret: bytes) -> None:
    with pytest.raises(SealBroken):
        open_slot(PEPPER, made(secret), b"x" * 32, salt=SALT)


async def test_a_slot_knows_the_salt_it_was_made_with(secret: bytes) -> None:
    slot = made(secret)
    assert belongs(PEPPER, slot, salt=SALT)
    assert not belongs(PEPPER, slot, salt=b"t" * 32)
    assert not belongs(PEPPER, slot)
    with pytest.raises(SealBroken):
        open_slot(PEPPER, slot, secret)


def test_the_salt_lies_with_the_pepper_and_is_another_secret(tmp_path: Path) -> None:
    pepper, salt = Pepper.load_or_make(tmp_path), load_or_make_salt(tmp_path)
    assert salt == load_or_make_salt(tmp_path)
    assert salt != pepper.secret
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
        "pepper": 0o400,
        "salt": 0o400,
    }
    (tmp_path / "salt").chmod(0o600)
    (tmp_path / "salt").write_bytes(b"short")
    with pytest.raises(CannotStart, match=r"salt .* is damaged"):
        load_or_make_salt(tmp_path)


async def test_in_a_full_queue_who_has_most_is_told_at_once_and_loses_no_place() -> None:
    stretching, done = Stretching(SALT, CHEAP), list[str]()
    waiting = [asyncio.create_task(ask(stretching, "most", done, 2 * QUEUE)) for _ in range(AT_ONCE + QUEUE)]
    await asyncio.sleep(0)
    assert stretching.under_way == AT_ONCE + QUEUE
    await ask(stretching, "most", done, 2 * QUEUE)
    assert done == ["no room for most"]
    await asyncio.gather(*waiting)
    assert done[1:] == ["most"] * (AT_ONCE + QUEUE)
    assert stretching.under_way == 0
    stretching.close()


async def test_an_equal_share_of_a_full_queue_is_not_taken_from_another() -> None:
    stretching, done = Stretching(SALT, CHEAP), list[str]()
    names = ["one"] * AT_ONCE + ["one", "other"] * (QUEUE // 2)
    waiting = [asyncio.create_task(ask(stretching, name, done)) for name in names]
    await asyncio.sleep(0)
    await ask(stretching, "one", done, 2 * QUEUE)
    assert done == ["no room for one"]
    await asyncio.gather(*waiting)
    stretching.close()


async def test_what_is_typed_may_be_any_characters() -> None:
    """A form can carry half of a surrogate pair; it is a wrong codename, and no fault."""
    stretching = Stretching(SALT, CHEAP)
    assert len({await stretching.stretch(typed) for typed in ("", "\ud800", "\0", "æ", "ae")}) == 5
    assert await stretching.stretch("\ud800", salt=b"t" * 32) != await stretching.stretch("\ud800")
    stretching.close()


async def test_when_closed_no_thread_of_its_own_is_left() -> None:
    before = set(threading.enumerate())
    stretching = Stretching(SALT, StretchingCost(memory=8, passes=1))
    await stretching.stretch(NAME)
    assert set(threading.enumerate()) > before
    stretching.close()
    assert set(threading.enumerate()) <= before
