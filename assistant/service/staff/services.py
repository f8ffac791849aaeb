"""The services for staff over one database and one pepper, with threads of their own for passwords."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.service.broadcast import Broadcast
from assistant.service.staff.account_setup import AccountSetups
from assistant.service.staff.accounts import StaffAccounts
from assistant.service.staff.known_devices import Devices
from assistant.service.staff.passwords import Passwords
from assistant.service.staff.security_log import KEPT_FOR as KEPT_FOR
from assistant.service.staff.security_log import SecurityLog
from assistant.service.staff.sign_in import SignIns
from assistant.storage.database import Database
from assistant.vault.key_stretching import FULL_COST as FULL_COST
from assistant.vault.key_stretching import Stretching
from assistant.vault.key_stretching import StretchingCost as StretchingCost
from assistant.vault.pepper import Pepper


@dataclass(frozen=True)
class StaffServices:
    """Everything staff need before anything is shared with them."""

    accounts: StaffAccounts
    welcomes: AccountSetups
    passwords: Passwords
    sign_ins: SignIns
    devices: Devices
    stretching: Stretching
    security_log: SecurityLog

    @classmethod
    def over(
        cls,
        database: Database,
        pepper: Pepper,
        clock: Callable[[], datetime],
        cost: StretchingCost = FULL_COST,
        security_log_kept_for: timedelta = KEPT_FOR,
        broadcast: Broadcast | None = None,
    ) -> "StaffServices":
        """The services over these stores; `broadcast` tells open screens who may see them no longer."""
        broadcast = broadcast or Broadcast()
        # not the codenames' threads: a flood of codenames keeps no professional out of a meeting
        stretching = Stretching(cost=cost)
        return cls(
            accounts=StaffAccounts(database, pepper, clock, broadcast),
            welcomes=AccountSetups(database, pepper, stretching, clock),
            passwords=Passwords(database, pepper, stretching, clock),
            sign_ins=SignIns(database, clock, broadcast),
            devices=Devices(database, clock),
            stretching=stretching,
            security_log=SecurityLog(database, clock, security_log_kept_for),
        )

    async def sweep(self) -> Mapping[str, int]:
        """Delete what is over: sessions, one-time links and old security events; how many."""
        return {
            "staff_sessions": await self.sign_ins.sweep(),
            "staff_links": await self.accounts.sweep(),
            "staff_devices": await self.devices.sweep(),
            "security_events": await self.security_log.sweep(),
        }

    def close(self) -> None:
        """Let go of the threads."""
        self.stretching.close()
