"""Backups that open, clocks that jump, and keys that are lost, mistyped or changed: on both databases."""

import asyncio
import shutil
import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import Connection, Executable, Table, func, select, text
from storage.conftest import address  # noqa: F401
from support.as_read import our_library
from support.clock import Clock
from support.house import House
from support.quick import LOW_COST
from support.sharing_services import Sharers

from assistant.config import Settings
from assistant.errors import CannotStart, SealBroken, SecretUnknown, SessionEnded
from assistant.meetings.notebook import Meeting
from assistant.service.broadcast import Broadcast
from assistant.service.dialogues import Dialogues
from assistant.service.notebook.access import NotebookAccess
from assistant.service.notebook.notebooks import Notebooks
from assistant.service.notebook.sessions import Sessions, SignedInUser
from assistant.service.operations.backups import back_up, restore
from assistant.service.operations.clock_guard import ClockGuard
from assistant.service.operations.key_change import KeyChange
from assistant.service.operations.key_rotation import rotate
from assistant.service.preparation.preparations import Preparations
from assistant.service.staff.account_setup import AccountSetups
from assistant.service.staff.accounts import StaffAccounts
from assistant.service.staff.among_staff import among_staff
from assistant.service.staff.provided_sign_in import ProvidedIdentity, ProvidedSignIns
from assistant.service.stores import check_keys_belong, open_salt, open_stores
from assistant.storage.database import Database
from assistant.storage.database_copy import copy_to
from assistant.storage.key_change import PEPPERED, keys_behind
from assistant.storage.key_slots import any_slot
from assistant.storage.migrations import STEPS
from assistant.storage.schema import (
    deleted_meetings,
    documents,
    notebooks,
    reviews,
    schema_steps,
    share_contents,
    shares,
    slots,
)
from assistant.vault.key_slots import LINK, KeySlot, open_slot, read_link
from assistant.vault.pepper import Pepper


def _execute(connection: Connection, statement: Executable) -> None:
    connection.execute(statement)


@dataclass
class Running:
    """The services of a server over one database and one keys folder."""

    address: str
    keys: Path
    graves: Path
    clock: Clock
    database: Database
    pepper: Pepper
    visits: Sessions
    ways: NotebookAccess
    accounts: StaffAccounts
    welcomes: AccountSetups
    dialogues: Dialogues
    notebooks: Notebooks

    async def stop(self) -> None:
        self.ways.close()
        await self.database.close()


async def start(address: str, folder: Path, clock: Clock) -> Running:  # noqa: F811
    """Start as the server does."""
    keys = folder / "keys"
    database, pepper = open_stores(address, keys)
    database.graves = folder / "deleted"
    scripts, broadcast = Dialogues(database, our_library()), Broadcast()
    try:
        salt = open_salt(keys, database)
        await check_keys_belong(database, pepper, salt)
    except CannotStart:
        database.let_go()
        raise
    await scripts.publish(clock())
    visits = Sessions(database, pepper, scripts, clock, broadcast)
    ways = NotebookAccess(database, pepper, salt, visits, clock, broadcast, LOW_COST)
    welcomes = AccountSetups(database, pepper, ways.making, clock)
    accounts = StaffAccounts(database, pepper, clock, broadcast)
    notebooks = Notebooks(database, scripts, clock, broadcast)
    return Running(
        address,
        keys,
        database.graves,
        clock,
        database,
        pepper,
        visits,
        ways,
        accounts,
        welcomes,
        scripts,
        notebooks,
    )


@pytest_asyncio.fixture
async def server(address: str, tmp_path: Path, clock: Clock) -> AsyncIterator[Running]:  # noqa: F811
    running = await start(address, tmp_path, clock)
    yield running
    await running.stop()


async def many(server: Running) -> int:
    counted = select(func.count()).select_from(notebooks)
    return await server.database.read(lambda c: c.scalar(counted) or 0)


async def new_one(server: Running) -> tuple[str, str]:
    """Somebody new: their private link and their codename."""
    who, _ = await server.visits.begin("nb")
    await server.ways.renew_codename(who, "request")
    notebook = await server.visits.notebook(who)
    assert notebook.link
    assert notebook.codename
    return notebook.link, notebook.codename


async def sharing(server: Running, settings: Settings) -> tuple[Sharers, str, SignedInUser, Meeting]:
    """Somebody who shares a meeting, with their private link."""
    broadcast = Broadcast()
    preparations = Preparations(server.database, server.dialogues, server.clock, broadcast)
    house = House(server.database, server.clock, server.dialogues, server.visits, preparations, broadcast)
    sharers = Sharers.of(house, settings)
    who, meeting = await sharers.prepare("Å få sove")
    await sharers.share(who, meeting)
    link = (await server.visits.notebook(who)).link
    assert link
    return sharers, link, who, meeting


