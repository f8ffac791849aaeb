"""Half-filled forms, sealed; each is found by a keyed digest that reveals neither its page nor its form."""

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    select,
)

from assistant.errors import NotFound
from assistant.storage.insert_once import insert_once
from assistant.storage.prepared import Prepared
from assistant.storage.row_locks import lock_notebook, lock_staff
from assistant.storage.schema import documents, form_drafts
from assistant.value_class import value_class


class DraftOwner(NamedTuple):
    """The owner of drafts: a notebook or a member of staff."""

    notebook_id: str | None
    staff_id: str | None


_ON_PAGE = Prepared(
    select(form_drafts.c.form, form_drafts.c.sealed)
    .where(form_drafts.c.page == bindparam("here"))
    .order_by(form_drafts.c.written_at)
)


@value_class
class StoredFormDraft:
    form: bytes = field(repr=False)
    page: bytes = field(repr=False)
    owner: DraftOwner
    sealed: bytes = field(repr=False)
    written_at: datetime
    meeting_id: str | None = None
    share_id: str | None = None
    kept_until: datetime | None = None


def put_form_draft(connection: Connection, draft: StoredFormDraft, *, at_most: int) -> None:
    """Store a draft, replacing the previous one; the owner's oldest are deleted above this number.

    Raises `NotFound` if its notebook, meeting, account or share is gone.
    """
    if draft.owner.notebook_id is not None:
        lock_notebook(connection, draft.owner.notebook_id)
    elif draft.owner.staff_id is not None:
        lock_staff(connection, draft.owner.staff_id)
    if draft.meeting_id is not None and not _has_meeting(connection, draft.owner, draft.meeting_id):
        raise NotFound  # otherwise no deletion would ever reach it
    delete_form_draft(connection, draft.form)
    insert_once(
        connection,
        form_drafts,
        form=draft.form,
        page=draft.page,
        notebook_id=draft.owner.notebook_id,
        staff_id=draft.owner.staff_id,
        meeting_id=draft.meeting_id,
        share_id=draft.share_id,
        sealed=draft.sealed,
        written_at=draft.written_at,
        kept_until=draft.kept_until,
    )
    newest_first = (
        select(form_drafts.c.form).where(_of(draft.owner)).order_by(form_drafts.c.written_at.desc())
    )
    surplus = connection.scalars(newest_first.offset(at_most)).all()
    if surplus:
        connection.execute(delete(form_drafts).where(form_drafts.c.form.in_(surplus)))


def form_drafts_on(connection: Connection, page: bytes) -> Sequence[tuple[bytes, bytes]]:
    """Return the digest and the sealed content of each draft on this page, oldest first."""
    return [(form, sealed) for form, sealed in _ON_PAGE.all(connection, {"here": page})]


def delete_form_draft(connection: Connection, form: bytes) -> bool:
    """Delete a draft; return whether there was one."""
    return connection.execute(delete(form_drafts).where(form_drafts.c.form == form)).rowcount > 0


def delete_form_drafts_for(connection: Connection, notebook_id: str, meeting_id: str) -> None:
    """Delete every draft of a notebook on the pages of one meeting."""
    drafts = form_drafts.c
    connection.execute(
        delete(form_drafts).where(drafts.notebook_id == notebook_id, drafts.meeting_id == meeting_id)
    )


def delete_form_drafts_kept_until(connection: Connection, now: datetime, most: int = 500) -> int:
    """Delete some of those that have been kept as long as was promised; how many, 0 when none are left."""
    over = select(form_drafts.c.form).where(form_drafts.c.kept_until <= now).limit(most)
    return connection.execute(delete(form_drafts).where(form_drafts.c.form.in_(over))).rowcount


def _has_meeting(connection: Connection, owner: DraftOwner, meeting_id: str) -> bool:
    """Return whether the notebook has any document of this meeting."""
    is_its = documents.c.name.endswith(f".{meeting_id}", autoescape=True)
    found = select(documents.c.name).where(documents.c.notebook_id == owner.notebook_id, is_its)
    return connection.scalar(found.limit(1)) is not None


def _of(owner: DraftOwner) -> ColumnElement[bool]:
    if owner.notebook_id is not None:
        return form_drafts.c.notebook_id == owner.notebook_id
    return form_drafts.c.staff_id == owner.staff_id
