"""A notebook: a user's sealed space, with an index of its documents."""

import operator
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from assistant.engine.conversation import StoredModel
from assistant.errors import NotFound
from assistant.meetings.guided.participation import Participation
from assistant.meetings.invitation import ReceivedInvitation
from assistant.retention import Retention

ON_LOAN_KEPT_FOR = timedelta(hours=1)
"""How long a notebook that was begun on a loan tablet is kept after it was last changed, until the user takes
a way back to it or shares from it.
"""
GUIDED_ON_LOAN_KEPT_FOR = timedelta(hours=6)
"""The same during a guided session, in which the user need not write for hours."""

_BEFORE_MEETING = "before_meeting"


def _dropped(_: object) -> None:
    """Keep nothing of it."""


class Meeting(StoredModel):
    """A treatment meeting the user prepares for. Its kind and time are in its conversation."""

    # every page of the user reads all meetings of the notebook, so usual values are not written
    id: str
    dialogue: str = Field(_BEFORE_MEETING, exclude_if=_BEFORE_MEETING.__eq__)
    """The dialogue that it is prepared with."""
    invited: ReceivedInvitation | None = Field(None, exclude_if=operator.not_)
    """The invitation it came from, if any."""
    guided: Participation | None = Field(None, exclude_if=operator.not_)
    """The guided session it is or was prepared in, if any."""

    unit: str = Field("", exclude_if=operator.not_)
    """The unit whose address the user came by; empty if unknown. It is not written then, so that an earlier
    version can still read the notebook.
    """
    as_once_written: Annotated[object, AfterValidator(_dropped)] = Field(
        None, alias="written_for", exclude=True, repr=False
    )
    """What unreleased versions wrote into each meeting. It is a document now, so it is dropped, and the
    notebook opens. A validator of the whole meeting would be called for each one, at every page.
    """

    @property
    def conversation(self) -> str:
        """The name of the document that holds the conversation for this meeting."""
        return f"conversation.{self.id}"

    @property
    def draft(self) -> str:
        """The name of the document with text that is typed but not submitted."""
        return f"draft.{self.id}"

    @property
    def sharing(self) -> str:
        """The name of the document with the sharing choices for its summary."""
        return f"sharing.{self.id}"

    @property
    def written_for(self) -> str:
        """The name of the document with what another person wrote for the user."""
        return f"written_for.{self.id}"

    @property
    def is_for_treatment(self) -> bool:
        """Return whether a treatment meeting follows: one to share the summary for, and to look back on.

        No such meeting follows a conversation with a peer worker; its entries open the next preparation.
        """
        return self.dialogue == _BEFORE_MEETING

    @property
    def after(self) -> "AfterMeeting":
        """The look back on the meeting: a separate conversation, whether or not it has begun."""
        return AfterMeeting(id=self.id)


def end_of_hour(moment: datetime) -> datetime:
    """Return the end of this moment's hour; of a whole hour, the hour itself."""
    hour = moment.replace(minute=0, second=0, microsecond=0)
    return hour if hour == moment else hour + timedelta(hours=1)


def _without_old_keys(meeting: Meeting, now: datetime) -> Meeting:
    if meeting.guided is None or meeting.guided.key is None or meeting.guided.is_running(now):
        return meeting
    return meeting.model_copy(update={"guided": meeting.guided.over()})


class AfterMeeting(Meeting):
    """The look back on a meeting."""

    @property
    def conversation(self) -> str:
        """The name of the document with the look-back conversation."""
        return f"after.{self.id}"

    @property
    def draft(self) -> str:
        """The name of the document with text that is typed but not submitted in the look back."""
        return f"after_draft.{self.id}"

    @property
    def written_for(self) -> str:
        """The name of the document with what another person wrote for the user in the look back."""
        return f"after_written_for.{self.id}"


