"""Staff, as the services know them: what signing in costs, how long it lasts, and what a reset takes away."""

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import update
from support.clock import Clock
from support.quick import LOW_COST

from assistant.config import Settings
from assistant.errors import (
    CannotStart,
    NameTaken,
    NotFound,
    ProofRefused,
    SealBroken,
    SecretUnknown,
    StaffSessionEnded,
)
from assistant.meetings.permissions import Role
from assistant.retention import RELEASED
from assistant.service.staff.account_setup import AccountSetupTyped
from assistant.service.staff.members import SignedInStaff
from assistant.service.staff.passwords import Authenticated, Passwords
from assistant.service.staff.services import StaffServices
from assistant.service.stores import check_keys_belong, open_stores
from assistant.storage.database import Database
from assistant.storage.schema import staff_sessions
from assistant.vault.encryption import about
from assistant.vault.key_stretching import Stretching
from assistant.vault.pepper import Pepper
from assistant.vault.second_factor import app_code
from assistant.vault.session_keys import wrap_session
from assistant.vault.staff_keys import open_with, seal_to

PASSWORD = "seks gode ord om natten"
MEANING = about("share", "one")


class Counted(Stretching):
    """The real stretching, which also counts how often it was asked."""

    count = 0

    async def stretch(self, typed: str, *, salt: bytes | None = None) -> bytes:
        self.count += 1
        return await super().stretch(typed, salt=salt)


class Office:
    """The services for staff, and an app in each pocket."""

    def __init__(self, database: Database, pepper: Pepper, clock: Clock) -> None:
        self.database, self.pepper, self.clock = database, pepper, clock
        self.staff = StaffServices.over(database, pepper, clock, LOW_COST)
        self.counted = Counted(cost=LOW_COST)
        self.passwords = Passwords(database, pepper, self.counted, clock)
        self.apps: dict[str, bytes] = {}

    def code(self, name: str) -> str:
        self.clock.pass_by(timedelta(seconds=30))
        return app_code(self.apps[name], self.clock())

    async def add(self, name: str, *roles: Role) -> tuple[str, str]:
        staff_id, link = await self.staff.accounts.add(name, frozenset(roles), f"make {name}")
        assert link is not None
        return staff_id, link

    async def settle(self, name: str, link: str) -> Authenticated:
        welcome = await self.staff.welcomes.welcome(link)
        self.apps[name] = await self._secret(link, welcome.handed)
        chosen = AccountSetupTyped(name, PASSWORD, PASSWORD, self.code(name))
        proved, _ = await self.staff.welcomes.settle(link, welcome.handed, chosen)
        return proved

    async def join(self, name: str, *roles: Role) -> Authenticated:
        _, link = await self.add(name, *roles)
        return await self.settle(name, link)

    async def prove(self, name: str, password: str, code: str) -> Authenticated:
        return await self.passwords.typed(name, password, code).prove()

    async def sign_in(self, proved: Authenticated) -> SignedInStaff:
        return await self.staff.sign_ins.begin(proved, "nb")

    async def _secret(self, link: str, handed: str) -> bytes:
        welcome = await self.staff.welcomes.welcome_again(link, handed)
        return base64.b32decode(welcome.secret.replace(" ", ""))


@pytest_asyncio.fixture
async def office(begun_settings: Settings, clock: Clock) -> AsyncIterator[Office]:
    database, pepper = open_stores(begun_settings.database_url, begun_settings.keys)
    office = Office(database, pepper, clock)
    yield office
    office.staff.close()
    office.counted.close()
    await database.close()


async def test_whoever_proves_who_they_are_gets_their_own_key(office: Office) -> None:
    settled = await office.join("Kari", "professional")
    proved = await office.prove("kari", PASSWORD, office.code("Kari"))
    assert proved == settled
    member = (await office.staff.accounts.one(proved.staff_id)).member
    assert member.public_key is not None
    assert open_with(proved.private_key, seal_to(member.public_key, b"x", MEANING), MEANING) == b"x"


