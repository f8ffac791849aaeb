"""Sealed documents, each with a revision that says which writing of it this is."""

from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, and_, select, update

from assistant.errors import RevisionConflict
from assistant.storage.insertion import insert_once
from assistant.storage.schema import documents


@dataclass(frozen=True)
class StoredDocument:
    revision: int
    format: int
    sealed: bytes = field(repr=False)


def read_document(connection: Connection, notebook_id: str, name: str) -> StoredDocument | None:
    columns = select(documents.c.revision, documents.c.format, documents.c.sealed)
    row = connection.execute(columns.where(_is(notebook_id, name))).first()
    return StoredDocument(**row._mapping) if row else None


def write_document(
    connection: Connection, notebook_id: str, name: str, *, expected: int, format: int, sealed: bytes
) -> int:
    """Write it over the revision the writer read, 0 if there was none, and give the new revision.

    RevisionConflict if somebody wrote, or deleted it, in between.
    """
    content = {"revision": expected + 1, "format": format, "sealed": sealed}
    if expected == 0:
        written = insert_once(connection, documents, notebook_id=notebook_id, name=name, **content)
    else:
        here = and_(_is(notebook_id, name), documents.c.revision == expected)
        written = connection.execute(update(documents).where(here).values(content)).rowcount == 1
    if not written:
        raise RevisionConflict(f"not at revision {expected}")
    return expected + 1


def _is(notebook_id: str, name: str) -> ColumnElement[bool]:
    return and_(documents.c.notebook_id == notebook_id, documents.c.name == name)
