"""Back up and restore a whole database."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from secrets import token_hex

from assistant.errors import CannotStart
from assistant.service.stores import check_keys_belong, open_salt, open_stores, see_that_checks_match
from assistant.storage.database import Database
from assistant.storage.database_copy import (
    copy_sqlite,
    copy_to,
    is_sqlite,
    postgresql_checks,
    replace_sqlite,
    restore_postgresql,
    see_that_nobody_uses,
    see_what_kind,
    sqlite_file,
)
from assistant.storage.key_checks import needs_its_keys
from assistant.storage.newest_time import keep_newest_time
from assistant.storage.tombstone_replay import count_all, delete_again, end_all_sessions, other_connections
from assistant.storage.tombstones import read_graves
from assistant.value_class import value_class


@value_class
class Restored:
    """The result of a restore."""

    deleted_again: dict[str, int]
    now: dict[str, int]


async def back_up(address: str, file: Path) -> dict[str, int]:
    """Copy the database into a new file while the server runs; return its row counts. Raises
    `CannotStart`.
    """
    database = Database.open(address, upgrade=False)
    try:
        found = await database.read(count_all)
        copy_to(address, file)
        return found
    finally:
        await database.close()


async def restore(
    address: str, keys: Path, file: Path, graves: Sequence[Path], now: datetime, *, overwrite: bool
) -> Restored:
    """Replace the database with a backup, without data that was deleted later. Raises `CannotStart`."""
    see_what_kind(file, address)
    if is_sqlite(address):
        return await _restore_sqlite(sqlite_file(address), keys, file, graves, now, overwrite=overwrite)
    see_that_checks_match(postgresql_checks(file, address), keys)
    await _see_that_it_may_be_overwritten(address, overwrite=overwrite)
    restore_postgresql(file, address)
    return await _settle(address, keys, graves, now)


async def _restore_sqlite(
    target: Path, keys: Path, file: Path, graves: Sequence[Path], now: datetime, *, overwrite: bool
) -> Restored:
    if target.exists():  # noqa: ASYNC240 (a command, which serves no requests)
        if not overwrite:
            raise CannotStart(f"There is a database at {target}; to replace it with the backup, add --yes.")
        see_that_nobody_uses(target)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{token_hex(8)}")
    try:
        draft.touch(mode=0o600)
        copy_sqlite(file, draft)
        restored = await _settle(f"sqlite:///{draft.absolute()}", keys, graves, now)
        replace_sqlite(draft, target)
    finally:
        for beside in ("", "-wal", "-shm"):
            draft.with_name(draft.name + beside).unlink(missing_ok=True)
    return restored


async def _settle(address: str, keys: Path, graves: Sequence[Path], now: datetime) -> Restored:
    """Check that the keys match, repeat later deletions, and accept the clock."""
    database = Database.open(address)
    try:
        again, pepper = open_stores(address, keys, make=False)
        await again.close()
        await check_keys_belong(database, pepper, open_salt(keys, database))
        done = {"notebooks": 0, "shares": 0, "meetings": 0}
        for path in graves:
            found = await database.write(partial(delete_again, gone=read_graves(path), now=now))
            done = {name: many + found[name] for name, many in done.items()}
        await database.write(end_all_sessions)
        await database.write(lambda c: keep_newest_time(c, now))
        await database.scrub()
        return Restored(done, await database.read(count_all))
    finally:
        await database.close()


async def _see_that_it_may_be_overwritten(address: str, *, overwrite: bool) -> None:
    database = Database.open(address)
    try:
        # exclude the connections of this program's own two pools
        if await database.read(other_connections) > 2:
            raise CannotStart("Other programs are connected to this database; stop the server first.")
        if not overwrite and await database.read(needs_its_keys):
            raise CannotStart("There is data in this database; to replace it with the backup, add --yes.")
    finally:
        await database.close()
