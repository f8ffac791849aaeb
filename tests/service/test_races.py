"""Two processes on one PostgreSQL do the same at the same time: what one writer protected, locks protect."""

import asyncio
import base64
import secrets
import threading
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import Connection, func, select
from support.clock import Clock
from support.guiding import Guiding
from support.house import House
from support.quick import LOW_COST, our_texts
from support.sharing_services import Sharers, Sitting, sit

from assistant.config import Settings
from assistant.errors import CodeLocked, GuidedSessionFull, ProofRefused, SecretUnknown, StaffSessionEnded
from assistant.meetings.guided.room import MOST_ARRIVALS
from assistant.meetings.insight import Tally
from assistant.meetings.review.acts import GiveAnswer, Propose
from assistant.service.broadcast import Broadcast
from assistant.service.dialogues import Dialogues
from assistant.service.notebook.sessions import Sessions
from assistant.service.preparation.preparations import Preparations
from assistant.service.sharing.links_and_codes import WRONG_CODES
from assistant.service.staff import sign_in
from assistant.service.staff.account_setup import AccountSetupTyped
from assistant.service.staff.members import SignedInStaff
from assistant.service.staff.services import StaffServices
from assistant.service.staff.session_beginnings import is_way_in
from assistant.service.stores import open_stores
from assistant.storage.insight import lock_tally
from assistant.storage.key_slots import delete_slots, find_slot
from assistant.storage.notebooks import delete_notebooks_kept_until, keep_notebook
from assistant.storage.schema import notebooks, sessions, slots
from assistant.storage.sessions import StoredSession, add_session, delete_sessions_of
from assistant.vault.insight_keys import unseal_tally
from assistant.vault.pepper import Pepper
from assistant.vault.second_factor import app_code

PASSWORD = "seks gode ord om natten"


@dataclass
class Process:
    """The services as one process has them."""

    house: House
    sharers: Sharers
    guiding: Guiding
    staff: StaffServices

    @classmethod
    async def on(cls, settings: Settings, clock: Clock) -> "Process":
        database, pepper = open_stores(settings.database_url, settings.keys)
        scripts, broadcast = Dialogues(database, our_texts().dialogues), Broadcast()
        await scripts.publish(clock())
        visits = Sessions(database, pepper, scripts, clock, broadcast)
        preparations = Preparations(database, scripts, clock, broadcast)
        house = House(database, clock, scripts, visits, preparations, broadcast)
        staff = StaffServices.over(database, pepper, clock, LOW_COST)
        return cls(house, Sharers.of(house, settings), Guiding.of(house, settings), staff)


Both = tuple[Process, Process]


@pytest_asyncio.fixture
async def both(emptied: str, tmp_path: Path, clock: Clock) -> AsyncIterator[Both]:
    settings = Settings(data=tmp_path / "data", database=emptied)
    found = await Process.on(settings, clock), await Process.on(settings, clock)
    yield found
    for one in found:
        await one.house.database.close()


async def at_once(*acts: Awaitable[object]) -> list[object]:
    """What each gave or raised."""
    return await asyncio.gather(*acts, return_exceptions=True)


def in_the_other(sitting: Sitting, other: Process) -> Sitting:
    """The same two, whose acts the other process takes."""
    return Sitting(
        other.sharers, sitting.who, sitting.meeting, sitting.review_id, sitting.reader, sitting.opening
    )


async def test_openings_at_once_are_all_on_the_trail(both: Both) -> None:
    who, meeting = await both[0].sharers.prepare("Færre folk")
    share = await both[0].sharers.share(who, meeting)
    readers = [(both[n % 2].sharers, both[0].sharers.professional()) for n in range(16)]
    opened = await at_once(
        *(process.readings.open(reader, share.link, secrets.token_hex(16)) for process, reader in readers)
    )
    assert opened == [None] * 16
    trail = (await both[1].sharers.open_one(who, meeting)).trail
    assert trail.is_whole
    assert Counter(act.act for act in trail.acts) == {"shared": 1, "opened": 16}


async def test_the_same_opening_in_both_is_one(both: Both) -> None:
    who, meeting = await both[0].sharers.prepare("Færre folk")
    share, reader = await both[0].sharers.share(who, meeting), both[0].sharers.professional()
    opening = secrets.token_hex(16)
    await at_once(*(both[n % 2].sharers.readings.open(reader, share.link, opening) for n in range(6)))
    trail = (await both[1].sharers.open_one(who, meeting)).trail
    assert [act.act for act in trail.acts] == ["shared", "opened"]


async def test_acts_of_both_sides_at_once_are_all_in_the_review(both: Both) -> None:
    here = await sit(both[0].sharers, "Færre folk")
    there = in_the_other(here, both[1])
    mine = [here.i(Propose(f"i{n}", f"mitt {n}", "user", None, None, 0)) for n in range(6)]
    theirs = [there.they(Propose(f"t{n}", f"deres {n}", "user", None, None, 0)) for n in range(6)]
    assert await at_once(*mine, *theirs) == [None] * 12
    review = (await there.mine()).review
    assert all(review.proposal(f"{side}{n}") is not None for side in "it" for n in range(6))