class Notebook(StoredModel):
    """The first document of every notebook: an index of its documents and their revisions.

    The revisions protect against rollback: an older copy of a single document restored in the database does
    not match the index. (A rollback of the whole database is not detected.)
    """

    format: Literal[1] = 1
    link: str | None
    """The secret of the private link, kept so that the user can see it again; None if the link is switched
    off.
    """
    codename: str | None = None
    """The codename, if any."""
    way_back_shown: bool = False
    kept_until: AwareDatetime
    is_on_loan: bool = Field(default=False, exclude_if=operator.not_)
    """Begun on a loan tablet, and the user has neither taken a way back to it nor shared from it. It is
    written only if so, so that an earlier version can read all other notebooks.
    """
    counted_in: str = Field(default="", exclude_if=operator.not_)
    """The quarter in which a preparation in it was counted last, if the service has figures. It is written
    only if something was shared while it had, so that an earlier version can read all other notebooks.
    """
    chosen_until: AwareDatetime | None = None
    """The end date the user chose. Only a new choice moves it."""
    meetings: tuple[Meeting, ...] = ()
    revisions: dict[str, int] = Field(default_factory=dict)

    def has(self, meeting_id: str) -> bool:
        """Return whether there is a meeting with this id."""
        return any(meeting.id == meeting_id for meeting in self.meetings)

    def meeting(self, meeting_id: str) -> Meeting:
        """Return the meeting with this id. Raises `NotFound`, also for a meeting in another notebook."""
        for meeting in self.meetings:
            if meeting.id == meeting_id:
                return meeting
        raise NotFound

    def has_begun(self, meeting: Meeting) -> bool:
        """Return whether the conversation for a meeting, or the look back on it, has begun."""
        return meeting.conversation in self.revisions

    def before(self, meeting_id: str | None) -> tuple[Meeting, ...]:
        """Return the meetings before this one in the notebook; all of them for a meeting not yet added."""
        ids = [meeting.id for meeting in self.meetings]
        return self.meetings[: ids.index(meeting_id)] if meeting_id in ids else self.meetings

    def guided_session(self, now: datetime) -> str | None:
        """Return the id of the guided session that the user takes part in; None without one."""
        guided = [meeting.guided for meeting in self.meetings if meeting.guided is not None]
        return next((one.session for one in guided if one.is_running(now)), None)

    def used_at(self, now: datetime, retention: Retention) -> "Notebook":
        """Return the notebook after a change: kept for a whole period from now, unless the user chose a date,
        and without the keys of guided sessions that have ended. The period ends with its hour, so that an
        evening of turns moves the end once or twice, and says less about when each was.
        """
        return self._kept(now, end_of_hour(now + retention.notebook))

    def visited_at(self, now: datetime, retention: Retention) -> "Notebook":
        """Return the notebook after a change that is no answer, such as joining a guided session: if it has
        no answers, it is still kept for a short time only.
        """
        is_answered = any(self.revisions.get(meeting.conversation, 0) > 1 for meeting in self.meetings)
        lasts = retention.notebook if is_answered else retention.unanswered
        return self._kept(now, now + lasts)

    def choosing(self, chosen: datetime | None, now: datetime) -> "Notebook":
        """Return the notebook with the end date that the user chose; with None, the date follows use again,
        counted from now.
        """
        return self.model_copy(update={"chosen_until": chosen, "kept_until": now})

    def taken_along(self) -> "Notebook":
        """Return the notebook after the user has taken a way back to it, or shared from it."""
        return self.model_copy(update={"is_on_loan": False})

    def _kept(self, now: datetime, until: datetime) -> "Notebook":
        """Return the notebook kept until then, or until the date its owner was told, if that is later: a
        service that chooses a shorter period shortens no promise.
        """
        if self.is_on_loan:
            # a guided session may last longer than the user writes
            until = now + (GUIDED_ON_LOAN_KEPT_FOR if self.guided_session(now) else ON_LOAN_KEPT_FOR)
        meetings = tuple(_without_old_keys(meeting, now) for meeting in self.meetings)
        kept_until = self.chosen_until or max(self.kept_until, until)
        return self.model_copy(update={"kept_until": kept_until, "meetings": meetings})

    def with_guided(self, meeting_id: str, guided: Participation | None) -> "Notebook":
        """Return the notebook with this participation at a meeting. Raises `NotFound`."""
        changed = self.meeting(meeting_id).model_copy(update={"guided": guided})
        return self.model_copy(
            update={"meetings": tuple(changed if m.id == meeting_id else m for m in self.meetings)}
        )

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
        """Return the names of every document about this meeting. Raises `NotFound`."""
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
    """The page each text was typed on, by its form's request id: a page may overwrite its own text."""
