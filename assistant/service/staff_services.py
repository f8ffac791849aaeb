"""The services for staff over one database and one pepper, with threads of their own for passwords."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from assistant.service.broadcast import Broadcast
from assistant.service.proofs import Passwords
from assistant.service.sign_in import SignIns
from assistant.service.staff_accounts import StaffAccounts
from assistant.service.welcome import Welcomes
from assistant.storage.database import Database
from assistant.vault.pepper import Pepper
from assistant.vault.stretching import FULL_COST, Stretching, StretchingCost


@dataclass(frozen=True)
class StaffServices:
    """Everything staff need before anything is shared with them."""

    accounts: StaffAccounts
    welcomes: Welcomes
    passwords: Passwords
    sign_ins: SignIns
    stretching: Stretching

    @classmethod
    def over(
        cls,
        database: Database,
        pepper: Pepper,
        clock: Callable[[], datetime],
        cost: StretchingCost = FULL_COST,
        broadcast: Broadcast | None = None,
    ) -> "StaffServices":
        """The services over these stores; `broadcast` tells open screens who may see them no longer."""
        broadcast = broadcast or Broadcast()
        # not the codenames' threads: a flood of codenames keeps no professional out of a meeting
        stretching = Stretching(cost=cost)
        return cls(
            accounts=StaffAccounts(database, pepper, clock, broadcast),
            welcomes=Welcomes(database, pepper, stretching, clock),
            passwords=Passwords(database, pepper, stretching, clock),
            sign_ins=SignIns(database, clock, broadcast),
            stretching=stretching,
        )

    async def sweep(self) -> None:
        """Delete what is over: sessions and one-time links."""
        await self.sign_ins.sweep()
        await self.accounts.sweep()

    def close(self) -> None:
        """Let go of the threads."""
        self.stretching.close()
