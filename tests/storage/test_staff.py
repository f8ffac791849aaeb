"""Staff, as both databases keep them."""

from dataclasses import replace
from functools import partial

import pytest
from support.rows import DAY, NOW, counting

from assistant.storage.database import Connection, Database
from assistant.storage.passkeys import StoredPasskey, add_passkey, list_passkeys
from assistant.storage.staff import (
    StoredStaff,
    StoredStaffKeySlot,
    add_staff,
    any_staff_slot,
    change_disabled,
    change_public_key,
    change_roles,
    delete_staff_slots,
    find_staff,
    find_staff_named,
    find_staff_slot,
    has_staff_slot,
    list_staff,
    put_staff_slot,
    rename_staff,
)
from assistant.storage.staff_changes import (
    StoredStaffChange,
    add_staff_change,
    delete_staff_changes_before,
    list_staff_changes,
)
from assistant.storage.staff_credentials import (
    StoredAuthenticatorApp,
    count_recovery_codes,
    delete_app,
    delete_link,
    delete_links_expired,
    find_app,
    find_link,
    list_links,
    put_app,
    put_link,
    put_recovery_codes,
    use_recovery_code,
    use_step,
)
from assistant.storage.staff_sessions import (
    StoredStaffSession,
    add_staff_session,
    delete_staff_session,
    delete_staff_sessions_expired,
    delete_staff_sessions_of,
    find_staff_session,
    prolong_staff_session,
    rewrite_staff_session,
)

KARI = StoredStaff("kari", "Kari", "kari", frozenset({"professional"}), None, NOW)
OLA = StoredStaff("ola", "Ola", "ola", frozenset({"peer_worker", "administrator"}), b"\0public", NOW)
SLOT = StoredStaffKeySlot("slot", "kari", "password", b"\0salt", 1, b"\0outer")
SESSION = StoredStaffSession(b"\0digest", "kari", b"\0sealed", NOW + DAY, NOW + 2 * DAY)


@pytest.fixture
async def staffed(database: Database) -> Database:
    def write(connection: Connection) -> None:
        for member in (OLA, KARI):
            assert add_staff(connection, member)
        put_staff_slot(connection, SLOT)
        add_staff_session(connection, SESSION)

    await database.write(write)
    return database


async def test_an_account_is_found_by_id_and_by_name(staffed: Database) -> None:
    assert await staffed.read(lambda c: find_staff(c, "ola")) == OLA
    assert await staffed.read(lambda c: find_staff_named(c, "kari")) == KARI
    assert await staffed.read(lambda c: find_staff_named(c, "Kari")) is None
    assert await staffed.read(list_staff) == [KARI, OLA]


async def test_a_name_or_an_id_is_taken_once(staffed: Database) -> None:
    for other in (replace(KARI, id="new"), replace(KARI, sign_in_name="new")):
        assert not await staffed.write(partial(add_staff, member=other))
    assert not await staffed.write(lambda c: rename_staff(c, "kari", "Ola", "ola"))
    assert await staffed.write(lambda c: rename_staff(c, "kari", "KARI", "kari"))
    assert await staffed.read(lambda c: find_staff(c, "kari")) == replace(KARI, name="KARI")


async def test_an_account_changes_one_thing_at_a_time(staffed: Database) -> None:
    def write(connection: Connection) -> None:
        change_roles(connection, "kari", frozenset({"administrator"}))
        change_disabled(connection, "kari", NOW)
        change_public_key(connection, "kari", b"\0key")

    await staffed.write(write)
    changed = replace(KARI, roles=frozenset({"administrator"}), disabled_at=NOW, public_key=b"\0key")
    assert await staffed.read(list_staff) == [changed, OLA]


async def test_a_slot_takes_the_place_of_the_one_of_its_kind(staffed: Database) -> None:
    new, other = replace(SLOT, id="new"), replace(SLOT, id="other", kind="passkey", salt=b"")
    for slot in (new, other):
        await staffed.write(partial(put_staff_slot, slot=slot))
    assert await staffed.read(lambda c: find_staff_slot(c, "kari", "password")) == new
    assert await staffed.read(lambda c: find_staff_slot(c, "kari", "passkey")) == other
    assert await staffed.read(lambda c: find_staff_slot(c, "ola", "password")) is None
    assert await staffed.read(any_staff_slot) in (new, other)
    await staffed.write(lambda c: delete_staff_slots(c, "kari"))
    assert await staffed.read(any_staff_slot) is None


async def test_a_passkey_is_listed_for_its_owner_and_goes_with_its_slot(staffed: Database) -> None:
    slot = replace(SLOT, id="phone", kind="passkey a")
    phone = StoredPasskey(slot, b"\0phone", "Mobilen", NOW)
    laptop = StoredPasskey(replace(slot, id="laptop", kind="passkey b"), b"\0laptop", "", NOW + DAY)
    for passkey in (laptop, phone, phone):
        await staffed.write(partial(add_passkey, passkey=passkey))
    assert await staffed.read(lambda c: list_passkeys(c, "kari")) == [phone, laptop]
    assert await staffed.read(lambda c: list_passkeys(c, "ola")) == []
    await staffed.write(lambda c: delete_staff_slots(c, "kari", "passkey a"))
    assert await staffed.read(lambda c: list_passkeys(c, "kari")) == [laptop]
    assert await staffed.read(lambda c: has_staff_slot(c, "kari"))
    await staffed.write(lambda c: delete_staff_slots(c, "kari"))
    assert await staffed.read(counting("staff_passkeys")) == 0
    assert not await staffed.read(lambda c: has_staff_slot(c, "kari"))


