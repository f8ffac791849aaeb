"""Sealed documents, each with a revision number."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, and_, bindparam, delete, select, update

from assistant.errors import RevisionConflict
from assistant.storage.insert_once import insert_once
from assistant.storage.schema import documents

# built once: composing a statement takes longer than running it
_HERE = and_(documents.c.notebook_id == bindparam("owner"), documents.c.name == bindparam("called"))
_READ = select(documents.c.revision, documents.c.format, documents.c.sealed).where(_HERE)
_WRITE_OVER = update(documents).where(_HERE, documents.c.revision == bindparam("expected"))


@dataclass(frozen=True)
class StoredDocument:
    revision: int
    format: int
    sealed: bytes = field(repr=False)


def read_document(connection: Connection, notebook_id: str, name: str) -> StoredDocument | None:
    row = connection.execute(_READ, {"owner": notebook_id, "called": name}).first()
    return StoredDocument(**row._mapping) if row else None


def write_document(
    connection: Connection, notebook_id: str, name: str, *, expected: int, format: int, sealed: bytes
) -> int:
    """Overwrite the revision that was read, 0 if there was none, and return the new revision.

    Raises `RevisionConflict` if it was written or deleted meanwhile.
    """
    content = {"revision": expected + 1, "format": format, "sealed": sealed}
    if expected == 0:
        written = insert_once(connection, documents, notebook_id=notebook_id, name=name, **content)
    else:
        here = {"owner": notebook_id, "called": name, "expected": expected}
        written = connection.execute(_WRITE_OVER, here | content).rowcount == 1
    if not written:
        raise RevisionConflict(f"not at revision {expected}")
    return expected + 1


def delete_documents(connection: Connection, notebook_id: str, names: Sequence[str]) -> None:
    """Delete these documents of one notebook."""
    connection.execute(
        delete(documents).where(documents.c.notebook_id == notebook_id, documents.c.name.in_(names))
    )
