"""Access to a notebook: the private link and the codename can be shown, renewed or switched off.

A user may renew a link or codename because another person has it. That person may already have a session, so
all other sessions end too.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from assistant.languages import Language
from assistant.meetings.notebook import Notebook
from assistant.service.broadcast import Broadcast
from assistant.service.key_slots import for_notebook
from assistant.service.notebook.changes import NotebookChange, change_notebook
from assistant.service.notebook.sessions import Sessions, SignedInUser
from assistant.service.queueing import ask_as
from assistant.storage.database import Connection, Database
from assistant.storage.key_slots import add_slot, delete_slots
from assistant.storage.requests import is_known_request, remember_request
from assistant.storage.sessions import delete_sessions_of
from assistant.vault.codenames import (
    WORDS,
    MisreadCodename,
    codename_within,
    differences,
    misread,
    new_codename,
    read_codename,
)
from assistant.vault.key_slots import CODENAME, LINK, KeySlot, make_slot, new_link, read_link, read_links
from assistant.vault.key_stretching import FULL_COST, Stretching, StretchingCost
from assistant.vault.pasted import LONGEST
from assistant.vault.pepper import Pepper
from assistant.vault.request_fingerprint import fingerprint
from assistant.vault.session_keys import session_index

__all__ = ["LONGEST", "WORDS", "MisreadCodename", "NotebookAccess"]


class _TakenBefore(Exception):
    """The same request was handled before; roll this write back."""


class NotebookAccess:
    """Operations on the private link and the codename."""

    def __init__(
        self,
        database: Database,
        pepper: Pepper,
        salt: bytes,
        sessions: Sessions,
        clock: Callable[[], datetime],
        broadcast: Broadcast,
        cost: StretchingCost = FULL_COST,
    ) -> None:
        self._database = database
        self._pepper = pepper
        self._salt = salt
        self._trying = Stretching(salt, cost)
        # separate threads: creating a codename or a share's code does not wait behind guesses by strangers
        self._making = Stretching(salt, cost)
        self._sessions = sessions
        self._clock = clock
        self._broadcast = broadcast

    def is_codename(self, typed: str) -> bool:
        """Return whether trying the typed text needs key stretching, which must be rate-limited first."""
        return _codename_in(typed) is not None

    def misread(self, typed: str) -> MisreadCodename | None:
        """Return the likely codename behind a near miss, or None. Needs no database."""
        return misread(typed)

    async def come_back(self, typed: str, language: Language) -> tuple[SignedInUser, Notebook]:
        """Unlock by link or codename, in any spelling. Raises `SecretUnknown` and `TooBusy`."""
        # the codename first: seven words without digits can look like a link's 26 signs
        codename = _codename_in(typed)
        if codename is None:
            return await self._sessions.come_back(typed, language)
        secret = await self._trying.stretch(codename)
        return await self._sessions.let_in(secret, language, salt=self._salt)

    @property
    def making(self) -> Stretching:
        """Stretching for new codenames and codes: one shared instance, so that its limit holds."""
        return self._making

    @property
    def under_way(self) -> int:
        """Return the number of codenames being created, tried or queued."""
        return self._trying.under_way + self._making.under_way

    async def renew_link(self, visitor: SignedInUser, request: str) -> None:
        """Replace the link; the old one stops working. Repeating the same request changes nothing."""
        link = new_link()
        secret = read_link(link)
        assert secret is not None, "a new link can be read"
        slot = make_slot(self._pepper, LINK, secret, visitor.owner.notebook_id, visitor.owner.key)
        await self._replace(visitor, LINK, slot, link, request)

    async def renew_codename(self, visitor: SignedInUser, request: str) -> None:
        """Create or replace the codename. Repeating the same request changes nothing. Raises `TooBusy`."""
        known_as, notebook_id = _fingerprint_of(visitor, CODENAME), visitor.owner.notebook_id
        taken = _named(CODENAME, request)
        if await self._database.read(lambda c: is_known_request(c, notebook_id, taken, known_as)):
            return  # checked before the expensive work
        if (session := (await self._sessions.notebook(visitor)).guided_session(self._clock())) is not None:
            ask_as(f"guided/{session}")  # places of its own, for a group behind one address
        codename = new_codename()
        secret = await self._making.stretch(codename)
        owner = visitor.owner
        slot = make_slot(self._pepper, CODENAME, secret, owner.notebook_id, owner.key, salt=self._salt)
        await self._replace(visitor, CODENAME, slot, codename, request)

    async def switch_off_link(self, visitor: SignedInUser) -> None:
        """Switch the link off."""
        await self._replace(visitor, LINK, None, None)

    async def switch_off_codename(self, visitor: SignedInUser) -> None:
        """Switch the codename off."""
        await self._replace(visitor, CODENAME, None, None)

    async def differences(self, visitor: SignedInUser, typed: str) -> tuple[int, ...] | None:
        """Return where the typed text differs from the codename; None if there is no codename."""
        codename = (await self._sessions.notebook(visitor)).codename
        return None if codename is None else differences(codename, typed)

    def close(self) -> None:
        """Stop the threads."""
        self._trying.close()
        self._making.close()

    async def _replace(
        self, visitor: SignedInUser, kind: str, slot: KeySlot | None, secret: str | None, request: str = ""
    ) -> None:
        owner = visitor.owner

        def think(notebook: Notebook) -> NotebookChange | None:
            before = notebook.link if kind == LINK else notebook.codename
            if before is None and slot is None:
                return None

            def also(connection: Connection) -> None:
                delete_slots(connection, owner.notebook_id, kind)
                if slot is not None:
                    add_slot(connection, for_notebook(slot))
                    known_as = _fingerprint_of(visitor, kind)
                    taken, now = _named(kind, request), self._clock()
                    if not remember_request(connection, owner.notebook_id, taken, known_as, now):
                        raise _TakenBefore
                if before is not None:
                    delete_sessions_of(connection, owner.notebook_id, but=session_index(visitor.secret))

            return NotebookChange(notebook.model_copy(update={kind: secret}), also=also)

        with suppress(_TakenBefore):
            await change_notebook(self._database, self._clock, self._broadcast, visitor, think)
        self._broadcast.tell_changed(owner.notebook_id)
        await self._database.scrub()


def _codename_in(typed: str) -> str | None:
    """Return the typed codename; if there is no link, other words around it are allowed."""
    return read_codename(typed) or (None if read_links(typed) else codename_within(typed))


def _named(kind: str, request: str) -> str:
    """Derive the request's id for this kind of request: one page has several forms under one id."""
    return f"{kind} {request}"


def _fingerprint_of(visitor: SignedInUser, kind: str) -> bytes:
    return fingerprint(visitor.owner.key, f"renew {kind}".encode())
