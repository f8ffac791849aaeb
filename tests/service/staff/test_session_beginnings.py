"""Between who someone is and their session, an account may be reset, linked, or given another password."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
from datetime import timedelta

import pytest

from assistant.errors import ProofRefused, StaffSessionEnded
from assistant.service.staff.account_setup import NewPassword
from assistant.service.staff.provided_sign_in import ProvidedIdentity
from service.staff.test_accounts import PASSWORD, Office, office  # noqa: F401

LASTS = timedelta(hours=8)
KARI = ProvidedIdentity("https://issuer.example", "kari", "kari", "")


async def test_no_session_begins_with_a_password_that_was_changed_meanwhile(office: Office) -> None:
    who = await office.sign_in(await office.join("Kari", "professional"))
    late = await office.prove("kari", PASSWORD, office.code("Kari"))
    await office.staff.welcomes.change_password(who, NewPassword(PASSWORD, PASSWORD * 2, PASSWORD * 2))
    await office.staff.sign_ins.begin_anew(who)
    with pytest.raises(StaffSessionEnded):
        await office.sign_in(late)
    assert await office.sign_in(await office.prove("kari", PASSWORD * 2, office.code("Kari")))


async def test_nor_for_an_account_that_was_reset(office: Office) -> None:
    settled = await office.join("Kari", "professional")
    late = await office.prove("kari", PASSWORD, office.code("Kari"))
    await office.staff.accounts.reset(settled.staff_id)
    with pytest.raises(StaffSessionEnded):
        await office.sign_in(late)


async def test_nor_with_the_password_of_an_account_that_was_linked_meanwhile(office: Office) -> None:
    who = await office.sign_in(await office.join("Kari", "professional"))
    late = await office.prove("kari", PASSWORD, office.code("Kari"))
    provided = office.staff.provided
    linked = await provided.link_own(late.staff_id, provided.bound_to(who), KARI, LASTS)
    with pytest.raises(StaffSessionEnded):
        await office.sign_in(late)
    assert await office.sign_in(linked)


async def test_nor_at_the_provider_for_an_account_that_was_reset_meanwhile(office: Office) -> None:
    _, link = await office.add("Kari", "professional")
    proved = await office.staff.provided.link_by_invitation(link, "", KARI, LASTS)
    await office.sign_in(proved)
    late = await office.staff.provided.sign_in(KARI, LASTS)
    await office.staff.accounts.reset(proved.staff_id)
    with pytest.raises(StaffSessionEnded):
        await office.sign_in(late)


async def test_a_new_password_ends_the_other_sessions_in_the_same_write(office: Office) -> None:
    who = await office.sign_in(await office.join("Kari", "professional"))
    thief = await office.sign_in(await office.prove("kari", PASSWORD, office.code("Kari")))
    await office.staff.welcomes.change_password(who, NewPassword(PASSWORD, PASSWORD * 2, PASSWORD * 2))
    with pytest.raises(StaffSessionEnded):
        await office.staff.sign_ins.recognise(thief.secret)
    assert await office.staff.sign_ins.recognise(who.secret), "it goes on under a new cookie next"


async def test_a_proof_is_that_of_the_account_and_not_of_who_has_its_name_now(office: Office) -> None:
    who = await office.sign_in(await office.join("Kari", "administrator"))
    await office.staff.accounts.rename(who.member.id, "Kari Berg")
    other = await office.join("Ola", "professional")
    await office.staff.accounts.rename(other.staff_id, "Kari")
    with pytest.raises(ProofRefused):
        await office.passwords.typed_again(who, PASSWORD, office.code("Ola")).prove()
    proved = await office.passwords.typed_again(who, PASSWORD, office.code("Kari")).prove()
    assert proved.staff_id == who.member.id
