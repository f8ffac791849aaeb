"""Statements as SQLAlchemy compiles them: once for all connections to the same kind of database.

SQLAlchemy keeps them for each engine. A database has two or three engines, and each would compile again what
the others have compiled.
"""

from typing import Any

from sqlalchemy.util import LRUCache

_MOST = 1000


class CompiledOnce(LRUCache[Any, Any]):
    """Finds a statement by the name of its dialect instead of by the dialect, which each engine has anew."""

    def get(self, key: Any, default: Any = None) -> Any:
        """Return what was compiled, if it was."""
        return super().get(_shared(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_shared(key), compiled)


def _shared(key: Any) -> tuple[Any, ...]:
    dialect, *statement = key
    return (dialect.name, *statement)


COMPILED = CompiledOnce(_MOST)
