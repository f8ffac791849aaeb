"""Notebooks as the database knows them: an id and an expiry."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from assistant.errors import NotFound
from assistant.storage.prepared import Prepared
from assistant.storage.schema import notebooks
from assistant.value_class import value_class

# built once, because every turn uses it
_KEEP = Prepared(update(notebooks).where(notebooks.c.id == bindparam("notebook")), ("kept_until",))


@value_class
class StoredNotebook:
    id: str
    created_at: datetime
    kept_until: datetime


def add_notebook(connection: Connection, notebook: StoredNotebook) -> None:
    connection.execute(insert(notebooks).values(vars(notebook)))


def keep_notebook(connection: Connection, notebook_id: str, until: datetime) -> None:
    """Extend the expiry of a notebook in use."""
    if _KEEP.change(connection, {"notebook": notebook_id, "kept_until": until}) == 0:
        raise NotFound("the notebook is gone")


def delete_notebook(connection: Connection, notebook_id: str) -> None:
    """Delete a notebook with everything that belongs to it: documents, requests, slots and sessions."""
    connection.execute(delete(notebooks).where(notebooks.c.id == notebook_id))


def delete_notebooks_kept_until(connection: Connection, now: datetime, most: int = 20) -> list[str]:
    """Delete a batch of expired notebooks and return their ids; none means that no more are left."""
    is_over = notebooks.c.kept_until <= now
    over = select(notebooks.c.id).where(is_over).order_by(notebooks.c.kept_until).limit(most)
    # asked again of each row, because another write may just have extended it
    gone = delete(notebooks).where(notebooks.c.id.in_(over), is_over).returning(notebooks.c.id)
    return list(connection.scalars(gone))


def count_notebooks_over(connection: Connection, now: datetime) -> int:
    """Return the number of expired notebooks."""
    over = select(func.count()).select_from(notebooks).where(notebooks.c.kept_until <= now)
    return connection.scalar(over) or 0
