"""Known devices: browsers in which a member of staff signed in before, identified by a cookie's digest."""

from collections.abc import Callable
from datetime import datetime

from assistant.retention import RELEASED, Retention
from assistant.service.portions import in_portions
from assistant.storage.database import Connection, Database
from assistant.storage.staff_devices import (
    add_staff_device,
    delete_staff_device,
    delete_staff_devices_expired,
    is_staff_device,
)
from assistant.vault.session_keys import new_session_secret, session_index


class Devices:
    """Known browsers. Signing out everywhere, disabling and resetting an account forget them."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], retention: Retention = RELEASED
    ) -> None:
        self.known_for = retention.known_browser
        """How long a browser is known after the last sign-in."""
        self._database = database
        self._clock = clock

    async def known(self, secret: str, name: str) -> str:
        """Return an id for the browser of this cookie if this account signed in there, else an empty
        string.
        """
        index, now = session_index(secret), self._clock()
        found = await self._database.read(lambda c: is_staff_device(c, index, name, now))
        return index.hex() if found else ""

    async def remember(self, staff_id: str, before: str | None = None) -> str:
        """Remember a browser, replacing its earlier cookie; return the new cookie."""
        secret, until = new_session_secret(), self._clock() + self.known_for

        def write(connection: Connection) -> None:
            if before is not None:
                delete_staff_device(connection, session_index(before))
            add_staff_device(connection, session_index(secret), staff_id, until)

        await self._database.write(write)
        return secret

    async def sweep(self, now: datetime) -> int:
        """Forget browsers that were not used for a long time; return how many."""
        return await in_portions(self._database, lambda c: delete_staff_devices_expired(c, now))
