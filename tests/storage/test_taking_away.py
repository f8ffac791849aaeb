"""What is taken away from one notebook: a way in, every other browser, a meeting's documents."""

from functools import partial

from sqlalchemy import Connection
from support.rows import DAY, NOW, adding

from assistant.storage.database import Database
from assistant.storage.documents import delete_documents, read_document, write_document
from assistant.storage.key_slots import StoredKeySlot, add_slot, any_slot, delete_slots, find_slot
from assistant.storage.sessions import StoredSession, add_session, delete_sessions_of, find_session

OWNERS = ("mine", "yours")


def _slot_at(connection: Connection, at: bytes) -> StoredKeySlot | None:
    return find_slot(connection, at)


async def test_only_the_ways_of_this_kind_into_this_notebook_are_closed(database: Database) -> None:
    for owner in OWNERS:
        await database.write(adding(owner))
        for kind in ("link", "codename"):
            name = f"{owner} {kind}"
            slot = StoredKeySlot(name, owner, kind, name.encode(), 1, b"")
            await database.write(partial(add_slot, slot=slot))
    await database.write(lambda c: delete_slots(c, "mine", "codename"))
    left = [
        await database.read(partial(_slot_at, at=f"{owner} {kind}".encode()))
        for owner in OWNERS
        for kind in ("link", "codename")
    ]
    assert [slot and slot.id for slot in left] == ["mine link", None, "yours link", "yours codename"]
    any_codename = await database.read(lambda c: any_slot(c, "codename"))
    assert any_codename is not None
    assert any_codename.id == "yours codename"
    assert await database.read(lambda c: any_slot(c, "card")) is None


async def test_every_browser_but_one_is_locked_out_of_this_notebook(database: Database) -> None:
    places = {b"here": "mine", b"there": "mine", b"elsewhere": "yours"}
    for owner in OWNERS:
        await database.write(adding(owner))
    for index, owner in places.items():
        session = StoredSession(index, owner, b"", NOW + DAY)
        await database.write(partial(add_session, session=session))
    await database.write(lambda c: delete_sessions_of(c, "mine", but=b"here"))
    for index, is_left in ((b"here", True), (b"there", False), (b"elsewhere", True)):
        found = await database.read(partial(find_session, index=index, now=NOW))
        assert (found is not None) is is_left


async def test_only_the_documents_named_are_deleted(database: Database) -> None:
    for owner in OWNERS:
        await database.write(adding(owner))
        for name in ("a.1", "b.1", "a.2"):
            await database.write(
                partial(write_document, notebook_id=owner, name=name, expected=0, format=1, sealed=b"x")
            )
    await database.write(lambda c: delete_documents(c, "mine", ["a.1", "b.1", "c.1"]))
    await database.write(lambda c: delete_documents(c, "mine", []))
    left = [
        (owner, name)
        for owner in OWNERS
        for name in ("a.1", "b.1", "a.2")
        if await database.read(partial(read_document, notebook_id=owner, name=name))
    ]
    assert left == [("mine", "a.2"), ("yours", "a.1"), ("yours", "b.1"), ("yours", "a.2")]