async def test_every_try_costs_the_same_whoever_it_names(office: Office) -> None:
    """One stretch each: for nobody's name, a name without a password, a shut account, a wrong password."""
    await office.join("Kari", "professional")
    await office.add("Ny", "professional")
    await office.join("Ola", "professional")
    await office.staff.accounts.disable((await office.staff.accounts.named("Ola")).member.id)
    for name, password, code in (
        ("Ingen", PASSWORD, "000000"),
        ("Ny", PASSWORD, "000000"),
        ("", "", ""),
        ("Ola", PASSWORD, office.code("Ola")),
        ("Kari", "et annet passord", office.code("Kari")),
        ("Kari", PASSWORD, "000000"),
    ):
        before = office.counted.count
        with pytest.raises(ProofRefused):
            await office.prove(name, password, code)
        assert office.counted.count - before == 1, name


async def test_what_is_longer_than_anybody_has_costs_nothing(office: Office) -> None:
    for name, password in (("x" * 101, PASSWORD), ("Kari", "x" * 201)):
        with pytest.raises(ProofRefused):
            await office.prove(name, password, "000000")
    assert office.counted.count == 0


async def test_a_wrong_password_does_not_use_up_the_code(office: Office) -> None:
    await office.join("Kari", "professional")
    code = office.code("Kari")
    with pytest.raises(ProofRefused):
        await office.prove("Kari", "et annet passord", code)
    assert await office.prove("Kari", PASSWORD, code)
    with pytest.raises(ProofRefused):
        await office.prove("Kari", PASSWORD, code)