def count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


class TestBackup:
    async def test_taken_while_serving_it_opens_and_brings_back_nothing_deleted_later(
        self, server: Running, tmp_path: Path
    ) -> None:
        kept, _ = await new_one(server)
        gone, _ = await new_one(server)
        file = tmp_path / "backup"
        assert (await back_up(server.address, file))["notebooks"] == 2
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        who, _ = await server.visits.come_back(gone, "nb")
        await server.visits.delete_everything(who)
        later, _ = await new_one(server)
        await server.stop()
        done = await restore(
            server.address, server.keys, file, [server.graves], datetime.now(UTC), overwrite=True
        )
        assert (done.now["notebooks"], done.deleted_again["notebooks"]) == (1, 1)
        again = await start(server.address, tmp_path, server.clock)
        await again.visits.come_back(kept, "nb")
        for link in (gone, later):
            with pytest.raises(SecretUnknown):
                await again.visits.come_back(link, "nb")
        await again.stop()

    async def test_is_not_restored_over_a_database_unasked_nor_under_a_running_server(
        self, server: Running, tmp_path: Path
    ) -> None:
        await new_one(server)
        file = tmp_path / "backup"
        await back_up(server.address, file)
        with pytest.raises(CannotStart, match="stop"):
            await restore(server.address, server.keys, file, [], server.clock(), overwrite=True)
        await server.stop()
        with pytest.raises(CannotStart, match="--yes"):
            await restore(server.address, server.keys, file, [], server.clock(), overwrite=False)

    async def test_is_not_restored_beside_other_keys(self, server: Running, tmp_path: Path) -> None:
        link, _ = await new_one(server)
        file = tmp_path / "backup"
        await back_up(server.address, file)
        await server.stop()
        other = tmp_path / "other"
        Pepper.load_or_make(other)
        open_salt(other)
        with pytest.raises(CannotStart, match="not the one this database was created with"):
            await restore(server.address, other, file, [], server.clock(), overwrite=True)
        again = await start(server.address, tmp_path, server.clock)
        await again.visits.come_back(link, "nb")
        await again.stop()

    async def test_overwrites_no_other_backup(self, server: Running, tmp_path: Path) -> None:
        (tmp_path / "backup").write_text("yesterday's")
        with pytest.raises(CannotStart, match="new name"):
            await back_up(server.address, tmp_path / "backup")
        assert (tmp_path / "backup").read_text() == "yesterday's"

    async def test_shares_and_meetings_that_ended_later_stay_ended(
        self, server: Running, tmp_path: Path
    ) -> None:
        sharers, link, who, meeting = await sharing(server, Settings(data=tmp_path))
        withdrawn = (await sharers.open_one(who, meeting)).stored.id
        gone = await server.notebooks.begin_another(who, "request")
        await sharers.house.reply(who, gone, "answer", "kind", option="care_team")
        file = tmp_path / "backup"
        await back_up(server.address, file)
        await sharers.shares.withdraw(who, meeting.id)
        await server.notebooks.delete_meeting(who, gone.id)
        await server.stop()
        done = await restore(
            server.address, server.keys, file, [server.graves], datetime.now(UTC), overwrite=True
        )
        assert (done.deleted_again["shares"], done.deleted_again["meetings"], done.now["shares"]) == (1, 1, 0)
        again = await start(server.address, tmp_path, server.clock)
        names = await again.database.read(lambda c: c.scalars(select(documents.c.name)).all())
        assert not [name for name in names if gone.id in name]
        with pytest.raises(SessionEnded):
            await again.visits.recognise(who.secret)
        for _ in range(2):
            back, _ = await again.visits.come_back(link, "nb")
            overview = await again.notebooks.open(back)
            assert [one.id for one, _ in overview.details] == [meeting.id]
        assert (
            await again.database.read(lambda c: c.scalar(select(func.count(deleted_meetings.c.meeting_id))))
            == 0
        )
        assert await again.database.read(lambda c: c.execute(select(share_contents.c.share_id)).all()) == []
        assert await again.database.read(
            lambda c: c.scalar(select(shares.c.ended).where(shares.c.id == withdrawn))
        )
        await again.stop()

    async def test_what_was_shared_of_a_meeting_that_was_deleted_later_is_gone(
        self, server: Running, tmp_path: Path
    ) -> None:
        sharers, link, who, meeting = await sharing(server, Settings(data=tmp_path))
        await sharers.sit_with(who, meeting)
        file = tmp_path / "backup"
        await back_up(server.address, file)
        await server.notebooks.delete_meeting(who, meeting.id)
        await server.stop()
        await restore(server.address, server.keys, file, [server.graves], datetime.now(UTC), overwrite=True)
        again = await start(server.address, tmp_path, server.clock)
        for table in (shares, share_contents, reviews):
            assert await again.database.read(partial(count, table=table)) == 0
        back, notebook = await again.visits.come_back(link, "nb")
        assert notebook.meetings == ()
        await again.notebooks.begin_another(back, "request")
        await again.stop()

    async def test_of_an_older_version_is_restored_over_a_newer_database(
        self, server: Running, tmp_path: Path
    ) -> None:
        link, _ = await new_one(server)
        await server.database.write(
            lambda c: c.execute(schema_steps.delete().where(schema_steps.c.number > 10))
        )
        newer = ("lines", "seats", "arrivals", "ways", "facilitators", "sessions")
        names = ("deleted_meetings", *(f"guided_{n}" for n in newer))
        names += ("provider_sessions", "provider_visits", "staff_identities", "rate_levels")
        names += ("insight_tally", "insight_quarters", "staff_passkeys")
        drops = [text(f"DROP TABLE {name}") for name in names]
        drops.append(text("ALTER TABLE staff_sessions DROP COLUMN proved_until"))
        await server.database.write(lambda c: [c.execute(drop) for drop in drops])
        await server.stop()
        copy_to(server.address, tmp_path / "backup")
        await (await start(server.address, tmp_path, server.clock)).stop()
        await restore(server.address, server.keys, tmp_path / "backup", [], server.clock(), overwrite=True)
        again = await start(server.address, tmp_path, server.clock)
        await again.visits.come_back(link, "nb")
        await again.stop()