async def test_a_step_is_used_once_and_never_an_earlier_one(staffed: Database) -> None:
    app = StoredAuthenticatorApp("kari", 1, b"\0sealed", 7)
    await staffed.write(lambda c: put_app(c, app))
    used = [await staffed.write(partial(use_step, staff_id="kari", step=step)) for step in (7, 9, 9, 8, 10)]
    assert used == [False, True, False, False, True]
    assert not await staffed.write(lambda c: use_step(c, "ola", 99))
    assert await staffed.read(lambda c: find_app(c, "kari")) == replace(app, last_step=10)
    await staffed.write(lambda c: delete_app(c, "kari"))
    assert await staffed.read(lambda c: find_app(c, "kari")) is None


async def test_a_recovery_code_is_good_once_and_for_its_owner(staffed: Database) -> None:
    await staffed.write(lambda c: put_recovery_codes(c, "kari", [b"\0a", b"\0b"]))
    tries = [("ola", b"\0a"), ("kari", b"\0c"), ("kari", b"\0a"), ("kari", b"\0a")]
    used = [
        await staffed.write(lambda c, who=who, digest=digest: use_recovery_code(c, who, digest))  # type: ignore[misc]
        for who, digest in tries
    ]
    assert used == [False, False, True, False]
    assert await staffed.read(lambda c: count_recovery_codes(c, "kari")) == 1
    await staffed.write(lambda c: put_recovery_codes(c, "kari", ()))
    assert await staffed.read(lambda c: count_recovery_codes(c, "kari")) == 0


async def test_a_link_is_found_until_it_is_over_and_each_person_has_one(staffed: Database) -> None:
    await staffed.write(lambda c: put_link(c, "kari", b"\0old", NOW + DAY))
    await staffed.write(lambda c: put_link(c, "kari", b"\0new", NOW + DAY))
    assert await staffed.read(lambda c: find_link(c, b"\0old", NOW)) is None
    assert await staffed.read(lambda c: find_link(c, b"\0new", NOW)) == "kari"
    assert await staffed.read(lambda c: list_links(c, NOW)) == {"kari": NOW + DAY}
    assert await staffed.read(lambda c: find_link(c, b"\0new", NOW + DAY)) is None
    await staffed.write(lambda c: delete_links_expired(c, NOW + DAY))
    assert await staffed.read(counting("staff_links")) == 0
    await staffed.write(lambda c: put_link(c, "kari", b"\0new", NOW + DAY))
    await staffed.write(lambda c: delete_link(c, "kari"))
    assert await staffed.read(counting("staff_links")) == 0


async def test_a_session_is_found_until_either_end(staffed: Database) -> None:
    assert await staffed.read(lambda c: find_staff_session(c, SESSION.index, NOW)) == SESSION
    assert await staffed.read(lambda c: find_staff_session(c, SESSION.index, NOW + DAY)) is None
    await staffed.write(lambda c: prolong_staff_session(c, SESSION.index, NOW + 5 * DAY))
    assert await staffed.read(lambda c: find_staff_session(c, SESSION.index, NOW + DAY)) is not None
    assert await staffed.read(lambda c: find_staff_session(c, SESSION.index, NOW + 2 * DAY)) is None
    await staffed.write(lambda c: rewrite_staff_session(c, SESSION.index, b"\0else"))
    found = await staffed.read(lambda c: find_staff_session(c, SESSION.index, NOW))
    assert found is not None
    assert found.sealed == b"\0else"


async def test_no_session_of_a_shut_account_is_found(staffed: Database) -> None:
    await staffed.write(lambda c: change_disabled(c, "kari", NOW))
    assert await staffed.read(lambda c: find_staff_session(c, SESSION.index, NOW)) is None


async def test_sessions_end_one_by_one_by_person_and_by_time(staffed: Database) -> None:
    other = replace(SESSION, index=b"\0other", staff_id="ola", expires_at=NOW)
    await staffed.write(lambda c: add_staff_session(c, other))
    await staffed.write(lambda c: delete_staff_sessions_expired(c, NOW))
    assert await staffed.read(counting("staff_sessions")) == 1
    await staffed.write(lambda c: add_staff_session(c, other))
    await staffed.write(lambda c: delete_staff_sessions_of(c, "kari"))
    assert await staffed.read(lambda c: find_staff_session(c, SESSION.index, NOW)) is None
    assert await staffed.read(counting("staff_sessions")) == 1
    await staffed.write(lambda c: delete_staff_session(c, other.index))
    assert await staffed.read(counting("staff_sessions")) == 0


async def test_changes_of_accounts_are_told_for_a_time_the_newest_first(staffed: Database) -> None:
    for days, what in ((0, "added"), (1, "reset"), (2, "roles")):
        roles = frozenset({"professional"})
        change = StoredStaffChange(f"{what} of kari", "kari", NOW + days * DAY, what, roles)
        await staffed.write(partial(add_staff_change, change=change))
    found = await staffed.read(lambda c: list_staff_changes(c, NOW + DAY))
    assert [(one.what, one.roles) for one in found] == [
        ("roles", frozenset({"professional"})),
        ("reset", frozenset({"professional"})),
    ]
    assert await staffed.write(lambda c: delete_staff_changes_before(c, NOW + DAY)) == 1
    assert len(await staffed.read(lambda c: list_staff_changes(c, NOW - DAY))) == 2
