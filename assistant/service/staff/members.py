"""Staff: a professional, a peer worker or an administrator, and the content of their session."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from assistant.languages import Language
from assistant.meetings.permissions import Actor, Role


@dataclass(frozen=True)
class StaffMember:
    """A person with an account."""

    id: str
    name: str
    """Used for signing in, and shown to users when this person opens a share."""
    roles: frozenset[Role]
    public_key: bytes | None = field(repr=False)
    """The key for sealing to them; None until they have set a password, and after a reset."""


@dataclass(frozen=True)
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

    @property
    def actor(self) -> Actor:
        """Return the actor for `may`."""
        return Actor("staff", self.member.id, self.member.roles)
