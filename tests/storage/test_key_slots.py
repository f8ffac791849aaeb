import pytest
from sqlalchemy.exc import IntegrityError
from support.rows import adding

from assistant.storage.database import Database
from assistant.storage.key_slots import StoredKeySlot, add_slot, find_slot

SLOT = StoredKeySlot("s1", "mine", "link", b"\0index\xff", 1, b"\0outer\xff")


async def test_a_slot_is_found_by_its_index_alone(database: Database) -> None:
    await database.write(adding("mine"))
    await database.write(lambda c: add_slot(c, SLOT))
    assert await database.read(lambda c: find_slot(c, SLOT.index)) == SLOT
    assert await database.read(lambda c: find_slot(c, b"another")) is None


async def test_no_secret_opens_two_notebooks(database: Database) -> None:
    await database.write(adding("mine"))
    await database.write(adding("yours"))
    await database.write(lambda c: add_slot(c, SLOT))
    with pytest.raises(IntegrityError):
        await database.write(lambda c: add_slot(c, StoredKeySlot("s2", "yours", "link", SLOT.index, 1, b"")))


def test_what_a_slot_holds_is_not_in_its_repr() -> None:
    assert "outer" not in repr(SLOT)
    assert "index" not in repr(SLOT)
