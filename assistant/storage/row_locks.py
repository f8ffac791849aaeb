"""Row locks: what one write checks stays true until it commits.

SQLite has one writer, which protects every check; there these functions do nothing. PostgreSQL has several
writers, in this process and in others. Of writes that lock the same row, the second waits for the first and
then sees what that one wrote. Locks are taken in the order of this module, so that no two wait for each
other; where cascades make that impossible, PostgreSQL ends one, and the writer tries it again.
"""

from sqlalchemy import Connection, Table, bindparam, select

from assistant.storage.prepared import Prepared
from assistant.storage.schema import guided_sessions, notebooks, shares, staff


def _locking(table: Table) -> Prepared:
    # a lock that lets others insert rows which refer to this one
    here = select(table.c.id).where(table.c.id == bindparam("id_"))
    return Prepared(here.with_for_update(key_share=True))


_NOTEBOOK, _STAFF, _SHARE, _GUIDED = map(_locking, (notebooks, staff, shares, guided_sessions))


def lock_notebook(connection: Connection, notebook_id: str) -> None:
    """Wait for other writes to this notebook, its meetings and their shares."""
    _lock(connection, _NOTEBOOK, notebook_id)


def lock_staff(connection: Connection, staff_id: str) -> None:
    """Wait for other writes to this account and to what its owner has made."""
    _lock(connection, _STAFF, staff_id)


def lock_guided_session(connection: Connection, session_id: str) -> None:
    """Wait for other writes to this guided session and to who takes part."""
    _lock(connection, _GUIDED, session_id)


def lock_share(connection: Connection, share_id: str) -> None:
    """Wait for other writes to this share, its secrets, its readers, its review and its audit trail."""
    _lock(connection, _SHARE, share_id)


def _lock(connection: Connection, statement: Prepared, id_: str) -> None:
    if connection.dialect.name != "sqlite":
        statement.first(connection, {"id_": id_})
