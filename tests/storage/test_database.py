import asyncio
import sqlite3
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from psycopg import sql
from sqlalchemy import create_engine
from support.postgres import Server
from support.rows import adding, as_nobody, counting, everything_in

from assistant.errors import CannotStart
from assistant.storage.database import Database
from assistant.storage.documents import write_document
from assistant.storage.engines import verify
from assistant.storage.notebooks import delete_notebook


async def test_many_read_at_the_same_time(database: Database) -> None:
    await database.write(adding("mine"))
    assert await asyncio.gather(*(database.read(counting("notebooks")) for _ in range(50))) == [1] * 50


async def test_the_mistakes_of_a_reading_are_its_own(database: Database) -> None:
    def stumble(connection: object) -> None:
        raise KeyError

    with pytest.raises(KeyError):
        await database.read(stumble)
    assert await database.read(counting("notebooks")) == 0


async def test_what_was_written_is_there_after_closing(address: str) -> None:
    database = Database.open(address)
    await database.write(adding("mine"))
    await database.close()
    database = Database.open(address)
    assert await database.read(counting("notebooks")) == 1
    await database.close()


async def test_the_file_and_its_folder_are_for_our_eyes_only(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    database = Database.open(f"sqlite:///{folder}/notebooks.db")
    await database.write(adding("mine"))
    assert folder.stat().st_mode & 0o777 == 0o700
    files = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert files == dict.fromkeys(["notebooks.db", "notebooks.db-shm", "notebooks.db-wal"], 0o600)
    await database.close()


class TestDeletedWords:
    WORDS = b"I would rather not be asked about my father. " * 2000

    async def keep_and_delete(self, database: Database, folder: Path) -> None:
        await database.write(adding("mine"))
        keep = partial(write_document, notebook_id="mine", expected=0, format=1)
        for name, words in (("long", self.WORDS), ("short", self.WORDS[:90]), ("changed", self.WORDS)):
            await database.write(partial(keep, name=name, sealed=words))
        await database.write(
            lambda c: write_document(c, "mine", "changed", expected=1, format=1, sealed=b"something else")
        )
        assert b"my father" in everything_in(folder)
        await database.write(lambda c: delete_notebook(c, "mine"))

    async def test_are_gone_from_all_files_after_scrubbing(self, tmp_path: Path) -> None:
        database = Database.open(f"sqlite:///{tmp_path}/notebooks.db")
        await self.keep_and_delete(database, tmp_path)
        await database.scrub()
        assert b"my father" not in everything_in(tmp_path)
        await database.close()

    async def test_wait_for_the_next_scrubbing_where_an_old_state_is_being_read(self, tmp_path: Path) -> None:
        database = Database.open(f"sqlite:///{tmp_path}/notebooks.db")
        with closing(sqlite3.connect(tmp_path / "notebooks.db", isolation_level=None)) as backup:
            backup.execute("BEGIN")
            backup.execute("SELECT count(*) FROM notebooks").fetchall()
            await self.keep_and_delete(database, tmp_path)
            began = time.monotonic()
            await database.scrub()
            assert time.monotonic() - began < 4  # a write would wait for five seconds
            await database.write(adding("not held up"))
        await database.scrub()
        assert b"my father" not in everything_in(tmp_path)
        await database.close()

    async def test_leave_a_database_that_goes_on(self, database: Database) -> None:
        await database.write(adding("mine"))
        await database.scrub()
        await database.write(adding("yours"))
        assert await database.read(counting("notebooks")) == 2


class TestStarting:
    """Whoever cannot be served is told in one sentence why, and never by the password."""

    @pytest.mark.parametrize(
        "address", ["", "notebooks.db", "mysql://somewhere/notebooks", "postgresql://h:p/x"]
    )
    def test_refuses_an_address_it_cannot_read(self, address: str) -> None:
        with pytest.raises(CannotStart, match="address cannot be read"):
            Database.open(address)

    @pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:"])
    def test_refuses_a_database_that_does_not_last(self, address: str) -> None:
        with pytest.raises(CannotStart, match="needs a permanent file"):
            Database.open(address)

    def test_refuses_a_file_that_is_no_database(self, tmp_path: Path) -> None:
        (tmp_path / "diary.db").write_text("Dear diary, " * 1000)
        with pytest.raises(CannotStart, match="not a database"):
            Database.open(f"sqlite:///{tmp_path}/diary.db")

    def test_refuses_settings_that_lose_words(self, tmp_path: Path) -> None:
        engine = create_engine(f"sqlite:///{tmp_path}/notebooks.db")
        with engine.connect() as connection, pytest.raises(CannotStart, match="local disk"):
            verify(connection)
        engine.dispose()

    @staticmethod
    def lock(folder: Path, mode: int) -> None:
        (folder / "notebooks.db").chmod(mode)
        folder.chmod(0o555)

    @pytest.fixture
    def locked_folder(self, tmp_path: Path) -> Iterator[Path]:
        """A folder anyone may enter and nobody may write in."""
        for folder in (tmp_path, *tmp_path.parents):  # with several processes there is one more above it
            if not folder.stat().st_mode & 0o001:
                folder.chmod(folder.stat().st_mode | 0o111)
        folder = tmp_path / "data"
        folder.mkdir()
        yield folder
        folder.chmod(0o755)

    @pytest.mark.parametrize("mode", [0o000, 0o555])
    def test_refuses_a_folder_it_may_not_use(self, locked_folder: Path, mode: int) -> None:
        locked_folder.chmod(mode)
        with as_nobody(), pytest.raises(CannotStart, match="owner of the folder"):
            Database.open(f"sqlite:///{locked_folder}/notebooks.db")

    @pytest.mark.parametrize(("mode", "what"), [(0o000, "opened"), (0o444, "written")])
    async def test_refuses_a_file_it_may_not_use(self, locked_folder: Path, mode: int, what: str) -> None:
        address = f"sqlite:///{locked_folder}/notebooks.db"
        await Database.open(address).close()
        self.lock(locked_folder, mode)
        with as_nobody(), pytest.raises(CannotStart, match=f"{what}; make the program's user"):
            Database.open(address)

    def test_refuses_a_wrong_password_without_repeating_it(self, postgres: Server) -> None:
        address = f"postgresql://postgres:hunter2@127.0.0.1:{postgres.port}/postgres"
        with pytest.raises(CannotStart, match="refuses the password") as refused:
            Database.open(address)
        assert "hunter2" not in "".join(traceback.format_exception(refused.value))

    def test_refuses_a_server_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(CannotStart, match="Check that it is running"):
            Database.open(f"postgresql://me@/notebooks?host={tmp_path}")

    def test_refuses_a_database_that_is_not_there(self, postgres: Server) -> None:
        with pytest.raises(CannotStart, match="create the database"):
            Database.open(postgres.address("nowhere"))

    def test_refuses_a_user_who_may_not_make_tables(self, postgres: Server) -> None:
        address = postgres.make("closed")
        postgres.run(sql.SQL("CREATE ROLE guest LOGIN"))
        with pytest.raises(CannotStart, match="may not create tables"):
            Database.open(address.replace("postgres@", "guest@"))

    def test_refuses_a_postgresql_that_acknowledges_too_early(self, postgres: Server) -> None:
        address = postgres.make("hasty")
        postgres.run(sql.SQL("ALTER DATABASE hasty SET synchronous_commit = off"))
        with pytest.raises(CannotStart, match="synchronous_commit = off"):
            Database.open(address)

    def test_refuses_a_postgresql_without_our_letters(self, postgres: Server) -> None:
        for encoding in ("SQL_ASCII", "LATIN1"):
            postgres.run(sql.SQL(f"CREATE DATABASE {encoding} ENCODING '{encoding}' TEMPLATE template0"))
            with pytest.raises(CannotStart, match="server_encoding"):
                Database.open(postgres.address(encoding.lower()))

    def test_says_what_to_install_for_postgresql(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "psycopg", None)
        with pytest.raises(CannotStart, match="pip install"):
            Database.open("postgresql://somebody@somewhere/notebooks")
