"""The services for staff over one database and one pepper, with separate threads for passwords."""

from collections.abc import Callable, Mapping
from datetime import datetime

from assistant.retention import RELEASED, Retention
from assistant.service.broadcast import Broadcast
from assistant.service.staff.account_setup import AccountSetups
from assistant.service.staff.accounts import StaffAccounts
from assistant.service.staff.grant_revocations import GrantRevocations
from assistant.service.staff.key_passwords import KeyPasswords
from assistant.service.staff.known_devices import Devices
from assistant.service.staff.lasting_keys import LastingKeys
from assistant.service.staff.passkeys import Passkeys
from assistant.service.staff.passwords import Passwords
from assistant.service.staff.provided_sign_in import ProvidedSignIns
from assistant.service.staff.provider_checks import ProviderChecks
from assistant.service.staff.security_log import SecurityLog
from assistant.service.staff.sign_in import SignIns
from assistant.storage.database import Database
from assistant.value_class import value_class
from assistant.vault.key_stretching import FULL_COST as FULL_COST
from assistant.vault.key_stretching import Stretching
from assistant.vault.key_stretching import StretchingCost as StretchingCost
from assistant.vault.pepper import Pepper


@value_class
class StaffServices:
    """The services that staff need before anything is shared with them."""

    accounts: StaffAccounts
    welcomes: AccountSetups
    passwords: Passwords
    sign_ins: SignIns
    devices: Devices
    provided: ProvidedSignIns
    provider_checks: ProviderChecks
    revocations: GrantRevocations
    lasting_keys: LastingKeys
    key_passwords: KeyPasswords
    passkeys: Passkeys
    stretching: Stretching
    security_log: SecurityLog

    @classmethod
    def over(
        cls,
        database: Database,
        pepper: Pepper,
        clock: Callable[[], datetime],
        cost: StretchingCost = FULL_COST,
        broadcast: Broadcast | None = None,
        retention: Retention = RELEASED,
    ) -> "StaffServices":
        """Build the services over these stores; `broadcast` wakes open screens that lose access."""
        broadcast = broadcast or Broadcast()
        # separate from the codenames' threads: a flood of codename guesses must not block staff sign-in
        stretching = Stretching(cost=cost)
        revocations = GrantRevocations()
        sign_ins = SignIns(database, clock, broadcast, revocations, retention)
        setups, keys = AccountSetups(database, pepper, stretching, clock), LastingKeys(database, clock)
        return cls(
            accounts=StaffAccounts(database, pepper, clock, broadcast, retention),
            welcomes=setups,
            passwords=Passwords(database, pepper, stretching, clock),
            sign_ins=sign_ins,
            devices=Devices(database, clock, retention),
            provided=ProvidedSignIns(database, pepper, setups, clock, broadcast),
            provider_checks=ProviderChecks(database, pepper, clock, sign_ins.end, revocations),
            revocations=revocations,
            lasting_keys=keys,
            key_passwords=KeyPasswords(database, pepper, setups, keys, stretching, clock),
            passkeys=Passkeys(database, pepper, keys, clock),
            stretching=stretching,
            security_log=SecurityLog(database, retention.security_log),
        )

    async def sweep(self, now: datetime) -> Mapping[str, int]:
        """Delete expired sessions, one-time links and security events; return how many of each."""
        return {
            "staff_sessions": await self.sign_ins.sweep(now),
            "staff_links": await self.accounts.sweep(now),
            "staff_devices": await self.devices.sweep(now),
            "provider_visits": await self.provided.sweep(now),
            "security_events": await self.security_log.sweep(now),
        }

    def close(self) -> None:
        """Stop the threads."""
        self.stretching.close()
