"""Coming and going: who is known, for how long, and what is left when they go."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from support.house import House
from support.markers import hits

from assistant.config import Settings
from assistant.errors import NotFound, SealBroken, SecretUnknown, SessionEnded
from assistant.meetings.notebook import end_of_hour
from assistant.retention import RELEASED
from assistant.service.notebook.sessions import Device, SignedInUser
from assistant.service.notebook.signed_in_user import SessionContent
from assistant.storage.schema import metadata, notebooks, requests, sessions
from assistant.vault.session_keys import wrap_session

MOMENT = timedelta(seconds=1)


async def count(house: House, table: str) -> int:
    rows = select(func.count()).select_from(metadata.tables[table])
    return await house.database.read(lambda connection: connection.scalar(rows)) or 0


async def link_of(house: House, who: SignedInUser) -> str:
    link = (await house.visits.notebook(who)).link
    assert link is not None, "a new notebook has a link"
    return link


async def test_somebody_new_is_known_by_their_cookie(house: House) -> None:
    who, meeting = await house.visits.begin("nn")
    known = await house.visits.recognise(who.secret)
    assert known == who
    assert (known.language, known.device) == ("nn", "borrowed")
    assert (await house.visits.notebook(known)).meetings == (meeting,)


@pytest.mark.parametrize("secret", ["", "x", "A" * 43, "\udcff", "\0"])
async def test_a_cookie_that_opens_nothing_is_nobodys(house: House, secret: str) -> None:
    await house.visits.begin("nb")
    with pytest.raises(SessionEnded):
        await house.visits.recognise(secret)


async def test_a_session_that_another_version_wrote_is_over(house: House) -> None:
    """A server that goes back to an earlier version meets sessions with fields that it does not know."""
    who, _ = await house.visits.begin("nb")
    later = wrap_session(who.secret, b'{"of a later version": true}')
    change = update(sessions).values(sealed=later)
    await house.database.write(lambda connection: connection.execute(change))
    with pytest.raises(SessionEnded):
        await house.visits.recognise(who.secret)


@pytest.mark.parametrize("device", ["own", "borrowed"])
async def test_a_browser_is_known_as_long_as_the_device_allows(house: House, device: Device) -> None:
    who, _ = await house.visits.begin("nb")
    who = await house.visits.remember(who, device)
    house.clock.pass_by((RELEASED.own_browser if device == "own" else RELEASED.borrowed_browser) - MOMENT)
    assert (await house.visits.recognise(who.secret)).device == device
    house.clock.pass_by(MOMENT)
    with pytest.raises(SessionEnded):
        await house.visits.recognise(who.secret)


async def test_the_link_lets_in_from_anywhere_and_counts_as_borrowed(house: House) -> None:
    who, _ = await house.visits.begin("nb")
    who = await house.visits.remember(who, "own")
    link = await link_of(house, who)
    there, notebook = await house.visits.come_back(f" https://example.no/nb/r#{link.upper()}\n", "en")
    assert there.owner == who.owner
    assert there.secret != who.secret
    assert (there.language, there.device) == ("en", "borrowed")
    assert notebook == await house.visits.notebook(who)


@pytest.mark.parametrize("typed", ["", "x", "0123-4567-89ab-cdef-ghjk-mnp-qrs", "0" * 26, "#", "\0"])
async def test_a_link_that_opens_nothing_is_unknown(house: House, typed: str) -> None:
    await house.visits.begin("nb")
    with pytest.raises(SecretUnknown):
        await house.visits.come_back(typed, "nb")
    assert await count(house, "sessions") == 1


async def test_leaving_locks_this_browser_only(house: House) -> None:
    who, _ = await house.visits.begin("nb")
    link = await link_of(house, who)
    there, _ = await house.visits.come_back(link, "nb")
    await house.visits.leave(who.secret)
    with pytest.raises(SessionEnded):
        await house.visits.recognise(who.secret)
    assert await house.visits.recognise(there.secret) == there


async def test_deleting_ends_everything_everywhere(house: House) -> None:
    who, meeting = await house.visits.begin("nb")
    link = await link_of(house, who)
    there, _ = await house.visits.come_back(link, "nb")
    await house.visits.delete_everything(who)
    for table in ("notebooks", "documents", "slots", "sessions", "requests"):
        assert await count(house, table) == 0
    with pytest.raises(SessionEnded):
        await house.visits.recognise(there.secret)
    with pytest.raises(SecretUnknown):
        await house.visits.come_back(link, "nb")
    # also for a browser that was let in a moment before
    with pytest.raises(SessionEnded):
        await house.standing(there, meeting)


async def test_a_notebook_nothing_was_answered_in_goes_after_a_day(house: House) -> None:
    await house.visits.begin("nb")
    house.clock.pass_by(timedelta(days=1) - MOMENT)
    await house.visits.sweep(house.clock())
    assert await count(house, "notebooks") == 1
    house.clock.pass_by(2 * MOMENT)
    await house.visits.sweep(house.clock())
    for table in ("notebooks", "documents", "slots", "sessions"):
        assert await count(house, table) == 0


async def test_a_notebook_is_kept_a_year_from_the_last_answer(house: House) -> None:
    who, meeting = await house.visits.begin("nb")
    await house.reply(who, meeting, "answer", "r1", option="first")
    house.clock.pass_by(timedelta(days=300))
    link = await link_of(house, who)
    who, _ = await house.visits.come_back(link, "nb")
    await house.reply(who, meeting, "skip", "r2")
    until = end_of_hour(house.clock() + timedelta(days=365))
    assert (await house.standing(who, meeting)).kept_until == until
    # the row by which it is deleted says the same
    row = await house.database.read(lambda c: c.execute(select(notebooks.c.kept_until)).scalar_one())
    assert row == until
    house.clock.pass_by(timedelta(days=364))
    await house.visits.sweep(house.clock())
    assert await count(house, "notebooks") == 1
    house.clock.pass_by(timedelta(days=2))
    await house.visits.sweep(house.clock())
    assert await count(house, "notebooks") == 0


async def test_sweeping_takes_what_is_over_and_nothing_else(house: House) -> None:
    who, meeting = await house.visits.begin("nb")
    await house.reply(who, meeting, "skip", "old")
    house.clock.pass_by(timedelta(hours=71))
    link = await link_of(house, who)
    who, _ = await house.visits.come_back(link, "nb")
    await house.reply(who, meeting, "skip", "new")
    house.clock.pass_by(timedelta(hours=2))
    await house.visits.sweep(house.clock())
    kept = await house.database.read(
        lambda connection: connection.scalars(select(requests.c.request_id)).all()
    )
    assert kept == ["new"]
    assert await count(house, "sessions") == 0
    assert await count(house, "notebooks") == 1


async def test_what_was_kept_until_its_time_is_gone_from_every_file(house: House, settings: Settings) -> None:
    who, meeting = await house.visits.begin("nb")
    await house.reach(who, meeting, "matters/now")
    await house.reply(who, meeting, "answer", "said", statement__new1="Færre folk")
    with closing(sqlite3.connect(settings.data / "words.db")) as connection:
        kept = [bytes(row[0]) for row in connection.execute("SELECT sealed FROM documents")]
    assert all(hits([box], settings.data) for box in kept), "the search sees what is there"
    house.clock.pass_by(timedelta(days=366))
    await house.visits.sweep(house.clock())
    assert hits(kept, settings.data) == []


async def test_nothing_tells_its_secrets_when_it_is_shown(house: House) -> None:
    who, _ = await house.visits.begin("nb")
    assert who.secret not in repr(who)
    assert who.owner.key.hex() not in repr(who)
    assert repr(who.owner.key) not in repr(who)


async def test_two_notebooks_know_nothing_of_each_other(house: House) -> None:
    mine, meeting = await house.visits.begin("nb")
    other, _ = await house.visits.begin("nb")
    with pytest.raises(NotFound):
        await house.standing(other, meeting)
    # even with the right name of the notebook, the key does not fit
    mixed = type(other)(type(other.owner)(mine.owner.notebook_id, other.owner.key), other.secret, "nb", "own")
    with pytest.raises(SealBroken):
        await house.standing(mixed, meeting)


async def held(house: House, lasts: timedelta, device: Device = "borrowed") -> SignedInUser:
    """A browser that a guided session holds open for so long."""
    who, _ = await house.visits.begin("nb")
    who = await house.visits.remember(who, device)
    return await house.visits.hold(who, house.clock() + lasts)


async def test_a_borrowed_browser_that_only_listens_is_open_until_its_time_and_then_locked(
    house: House,
) -> None:
    who = await held(house, timedelta(minutes=70))
    house.clock.pass_by(timedelta(minutes=50))
    assert await house.visits.recognise(who.secret) == who
    house.clock.pass_by(timedelta(minutes=20) - MOMENT)
    assert await house.visits.recognise(who.secret) == who
    house.clock.pass_by(MOMENT)
    with pytest.raises(SessionEnded):
        await house.visits.recognise(who.secret)


async def test_nothing_that_is_done_meanwhile_makes_a_held_browser_lock_sooner(house: House) -> None:
    who = await held(house, timedelta(minutes=70))
    (meeting,) = (await house.visits.notebook(who)).meetings
    await house.reply(who, meeting, "skip", "r")
    who = await house.visits.speak(who, "en")
    who = await house.visits.recognise(who.secret, use="look")
    who = await house.visits.recognise(who.secret, use="act")
    house.clock.pass_by(timedelta(minutes=70) - MOMENT)
    assert (await house.visits.recognise(who.secret)).language == "en"
    who = await house.visits.recognise(who.secret, use="act")
    house.clock.pass_by(RELEASED.borrowed_browser - MOMENT)
    assert await house.visits.recognise(who.secret), "after the time it is open as long as any other"
    house.clock.pass_by(MOMENT)
    with pytest.raises(SessionEnded):
        await house.visits.recognise(who.secret)


async def test_a_browser_let_go_locks_at_its_new_time_and_viewing_adds_nothing(house: House) -> None:
    who = await held(house, timedelta(minutes=70))
    ten = timedelta(minutes=10)
    who = await house.visits.let_go(who, house.clock() + ten)
    again = await house.visits.let_go(who, house.clock() + ten + ten)
    assert again == who, "it is let go once"
    house.clock.pass_by(ten - MOMENT)
    assert (await house.visits.recognise(who.secret, use="look")).until == house.clock() + MOMENT
    house.clock.pass_by(MOMENT)
    with pytest.raises(SessionEnded):
        await house.visits.recognise(who.secret, use="look")


async def test_an_act_after_a_browser_was_let_go_keeps_it_open_as_any_other(house: House) -> None:
    who = await held(house, timedelta(minutes=70))
    who = await house.visits.let_go(who, house.clock() + timedelta(minutes=10))
    house.clock.pass_by(timedelta(minutes=9))
    await house.visits.recognise(who.secret, use="act")
    house.clock.pass_by(RELEASED.borrowed_browser - MOMENT)
    assert await house.visits.recognise(who.secret)


async def test_ones_own_device_is_neither_held_nor_let_go(house: House) -> None:
    who = await held(house, timedelta(minutes=70), "own")
    assert who.held_until is None
    assert await house.visits.let_go(who, house.clock()) == who
    house.clock.pass_by(RELEASED.own_browser - MOMENT)
    assert await house.visits.recognise(who.secret) == who


def test_a_session_from_before_there_were_guided_ones_is_not_held() -> None:
    stored = '{"notebook_id": "n", "key": "00", "language": "nb", "device": "borrowed"}'
    assert SessionContent.model_validate_json(stored).held_until is None
