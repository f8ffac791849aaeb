"""Half-filled forms, as both databases keep them."""

from functools import partial

import pytest
from support.rows import NOW, adding

from assistant.errors import NotFound
from assistant.storage.database import Database
from assistant.storage.documents import delete_documents, write_document
from assistant.storage.form_drafts import (
    DraftOwner,
    StoredFormDraft,
    delete_form_drafts_for,
    form_drafts_on,
    put_form_draft,
)

DOCUMENT = "conversation.meeting"
DRAFT = StoredFormDraft(b"form", b"page", DraftOwner("mine", None), b"sealed", NOW, meeting_id="meeting")


async def test_a_draft_that_comes_after_its_meeting_is_deleted_is_not_kept(database: Database) -> None:
    await database.write(adding("mine"))
    await database.write(adding("yours"))
    for owner in ("mine", "yours"):
        await database.write(
            partial(write_document, notebook_id=owner, name=DOCUMENT, expected=0, format=1, sealed=b"")
        )
    await database.write(lambda c: put_form_draft(c, DRAFT, at_most=100))
    assert await database.read(lambda c: form_drafts_on(c, b"page")) == [(b"form", b"sealed")]
    await database.write(lambda c: delete_form_drafts_for(c, "mine", "meeting"))
    await database.write(lambda c: delete_documents(c, "mine", [DOCUMENT]))
    with pytest.raises(NotFound):
        await database.write(lambda c: put_form_draft(c, DRAFT, at_most=100))
    assert await database.read(lambda c: form_drafts_on(c, b"page")) == []
