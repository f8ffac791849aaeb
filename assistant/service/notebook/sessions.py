"""Browser sessions of users: new notebook, recognising a browser, the private link, signing out, deleting.

A session holds the notebook's key, sealed under the cookie; neither is stored in the clear on the server.
"""

import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pydantic_core import to_json

from assistant.engine.journey import begin
from assistant.errors import NothingToTry, NotSaved, SealBroken, SecretUnknown, SessionEnded
from assistant.languages import Language
from assistant.meetings.invitation import ReceivedInvitation, filled_in
from assistant.meetings.notebook import ON_LOAN_KEPT_FOR, Meeting, Notebook
from assistant.retention import RELEASED, Retention
from assistant.service.broadcast import Broadcast
from assistant.service.deleted_meetings import drop_deleted_meetings
from assistant.service.dialogues import BEFORE_MEETING, Dialogues
from assistant.service.documents import Owner, read_back, read_notebook, seal_documents, write_sealed
from assistant.service.ended_sessions import EndedSessions
from assistant.service.key_slots import for_notebook, key_slot
from assistant.service.notebook.devices import Device as Device
from assistant.service.notebook.leaving_guided_sessions import leave_guided_sessions, stand_subject
from assistant.service.notebook.signed_in_user import WORTH_WRITING, SessionContent
from assistant.service.notebook.signed_in_user import SignedInUser as SignedInUser
from assistant.service.notebook.signed_in_user import Use as Use
from assistant.service.notebook.signed_in_user import View as View
from assistant.service.portions import in_portions, portions
from assistant.storage.database import Connection, Database
from assistant.storage.key_slots import add_slot, find_slot
from assistant.storage.notebooks import (
    StoredNotebook,
    add_notebook,
    delete_notebook,
    delete_notebooks_kept_until,
)
from assistant.storage.requests import forget_requests_before
from assistant.storage.row_locks import lock_notebook
from assistant.storage.sessions import (
    StoredSession,
    add_session,
    delete_session,
    delete_sessions_expired,
    find_session,
    prolong_session,
    rewrite_session,
)
from assistant.storage.shares import delete_shares_without_owner, share_ids_in
from assistant.vault.key_slots import (
    LINK,
    indexes_of,
    make_slot,
    new_link,
    open_slot,
    read_link,
    read_links,
)
from assistant.vault.pepper import Pepper
from assistant.vault.sealing import new_key
from assistant.vault.session_keys import new_session_secret, session_index, unwrap_session, wrap_session

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

REQUESTS_KEPT_FOR = timedelta(days=3)
"""Two days after the day of the request: only the day is stored."""


