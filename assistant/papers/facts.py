"""The facts that papers state, each taken from the code that makes it true.

No paper names a period, a size, a port or an algorithm by itself: it names a field of `Facts`. So a constant
that changes changes every paper, and a test demands that each field is used in every language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from importlib.metadata import version
from math import log2
from typing import get_args

from assistant.config import Settings
from assistant.languages import NAMES
from assistant.meetings.guided.room import FEWEST_LINES
from assistant.meetings.guided.room import LONGEST as GUIDED_LONGEST
from assistant.meetings.insight import KEPT_FOR
from assistant.meetings.notebook import ON_LOAN_KEPT_FOR
from assistant.meetings.permissions import ROLES
from assistant.meetings.written_for import STOPS_AFTER
from assistant.operations.metrics import LOOPBACK
from assistant.retention import RELEASED, Retention
from assistant.service.notebook.devices import LOAN_LASTS, LOOKED_AT_ON_LOAN_FOR
from assistant.service.notebook.sessions import REQUESTS_KEPT_FOR
from assistant.service.sharing.links_and_codes import WRONG_CODES
from assistant.service.sharing.openings import OPENING_LASTS
from assistant.service.staff.accounts import FIRST_LINK_FOR
from assistant.service.staff.passwords import PASSWORD_LEAST
from assistant.service.staff.provided_sign_in import VISIT_FOR
from assistant.service.staff.security_log import SecurityEvent
from assistant.storage.schema import metadata
from assistant.value_class import value_class
from assistant.vault.codenames import WORDS, entropy
from assistant.vault.encryption import KEY
from assistant.vault.key_slots import LINK_BYTES
from assistant.vault.key_stretching import FULL_COST
from assistant.vault.pasted import DIGITS
from assistant.vault.sealing import LIMIT, SMALLEST
from assistant.vault.second_factor import CODE_DIGITS, CODE_STEP, RECOVERY_CODES
from assistant.vault.share_keys import CODE_SIGNS
from assistant.web.app import SWEEP_EVERY
from assistant.web.http.cookies import cookie_name, staff_cookie_name
from assistant.web.http.link_cookies import KEPT_FOR as LINK_KEPT_FOR
from assistant.web.http.link_cookies import LinkCookie
from assistant.web.http.loan_cookie import LOAN_COOKIE_LASTS, loan_cookie_name
from assistant.web.refused_pages import KEPT_FOR as REFUSED_KEPT_FOR
from assistant.web.staff.device import device_cookie_name
from assistant.web.staff.provider_cookie import provider_cookie_name

_SERVED = Settings(public_url="https://motet.example.no")
"""As a service runs it: behind https."""


@value_class
class Cookie:
    """A cookie that the program sets."""

    name: str
    lasts: timedelta | None
    """None: until the browser is closed."""

    @property
    def key(self) -> str:
        """Return the name without the prefix that it has over https."""
        return self.name.removeprefix("__Host-")


@dataclass(frozen=True, kw_only=True)
class Periods:
    """How long things last. `lists/periods.yaml` says what each one is."""

    retention: Retention = RELEASED
    """Those that the service decides."""
    loan_tablet: timedelta = LOAN_LASTS
    only_looking_on_loan: timedelta = LOOKED_AT_ON_LOAN_FOR
    on_loan: timedelta = ON_LOAN_KEPT_FOR
    opening: timedelta = OPENING_LASTS
    guided: timedelta = GUIDED_LONGEST
    written_for: timedelta = STOPS_AFTER
    handled_forms: timedelta = REQUESTS_KEPT_FOR
    refused_pages: timedelta = REFUSED_KEPT_FOR
    provider_visit: timedelta = VISIT_FOR
    first_link: timedelta = FIRST_LINK_FOR
    insight: timedelta = KEPT_FOR
    sweep: timedelta = timedelta(seconds=SWEEP_EVERY)

    @property
    def by_name(self) -> Mapping[str, timedelta]:
        """Return every period."""
        decided = {name: lasts for name, lasts in self.retention if isinstance(lasts, timedelta)}
        own = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "retention"}
        return {**decided, **own}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Every fact of the program that a paper states."""

    version: str = field(default_factory=lambda: version("for-motet"))
    periods: Periods = field(default_factory=Periods)
    more_cookies: tuple[Cookie, ...] = (
        Cookie(provider_cookie_name(_SERVED), VISIT_FOR),
        Cookie(loan_cookie_name(_SERVED), LOAN_COOKIE_LASTS),
        *(Cookie(f"__Host-{name}", timedelta(seconds=LINK_KEPT_FOR)) for name in get_args(LinkCookie)),
    )
    """Cookies whose life no service decides."""
    host: str = _SERVED.host
    port: int = _SERVED.port
    metrics_host: str = LOOPBACK
    cipher: str = f"AES-{8 * KEY}-GCM"
    derivation: str = "HKDF-SHA-256"
    stretching: str = "Argon2id"
    key_exchange: str = "X25519"
    stretching_mebibytes: int = FULL_COST.memory // 1024
    stretching_passes: int = FULL_COST.passes
    link_bits: int = 8 * LINK_BYTES
    codename_words: int = WORDS
    codename_bits: int = int(entropy())
    code_bits: int = int(log2(len(DIGITS))) * CODE_SIGNS
    wrong_codes: int = WRONG_CODES
    password_least: int = PASSWORD_LEAST
    one_time_digits: int = CODE_DIGITS
    one_time_seconds: int = CODE_STEP
    recovery_codes: int = RECOVERY_CODES
    document_kibibytes: int = LIMIT // 1024
    padding_bytes: int = SMALLEST
    fewest_lines: int = FEWEST_LINES
    tables: tuple[str, ...] = tuple(sorted(metadata.tables))
    roles: tuple[str, ...] = ROLES
    security_events: tuple[str, ...] = tuple(event.value for event in SecurityEvent)
    languages: tuple[str, ...] = tuple(NAMES.values())

    @classmethod
    def of(cls, retention: Retention) -> "Facts":
        """Return the facts of a program that keeps things as this service decided."""
        return cls(periods=Periods(retention=retention))

    @property
    def month_choices(self) -> tuple[int, ...]:
        """Return the months a user may choose to keep a notebook."""
        return self.periods.retention.months

    @property
    def cookies(self) -> tuple[Cookie, ...]:
        """Return every cookie."""
        kept = self.periods.retention
        return (
            Cookie(cookie_name(_SERVED), kept.own_browser),
            Cookie(staff_cookie_name(_SERVED), None),
            Cookie(device_cookie_name(_SERVED), kept.known_browser),
            *self.more_cookies,
        )


def columns_of(table: str) -> dict[str, bool]:
    """Return the table's columns, and whether each one holds bytes, which are unreadable."""
    return {column.name: column.type.python_type is bytes for column in metadata.tables[table].columns}
