"""Staff: a professional, a peer worker or an administrator, and what a signed-in one holds."""

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
    """As they sign in, and as users see who opened what."""
    roles: frozenset[Role]
    public_key: bytes | None = field(repr=False)
    """What can be sealed to them; None until they have chosen a password, and after a reset."""


@dataclass(frozen=True)
class SignedInStaff:
    """A member of staff behind a browser whose session is alive."""

    member: StaffMember
    private_key: bytes = field(repr=False)
    """Opens what was sealed to them (`vault.staff_keys.open_with`); held by this session only."""
    secret: str = field(repr=False)
    """The session's own, from the cookie: for sealing what else the session is to hold."""
    language: Language
    until: datetime
    """When the session is over if nothing more is done in it."""
    ends_at: datetime
    """The latest end of the session, regardless of activity."""
    recovery_codes: tuple[str, ...] = field(default=(), repr=False)
    """New codes for paper, until their owner says they have them."""
    links: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By staff id, the one-time links this person made in this session, to hand on."""

    @property
    def actor(self) -> Actor:
        """Them, as `may` asks about them."""
        return Actor("staff", self.member.id, self.member.roles)
