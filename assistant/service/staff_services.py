"""The services for staff over one database and one pepper, with threads of their own for passwords."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.service.proofs import Passwords
from assistant.service.security_log import KEPT_FOR, SecurityLog
from assistant.service.sign_in import SignIns
from assistant.service.staff_accounts import StaffAccounts
from assistant.service.welcome import Welcomes
from assistant.storage.database import Database
from assistant.vault.pepper import Pepper
from assistant.vault.stretching import FULL_COST as FULL_COST
from assistant.vault.stretching import Stretching
from assistant.vault.stretching import StretchingCost as StretchingCost


@dataclass(frozen=True)
class StaffServices:
    """Everything staff need before anything is shared with them."""

    accounts: StaffAccounts
    welcomes: Welcomes
    passwords: Passwords
    sign_ins: SignIns
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
    ) -> "StaffServices":
        """The services over these stores."""
        # not the codenames' threads: a flood of codenames keeps no professional out of a meeting
        stretching = Stretching(cost=cost)
        return cls(
            accounts=StaffAccounts(database, pepper, clock),
            welcomes=Welcomes(database, pepper, stretching, clock),
            passwords=Passwords(database, pepper, stretching, clock),
            sign_ins=SignIns(database, clock),
            stretching=stretching,
            security_log=SecurityLog(database, clock, security_log_kept_for),
        )

    async def sweep(self) -> Mapping[str, int]:
        """Delete what is over: sessions, one-time links and old security events; how many."""
        return {
            "staff_sessions": await self.sign_ins.sweep(),
            "staff_links": await self.accounts.sweep(),
            "security_events": await self.security_log.sweep(),
        }

    def close(self) -> None:
        """Let go of the threads."""
        self.stretching.close()