async def test_acts_of_many_reviews_at_once_in_both_are_all_saved(both: Both) -> None:
    here = [await sit(both[0].sharers, "Færre folk") for _ in range(10)]
    there = [in_the_other(sitting, both[1]) for sitting in here]
    for round_ in range(4):
        mine = [one.i(Propose(f"i{round_}", "mitt", "user", None, None, 0)) for one in here]
        theirs = [one.they(Propose(f"t{round_}", "deres", "user", None, None, 0)) for one in there]
        assert await at_once(*mine, *theirs) == [None] * 20


async def test_a_summary_shared_in_both_is_one_share(both: Both) -> None:
    who, meeting = await both[0].sharers.prepare("Færre folk")
    await both[0].sharers.choosing.choose(who, meeting.id, {})
    digest = (await both[0].sharers.shares.now(who, meeting.id)).snapshot.digest
    await at_once(*(both[n % 2].sharers.shares.share(who, meeting.id, "together", digest) for n in range(6)))
    found = await both[1].sharers.reviews.had(who, meeting.id)
    assert len(found) == 1


async def test_shares_and_answers_at_once_in_both_are_each_counted_once(both: Both, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    here, there = (Sharers.of(process.house, settings, insight=True) for process in both)
    prepared = [await here.prepare("Færre folk") for _ in range(5)]
    shared: list[Awaitable[object]] = []
    for who, meeting in prepared:
        await here.choosing.choose(who, meeting.id, {})
        digest = (await here.shares.now(who, meeting.id)).snapshot.digest
        shared += [
            each.shares.share(who, meeting.id, "together", digest, counts=True) for each in (here, there)
        ]
    assert await at_once(*shared) == [None] * 10
    sitting = [await here.sit_with(who, meeting) for who, meeting in prepared]
    answers = [GiveAnswer(await one.entry("Færre folk"), "can", "", None, 0) for one in sitting]
    given = [one.they(answer) for one, answer in zip(sitting, answers, strict=True)]
    swept = [each.insight.sweep(each.house.clock()) for each in (here, there)]
    assert await at_once(*given, *swept) == [None] * 5 + [0, 0]
    sealed = await both[1].house.database.write(lock_tally)
    counts = Tally.model_validate_json(unseal_tally(Pepper.load_or_make(settings.keys), sealed))
    assert counts == Tally(quarter="2026-4", shared=5, answered=5, answered_in=5)


async def test_sweeps_at_once_end_a_share_once(both: Both, clock: Clock) -> None:
    shared = [await both[0].sharers.prepare("Færre folk") for _ in range(4)]
    for who, meeting in shared:
        await both[0].sharers.share(who, meeting)
    clock.pass_by(timedelta(days=60))
    ended = await at_once(*(both[n % 2].sharers.shares.sweep(clock()) for n in range(4)))
    assert sum(n for n in ended if isinstance(n, int)) == 4
    for who, meeting in shared:
        (trail,) = await both[1].sharers.ended_trails(who, meeting)
        assert trail.is_whole
        assert [act.act for act in trail.acts] == ["shared", "expired"]


async def test_what_is_withdrawn_while_it_is_swept_ends_once(both: Both, clock: Clock) -> None:
    who, meeting = await both[0].sharers.prepare("Færre folk")
    await both[0].sharers.share(who, meeting)
    clock.pass_by(timedelta(days=60))
    await at_once(
        both[0].sharers.shares.sweep(clock()),
        *(both[n % 2].sharers.shares.withdraw(who, meeting.id) for n in range(4)),
    )
    (trail,) = await both[1].sharers.ended_trails(who, meeting)
    assert [act.act for act in trail.acts][1:] in (["expired"], ["withdrawn"])


async def test_wrong_tries_at_once_are_all_counted(both: Both) -> None:
    who, meeting = await both[0].sharers.prepare("Færre folk")
    code = (await both[0].sharers.share(who, meeting)).code
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    reader = both[0].sharers.professional()
    tries = await at_once(
        *(both[n % 2].sharers.readings.open(reader, wrong, secrets.token_hex(16)) for n in range(24))
    )
    assert Counter(map(type, tries)) == {SecretUnknown: WRONG_CODES, CodeLocked: 24 - WRONG_CODES}


async def test_a_one_time_link_used_in_both_makes_one_account(both: Both, clock: Clock) -> None:
    accounts = both[0].staff.accounts
    for round_ in range(3):
        name = f"Kari {round_}"
        _, link = await accounts.add(name, frozenset({"professional"}), secrets.token_hex(16))
        assert link is not None
        tries: list[Awaitable[object]] = []
        for one in (*both, *both):
            welcomes = one.staff.welcomes
            setup = await welcomes.welcome(link)
            secret = _typed_secret(setup.secret)
            form = AccountSetupTyped("", PASSWORD, PASSWORD, app_code(secret, clock()))
            tries.append(welcomes.settle(link, setup.handed, form))
        kinds = Counter(type(one) for one in await at_once(*tries))
        assert kinds == {tuple: 1, SecretUnknown: 3}


async def test_a_code_of_the_app_signs_in_once(both: Both, clock: Clock) -> None:
    code = await code_of_kari(both[0], clock)
    tries = [both[n % 2].staff.passwords.typed("Kari", PASSWORD, code).prove() for n in range(6)]
    kinds = [type(one) for one in await at_once(*tries)]
    assert kinds.count(ProofRefused) == 5


async def test_a_session_that_begins_during_a_reset_ends_with_it(
    both: Both, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = both[0].staff, both[1].staff
    proved = await here.passwords.typed("Kari", PASSWORD, await code_of_kari(both[0], clock)).prove()
    begun: list[SignedInStaff] = []

    async def begin(gate: Gate) -> None:
        def checked(*of: Any, **more: Any) -> bool:
            found = is_way_in(*of, **more)
            gate()
            return found

        monkeypatch.setattr(sign_in, "is_way_in", checked)
        begun.append(await here.sign_ins.begin(proved, "nb"))

    await during(begin, there.accounts.reset(proved.staff_id))
    with pytest.raises(StaffSessionEnded):
        await there.sign_ins.recognise(begun[0].secret)


async def test_one_who_comes_too_many_is_refused_wherever_they_come(both: Both) -> None:
    peer = await both[0].guiding.peer_worker()
    session_id = await both[0].guiding.open(peer)
    code = (await both[0].guiding.lead(peer, session_id)).code
    assert code is not None
    most = MOST_ARRIVALS["group"]
    came = [await both[n % 2].guiding.newcomer() for n in range(most + 5)]
    joined = await at_once(*(both[n % 2].guiding.join(code, somebody=one) for n, one in enumerate(came)))
    assert sum(isinstance(one, GuidedSessionFull) for one in joined) == 5
    assert (await both[1].guiding.lead(peer, session_id)).joined == most


async def code_of_kari(process: Process, clock: Clock) -> str:
    """Set up an account for Kari, and return what her app shows a minute later."""
    _, link = await process.staff.accounts.add("Kari", frozenset({"professional"}), "one")
    assert link is not None
    setup = await process.staff.welcomes.welcome(link)
    secret = _typed_secret(setup.secret)
    form = AccountSetupTyped("", PASSWORD, PASSWORD, app_code(secret, clock()))
    await process.staff.welcomes.settle(link, setup.handed, form)
    clock.pass_by(timedelta(minutes=1))
    return app_code(secret, clock())


def _typed_secret(shown: str) -> bytes:
    return base64.b32decode(shown.replace(" ", ""))


class Gate:
    """A moment in the middle of a write, at which the test does something else."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self.reached.set()
        assert self.opened.wait(10)


async def during(first: Callable[[Gate], Awaitable[object]], then: Awaitable[object]) -> None:
    """Begin `first`, begin `then` in the middle of it, and let both finish."""
    gate = Gate()
    began = asyncio.ensure_future(first(gate))
    assert await asyncio.to_thread(gate.reached.wait, 10)
    other = asyncio.ensure_future(then)
    await asyncio.wait({other}, timeout=0.3)
    gate.opened.set()
    await asyncio.gather(began, other)


async def test_nobody_slips_in_while_the_link_is_switched_off(both: Both) -> None:
    who, _ = await both[0].house.visits.begin("nb")
    notebook_id, now = who.owner.notebook_id, both[0].house.clock()
    one, two = both[0].house.database, both[1].house.database
    index = await one.read(lambda c: c.execute(select(slots.c.lookup)).scalar_one())

    def come_in(gate: Gate) -> Awaitable[object]:
        def write(connection: Connection) -> None:
            assert find_slot(connection, index, to_hold=True) is not None
            gate()
            session = StoredSession(b"another", notebook_id, b"", now + timedelta(hours=1))
            add_session(connection, session)

        return one.write(write)

    def lock_out(connection: Connection) -> None:
        delete_slots(connection, notebook_id, "link")
        delete_sessions_of(connection, notebook_id, but=b"mine")

    await during(come_in, two.write(lock_out))
    assert await two.read(lambda c: c.scalar(select(func.count()).select_from(sessions))) == 0


async def test_a_notebook_in_use_is_not_swept(both: Both, clock: Clock) -> None:
    who, _ = await both[0].house.visits.begin("nb")
    clock.pass_by(timedelta(days=1000))
    now, one, two = clock(), both[0].house.database, both[1].house.database

    def use(gate: Gate) -> Awaitable[object]:
        def write(connection: Connection) -> None:
            keep_notebook(connection, who.owner.notebook_id, now + timedelta(days=1))
            gate()

        return one.write(write)

    await during(use, two.write(lambda c: delete_notebooks_kept_until(c, now)))
    assert await two.read(lambda c: c.scalar(select(func.count()).select_from(notebooks))) == 1
