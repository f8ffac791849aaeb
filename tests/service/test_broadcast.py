"""Whoever listens hears of what is newer, once, and of nothing else."""

import asyncio

from assistant.service.broadcast import Broadcast, Listener

SOON = 0.05


async def is_woken(listener: Listener) -> bool:
    """Whether there is news, without waiting for any."""
    began = asyncio.get_running_loop().time()
    await listener.wait(SOON)
    return asyncio.get_running_loop().time() - began < SOON / 2


async def test_a_listener_hears_of_a_newer_revision_of_its_documents() -> None:
    broadcast = Broadcast()
    with broadcast.listening("a", ("conversation.1", "draft.1")) as listener:
        assert not await is_woken(listener)
        broadcast.tell("a", "draft.1", 1)
        assert await is_woken(listener)
        assert not await is_woken(listener)


async def test_other_documents_and_other_notebooks_wake_nobody() -> None:
    broadcast = Broadcast()
    with broadcast.listening("a", ("conversation.1",)) as listener:
        broadcast.tell("a", "conversation.2", 9)
        broadcast.tell("a", "notebook", 9)
        broadcast.tell("b", "conversation.1", 9)
        broadcast.tell_changed("b")
        assert not await is_woken(listener)


async def test_what_was_seen_is_no_news() -> None:
    broadcast = Broadcast()
    with broadcast.listening("a", ("conversation.1",)) as listener:
        listener.saw({"conversation.1": 4, "notebook": 9})
        broadcast.tell("a", "conversation.1", 3)
        broadcast.tell("a", "conversation.1", 4)
        assert not await is_woken(listener)
        broadcast.tell("a", "conversation.1", 5)
        assert await is_woken(listener)


async def test_what_is_told_while_one_looks_is_heard_afterwards() -> None:
    broadcast = Broadcast()
    with broadcast.listening("a", ("conversation.1",)) as listener:
        broadcast.tell("a", "conversation.1", 1)
        assert await is_woken(listener)
        broadcast.tell("a", "conversation.1", 2)
        listener.saw({"conversation.1": 1})
        assert await is_woken(listener)


async def test_ten_thousand_revisions_wake_a_late_listener_once() -> None:
    broadcast = Broadcast()
    with broadcast.listening("a", ("conversation.1",)) as listener:
        for revision in range(1, 10_000):
            broadcast.tell("a", "conversation.1", revision)
        assert await is_woken(listener)
        assert not await is_woken(listener)


async def test_a_change_in_who_may_see_wakes_everybody_of_the_notebook() -> None:
    broadcast = Broadcast()
    with (
        broadcast.listening("a", ("conversation.1",)) as one,
        broadcast.listening("a", ("conversation.2",)) as other,
    ):
        broadcast.tell_changed("a")
        assert await is_woken(one)
        assert await is_woken(other)


async def test_nobody_is_remembered_when_they_stop_listening() -> None:
    broadcast = Broadcast()
    for _ in range(3):
        with broadcast.listening("a", ()), broadcast.listening("a", ()), broadcast.listening("b", ()):
            assert broadcast.listened_to == 2
        assert broadcast.listened_to == 0
    broadcast.tell("a", "conversation.1", 1)
