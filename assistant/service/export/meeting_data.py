"""Read all data of one meeting, at one moment."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from assistant.exports.json_export import AuditRowExport, ShareExport
from assistant.meetings.permissions import Actor
from assistant.meetings.review.agreement import Agreement
from assistant.meetings.review.review import Review
from assistant.meetings.share import SharingChoices
from assistant.service.documents import Owner
from assistant.service.preparation.drafts import NotebookContents, read_all
from assistant.service.review_documents import reviews_of
from assistant.service.sharing.audit_trail import trail_of
from assistant.service.sharing.choices import sharing_in
from assistant.service.sharing.links_and_codes import kept_of
from assistant.service.sharing.state import unsealed
from assistant.storage.database import Connection
from assistant.storage.shares import StoredShare, shares_for
from assistant.storage.staff import list_staff
from assistant.value_class import value_class
from assistant.vault.pepper import Pepper


@value_class
class MeetingData:
    """All data of one meeting."""

    preparation: NotebookContents
    after: NotebookContents | None
    """The look back, if it has begun."""
    agreements: Sequence[Agreement]
    sharing: SharingChoices | None
    """The sharing choices, if any were made."""
    shares: Sequence[ShareExport]
    """The shares, oldest first."""


def read_meeting_data(
    connection: Connection, owner: Owner, pepper: Pepper, meeting_id: str, now: datetime, left: str
) -> MeetingData:
    """Read all data of one meeting; `left` names staff who no longer work here. Raises `NotFound`."""
    preparation = read_all(connection, owner, meeting_id)
    notebook, meeting = preparation.notebook, preparation.meeting
    has_after = notebook.has_begun(meeting.after)
    reviews = {one.stored.share_id: one.review for one in reviews_of(connection, owner, meeting_id)}
    names = {member.id: member.name for member in list_staff(connection)}
    shares = reversed(shares_for(connection, owner.notebook_id, meeting_id))
    return MeetingData(
        preparation=preparation,
        after=read_all(connection, owner, meeting_id, after=True) if has_after else None,
        agreements=[agreement for review in reviews.values() for agreement in review.agreed],
        sharing=sharing_in(connection, owner, notebook, meeting_id),
        shares=[
            _shared(connection, owner, pepper, share, reviews.get(share.id), names, now, left)
            for share in shares
        ],
    )


def _shared(
    connection: Connection,
    owner: Owner,
    pepper: Pepper,
    share: StoredShare,
    review: Review | None,
    names: Mapping[str, str],
    now: datetime,
    left: str,
) -> ShareExport:
    """Read one share with everything that belongs to it. After it ended its words are deleted; its audit
    trail is not.
    """
    trail = trail_of(connection, pepper, owner, share, Actor("user", owner.notebook_id))
    return ShareExport(
        way=share.way,
        made_at=share.made_at,
        opens_until=share.opens_until,
        ended=share.ended,
        ended_at=share.ended_at,
        version=share.version,
        seen=unsealed(share, bytes.fromhex(kept_of(owner, share).key)) if share.is_open(now) else None,
        trail=tuple(
            AuditRowExport(at=act.at, act=act.act, by=names.get(act.staff_id, left) if act.staff_id else None)
            for act in trail.acts
        ),
        trail_is_whole=trail.is_whole,
        review=review,
    )
