"""Half-filled forms, stored sealed until submitted, so that a reload, a change of language or a lock loses
nothing.

Drafts of questions are in the notebook (`service.preparation.drafts`); this module is for all other forms
with text. A user's drafts are deleted with their notebook and meeting. Drafts of staff are deleted after a
period; those on the page of a share are deleted with it.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import field
from datetime import datetime, timedelta
from typing import NamedTuple

from assistant.errors import SealBroken
from assistant.retention import RELEASED, Retention
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.portions import in_portions
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
from assistant.value_class import value_class
from assistant.vault.form_draft_keys import form_draft_index, form_draft_key
from assistant.vault.sealing import seal, unseal

_AT_MOST = 100
"""Maximum number of drafts per person; the oldest are deleted first."""

Fields = Mapping[str, tuple[str, ...]]


class Subject(NamedTuple):
    """What a draft is about, and is deleted together with."""

    meeting_id: str | None
    share_id: str | None


NOTHING = Subject(None, None)


@value_class
class DraftWriter:
    """A person who fills in forms, and the secret that seals their drafts."""

    owner: DraftOwner
    secret: bytes = field(repr=False)

    @classmethod
    def user(cls, who: SignedInUser) -> "DraftWriter":
        """Return the writer for the owner of a notebook."""
        return cls(DraftOwner(who.owner.notebook_id, None), who.owner.key)

    @classmethod
    def staff(cls, who: SignedInStaff) -> "DraftWriter":
        """Return the writer for a member of staff."""
        return cls(DraftOwner(None, who.member.id), who.draft_secret)

    @property
    def id(self) -> str:
        """The id that the sealed drafts are bound to."""
        return self.owner.notebook_id or self.owner.staff_id or ""


class FormDrafts:
    """Stores, finds and deletes drafts of forms."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], retention: Retention = RELEASED
    ) -> None:
        self._retention = retention
        self._database = database
        self._clock = clock

    async def keep(
        self,
        writer: DraftWriter,
        page: str,
        form: str,
        fields: Fields,
        *,
        about: Subject = NOTHING,
        kept_for: timedelta | None = None,
    ) -> None:
        """Store the content of a form, for a user until it is deleted unless a time is given.

        Raises `DocumentFull`, and `NotFound` if the notebook, meeting, account or share is gone.
        """
        index = form_draft_index(writer.secret, page, form)
        content = json.dumps({"form": form, "fields": fields}).encode()
        key = form_draft_key(writer.secret)
        now = self._clock()
        if writer.owner.staff_id:
            kept_for = kept_for or self._retention.staff_drafts
        draft = StoredFormDraft(
            form=index,
            page=form_draft_index(writer.secret, page),
            owner=writer.owner,
            sealed=seal(key, content, owner=writer.id, name=index.hex(), revision=0),
            written_at=now,
            meeting_id=about.meeting_id,
            share_id=about.share_id,
            kept_until=now + kept_for if kept_for else None,
        )
        await self._database.write_briefly(lambda c: put_form_draft(c, draft, at_most=_AT_MOST))

    async def drop(self, writer: DraftWriter, page: str, form: str) -> None:
        """Delete the draft of a form that was submitted or discarded."""
        index = form_draft_index(writer.secret, page, form)
        await self._database.write(lambda c: delete_form_draft(c, index))

    async def drop_page(self, writer: DraftWriter, page: str) -> None:
        """Delete every draft on a page, because what the page is about has ended."""
        for form in await self.on_page(writer, page):
            await self.drop(writer, page, form)

    async def on_page(self, writer: DraftWriter, page: str) -> dict[str, Fields]:
        """Return the drafts on a page, by the name of the form."""
        index = form_draft_index(writer.secret, page)
        found = await self._database.read(lambda c: form_drafts_on(c, index))
        drafts: dict[str, Fields] = {}
        for name, sealed in found:
            with suppress(SealBroken):  # a draft must never prevent a page from being shown
                key = form_draft_key(writer.secret)
                content = json.loads(unseal(key, sealed, owner=writer.id, name=name.hex(), revision=0))
                drafts[content["form"]] = {name: tuple(t) for name, t in content["fields"].items()}
        return drafts

    async def sweep(self, now: datetime) -> Mapping[str, int]:
        """Delete expired drafts; return how many."""
        removed = await in_portions(self._database, lambda c: delete_form_drafts_kept_until(c, now))
        if removed:
            await self._database.scrub()
        return {"form_drafts": removed}