class Sessions:
    """Session operations. They do not touch conversations."""

    def __init__(
        self,
        database: Database,
        pepper: Pepper,
        dialogues: Dialogues,
        clock: Callable[[], datetime],
        broadcast: Broadcast,
        retention: Retention = RELEASED,
    ) -> None:
        self._database, self._pepper, self._dialogues = database, pepper, dialogues
        self._clock, self._retention = clock, retention
        self._broadcast = broadcast
        self._ended = EndedSessions(database, delete_session)

    async def begin(
        self,
        language: Language,
        invited: ReceivedInvitation | None = None,
        dialogue: str = BEFORE_MEETING,
        unit: str = "",
        *,
        is_on_loan: bool = False,
    ) -> tuple[SignedInUser, Meeting]:
        """Create a notebook with its first meeting, with the details of an invitation if given. Until the
        user says otherwise, the browser counts as borrowed, which is the safer assumption. On a loan tablet
        the notebook goes with the session until the user takes it along.
        """
        now = self._clock()
        until = now + (ON_LOAN_KEPT_FOR if is_on_loan else self._retention.unanswered)
        owner = Owner(secrets.token_hex(16), new_key())
        link = new_link()
        meeting = Meeting(id=secrets.token_hex(16), dialogue=dialogue, invited=invited, unit=unit)
        notebook = Notebook(link=link, kept_until=until, is_on_loan=is_on_loan, meetings=(meeting,))
        conversation = begin(self._dialogues.current(dialogue))
        if invited is not None:
            conversation = filled_in(self._dialogues.before_meeting, conversation, invited.said)
        sealed = seal_documents(owner, notebook, 0, {meeting.conversation: conversation})
        secret = read_link(link)
        assert secret is not None, "a new link can be read"
        slot = make_slot(self._pepper, LINK, secret, owner.notebook_id, owner.key)
        visitor = self._newcomer(owner, language, "loan" if is_on_loan else "borrowed")
        session = self._session(visitor)

        def write(connection: Connection) -> None:
            add_notebook(connection, StoredNotebook(owner.notebook_id, now, until))
            write_sealed(connection, owner, sealed)
            add_slot(connection, for_notebook(slot))
            add_session(connection, session)

        await self._database.write(write)
        return visitor, meeting

    async def recognise(self, secret: str, *, use: Use = "none") -> SignedInUser:
        """Return the user of a cookie. Raises `SessionEnded` for an invalid cookie. An act prolongs the
        session in full; viewing a page does too, but only for some hours after the last act.
        """
        who, found = await self._found(secret, self._clock())
        until = await self._prolonged(who, found, use)
        return who if until == who.until else replace(who, until=until)

    async def locked(self, secret: str) -> SignedInUser:
        """Return the user of a cookie, also if the session has locked since; the session is not prolonged.
        Raises `SessionEnded` once it is deleted.
        """
        who, _ = await self._found(secret, _LONG_AGO)
        return who

    async def _found(self, secret: str, alive_at: datetime) -> tuple[SignedInUser, StoredSession]:
        index = session_index(secret)
        found = await self._database.read(lambda c: find_session(c, index, alive_at))
        if found is None or index in self._ended:
            raise SessionEnded
        try:
            content = read_back(SessionContent, unwrap_session(secret, found.sealed))
        except SealBroken:
            raise SessionEnded from None
        owner = Owner(content.notebook_id, bytes.fromhex(content.key))
        known = (owner, secret, content.language, content.device, content.view)
        who = SignedInUser(*known, held_until=content.held_until, retention=self._retention)
        return who, found

    async def _prolonged(self, who: SignedInUser, session: StoredSession, use: Use) -> datetime:
        """Return the end of the session after this use; it is stored only if it moves by a minute or more."""
        now = self._clock()
        until, looks_until = who.alive_until(now), session.looks_until
        if use == "act":
            looks_until = now + who.looked_at_for
        elif use == "none" or looks_until is None:
            return session.expires_at
        else:
            # on the user's own device the period counts from the last act, and viewing adds nothing
            until = max(session.expires_at, min(until, looks_until))
        moved = until - session.expires_at
        if session.looks_until is not None and looks_until is not None:
            moved = max(moved, looks_until - session.looks_until)
        if moved >= WORTH_WRITING:
            try:
                await self._database.write_briefly(
                    lambda c: prolong_session(c, session.index, until, looks_until)
                )
            except NotSaved:  # reading continues during a database write failure
                return session.expires_at
            return until
        return session.expires_at

    async def come_back(self, typed: str, language: Language) -> tuple[SignedInUser, Notebook]:
        """Unlock a notebook by its private link, ignoring text around it. Of several links, the first valid
        one counts. Raises `SecretUnknown`, and `NothingToTry`.
        """
        links = read_links(typed)
        for secret in links:
            with suppress(SecretUnknown):
                return await self.let_in(secret, language)
        raise SecretUnknown if links else NothingToTry

    async def let_in(
        self, secret: bytes, language: Language, *, salt: bytes = b""
    ) -> tuple[SignedInUser, Notebook]:
        """Unlock a notebook by the secret of one of its key slots. Raises `SecretUnknown`."""
        indexes = indexes_of(self._pepper, secret)
        row = await self._database.read(lambda c: find_slot(c, *indexes))
        if row is None:
            raise SecretUnknown
        key = open_slot(self._pepper, key_slot(row), secret, salt=salt)
        visitor = self._newcomer(Owner(row.notebook_id, key), language)
        notebook = await drop_deleted_meetings(self._database, visitor.owner)
        session = self._session(visitor)

        def write(connection: Connection) -> None:
            # a link or codename that was just switched off must not open the notebook again
            if find_slot(connection, *indexes, to_hold=True) is None:
                raise SecretUnknown
            add_session(connection, session)

        await self._database.write(write)
        return visitor, notebook

    async def notebook(self, visitor: SignedInUser) -> Notebook:
        """Return the user's current notebook. Raises `SessionEnded` if it has been deleted."""
        notebook, _ = await self._database.read(lambda c: read_notebook(c, visitor.owner))
        return notebook

    async def speak(self, visitor: SignedInUser, language: Language) -> SignedInUser:
        """Change the language of the session."""
        return await self._rewrite(replace(visitor, language=language))

    async def remember(self, visitor: SignedInUser, device: Device) -> SignedInUser:
        """Keep the session for as long as this kind of device allows. A loan tablet remains one."""
        if visitor.device == "loan":
            return visitor
        return await self._rewrite(replace(visitor, device=device))

    async def lend(self, visitor: SignedInUser) -> SignedInUser:
        """Keep the session as short as on a loan tablet."""
        return await self._rewrite(replace(visitor, device="loan"))

    async def prefer(self, visitor: SignedInUser, view: View) -> SignedInUser:
        """Change the preferred view of the questions in the session."""
        return await self._rewrite(replace(visitor, view=view))

    async def hold(self, visitor: SignedInUser, until: datetime) -> SignedInUser:
        """Keep a borrowed browser open until this time without an act, while a guided session lasts."""
        if visitor.device == "own" or visitor.held_until == until:
            return visitor
        held = replace(visitor, held_until=until)
        return await self._rewrite(replace(held, until=held.alive_until(self._clock())))

    async def let_go(self, visitor: SignedInUser, until: datetime) -> SignedInUser:
        """Lock a browser that was held open longer at this time, unless there is an act before: the guided
        session ended early, or was left. Viewing a page does not prolong it.
        """
        if visitor.device == "own" or visitor.held_until is None:
            return visitor
        until = min(visitor.held_until, until)
        cut = replace(visitor, held_until=None, until=until)
        session = replace(self._session(cut), expires_at=until, looks_until=until)
        await self._database.write(lambda c: rewrite_session(c, session))
        return cut

    async def leave(self, secret: str) -> None:
        """End this browser's session; the notebook stays. Raises `NotSaved` if the deletion could not be
        written. Then the session is rejected while the program runs, and deleted as soon as possible.
        """
        index, now = session_index(secret), self._clock()

        def write(connection: Connection) -> StoredSession | None:
            found = find_session(connection, index, now)
            delete_session(connection, index)
            return found

        try:
            found = await self._database.write(write)
        except NotSaved:
            self._ended.add(index)
            with suppress(NotSaved):  # the database may not even be readable
                found = await self._database.read(lambda c: find_session(c, index, now))
                if found is not None:
                    self._broadcast.tell_changed(found.notebook_id)
            raise
        if found is not None:  # lock the other tabs of this browser too
            self._broadcast.tell_changed(found.notebook_id)

    async def delete_everything(self, visitor: SignedInUser) -> None:
        """Delete the notebook with its content and all its key slots, immediately and permanently."""
        notebook_id = visitor.owner.notebook_id

        def write(connection: Connection) -> list[str]:
            lock_notebook(connection, notebook_id)
            told = share_ids_in(connection, notebook_id)
            with suppress(SessionEnded):  # deleted already
                meetings = read_notebook(connection, visitor.owner)[0].meetings
                told += map(stand_subject, leave_guided_sessions(connection, meetings))
            delete_notebook(connection, notebook_id)
            delete_shares_without_owner(connection)
            return told

        told = await self._database.write(write)
        await self._database.bury(("notebook", notebook_id))
        for changed in (notebook_id, *told):  # open screens, also of professionals it was shared with
            self._broadcast.tell_changed(changed)
        await self._database.scrub()

    async def sweep(self, now: datetime) -> Mapping[str, int]:
        """Delete expired sessions, request ids and notebooks; return how many of each."""
        await self._ended.delete_all()

        old = now - REQUESTS_KEPT_FOR
        sessions = await in_portions(self._database, lambda c: delete_sessions_expired(c, now))
        requests = await in_portions(self._database, lambda c: forget_requests_before(c, old))
        notebooks = 0
        async for ids in portions(self._database, lambda c: delete_notebooks_kept_until(c, now)):
            notebooks += len(ids)
            await self._database.bury(*(("notebook", id_) for id_ in ids))
        shares = await self._database.write(delete_shares_without_owner)
        if notebooks:
            await self._database.scrub()
        return {"sessions": sessions, "requests": requests, "notebooks": notebooks, "deleted_shares": shares}

    async def _rewrite(self, visitor: SignedInUser) -> SignedInUser:
        session = self._session(visitor)
        await self._database.write(lambda c: rewrite_session(c, session))
        return visitor

    def _newcomer(self, owner: Owner, language: Language, device: Device = "borrowed") -> SignedInUser:
        return SignedInUser(owner, new_session_secret(), language, device, retention=self._retention)

    def _session(self, visitor: SignedInUser) -> StoredSession:
        now = self._clock()
        content = SessionContent(
            notebook_id=visitor.owner.notebook_id,
            key=visitor.owner.key.hex(),
            language=visitor.language,
            device=visitor.device,
            view=visitor.view,
            held_until=visitor.held_until,
        )
        return StoredSession(
            index=session_index(visitor.secret),
            notebook_id=visitor.owner.notebook_id,
            sealed=wrap_session(visitor.secret, to_json(content)),
            expires_at=visitor.alive_until(now),
            looks_until=max(now + visitor.looked_at_for, visitor.alive_until(now)),
        )
