"""Run one pepper rotation, from the beginning or from where it was interrupted."""

from collections.abc import Callable
from pathlib import Path

from assistant.service.operations.key_change import Carried, KeyChange
from assistant.service.stores import check_keys_belong, open_stores
from assistant.vault.pepper import add_version, load_salt


async def rotate(
    address: str, keys: Path, *, only_make: bool, told: Callable[[str], object]
) -> Carried | None:
    """Create a new version, unless a change to the newest one is unfinished, and convert all rows to it.
    Returns None if only the version was to be created. Raises `CannotStart`.
    """
    database, pepper = open_stores(address, keys, make=False)
    try:
        salt = load_salt(keys, make=False)
        await check_keys_belong(database, pepper)
        if await KeyChange(database, pepper, salt).is_begun():
            told(f"Version {pepper.now().version} of the pepper is there; the change to it goes on.")
        else:
            pepper = add_version(keys)
            told(f"Version {pepper.version} of the pepper was made. Keep a copy of it at once.")
        if only_make:
            told("Copy the pepper to every host now, and then run: assistant keys rotate")
            return None
        return await KeyChange(database, pepper, salt).carry_all()
    finally:
        await database.close()
