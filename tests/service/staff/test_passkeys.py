"""Passkeys and the key password: several ways to one lasting key, and what goes with the last of them."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
import asyncio
import os
from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest

from assistant.config import Settings
from assistant.errors import ProofRefused, RequestReused, SealBroken, StaffSessionEnded, TextTooLong
from assistant.service.staff.lasting_keys import KeyNotOpen, LastWay
from assistant.service.staff.members import SignedInStaff
from assistant.service.staff.passkeys import (
    PASSKEYS_MOST,
    NewPasskey,
    PasskeyUnknown,
    PasskeyUnread,
    TooManyPasskeys,
)
from assistant.service.staff.provided_sign_in import ProvidedIdentity
from assistant.storage.passkeys import list_passkeys
from assistant.storage.staff import find_staff
from assistant.vault.encryption import about
from assistant.vault.pepper import Pepper
from assistant.vault.staff_keys import open_with, seal_to
from service.staff.test_accounts import Office, office  # noqa: F401

PASSWORD = "et langt nøkkelpassord"
MEANING = about("share", "one")
A_DAY = timedelta(hours=12)


def spelled(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


class Authenticator:
    """What the browser would send of one passkey: the same secret each time."""

    def __init__(self, name: str = "Mobilen") -> None:
        self.name, self.id, self.salt, self.secret = name, os.urandom(40), os.urandom(32), os.urandom(32)

    @property
    def form(self) -> NewPasskey:
        return NewPasskey(self.name, spelled(self.id), spelled(self.salt), spelled(self.secret))


class Kari:
    """A professional whose account is linked to an identity provider."""

    def __init__(self, office: Office) -> None:
        self.office, self.staff = office, office.staff

    async def sign_in(self, link: str | None = None, name: str = "Kari") -> SignedInStaff:
        person = ProvidedIdentity("https://provider.example", name, name, "")
        provided = self.staff.provided
        if link is None:
            proved = await provided.sign_in(person, A_DAY)
        else:
            proved = await provided.link_by_invitation(link, "", person, A_DAY)
        return await self.staff.sign_ins.begin(proved, "nb")

    async def again(self, who: SignedInStaff) -> SignedInStaff:
        """The next request of the same session."""
        return await self.staff.sign_ins.recognise(who.secret)

    async def add(self, who: SignedInStaff, passkey: Authenticator) -> SignedInStaff:
        self.office.clock.pass_by(timedelta(seconds=1))
        private_key = await self.staff.passkeys.add(who, passkey.form)
        if private_key != who.private_key:
            await self.staff.sign_ins.take_up(who, private_key, keeps_first=True)
        return await self.again(who)

    async def open(self, who: SignedInStaff, passkey: Authenticator) -> SignedInStaff:
        answer = await self.staff.passkeys.open(who, spelled(passkey.id), spelled(passkey.secret))
        await self.staff.sign_ins.take_up(who, answer, keeps_first=True)
        return await self.again(who)

    async def seal(self) -> bytes:
        """Something sent ahead, sealed to the key that her account shows."""
        account = await self.staff.accounts.named("Kari")
        assert account.member.public_key is not None
        return seal_to(account.member.public_key, b"a share's key", MEANING)

    async def can_be_sent_to(self) -> bool:
        return (await self.staff.accounts.named("Kari")).can_be_sent_to


@pytest.fixture
async def kari(office: Office) -> Kari:
    _, link = await office.add("Kari", "professional")
    kari = Kari(office)
    await kari.sign_in(link)
    return kari


def opens(who: SignedInStaff, sealed: bytes) -> bool:
    try:
        return who.with_key(lambda key: open_with(key, sealed, MEANING)) == b"a share's key"
    except SealBroken:
        return False


async def test_the_first_passkey_makes_the_key_and_opens_what_was_sent_ahead_another_day(kari: Kari) -> None:
    phone = Authenticator()
    assert not await kari.can_be_sent_to()
    await kari.add(await kari.sign_in(), phone)
    assert await kari.can_be_sent_to()
    sealed = await kari.seal()
    who = await kari.sign_in()
    assert not opens(who, sealed)
    assert opens(await kari.open(who, phone), sealed)


async def test_two_passkeys_and_a_password_open_the_same_key(kari: Kari) -> None:
    phone, laptop = Authenticator(), Authenticator("PC")
    who = await kari.add(await kari.sign_in(), phone)
    sealed = await kari.seal()
    who = await kari.add(who, laptop)
    assert await kari.staff.key_passwords.choose(who, PASSWORD, PASSWORD) == who.private_key
    for passkey in (phone, laptop):
        assert opens(await kari.open(await kari.sign_in(), passkey), sealed)
    later = await kari.sign_in()
    private_key = await kari.staff.key_passwords.open(later, PASSWORD)
    assert open_with(private_key, sealed, MEANING) == b"a share's key"
    rows = await kari.staff.passkeys.all(who.member.id)
    assert [(row.name, row.credential, row.salt) for row in rows] == [
        (one.name, spelled(one.id), spelled(one.salt)) for one in (phone, laptop)
    ]


async def test_neither_the_answer_of_another_passkey_nor_a_changed_one_opens_anything(kari: Kari) -> None:
    phone, laptop = Authenticator(), Authenticator()
    who = await kari.add(await kari.sign_in(), phone)
    who = await kari.add(who, laptop)
    later, passkeys = await kari.sign_in(), kari.staff.passkeys
    with pytest.raises(ProofRefused):
        await passkeys.open(later, spelled(phone.id), spelled(laptop.secret))
    for place in (0, 31):
        changed = bytearray(phone.secret)
        changed[place] ^= 1
        with pytest.raises(ProofRefused):
            await passkeys.open(later, spelled(phone.id), spelled(bytes(changed)))
    with pytest.raises(PasskeyUnknown):
        await passkeys.open(later, spelled(os.urandom(40)), spelled(phone.secret))
    events = [event.event for event in await kari.staff.security_log.since(kari.office.clock() - A_DAY)]
    assert {"passkey_added", "passkey_failed"} <= set(events)


async def test_a_passkey_of_another_account_is_unknown_here(kari: Kari, office: Office) -> None:
    phone = Authenticator()
    await kari.add(await kari.sign_in(), phone)
    _, link = await office.add("Ola", "professional")
    ola = await kari.sign_in(link, "Ola")
    with pytest.raises(PasskeyUnknown):
        await kari.staff.passkeys.open(ola, spelled(phone.id), spelled(phone.secret))
    (hers,) = await kari.staff.passkeys.all((await kari.sign_in()).member.id)
    with pytest.raises(PasskeyUnknown):
        await kari.staff.passkeys.remove(ola, hers.id, with_key=True)
    assert await kari.can_be_sent_to()


async def test_only_who_has_opened_the_key_adds_a_way_to_it(kari: Kari) -> None:
    await kari.add(await kari.sign_in(), Authenticator())
    later = await kari.sign_in()
    with pytest.raises(KeyNotOpen):
        await kari.staff.passkeys.add(later, Authenticator().form)
    with pytest.raises(KeyNotOpen):
        await kari.staff.key_passwords.choose(later, PASSWORD, PASSWORD)
    assert len(await kari.staff.passkeys.all(later.member.id)) == 1


async def test_with_the_last_way_the_key_goes_and_no_other_session_brings_it_back(kari: Kari) -> None:
    phone, laptop = Authenticator(), Authenticator()
    who = await kari.add(await kari.sign_in(), phone)
    sealed = await kari.seal()
    who = await kari.add(who, laptop)
    elsewhere = await kari.open(await kari.sign_in(), laptop)
    first, second = await kari.staff.passkeys.all(who.member.id)
    assert not await kari.staff.passkeys.remove(who, first.id, with_key=False)
    with pytest.raises(PasskeyUnknown):
        await kari.open(await kari.sign_in(), phone)
    assert await kari.can_be_sent_to()
    with pytest.raises(LastWay):
        await kari.staff.passkeys.remove(who, second.id, with_key=False)
    assert opens(await kari.open(await kari.sign_in(), laptop), sealed), "nothing was removed"
    assert await kari.staff.passkeys.remove(who, second.id, with_key=True)
    assert not await kari.can_be_sent_to()
    assert not await kari.staff.lasting_keys.is_made(who.member.id)
    # the other session still holds the removed key; what it adds now opens a new one
    await kari.add(elsewhere, phone)
    assert not opens(await kari.open(await kari.sign_in(), phone), sealed)


async def test_a_forgotten_password_goes_alone_while_a_passkey_is_left(kari: Kari) -> None:
    phone = Authenticator()
    who = await kari.add(await kari.sign_in(), phone)
    sealed = await kari.seal()
    await kari.staff.key_passwords.choose(who, PASSWORD, PASSWORD)
    with pytest.raises(RequestReused):
        await kari.staff.key_passwords.choose(who, PASSWORD, PASSWORD)
    assert not await kari.staff.key_passwords.forget(who, with_key=False)
    with pytest.raises(ProofRefused):
        await kari.staff.key_passwords.open(who, PASSWORD)
    assert opens(await kari.open(await kari.sign_in(), phone), sealed)


async def test_of_two_passkeys_removed_at_once_one_stays_with_the_key(kari: Kari) -> None:
    """Neither page said that the key would go."""
    who = await kari.add(await kari.sign_in(), Authenticator())
    who = await kari.add(who, Authenticator())
    passkeys = kari.staff.passkeys
    removals = [passkeys.remove(who, row.id, with_key=False) for row in await passkeys.all(who.member.id)]
    done = await asyncio.gather(*removals, return_exceptions=True)
    assert {type(one) for one in done} == {bool, LastWay}
    assert len(await passkeys.all(who.member.id)) == 1
    assert await kari.can_be_sent_to()


async def test_giving_the_key_up_keeps_what_the_session_opened_itself(kari: Kari) -> None:
    """Also if the lasting key was never opened in it."""
    who = await kari.sign_in()
    await kari.add(await kari.sign_in(), Authenticator())
    assert await kari.staff.sign_ins.give_up(who) == who
    assert (await kari.again(who)).private_key == who.private_key


async def test_a_disabled_or_reset_account_opens_and_adds_nothing(kari: Kari, office: Office) -> None:
    phone = Authenticator()
    who = await kari.add(await kari.sign_in(), phone)
    await office.staff.accounts.disable(who.member.id)
    with pytest.raises(StaffSessionEnded):
        await kari.staff.passkeys.add(who, Authenticator().form)
    with pytest.raises(StaffSessionEnded):
        await kari.again(who)
    await office.staff.accounts.enable(who.member.id)
    await office.staff.accounts.reset(who.member.id)
    assert await office.database.read(lambda c: list_passkeys(c, who.member.id)) == []
    with pytest.raises(PasskeyUnknown):
        await kari.staff.passkeys.open(who, spelled(phone.id), spelled(phone.secret))


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("credential", ""),
        ("credential", "A"),
        ("credential", "æøå"),
        ("credential", "A" * 1368),
        ("credential", "not base64!"),
        ("salt", ""),
        ("salt", spelled(bytes(31))),
        ("secret", ""),
        ("secret", spelled(bytes(33))),
        ("secret", "A" * 100_000),
    ],
)
async def test_what_no_passkey_sends_is_refused(kari: Kari, field: str, text: str) -> None:
    who, form = await kari.sign_in(), vars(Authenticator().form)
    with pytest.raises(PasskeyUnread) as refused:
        await kari.staff.passkeys.add(who, NewPasskey(**(form | {field: text})))
    assert refused.value.__cause__ is None
    assert not refused.value.args, "nothing of it is in the error"
    if field != "salt":
        sent = {"credential": form["credential"], "secret": form["secret"]} | {field: text}
        with pytest.raises(PasskeyUnread):
            await kari.staff.passkeys.open(who, sent["credential"], sent["secret"])
    assert not await kari.can_be_sent_to()


async def test_a_name_is_one_line_and_not_too_long(kari: Kari) -> None:
    who = await kari.add(await kari.sign_in(), Authenticator("  Min\0 \n mobil\t"))
    who = await kari.add(who, Authenticator(" "))
    assert [row.name for row in await kari.staff.passkeys.all(who.member.id)] == ["Min mobil", ""]
    with pytest.raises(TextTooLong):
        await kari.staff.passkeys.add(who, Authenticator("m" * 101).form)


async def test_there_is_room_for_ten(kari: Kari) -> None:
    who = await kari.sign_in()
    for _ in range(PASSKEYS_MOST):
        who = await kari.add(who, Authenticator())
    with pytest.raises(TooManyPasskeys):
        await kari.staff.passkeys.add(who, Authenticator().form)


async def test_a_stolen_database_has_neither_the_answer_nor_the_key(kari: Kari, settings: Settings) -> None:
    phone = Authenticator()
    who = await kari.add(await kari.sign_in(), phone)
    stored = b"".join(path.read_bytes() for path in settings.data.glob("words.db*"))
    assert phone.id in stored
    for secret in (phone.secret, who.private_key):
        assert secret not in stored
        assert spelled(secret).encode() not in stored
        assert secret.hex().encode() not in stored
    assert spelled(phone.secret) not in repr(phone.form)


async def test_the_answer_opens_nothing_under_another_pepper(kari: Kari) -> None:
    phone = Authenticator()
    who = await kari.add(await kari.sign_in(), phone)
    thief = type(kari.staff.passkeys)(
        kari.office.database, Pepper(1, bytes(32)), kari.staff.lasting_keys, kari.office.clock
    )
    with pytest.raises(ProofRefused):
        await thief.open(who, spelled(phone.id), spelled(phone.secret))
    row = await kari.office.database.read(lambda c: find_staff(c, who.member.id))
    assert row is not None
    assert row.public_key == who.member.public_key
