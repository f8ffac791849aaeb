"""What one process writes, the listeners of another one hear; after any interruption they look once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import psycopg
import pytest_asyncio
from psycopg import sql
from support.clock import Clock
from support.postgres import Server as PostgreSQL
from support.postgres import Stoppable
from support.quick import LOW_COST, our_texts

from assistant.config import Settings
from assistant.service.broadcast import Broadcast, Listener
from assistant.service.services import Services
from assistant.service.staff.accounts import StaffAccounts
from assistant.service.staff.among_staff import among_staff
from assistant.service.stores import open_salt, open_stores
from assistant.storage.database import Database

PATIENCE = 60


class Process:
    """A database and its listeners, as one process has them."""

    def __init__(self, address: str, key: bytes = b"the same") -> None:
        self.database, self.broadcast = Database.open(address), Broadcast(key)

    async def is_listening(self) -> None:
        assert self.broadcast.relay is not None
        async with asyncio.timeout(PATIENCE):
            await self.broadcast.relay.is_listening.wait()


Both = tuple[Process, Process]


async def connected(stack: AsyncExitStack, address: str) -> Both:
    here, there = Process(address), Process(address)
    for one in (here, there):
        stack.push_async_callback(one.database.close)
        await stack.enter_async_context(one.broadcast.across(one.database))
        await one.is_listening()
    return here, there


@pytest_asyncio.fixture
async def both(emptied: str) -> AsyncIterator[Both]:
    async with AsyncExitStack() as stack:
        yield await connected(stack, emptied)


async def hears(listener: Listener) -> None:
    """Wait for news; fails if none comes."""
    async with asyncio.timeout(PATIENCE):
        while not listener.take_news():  # noqa: ASYNC110 -- it is asked, so that nothing of the test is called
            await asyncio.sleep(0.01)


async def test_a_listener_hears_what_the_other_process_writes(both: Both) -> None:
    here, there = both
    with there.broadcast.listening("a", ("conversation.1",)) as listener:
        here.broadcast.tell("a", "conversation.1", 1)
        await hears(listener)
        listener.saw({"conversation.1": 1})
        here.broadcast.tell_changed("a")
        await hears(listener)


async def test_what_concerns_others_or_was_seen_wakes_nobody_there(both: Both) -> None:
    here, there = both
    with (
        there.broadcast.listening("a", ("conversation.1",)) as listener,
        there.broadcast.listening("last", ()) as last,
    ):
        listener.saw({"conversation.1": 3})
        here.broadcast.tell("a", "conversation.1", 3)
        here.broadcast.tell("a", "conversation.2", 9)
        here.broadcast.tell("b", "conversation.1", 9)
        here.broadcast.tell_changed("last")
        await hears(last)
        assert not listener.is_woken


async def test_of_many_revisions_and_many_subjects_the_newest_arrive(both: Both) -> None:
    here, there = both
    names = [f"n{number}" for number in range(2_000)]
    with ExitStack() as stack:
        listeners = [stack.enter_context(there.broadcast.listening(name, ("draft",))) for name in names]
        for revision in range(1, 4):
            for name in names:
                here.broadcast.tell(name, "draft", revision)
        for listener in listeners:
            await hears(listener)


async def test_more_than_can_wait_has_everyone_look(both: Both) -> None:
    here, there = both
    with there.broadcast.listening("a", ()) as listener:
        for number in range(6_000):
            here.broadcast.tell("b", f"draft.{number}", 1)
        await hears(listener)


def end_all_connections(server: PostgreSQL) -> None:
    mine = sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    server.run(mine + sql.SQL(" AND datname = 'with_tables'"))


async def test_after_killed_connections_listeners_look_once_and_hear_again(
    both: Both, postgres: PostgreSQL
) -> None:
    here, there = both
    with there.broadcast.listening("a", ("draft",)) as listener:
        await asyncio.to_thread(end_all_connections, postgres)
        await hears(listener)  # it looks: something may have been missed
        await there.is_listening()
        here.broadcast.tell("a", "draft", 1)
        await hears(listener)


async def test_what_is_told_while_the_connections_are_killed_arrives(
    both: Both, postgres: PostgreSQL
) -> None:
    here, there = both
    with there.broadcast.listening("a", ("draft",)) as listener:
        killing = asyncio.to_thread(end_all_connections, postgres)
        here.broadcast.tell("a", "draft", 1)
        await killing
        await hears(listener)


async def test_a_restarted_postgresql_is_heard_again(stoppable: Stoppable) -> None:
    async with AsyncExitStack() as stack:
        here, there = await connected(stack, stoppable.server.empty())
        with there.broadcast.listening("a", ("draft",)) as listener:
            await asyncio.to_thread(stoppable.stop)
            here.broadcast.tell("a", "draft", 1)
            await asyncio.to_thread(stoppable.start)
            await hears(listener)
            await there.is_listening()
            listener.saw({"draft": 1})
            here.broadcast.tell("a", "draft", 2)
            await hears(listener)


async def test_what_processes_tell_each_other_holds_no_id_that_means_anything(
    emptied: str, tmp_path: Path, clock: Clock
) -> None:
    settings = Settings(data=tmp_path / "data", database=emptied)
    database, pepper = open_stores(settings.database_url, settings.keys)
    texts = our_texts()
    services = Services.build(
        database, pepper, open_salt(settings.keys, database), texts.dialogues, clock, cost=LOW_COST
    )
    await services.dialogues.publish(clock())
    async with await psycopg.AsyncConnection.connect(settings.database_url, autocommit=True) as listening:
        await listening.execute("LISTEN for_motet")
        async with services.broadcast.across(database):
            who, meeting = await services.sessions.begin("nb")
            await services.preparations.way_back_shown(who)
            said = [one.payload async for one in listening.notifies(timeout=PATIENCE, stop_after=1)]
    assert said
    notebook = await services.sessions.notebook(who)
    known = (who.owner.notebook_id, meeting.id, who.secret, notebook.link, "conversation", "notebook")
    assert not [name for name in known if name and name in said[0]]
    services.close()
    await database.close()


async def test_a_command_tells_the_servers_whose_account_was_disabled(
    emptied: str, tmp_path: Path, clock: Clock
) -> None:
    settings = Settings(data=tmp_path / "data", database=emptied)
    database, pepper = open_stores(settings.database_url, settings.keys)
    services = Services.build(
        database, pepper, open_salt(settings.keys, database), our_texts().dialogues, clock, cost=LOW_COST
    )
    staff_id, _ = await services.staff.accounts.add("Kari", frozenset({"professional"}), "one")

    async def disable(accounts: StaffAccounts) -> None:
        await accounts.disable(staff_id)

    async with services.broadcast.across(database):
        assert services.broadcast.relay is not None
        await services.broadcast.relay.is_listening.wait()
        with services.broadcast.listening(staff_id, ()) as listener:
            await among_staff(settings.database_url, settings.keys, disable)
            await hears(listener)
    services.close()
    await database.close()