class TestClock:
    async def test_a_jump_is_seen_until_the_operator_says_the_clock_is_right(self, server: Running) -> None:
        guard = ClockGuard(server.database, server.clock)
        for days in (0, 1, 2):
            server.clock.pass_by(timedelta(days=days))
            assert not (await guard.look()).has_jumped
        server.clock.pass_by(timedelta(days=366))
        for _ in range(2):
            assert (await guard.look()).has_jumped
        await guard.trust()
        assert not (await guard.look()).has_jumped
        server.clock.pass_by(timedelta(hours=-2))
        assert (await guard.look()).has_jumped

    async def test_a_database_from_before_is_as_old_as_what_was_written_last(self, server: Running) -> None:
        await new_one(server)
        server.clock.pass_by(timedelta(days=400))
        assert (await ClockGuard(server.database, server.clock).look()).has_jumped

    async def test_what_is_over_is_deleted_in_portions_and_remembered(
        self, server: Running, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(3):
            await server.visits.begin("nb")
        server.clock.pass_by(timedelta(days=800))
        assert (await server.visits.sweep(server.clock()))["notebooks"] == 3
        assert server.graves.read_text().count(" notebook ") == 3


class TestKeys:
    async def test_of_two_hosts_on_one_empty_database_one_alone_starts(
        self,
        address: str,  # noqa: F811
        tmp_path: Path,
        clock: Clock,
    ) -> None:
        stores = [open_stores(address, tmp_path / host) for host in ("one", "two")]
        salts = [open_salt(tmp_path / host) for host in ("one", "two")]
        said = await asyncio.gather(
            *(check_keys_belong(*two, salt) for two, salt in zip(stores, salts, strict=True)),
            return_exceptions=True,
        )
        assert [type(one) for one in said if one is not None] == [CannotStart]
        for database, _ in stores:
            await database.close()

    async def test_a_lost_pepper_is_not_replaced(self, server: Running, tmp_path: Path) -> None:
        await server.stop()
        pepper = server.keys / "pepper"
        kept = pepper.read_bytes()
        pepper.unlink()
        with pytest.raises(CannotStart, match="Put back"):
            await start(server.address, tmp_path, server.clock)
        assert not pepper.exists()
        pepper.write_bytes(kept)
        pepper.chmod(0o400)
        await (await start(server.address, tmp_path, server.clock)).stop()

    async def test_a_mistyped_folder_makes_nothing(self, server: Running, tmp_path: Path) -> None:
        wrong = tmp_path / "wrong"
        for database in (server.address, f"sqlite:///{wrong}/words.db"):
            with pytest.raises(CannotStart):
                await among_staff(database, wrong / "keys", lambda accounts: accounts.first_link())
        assert not wrong.exists()

    async def test_a_command_leaves_the_tables_of_another_version_alone(self, server: Running) -> None:
        for number in (len(STEPS) + 1, None):
            if number:
                values = {"number": number, "name": "later"}
                await server.database.write(partial(_execute, statement=schema_steps.insert().values(values)))
            else:
                await server.database.write(
                    lambda c: c.execute(schema_steps.delete().where(schema_steps.c.number >= len(STEPS)))
                )
            with pytest.raises(CannotStart, match=r"newer|older"):
                await among_staff(server.address, server.keys, lambda accounts: accounts.all())


class TestRotation:
    @pytest.fixture(autouse=True)
    def no_write_is_under_way(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nothing is written during a change here, so there is nothing to wait for."""
        monkeypatch.setattr("assistant.service.operations.key_change._LATE", 0.05)

    async def test_lets_everybody_in_before_during_and_after_and_the_old_pepper_opens_nothing(
        self, server: Running, tmp_path: Path
    ) -> None:
        people = [await new_one(server) for _ in range(3)]
        first = await server.accounts.first_link()
        old = replace(server.pepper.now(), file=None)
        await rotate(server.address, server.keys, only_make=True, report=lambda _: None)
        during, _ = await new_one(server)  # the running server takes up the new version by itself
        for link, codename in people:
            await server.visits.come_back(link, "nb")
            await server.ways.come_back(codename, "nb")
        said: list[str] = []
        done = await rotate(server.address, server.keys, only_make=False, report=said.append)
        assert done is not None
        assert done.rows >= 7
        assert "goes on" in said[0]
        for link, codename in people:
            await server.visits.come_back(link, "nb")
            await server.ways.come_back(codename, "nb")
        await server.visits.come_back(during, "nb")
        assert first is not None
        await server.welcomes.welcome(first)
        assert server.pepper.now().version == 2
        found = await server.database.read(lambda c: c.execute(select(slots)).all())
        for row in found:
            slot = KeySlot(row.id, row.notebook_id, row.kind, row.lookup, 1, row.outer_wrap)
            for link, _ in people:
                secret = read_link(link)
                assert secret is not None
                with pytest.raises(SealBroken):
                    open_slot(old, slot, secret)
        for name in PEPPERED:
            assert await server.database.read(partial(keys_behind, name=name, version=2)) == []

    async def test_stopped_after_any_row_it_goes_on(
        self, server: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        people = [await new_one(server) for _ in range(3)]
        await server.accounts.add("Kari", frozenset({"professional"}), "request")
        monkeypatch.setattr("assistant.service.operations.key_change.PORTION", 1)
        await rotate(server.address, server.keys, only_make=True, report=lambda _: None)

        class Killed(Exception): ...

        def kill(_: object) -> None:
            raise Killed

        change = KeyChange(server.database, server.pepper, open_salt(server.keys))
        for left in range(7, 0, -1):
            assert await change.behind() == left
            with pytest.raises(Killed):
                await change.carry_all(kill)
            for link, codename in people:
                await server.visits.come_back(link, "nb")
                await server.ways.come_back(codename, "nb")
        assert not await change.is_begun()

    async def test_people_at_an_identity_provider_are_recognised_before_while_and_after(
        self, server: Running
    ) -> None:
        provided = ProvidedSignIns(server.database, server.pepper, server.welcomes, server.clock, Broadcast())
        person = ProvidedIdentity("https://provider.example", "kari", "kari", "")
        staff_id, link = await server.accounts.add("Kari", frozenset({"professional"}), "request")
        assert link is not None
        await provided.link_by_invitation(link, "", person, timedelta(hours=1))
        for only_make in (True, False, False):
            await rotate(server.address, server.keys, only_make=only_make, report=lambda _: None)
            assert (await provided.sign_in(person, timedelta(hours=1))).staff_id == staff_id
        version = server.pepper.now().version
        behind = partial(keys_behind, name="staff_identities", version=version)
        assert (version, await server.database.read(behind)) == (3, [])

    async def test_leaves_a_second_change_as_possible_as_the_first(self, server: Running) -> None:
        link, codename = await new_one(server)
        for _ in range(3):
            await rotate(server.address, server.keys, only_make=False, report=lambda _: None)
        assert server.pepper.now().version == 4
        await server.visits.come_back(link, "nb")
        await server.ways.come_back(codename, "nb")
        row = await server.database.read(lambda c: any_slot(c, LINK))
        assert row is not None
        assert row.pepper_version == 4

    async def test_a_host_with_the_pepper_from_before_does_not_start(
        self, server: Running, tmp_path: Path
    ) -> None:
        other = tmp_path / "host"
        shutil.copytree(server.keys, other / "keys")
        await new_one(server)
        await rotate(server.address, server.keys, only_make=False, report=lambda _: None)
        with pytest.raises(CannotStart, match="changed on another host"):
            await start(server.address, other, server.clock)
