"""Sealed documents, each with a revision number."""

from collections.abc import Sequence
from dataclasses import field

from sqlalchemy import Connection, and_, bindparam, delete, or_, select, update

from assistant.errors import RevisionConflict
from assistant.storage.insert_once import insert_once
from assistant.storage.prepared import Prepared
from assistant.storage.schema import documents
from assistant.value_class import value_class

# built once: composing a statement takes longer than running it
_HERE = and_(documents.c.notebook_id == bindparam("owner"), documents.c.name == bindparam("called"))
_READ = Prepared(select(documents.c.revision, documents.c.format, documents.c.sealed).where(_HERE))
_TOGETHER = 4
_READ_TOGETHER = Prepared(
    select(documents.c.name, documents.c.revision, documents.c.format, documents.c.sealed).where(
        documents.c.notebook_id == bindparam("owner"),
        or_(*(documents.c.name == bindparam(f"called{n}") for n in range(_TOGETHER))),
    )
)
_WRITE_OVER = Prepared(
    update(documents).where(_HERE, documents.c.revision == bindparam("expected")),
    ("revision", "format", "sealed"),
)


@value_class
class StoredDocument:
    revision: int
    format: int
    sealed: bytes = field(repr=False)


def read_document(connection: Connection, notebook_id: str, name: str) -> StoredDocument | None:
    row = _READ.first(connection, {"owner": notebook_id, "called": name})
    return None if row is None else StoredDocument(*row)


def read_documents(connection: Connection, notebook_id: str, *names: str) -> dict[str, StoredDocument]:
    """Return those that exist of at most four documents, by name."""
    called = {f"called{n}": name for n, name in enumerate((*names, *("",) * (_TOGETHER - len(names))))}
    rows = _READ_TOGETHER.all(connection, {"owner": notebook_id, **called})
    return {name: StoredDocument(*content) for name, *content in rows}


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
        written = _WRITE_OVER.change(connection, here | content) == 1
    if not written:
        raise RevisionConflict(f"not at revision {expected}")
    return expected + 1


def delete_documents(connection: Connection, notebook_id: str, names: Sequence[str]) -> None:
    """Delete these documents of one notebook."""
    connection.execute(
        delete(documents).where(documents.c.notebook_id == notebook_id, documents.c.name.in_(names))
    )