async def test_of_two_who_send_one_code_at_once_one_is_in(office: Office) -> None:
    await office.join("Kari", "professional")
    code = office.code("Kari")
    both = await asyncio.gather(
        *(office.prove("Kari", PASSWORD, code) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in both) == ["Authenticated", "ProofRefused"]


async def test_of_two_behind_one_link_one_gets_the_account(office: Office) -> None:
    _, link = await office.add("Kari", "professional")
    both = await asyncio.gather(*(office.settle("Kari", link) for _ in range(2)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in both) == ["Authenticated", "SecretUnknown"]


async def test_a_session_is_prolonged_by_what_a_person_does_and_not_by_streams(office: Office) -> None:
    who = await office.sign_in(await office.join("Kari", "professional"))
    sign_ins, began = office.staff.sign_ins, office.clock()
    office.clock.pass_by(timedelta(minutes=50))
    assert (await sign_ins.recognise(who.secret, prolong=False)).until == began + RELEASED.staff_idle
    assert (await sign_ins.recognise(who.secret)).until == office.clock() + RELEASED.staff_idle
    for _ in range(3):
        office.clock.pass_by(timedelta(minutes=20))
        if office.clock() < began + timedelta(minutes=110):
            await sign_ins.recognise(who.secret, prolong=False)
    with pytest.raises(StaffSessionEnded):
        await sign_ins.recognise(who.secret)


async def test_a_session_that_another_version_wrote_is_over(office: Office) -> None:
    """A server that goes back to an earlier version meets sessions with fields that it does not know."""
    who = await office.sign_in(await office.join("Kari", "professional"))
    later = wrap_session(who.secret, b'{"of a later version": true}')
    change = update(staff_sessions).values(sealed=later)
    await office.database.write(lambda connection: connection.execute(change))
    with pytest.raises(StaffSessionEnded):
        await office.staff.sign_ins.recognise(who.secret)


async def test_no_use_makes_a_session_last_beyond_a_working_day(office: Office) -> None:
    who = await office.sign_in(await office.join("Kari", "professional"))
    began = office.clock()
    while office.clock() < began + RELEASED.staff_longest - timedelta(minutes=50):
        office.clock.pass_by(timedelta(minutes=50))
        found = await office.staff.sign_ins.recognise(who.secret)
        assert found.until <= began + RELEASED.staff_longest
    office.clock.at = began + RELEASED.staff_longest
    with pytest.raises(StaffSessionEnded):
        await office.staff.sign_ins.recognise(who.secret)


@pytest.mark.parametrize("secret", ["", "x", "å\ud800", "a" * 43])
async def test_any_other_cookie_opens_nothing(office: Office, secret: str) -> None:
    with pytest.raises(StaffSessionEnded):
        await office.staff.sign_ins.recognise(secret)


async def test_after_a_reset_nothing_sealed_before_opens(office: Office) -> None:
    before = await office.join("Kari", "professional")
    member = (await office.staff.accounts.one(before.staff_id)).member
    assert member.public_key is not None
    kept = seal_to(member.public_key, b"a share's key", MEANING)
    who = await office.sign_in(before)
    link = await office.staff.accounts.reset(before.staff_id)
    with pytest.raises(StaffSessionEnded):
        await office.staff.sign_ins.recognise(who.secret)
    assert (await office.staff.accounts.one(before.staff_id)).member.public_key is None
    after = await office.settle("Kari", link)
    with pytest.raises(SealBroken):
        open_with(after.private_key, kept, MEANING)


async def test_a_shut_account_cannot_begin_a_session_nor_use_its_link(office: Office) -> None:
    proved = await office.join("Kari", "professional")
    await office.staff.accounts.disable(proved.staff_id)
    with pytest.raises(StaffSessionEnded):
        await office.sign_in(proved)
    link = await office.staff.accounts.reset(proved.staff_id)
    with pytest.raises(SecretUnknown):
        await office.staff.welcomes.welcome(link)


async def test_a_role_taken_away_is_gone_at_the_next_look(office: Office) -> None:
    who = await office.sign_in(await office.join("Kari", "professional", "administrator"))
    await office.staff.accounts.change_roles(who.member.id, frozenset({"professional"}))
    found = await office.staff.sign_ins.recognise(who.secret)
    assert found.member.roles == {"professional"}


async def test_names_that_look_the_same_are_the_same(office: Office) -> None:
    await office.add("Kari Åsen", "professional")
    for name in ("kari åsen", "KARI  ÅSEN", "Kari\u00a0A\u030asen", "ｋari åsen"):
        with pytest.raises(NameTaken):
            await office.staff.accounts.add(name, frozenset({"professional"}), f"again {name!a}")


async def test_an_account_that_is_not_there_is_not_found(office: Office) -> None:
    accounts = office.staff.accounts
    for act in (accounts.one, accounts.named, accounts.disable, accounts.enable, accounts.reset):
        with pytest.raises(NotFound):
            await act("0" * 32)


async def test_another_pepper_is_found_out_before_anyone_is_turned_away(office: Office) -> None:
    await office.join("Kari", "professional")
    await check_keys_belong(office.database, office.pepper, b"s" * 32)
    with pytest.raises(CannotStart, match="pepper"):
        await check_keys_belong(office.database, Pepper(1, b"x" * 32), b"s" * 32)


async def test_what_is_over_is_swept_away(office: Office) -> None:
    await office.sign_in(await office.join("Kari", "professional"))
    await office.add("Ola", "professional")
    office.clock.pass_by(timedelta(days=4))
    await office.staff.sweep(office.clock())
    states = {a.member.name: (a.is_set_up, a.link_until) for a in await office.staff.accounts.all()}
    assert states == {"Kari": (True, None), "Ola": (False, None)}


async def test_a_list_says_when_each_last_signed_in(office: Office) -> None:
    proved = await office.join("Kari", "professional")
    await office.add("Ny", "professional")
    await office.sign_in(proved)
    at = office.clock().replace(second=0, microsecond=0)
    office.clock.pass_by(timedelta(days=3))
    said = {one.member.name: one.signed_in_at for one in await office.staff.accounts.all()}
    assert said == {"Kari": at, "Ny": None}


async def test_a_renamed_account_signs_in_with_the_new_name_and_the_same_key(office: Office) -> None:
    settled = await office.join("Kari", "professional")
    await office.add("Ola", "professional")
    with pytest.raises(NameTaken):
        await office.staff.accounts.rename(settled.staff_id, "ola")
    await office.staff.accounts.rename(settled.staff_id, "  Kari   Nyttnavn ")
    assert await office.prove("kari nyttnavn", PASSWORD, office.code("Kari")) == settled
    with pytest.raises(ProofRefused):
        await office.prove("Kari", PASSWORD, office.code("Kari"))


async def test_only_a_disabled_account_is_removed_and_then_its_name_is_free(office: Office) -> None:
    settled = await office.join("Kari", "professional")
    accounts = office.staff.accounts
    with pytest.raises(NotFound):
        await accounts.remove(settled.staff_id)
    await accounts.disable(settled.staff_id)
    await accounts.remove(settled.staff_id)
    assert [one.member.name for one in await accounts.all()] == []
    assert await accounts.changes() == []
    with pytest.raises(ProofRefused):
        await office.prove("Kari", PASSWORD, office.code("Kari"))
    again, _ = await accounts.add("Kari", frozenset({"professional"}), "another request")
    assert again != settled.staff_id
    removed = [
        event.staff_id
        for event in await office.staff.security_log.since(office.clock() - timedelta(days=1))
        if event.event == "account_removed"
    ]
    assert removed == [settled.staff_id]
