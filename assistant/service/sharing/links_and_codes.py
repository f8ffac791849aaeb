"""The link and the code of a share: made, kept for the owner, and tried when typed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from assistant.engine.conversation import StoredModel
from assistant.errors import (
    CodeLocked,
    CodeOver,
    NothingToTry,
    NotSaved,
    SealBroken,
    SecretUnknown,
    SeveralCodes,
    TooBusy,
    Trouble,
)
from assistant.service.documents import Owner, read_back
from assistant.service.key_slots import for_share, key_slot
from assistant.storage.database import Connection, Database
from assistant.storage.shares import (
    StoredShare,
    StoredShareSecret,
    add_way,
    count_try,
    count_wrong,
    find_share,
    find_way,
)
from assistant.vault.key_slots import (
    indexes_of,
    make_slot,
    new_link,
    open_slot,
    read_link,
    read_links,
)
from assistant.vault.key_stretching import Stretching
from assistant.vault.pepper import Pepper
from assistant.vault.share_keys import (
    LINK_TO_SHARE,
    ShareCode,
    code_indexes,
    make_code_slot,
    new_code,
    new_code_salt,
    open_as_owner,
    read_codes,
    wrap_for_owner,
)

WRONG_CODES = 10
"""Number of wrong tries after which a code is locked."""


class OwnersWrap(StoredModel):
    """The owner's part of a share, sealed under the notebook's key."""

    key: str
    link: str
    code: str
    ahead: timedelta = timedelta(days=14)
    """How long after the meeting it can be read, as its owner was told. Shares from before services could
    decide about it do not have it.
    """


class ShareLinksAndCodes:
    """The link and the code that open a share."""

    def __init__(
        self,
        database: Database,
        pepper: Pepper,
        making: Stretching,
        trying: Stretching,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._pepper = pepper
        # separate threads: creating many codes must not delay a professional who opens a share
        self._making = making
        self._trying = trying
        self._clock = clock

    async def new(
        self, owner: Owner, share: StoredShare, key: bytes, *, code_for: timedelta, ahead: timedelta
    ) -> tuple[list[StoredShareSecret], bytes]:
        """Create a link and a code for a share, and the owner's part of it. Raises `TooBusy`."""
        code, salt, link = await self._free_code(), new_code_salt(), new_link()
        secret = read_link(link)
        assert secret is not None, "a new link can be read"
        stretched = await self._making.stretch(code.secret, salt=salt)
        until = share.opens_until
        if share.way == "together":
            until = min(until, self._clock() + code_for)
        ways = [
            for_share(make_slot(self._pepper, LINK_TO_SHARE, secret, share.id, key), b"", until),
            for_share(make_code_slot(self._pepper, code.locator, stretched, share.id, key), salt, until),
        ]
        kept = OwnersWrap(key=key.hex(), link=link, code=str(code), ahead=ahead)
        return ways, wrap_for_owner(owner.key, share.id, kept.model_dump_json(exclude_defaults=True).encode())

    async def try_typed(self, typed: str) -> tuple[StoredShareSecret, bytes]:
        """Return the secret's row and the share's key for a typed link or code. Of several links, the first
        valid one counts. A code's tries are counted before the slow part, so that parallel tries cannot
        bypass the limit. Raises `SecretUnknown`, `NothingToTry`, `SeveralCodes`,
        `CodeLocked`, `CodeOver` and `TooBusy`.
        """
        links, codes = read_links(typed), read_codes(typed)
        over: Trouble = SecretUnknown()
        for secret in links:
            try:
                return await self._try_link(secret)
            except CodeOver as trouble:
                over = trouble
            except SecretUnknown:
                pass
        if links:
            raise over
        if not codes:
            raise NothingToTry
        if len(codes) > 1:
            raise SeveralCodes
        return await self._try_code(codes[0])

    async def _try_link(self, secret: bytes) -> tuple[StoredShareSecret, bytes]:
        indexes = indexes_of(self._pepper, secret)
        way = await self._database.read(lambda c: self._working(c, indexes))
        return way, self._opened(way, secret)

    async def shares_behind(self, typed: str) -> frozenset[str]:
        """Return the shares that typed links and codes are for, whether they open or not."""
        indexes = [
            *(indexes_of(self._pepper, secret) for secret in read_links(typed)),
            *(code_indexes(self._pepper, code.locator) for code in read_codes(typed)),
        ]
        found = await self._database.read(lambda c: [find_way(c, *places) for places in indexes])
        return frozenset(way.share_id for way in found if way)

    async def _try_code(self, code: ShareCode) -> tuple[StoredShareSecret, bytes]:
        indexes = code_indexes(self._pepper, code.locator)

        def count(connection: Connection) -> StoredShareSecret:
            way = self._working(connection, indexes)
            if not count_try(connection, way.id, WRONG_CODES):
                raise CodeLocked
            return way

        way = await self._database.write(count)
        try:
            stretched = await self._trying.stretch(code.secret, salt=way.salt)
        except TooBusy:
            await self._database.write(lambda c: count_wrong(c, way.id, -1))
            raise
        key = self._opened(way, stretched)
        await self._database.write(lambda c: count_wrong(c, way.id, -1))
        return way, key

    def _working(self, connection: Connection, indexes: tuple[bytes, ...]) -> StoredShareSecret:
        way, now = find_way(connection, *indexes), self._clock()
        share = find_share(connection, way.share_id) if way else None
        if way is None or share is None or not share.is_open(now):
            raise SecretUnknown
        if way.works_until <= now:
            raise CodeOver
        return way

    def _opened(self, way: StoredShareSecret, secret: bytes) -> bytes:
        try:
            return open_slot(self._pepper, key_slot(way), secret)
        except SealBroken:
            raise SecretUnknown from None

    async def _free_code(self) -> ShareCode:
        """Return a code with an unused index. There is room for a million at a time."""
        while True:
            code = new_code()
            if await self._database.read(partial(self._is_free, code)):
                return code

    def _is_free(self, code: ShareCode, connection: Connection) -> bool:
        return find_way(connection, *code_indexes(self._pepper, code.locator)) is None


def kept_of(owner: Owner, share: StoredShare) -> OwnersWrap:
    """Return the owner's part of an open share."""
    plain = open_as_owner(owner.key, share.id, share.owner_wrap or b"")
    return read_back(OwnersWrap, plain)


def add_ways(connection: Connection, ways: list[StoredShareSecret]) -> None:
    """Store these links and codes. Raises `NotSaved` if another share took the code's index meanwhile."""
    for way in ways:
        if not add_way(connection, way):
            raise NotSaved("the code's place was taken")
