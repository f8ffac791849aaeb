"""Each row of the table of permissions decides: without it the act is refused, with it the act is done."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import Colleague, as_colleague, in_role
from support.inviting import FACTS
from support.page import Page, Submission
from support.person import NewPerson, Person
from support.reviewing import WISH, Both, beside, marks, met, prepared
from support.sharing import choose, code_of, share

from assistant.meetings import permissions as permissions
from assistant.meetings.permissions import ACTS, Act
from web.peer.test_guided_sessions import code_of as session_code
from web.peer.test_guided_sessions import join, open_session


@dataclass
class House:
    """A user, a professional, an administrator and a peer worker, each at a browser."""

    user: Person
    professional: Colleague
    administrator: Colleague
    peer_worker: Colleague
    new_account: str

    async def preview(self) -> Page:
        """What is about to be shared."""
        return await choose(self.user, (await prepared(self.user))[0])

    async def shared(self) -> Page:
        """What is shared, on the user's page."""
        return await share(self.user, await self.preview())

    async def review(self) -> Both:
        """The share, opened by the professional who sits with the user."""
        return await met(self.user, self.professional)

    async def account(self) -> Page:
        """The administrator's page about somebody else."""
        return await self.administrator.open(f"/admin/staff/{self.new_account}")

    async def session(self, form: str) -> Page:
        """A guided session as the peer worker leads it, with the user in it."""
        lead = await open_session(self.peer_worker, form)
        await join(self.user, session_code(lead))
        return await self.peer_worker.open(lead.path)


Attempt = tuple[Person, Submission | str]
"""Who tries, and the form they send or the page they go to."""


async def to_share(house: House) -> Attempt:
    return house.user, (await house.preview()).form("share").press()


async def to_change_share(house: House) -> Attempt:
    return house.user, (await house.shared()).form("code").press()


async def to_withdraw(house: House) -> Attempt:
    page = await house.user.open(f"{(await house.shared()).path}/withdraw")
    return house.user, page.form("withdraw").press()


async def to_see_audit(house: House) -> Attempt:
    return house.user, (await house.shared()).path


async def to_go_through(house: House) -> Attempt:
    page = await (await house.review()).my_page()
    return house.user, beside(page, WISH, "user").write("words", "Mitt.").press()


async def to_invite(house: House) -> Attempt:
    page = await house.professional.open("/desk/invitations")
    form = page.form("invite").take("kind", "care_team").write("place", FACTS["place"])
    return house.professional, form.press()


async def to_enter_code(house: House) -> Attempt:
    code, page = code_of(await house.shared()), await house.professional.open("/d")
    return house.professional, page.form("open").write("link", code).press()


async def to_open_share(house: House) -> Attempt:
    return house.professional, (await house.review()).desk


async def to_answer(house: House) -> Attempt:
    page = await (await house.review()).her_page()
    return house.professional, marks(page, WISH).press()


async def to_copy(house: House) -> Attempt:
    page = await (await house.review()).her_page()
    return house.professional, page.form("prepare").press()


async def to_open_guided_session(house: House) -> Attempt:
    page = await house.peer_worker.open("/desk/guided")
    return house.peer_worker, page.form("open-session").press()


async def to_lead(house: House) -> Attempt:
    return house.peer_worker, (await house.session("group")).form("lead").press("go:matters/now")


async def to_put_forward(house: House) -> Attempt:
    lead = await house.session("group")
    return house.peer_worker, lead.form("lead").press("go:matters/now").instead("act", "out:nothing")


async def to_see_seat(house: House) -> Attempt:
    return house.peer_worker, f"{(await house.session('one')).path}/screen"


async def to_offer_words(house: House) -> Attempt:
    return house.peer_worker, (await house.session("one")).form("say").write("text", "Ord").press("say")


async def to_use_desk(house: House) -> Attempt:
    return house.professional, "/desk"


async def to_use_own_account(house: House) -> Attempt:
    return house.professional, "/staff/account"


async def to_see_staff(house: House) -> Attempt:
    return house.administrator, "/admin/staff"


async def to_add_staff(house: House) -> Attempt:
    page = await house.administrator.open("/admin/staff")
    return house.administrator, page.form("add").write("name", "Ny").choose("role", "peer_worker").press()


async def to_change_roles(house: House) -> Attempt:
    return house.administrator, (await house.account()).form("roles").choose("role", "peer_worker").press()


async def to_disable_staff(house: House) -> Attempt:
    return house.administrator, (await house.account()).form("disable").press()


async def to_reset_staff(house: House) -> Attempt:
    page = await house.administrator.open(f"/admin/staff/{house.new_account}/reset")
    return house.administrator, page.form("reset").press()


async def to_rename_staff(house: House) -> Attempt:
    return house.administrator, (await house.account()).form("rename").write("name", "Nytt Navn").press()


async def to_remove_staff(house: House) -> Attempt:
    await house.administrator.send((await house.account()).form("disable").press())
    page = await house.administrator.open(f"/admin/staff/{house.new_account}/remove")
    return house.administrator, page.form("remove").press()


ATTEMPTS: Mapping[str, Callable[[House], Awaitable[Attempt]]] = {
    name.removeprefix("to_"): attempt for name, attempt in globals().items() if name.startswith("to_")
}


async def attempted(attempt: Attempt) -> int:
    """What the server answers to it."""
    who, what = attempt
    page = await (who.open(what) if isinstance(what, str) else who.send(what, follow=False))
    return page.status


def test_every_row_of_the_table_is_tried() -> None:
    assert set(ATTEMPTS) == set(ACTS)


@pytest.mark.parametrize("act", ACTS)
async def test_an_act_is_refused_to_everybody_when_its_row_is_empty(
    app: web.Application, new_person: NewPerson, clock: Clock, monkeypatch: pytest.MonkeyPatch, act: Act
) -> None:
    professional, administrator, other, peer = [as_colleague(await new_person(), clock) for _ in range(4)]
    await in_role(app, peer, "peer_worker", name="Peder")
    await in_role(app, professional, "professional")
    await in_role(app, administrator, "administrator")
    other_id = await in_role(app, other, "professional")
    house = House(await new_person(), professional, administrator, peer, other_id)
    attempt = await ATTEMPTS[act](house)
    with monkeypatch.context() as patched:
        patched.setitem(permissions.MAY, act, frozenset())
        assert await attempted(attempt) in (404, 409)
    assert await attempted(attempt) in (200, 303)
