"""The sealed documents of one notebook, read and written as models.

Every write includes the notebook's own document, whose index of revisions distinguishes an old copy of a
document from the newest. Reading, unsealing, computing and sealing happen outside the write transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import to_json

from assistant.engine.conversation import StoredModel
from assistant.errors import SealBroken, SessionEnded
from assistant.meetings.notebook import Notebook
from assistant.storage.database import Connection
from assistant.storage.documents import StoredDocument, read_document, read_documents, write_document
from assistant.value_class import value_class
from assistant.vault.sealing import seal, unseal

INDEX = "notebook"
FORMAT = 1

K = TypeVar("K", bound=StoredModel)


@value_class
class Owner:
    """A user with their notebook unlocked. The key is here and nowhere at rest.

    Each request makes its own, and with it the documents that it has unsealed: one that is read again is
    unsealed again only if it was written in between.
    """

    notebook_id: str
    key: bytes = field(repr=False)
    unsealed: dict[str, "UnsealedDocument"] = field(default_factory=dict, repr=False, compare=False)


@value_class
class UnsealedDocument:
    """What a document says, and the stored bytes that it was unsealed from."""

    stored: StoredDocument
    content: StoredModel = field(repr=False)


@value_class
class SealedDocument:
    """A document as stored in the database, and the revision it was computed from."""

    name: str
    expected: int
    box: bytes


def read_notebook(connection: Connection, owner: Owner) -> tuple[Notebook, int]:
    """Return the notebook and its revision. Raises `SessionEnded` if it has been deleted."""
    found = read_document(connection, owner.notebook_id, INDEX)
    if found is None:
        raise SessionEnded
    return _open(owner, INDEX, found, Notebook), found.revision


def read_sealed(
    connection: Connection, owner: Owner, notebook: Notebook, name: str, model: type[K]
) -> K | None:
    """Return a document at the revision in the notebook's index; None if the index does not list it."""
    revision = notebook.revisions.get(name)
    if revision is None:
        return None
    return _open_at(owner, name, revision, read_document(connection, owner.notebook_id, name), model)


def read_together(
    connection: Connection, owner: Owner, *names: str
) -> tuple[Notebook, int, Mapping[str, StoredDocument]]:
    """Return the notebook, its revision, and a few documents that it may list, with one statement."""
    found = read_documents(connection, owner.notebook_id, INDEX, *names)
    if INDEX not in found:
        raise SessionEnded
    return _open(owner, INDEX, found[INDEX], Notebook), found[INDEX].revision, found


def open_listed(
    owner: Owner, notebook: Notebook, name: str, found: Mapping[str, StoredDocument], model: type[K]
) -> K | None:
    """Unseal one of the documents found, at the revision in the notebook's index; None if the index does not
    list it.
    """
    revision = notebook.revisions.get(name)
    return None if revision is None else _open_at(owner, name, revision, found.get(name), model)


def _open_at(owner: Owner, name: str, revision: int, found: StoredDocument | None, model: type[K]) -> K:
    if found is None or found.revision != revision:
        raise SealBroken
    return _open(owner, name, found, model)


def seal_documents(
    owner: Owner, notebook: Notebook, revision: int, documents: Mapping[str, StoredModel]
) -> list[SealedDocument]:
    """Seal the changed documents and the updated notebook, ready for one write."""
    sealed: list[SealedDocument] = []
    revisions = dict(notebook.revisions)
    for name, document in documents.items():
        expected = revisions.get(name, 0)
        revisions[name] = expected + 1
        sealed.append(_seal(owner, name, expected, document))
    after = notebook.model_copy(update={"revisions": revisions})
    return [*sealed, _seal(owner, INDEX, revision, after)]


def write_sealed(connection: Connection, owner: Owner, sealed: Sequence[SealedDocument]) -> None:
    """Write them all or none. Raises `RevisionConflict` if any of them was written meanwhile."""
    for document in sealed:
        write_document(
            connection,
            owner.notebook_id,
            document.name,
            expected=document.expected,
            format=FORMAT,
            sealed=document.box,
        )


def _seal(owner: Owner, name: str, expected: int, document: StoredModel) -> SealedDocument:
    plain = to_json(document)
    return SealedDocument(
        name, expected, seal(owner.key, plain, owner=owner.notebook_id, name=name, revision=expected + 1)
    )


def _open(owner: Owner, name: str, stored: StoredDocument, model: type[K]) -> K:
    """Unseal a document, unless this request has unsealed these very bytes already."""
    before = owner.unsealed.get(name)
    if before is not None and before.stored == stored and isinstance(before.content, model):
        return before.content
    plain = unseal(owner.key, stored.sealed, owner=owner.notebook_id, name=name, revision=stored.revision)
    content = read_back(model, plain)
    owner.unsealed[name] = UnsealedDocument(stored, content)
    return content


def read_back(model: type[K], plain: bytes) -> K:
    """Parse unsealed data into its model. Raises `SealBroken` if it does not fit."""
    try:
        return model.model_validate_json(plain)
    except ValidationError:
        # without the cause: pydantic's messages quote the document's content
        raise SealBroken from None
