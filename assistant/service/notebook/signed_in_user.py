"""A user whose browser has a valid session, and what the session stores."""

from dataclasses import field
from datetime import datetime, timedelta
from typing import Literal

from pydantic import AwareDatetime

from assistant.engine.conversation import StoredModel
from assistant.languages import Language
from assistant.meetings.permissions import Actor
from assistant.retention import RELEASED, Retention
from assistant.service.documents import Owner
from assistant.service.notebook.devices import LOAN_LASTS, LOOKED_AT_ON_LOAN_FOR, Device
from assistant.value_class import value_class

View = Literal["chat", "form"]
"""The preferred view of the questions: one at a time, or all on one page."""
Use = Literal["act", "look", "none"]
"""What a request says about the person: they acted, they opened a page, or it was automatic."""
WORTH_WRITING = timedelta(minutes=1)
"""A session that moves by less is not written."""


class SessionContent(StoredModel):
    """The content of a session, sealed under its cookie."""

    notebook_id: str
    key: str
    language: Language
    device: Device
    view: View = "chat"
    held_until: AwareDatetime | None = None
    """A guided session holds a borrowed browser open until this time."""


@value_class
class SignedInUser:
    """A user whose browser has a valid session."""

    owner: Owner
    secret: str = field(repr=False)
    language: Language
    device: Device
    view: View = "chat"
    until: datetime | None = field(default=None, compare=False)
    """When this browser locks without a further act, if it was looked up."""
    is_by_another: bool = field(default=False, compare=False)
    """The page that was sent says that another person writes for the user."""
    held_until: datetime | None = None
    """Until when a guided session holds this browser open, if it is borrowed."""

    retention: Retention = field(default=RELEASED, compare=False, repr=False)
    """For how long the service keeps what this user does."""

    @property
    def actor(self) -> Actor:
        """Return the user as one who acts."""
        return Actor("user", self.owner.notebook_id)

    @property
    def remembered_for(self) -> timedelta:
        """How long this browser stays unlocked without an act."""
        by_device = {"own": self.retention.own_browser, "borrowed": self.retention.borrowed_browser}
        return by_device.get(self.device, LOAN_LASTS)

    @property
    def looked_at_for(self) -> timedelta:
        """How long only viewing pages keeps this browser unlocked after the last act."""
        return LOOKED_AT_ON_LOAN_FOR if self.device == "loan" else self.retention.only_looking

    def alive_until(self, now: datetime) -> datetime:
        """Return when this browser locks after an act at this time."""
        until = now + self.remembered_for
        return until if self.held_until is None else max(until, self.held_until)

    def is_prolonged_by(self, now: datetime) -> bool:
        """Return whether an act at this time moves the end of the session by enough to be written."""
        return self.until is None or self.alive_until(now) - self.until >= WORTH_WRITING
