"""Statements are compiled once for all connections to one kind of database."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table, create_engine, select

from assistant.storage.compiled_once import CompiledOnce

_PLACES = Table("places", MetaData(), Column("number", Integer))


def test_what_one_engine_compiled_another_one_finds() -> None:
    compiled = CompiledOnce(10)
    options: Mapping[str, Any] = {"compiled_cache": compiled}
    found: list[list[int]] = []
    for number in (1, 2):
        engine = create_engine("sqlite://", execution_options=options)
        with engine.begin() as connection:
            _PLACES.create(connection)
            connection.execute(_PLACES.insert().values(number=number))
            found.append(list(connection.scalars(select(_PLACES.c.number).where(_PLACES.c.number < 9))))
        engine.dispose()
    assert found == [[1], [2]], "the values are those of each"
    assert len(compiled) == 2, "the two statements, not four"


def test_another_kind_of_database_has_its_own() -> None:
    compiled = CompiledOnce(10)
    ours, theirs = create_engine("sqlite://").dialect, create_engine("postgresql+psycopg://").dialect
    compiled[ours, "statement"] = "compiled"
    assert compiled.get((create_engine("sqlite://").dialect, "statement")) == "compiled"
    assert compiled.get((theirs, "statement")) is None
