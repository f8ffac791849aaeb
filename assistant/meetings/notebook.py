"""A notebook: a user's own sealed space, with an index of its documents."""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import AwareDatetime, Field

from assistant.engine.conversation import StoredModel
from assistant.errors import NotFound
from assistant.meetings.invitation import ReceivedInvitation

KEPT_FOR = timedelta(days=365)
"""How long a notebook is kept after it was last written in, unless its owner says otherwise."""

KEPT_UNANSWERED_FOR = timedelta(days=1)
"""How long a notebook is kept in which nothing was ever answered."""


class Meeting(StoredModel):
    """A treatment meeting the user prepares for. What kind and when is told in its conversation."""

    id: str
    invited: ReceivedInvitation | None = None
    """The invitation it came from, where there was one."""

    @property
    def conversation(self) -> str:
        """The name of the document that holds the conversation for this meeting."""
        return f"conversation.{self.id}"

    @property
    def draft(self) -> str:
        """The name of the document that holds what is typed but not yet given."""
        return f"draft.{self.id}"

    @property
    def sharing(self) -> str:
        """The name of the document that holds what was chosen about sharing its summary."""
        return f"sharing.{self.id}"

    @property
    def after(self) -> "AfterMeeting":
        """The look back on it: a conversation of its own, whether or not it has begun."""
        return AfterMeeting(id=self.id)


class AfterMeeting(Meeting):
    """The same meeting, as it is looked back on."""

    @property
    def conversation(self) -> str:
        """The name of the document that holds the look back."""
        return f"after.{self.id}"

    @property
    def draft(self) -> str:
        """The name of the document that holds what is typed in it but not yet given."""
        return f"after_draft.{self.id}"


class Notebook(StoredModel):
    """The first document of every notebook: what else is in it, at which revision.

    The revisions are the seal against rollback: an older copy of one document, put back in the database,
    is not the one the notebook knows. (Putting back the whole database is an honest limit.)
    """

    format: Literal[1] = 1
    link: str | None
    """The secret of the private link, kept so that its owner can see it again; None if the link is switched
    off.
    """
    codename: str | None = None
    """The codename, where there is one."""
    way_back_shown: bool = False
    kept_until: AwareDatetime
    chosen_until: AwareDatetime | None = None
    """The end date its owner chose. Only a new choice moves it."""
    meetings: tuple[Meeting, ...] = ()
    revisions: dict[str, int] = Field(default_factory=dict)

    def has(self, meeting_id: str) -> bool:
        """Whether there is a meeting with this id."""
        return any(meeting.id == meeting_id for meeting in self.meetings)

    def meeting(self, meeting_id: str) -> Meeting:
        """Return the meeting with this id. Raises `NotFound`, also for a meeting in another notebook."""
        for meeting in self.meetings:
            if meeting.id == meeting_id:
                return meeting
        raise NotFound

    def has_begun(self, meeting: Meeting) -> bool:
        """Whether the conversation for a meeting, or the look back on it, has begun."""
        return meeting.conversation in self.revisions

    def before(self, meeting_id: str | None) -> tuple[Meeting, ...]:
        """The meetings that stood here before this one; all of them, before one that is still to come."""
        ids = [meeting.id for meeting in self.meetings]
        return self.meetings[: ids.index(meeting_id)] if meeting_id in ids else self.meetings

    def used_at(self, now: datetime) -> "Notebook":
        """The notebook after it was written in: kept a year from now, unless its owner chose a day."""
        return self.model_copy(update={"kept_until": self.chosen_until or now + KEPT_FOR})

    def without(self, meeting_id: str) -> "Notebook":
        """Return the notebook without this meeting and its documents."""
        gone = self.papers_of(meeting_id)
        return self.model_copy(
            update={
                "meetings": tuple(meeting for meeting in self.meetings if meeting.id != meeting_id),
                "revisions": {name: at for name, at in self.revisions.items() if name not in gone},
            }
        )

    def papers_of(self, meeting_id: str) -> frozenset[str]:
        """The names of every document about this meeting. Raises `NotFound`."""
        end = f".{self.meeting(meeting_id).id}"
        return frozenset(name for name in self.revisions if name.endswith(end))


class Draft(StoredModel):
    """Text that is typed but not submitted, by question.

    An empty draft is overwritten, not deleted: a document that starts again at revision 1 could be rolled
    back unseen.
    """

    format: Literal[1] = 1
    fields: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)
    pages: dict[str, str] = Field(default_factory=dict)
    """The page each was typed on, by its form's request id: a page may write over what was typed on it."""
