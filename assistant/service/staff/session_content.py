"""The content of a staff session: what is sealed under its cookie, and what it gives a request."""

from datetime import datetime
from typing import cast

from pydantic import Field
from pydantic_core import to_json

from assistant.engine.conversation import StoredModel
from assistant.languages import Language
from assistant.meetings.permissions import Role
from assistant.service.staff.members import ProviderSession, SignedInStaff, StaffMember
from assistant.storage.staff import StoredStaff
from assistant.storage.staff_sessions import StoredStaffSession
from assistant.vault.session_keys import wrap_session


class StaffSessionContent(StoredModel):
    """The content of a session, sealed under its cookie."""

    staff_id: str
    private_key: str
    language: Language
    recovery_codes: tuple[str, ...] = ()
    links: dict[str, str] = Field(default_factory=dict)
    provider: tuple[str, str] | None = None
    """The digests of the session at the identity provider."""
    has_lasting_key: bool = True
    day_key: str = ""


def as_member(row: StoredStaff) -> StaffMember:
    """Build the member of staff from a row."""
    return StaffMember(row.id, row.name, cast(frozenset[Role], row.roles), row.public_key)


def content_of(who: SignedInStaff) -> StaffSessionContent:
    """Return what to seal for this person."""
    return StaffSessionContent(
        staff_id=who.member.id,
        private_key=who.private_key.hex(),
        language=who.language,
        recovery_codes=who.recovery_codes,
        links=dict(who.links),
        provider=(who.provider.subject.hex(), who.provider.sid.hex()) if who.provider else None,
        has_lasting_key=who.has_lasting_key,
        day_key=who.day_key.hex() if who.day_key else "",
    )


def sealed_content(secret: str, content: StaffSessionContent) -> bytes:
    """Seal the content under the cookie with this secret."""
    return wrap_session(secret, to_json(content))


def signed_in(
    row: StoredStaff, content: StaffSessionContent, secret: str, session: StoredStaffSession
) -> SignedInStaff:
    """Return the person behind an opened session."""
    return SignedInStaff(
        member=as_member(row),
        private_key=bytes.fromhex(content.private_key),
        secret=secret,
        language=content.language,
        until=session.expires_at,
        ends_at=session.ends_at,
        recovery_codes=content.recovery_codes,
        links=content.links,
        provider=_provider_session(content, session.ends_at),
        has_lasting_key=content.has_lasting_key,
        day_key=bytes.fromhex(content.day_key) or None,
        proved_until=session.proved_until,
    )


def _provider_session(content: StaffSessionContent, ends_at: datetime) -> ProviderSession | None:
    if content.provider is None:
        return None
    subject, sid = map(bytes.fromhex, content.provider)
    return ProviderSession(subject, sid, ends_at)
