"""Somebody with the whole database, and with what a professional's cookie opened while it was good."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import SealBroken
from assistant.service.sharing.state import SNAPSHOT
from assistant.vault.review_keys import open_review_through_share
from assistant.vault.sealing import unseal
from assistant.vault.session_keys import session_index, unwrap_session
from assistant.vault.share_keys import for_reader
from assistant.vault.staff_keys import open_with
from support.server_process import Server

_PIECE = 64
"""Bytes of a box that are looked for at a time: the database spreads a longer one over its pages."""


@dataclass
class Thief:
    """What they have; `keys` are those of the share that they ever found."""

    server: Server
    staff_id: str
    private_key: bytes
    keys: set[bytes] = field(default_factory=set)

    @classmethod
    def with_cookie(cls, server: Server, cookie: str) -> "Thief":
        """The professional's own key is in the session, for who has the cookie too."""
        lookup = session_index(cookie)
        ((sealed,),) = _rows(server, "SELECT sealed FROM staff_sessions WHERE lookup = ?", lookup)
        content = json.loads(unwrap_session(cookie, sealed))
        return cls(server, content["staff_id"], bytes.fromhex(content["private_key"]))

    def shares(self) -> list[str]:
        """What every share is called that there is or was."""
        return [share_id for (share_id,) in _rows(self.server, "SELECT id FROM shares")]

    def finds_keys(self, share_id: str) -> set[bytes]:
        """The keys of the share that anything in the database yields them."""
        found = set()
        for box in self._boxes():
            with suppress(SealBroken):
                found.add(open_with(self.private_key, box, for_reader(share_id, self.staff_id)))
        self.keys |= found
        return found

    def reads(self, share_id: str) -> list[str]:
        """What any key they ever had opens of the share, wherever it lies."""
        return [text for key in self.keys for box in self._boxes() for text in _opened(key, box, share_id)]

    def reads_reviews(self, share_id: str) -> list[str]:
        """What any key they ever had leads to of the review that came with the share."""
        asked = "SELECT id, revision, sealed FROM reviews WHERE share_id = ?"
        return [
            unseal(review_key, sealed, owner=id_, name="review", revision=revision).decode()
            for id_, revision, sealed in _rows(self.server, asked, share_id)
            for review_key in self._review_keys(id_, share_id)
        ]

    def _review_keys(self, review_id: str, share_id: str) -> Iterator[bytes]:
        for key in self.keys:
            for box in self._boxes():
                with suppress(SealBroken):
                    yield open_review_through_share(key, review_id, share_id, box)

    def pieces(self, share_id: str) -> list[bytes]:
        """The share as it lies in the database, in pieces: snapshot, wraps and ways."""
        asked = (
            "SELECT sealed FROM share_contents WHERE share_id = ?",
            "SELECT owner_wrap FROM share_contents WHERE share_id = ?",
            "SELECT sealed FROM share_readers WHERE share_id = ?",
            "SELECT outer_wrap FROM share_ways WHERE share_id = ?",
            "SELECT sealed FROM review_keys WHERE share_id = ?",
        )
        boxes = [box for query in asked for (box,) in _rows(self.server, query, share_id)]
        return [box[at : at + _PIECE] for box in boxes for at in range(0, len(box) - _PIECE + 1, _PIECE)]

    def _boxes(self) -> Iterator[bytes]:
        """Everything in the database that is no plain text or number."""
        tables = [
            name for (name,) in _rows(self.server, "SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        for table in tables:
            for row in _rows(self.server, f'SELECT * FROM "{table}"'):
                yield from (cell for cell in row if isinstance(cell, bytes))


def _opened(key: bytes, box: bytes, share_id: str) -> Iterator[str]:
    for revision in (1, 2, 3):
        with suppress(SealBroken):
            yield unseal(key, box, owner=share_id, name=SNAPSHOT, revision=revision).decode()


def _rows(server: Server, query: str, *facts: str | bytes) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{server.database}?mode=ro", uri=True)) as connection:
        return connection.execute(query, facts).fetchall()
