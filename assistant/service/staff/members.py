"""Staff: a professional, a peer worker or an administrator, and the content of their session."""

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import TypeVar

from assistant.errors import SealBroken
from assistant.languages import Language
from assistant.meetings.permissions import Actor, Role
from assistant.value_class import value_class

T = TypeVar("T")
PROVED_FOR = timedelta(minutes=5)
"""How long a proof of who they are lets staff change how their own account and key, and the accounts of
others, open.
"""


@value_class
class StaffMember:
    """A person with an account."""

    id: str
    name: str
    """Used for signing in, and shown to users when this person opens a share."""
    roles: frozenset[Role]
    public_key: bytes | None = field(repr=False)
    """The key for sealing to them; None until they have set a password, and after a reset."""


@value_class
class ProviderSession:
    """The session at the identity provider that a session here began with, as digests, and its limit."""

    subject: bytes = field(repr=False)
    sid: bytes = field(repr=False)
    until: datetime
    """When the session here ends, regardless of activity."""
    grant: str = field(default="", repr=False)
    """What a check at the provider needs, at the beginning of a session; empty if it cannot be checked."""
    confirmed_at: datetime | None = None
    """When the provider vouched for the person, if that was not just now."""


@value_class
class SignedInStaff:
    """A member of staff whose browser has a valid session."""

    member: StaffMember
    private_key: bytes = field(repr=False)
    """Opens what was sealed to them (`vault.staff_keys.open_with`); held only by this session."""
    secret: str = field(repr=False)
    """The session's secret from the cookie, which seals further session content."""
    language: Language
    until: datetime
    """When the session ends without a further act."""
    ends_at: datetime
    """The latest end of the session, regardless of activity."""
    recovery_codes: tuple[str, ...] = field(default=(), repr=False)
    """New recovery codes, until their owner confirms having them."""
    links: Mapping[str, str] = field(default_factory=dict, repr=False)
    """One-time links created in this session, to be handed on, by staff id."""
    provider: ProviderSession | None = None
    """Set if they signed in at an identity provider."""
    has_lasting_key: bool = True
    """Whether the private key outlasts this session; one that does not opens nothing that is sent ahead."""
    day_key: bytes | None = field(default=None, repr=False)
    """The session's first private key, if the lasting one was opened later."""
    proved_until: datetime | None = None
    """Until when they need not prove again who they are."""

    @property
    def actor(self) -> Actor:
        """Return the actor for `may`."""
        return Actor("staff", self.member.id, self.member.roles)

    @property
    def draft_secret(self) -> bytes:
        """The secret under which drafts are kept; it stays the same while the session lasts."""
        return self.day_key or self.private_key

    def with_key(self, open_with: Callable[[bytes], T]) -> T:
        """Open something with the private key, or else with the session's first one. Raises `SealBroken`."""
        try:
            return open_with(self.private_key)
        except SealBroken:
            if self.day_key is None:
                raise
            return open_with(self.day_key)
