"""What PostgreSQL refuses is said with its cause, and with nothing of what is in the address."""

import pytest
from psycopg import sql
from support.postgres import Server

from assistant.errors import CannotStart
from assistant.storage.database import Database

CAUSES = {
    "postgresql://kari:hemmelig@127.0.0.1:{port}/postgres": "refuses the password",
    "postgresql://kari@127.0.0.1:{port}/postgres": "refuses the password",
    "postgresql://nobody:hemmelig@127.0.0.1:{port}/postgres": "refuses the password",
    "postgresql://postgres:hemmelig@/nowhere?host={folder}&port={port}": "has no database with the name",
    "postgresql://nobody:hemmelig@/postgres?host={folder}&port={port}": "has no such user",
    "postgresql://kari:hemmelig@127.0.0.1:1/postgres": "No PostgreSQL server answers",
    "postgresql://kari:hemmelig@/postgres?host=/hemmelig": "No PostgreSQL server answers",
    "postgresql://kari:hemmelig@nowhere.invalid:{port}/postgres": "is not found",
}


@pytest.mark.parametrize("address", CAUSES)
def test_each_cause_has_a_sentence_of_its_own(postgres: Server, address: str) -> None:
    role = sql.SQL("DROP ROLE IF EXISTS kari"), sql.SQL("CREATE ROLE kari LOGIN PASSWORD 'annet'")
    postgres.run(*role)
    with pytest.raises(CannotStart) as refused:
        Database.open(address.format(port=postgres.port, folder=postgres.folder))
    said = str(refused.value)
    assert CAUSES[address] in said
    for part in ("hemmelig", "kari", "nobody", "nowhere", str(postgres.port), str(postgres.folder)):
        assert part not in said
    # what is raised on the way holds nothing either
    assert refused.value.__cause__ is None
