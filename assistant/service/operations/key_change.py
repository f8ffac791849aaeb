"""Change the pepper while the server runs: every row made under an earlier version is converted.

It can be interrupted anywhere and resumed: each row stores its version, and rows under either version can be
opened throughout, because the keys folder holds both. The hash links of audit trails keep the version they
were written under; everything else is converted.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from assistant.errors import SealBroken
from assistant.service.stores import check_keys_belong
from assistant.storage.database import Connection, Database
from assistant.storage.key_change import PEPPERED, Row, carry_row, keys_behind, rows_with
from assistant.storage.key_checks import key_checks_in
from assistant.vault.key_slots import CODENAME, INDEX_LENGTH, INDEX_PURPOSE, KeySlot, rewrap_slot
from assistant.vault.pepper import Pepper, carry_on
from assistant.vault.provider_keys import IDENTITY_PURPOSE
from assistant.vault.second_factor import RECOVERY_PURPOSE, open_app_secret, seal_app_secret
from assistant.vault.share_keys import CODE, LOCATOR_PURPOSE
from assistant.vault.staff_keys import rewrap_staff_slot

PORTION = 50
"""Rows per write; other writes wait a few milliseconds for it."""
_REST = 0.005
"""Seconds between two batches, in which others can write."""
_LATE = 2.0
"""Seconds after which a write that began under the previous version has been committed."""


@dataclass
class Carried:
    """Progress of the change."""

    rows: int = 0
    broken: int = 0
    """Rows that open under no version because they were damaged before; they are left unchanged."""


class KeyChange:
    """Converts rows to the newest version of the pepper."""

    def __init__(self, database: Database, pepper: Pepper, salt: bytes) -> None:
        self._database = database
        self._pepper = pepper.now()
        self._salt = salt

    async def behind(self) -> int:
        """Return the number of rows under an earlier version."""
        version = self._pepper.version
        return await self._database.read(
            lambda c: sum(len(keys_behind(c, name, version)) for name in PEPPERED)
        )

    async def is_begun(self) -> bool:
        """Return whether the change to the newest version is unfinished."""
        kept = await self._database.read(key_checks_in)
        return f"pepper {self._pepper.version}" not in kept or await self.behind() > 0

    async def carry_all(self, report: Callable[[Carried], None] = lambda _: None) -> Carried:
        """Convert every row, including those a running server writes meanwhile."""
        await check_keys_belong(self._database, self._pepper, self._salt)
        carried = Carried()
        while True:
            before = carried.rows
            carried.broken = 0
            for name in PEPPERED:
                await self._carry_table(name, carried, report)
            if carried.rows == before:
                return carried
            await asyncio.sleep(_LATE)

    async def _carry_table(self, name: str, carried: Carried, report: Callable[[Carried], None]) -> None:
        version = self._pepper.version
        keys = await self._database.read(lambda c: keys_behind(c, name, version))
        for at in range(0, len(keys), PORTION):
            portion = keys[at : at + PORTION]

            def write(connection: Connection, portion: list[tuple[object, ...]] = portion) -> Carried:
                done = Carried()
                for row in rows_with(connection, name, portion):
                    try:
                        done.rows += carry_row(connection, name, row, self._changed(name, row))
                    except SealBroken:
                        done.broken += 1
                return done

            done = await self._database.write(write)
            carried.rows += done.rows
            carried.broken += done.broken
            report(carried)
            await asyncio.sleep(_REST)

    def _changed(self, name: str, row: Row) -> Row:
        """Return the row under the newest version."""
        pepper, version = self._pepper, self._pepper.version
        match name:
            case "staff_slots":
                new = rewrap_staff_slot(pepper, _slot(row, row["staff_id"], index=b""))
                return {"pepper_version": version, "outer_wrap": new.outer}
            case "staff_apps":
                secret = open_app_secret(pepper, row["pepper_version"], row["sealed"], row["staff_id"])
                sealed = seal_app_secret(pepper, secret, row["staff_id"])
                return {"pepper_version": version, "sealed": sealed}
            case "staff_links":
                lookup = self._carried_on(row, INDEX_PURPOSE, row["lookup"], length=INDEX_LENGTH)
                return {"pepper_version": version, "lookup": lookup}
            case "staff_identities":
                lookup = self._carried_on(row, IDENTITY_PURPOSE, row["lookup"])
                return {"pepper_version": version, "lookup": lookup}
            case "staff_recovery_codes":
                salt = row["staff_id"].encode()
                digest = self._carried_on(row, RECOVERY_PURPOSE, row["digest"], salt=salt)
                return {"pepper_version": version, "digest": digest}
            case _:
                return self._changed_slot(row)

    def _changed_slot(self, row: Row) -> Row:
        owner = next(
            row[one] for one in ("notebook_id", "share_id", "invitation_id", "session_id") if one in row
        )
        slot = _slot(row, owner, index=row["lookup"])
        salt = self._salt if slot.kind == CODENAME else b""
        purpose = LOCATOR_PURPOSE if slot.kind == CODE else INDEX_PURPOSE
        new = rewrap_slot(self._pepper, slot, salt=salt, purpose=purpose)
        return {"lookup": new.index, "pepper_version": new.pepper_version, "outer_wrap": new.outer}

    def _carried_on(
        self, row: Row, purpose: str, digest: bytes, *, salt: bytes = b"", length: int = 32
    ) -> bytes:
        for one in self._pepper.versions:
            if one.version > row["pepper_version"]:
                digest = carry_on(one, purpose, digest, salt=salt, length=length)
        return digest


def _slot(row: Row, holder_id: str, *, index: bytes) -> KeySlot:
    return KeySlot(row["id"], holder_id, row["kind"], index, row["pepper_version"], row["outer_wrap"])
