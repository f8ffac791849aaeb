"""Half-filled forms, kept sealed until they are sent: a reload, another language or a lock loses nothing.

A question has its draft in the notebook (`service.drafts`); this is for every other form with text in it.
A user's drafts are deleted with their notebook and meeting. Staff's are deleted after a week, and those on a
page of something shared with that share.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from assistant.errors import SealBroken
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.staff.members import SignedInStaff
from assistant.storage.database import Database
from assistant.storage.form_drafts import (
    DraftOwner,
    StoredFormDraft,
    delete_form_draft,
    delete_form_drafts_kept_until,
    form_drafts_on,
    put_form_draft,
)
from assistant.vault.form_draft_keys import form_draft_index, form_draft_key
from assistant.vault.sealing import seal, unseal

STAFF_KEPT_FOR = timedelta(days=7)
"""How long a form that staff filled in halfway is kept after it was last written in."""
_AT_MOST = 100
"""Drafts of one person; the oldest go first."""

Fields = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class DraftWriter:
    """Somebody who fills in forms, and the secret their drafts are sealed under."""

    owner: DraftOwner
    secret: bytes = field(repr=False)

    @classmethod
    def user(cls, who: SignedInUser) -> "DraftWriter":
        """The owner of a notebook."""
        return cls(DraftOwner(who.owner.notebook_id, None), who.owner.key)

    @classmethod
    def staff(cls, who: SignedInStaff) -> "DraftWriter":
        """A member of staff."""
        return cls(DraftOwner(None, who.member.id), who.private_key)

    @property
    def id(self) -> str:
        """What the sealed drafts are bound to."""
        return self.owner.notebook_id or self.owner.staff_id or ""


class FormDrafts:
    """Keeps, finds and drops drafts of forms."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def keep(
        self,
        writer: DraftWriter,
        page: str,
        form: str,
        fields: Fields,
        *,
        meeting_id: str | None = None,
        share_id: str | None = None,
    ) -> None:
        """Keep what stands in a form. Raises `DocumentFull`, and `NotFound` if what it belongs to is gone."""
        index = form_draft_index(writer.secret, page, form)
        content = json.dumps({"form": form, "fields": fields}).encode()
        key = form_draft_key(writer.secret)
        now = self._clock()
        draft = StoredFormDraft(
            form=index,
            page=form_draft_index(writer.secret, page),
            owner=writer.owner,
            sealed=seal(key, content, owner=writer.id, name=index.hex(), revision=0),
            written_at=now,
            meeting_id=meeting_id,
            share_id=share_id,
            kept_until=now + STAFF_KEPT_FOR if writer.owner.staff_id else None,
        )
        await self._database.write(lambda c: put_form_draft(c, draft, at_most=_AT_MOST))

    async def drop(self, writer: DraftWriter, page: str, form: str) -> None:
        """Delete the draft of a form that was sent or is not wanted any more."""
        index = form_draft_index(writer.secret, page, form)
        await self._database.write(lambda c: delete_form_draft(c, index))

    async def on_page(self, writer: DraftWriter, page: str) -> dict[str, Fields]:
        """What stands half filled in on a page, by the name of the form."""
        index = form_draft_index(writer.secret, page)
        found = await self._database.read(lambda c: form_drafts_on(c, index))
        drafts: dict[str, Fields] = {}
        for name, sealed in found:
            with suppress(SealBroken):  # a page is never refused because of a draft
                key = form_draft_key(writer.secret)
                content = json.loads(unseal(key, sealed, owner=writer.id, name=name.hex(), revision=0))
                drafts[content["form"]] = {name: tuple(t) for name, t in content["fields"].items()}
        return drafts

    async def sweep(self) -> Mapping[str, int]:
        """Delete what has been kept as long as was promised; how many."""
        now = self._clock()
        removed = await self._database.write(lambda c: delete_form_drafts_kept_until(c, now))
        if removed:
            await self._database.scrub()
        return {"form_drafts": removed}
