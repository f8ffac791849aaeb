"""The seat, with a thief who has the database and everything a facilitator's session holds."""

import sqlite3
from contextlib import closing, suppress
from random import Random

import pytest
from support.effort import THOROUGH
from support.guiding import Guiding, Participant

from assistant.config import Settings
from assistant.errors import GuidedSessionOver, NotFound, SealBroken, TooManyMessages
from assistant.meetings.guided.participation import Scope
from assistant.meetings.written_for import STOPS_AFTER
from assistant.service.guided.sealed_seats import seat_key_of
from assistant.service.guided.views import LedSeat
from assistant.service.preparation.written_for import approve, let_another_write, write_again
from assistant.service.staff.members import SignedInStaff
from assistant.storage.guided_seats import StoredSeat
from assistant.vault.guided_keys import open_as_facilitator
from assistant.vault.sealing import unseal


async def seat(guiding: Guiding, who: SignedInStaff, session_id: str) -> LedSeat:
    found = (await guiding.lead(who, session_id)).seat
    assert found is not None
    return found


def words(found: LedSeat) -> str:
    return "" if found.shown is None else found.shown.model_dump_json()


async def beside(guiding: Guiding) -> tuple[SignedInStaff, str, Participant]:
    """A peer worker beside one person, who has said a wish."""
    led = await guiding.lead(peder := await guiding.peer_worker(), await guiding.open(peder, "one"))
    return peder, led.id, await guiding.join(led.code or "")


async def test_nothing_is_seen_until_it_is_shown_and_not_after_it_is_taken_back(guiding: Guiding) -> None:
    peder, session_id, anne = await beside(guiding)
    before = await guiding.guided.sessions.stand(peder, session_id)
    (wish,) = await guiding.wish(anne, new1="Mer ro")
    assert (await seat(guiding, peder, session_id)).shown is None
    assert await guiding.guided.sessions.stand(peder, session_id) == before, "writing is not told"
    await guiding.guided.seats.show(anne.who, anne.meeting.id, [wish])
    assert "Mer ro" in words(await seat(guiding, peder, session_id))
    assert await guiding.guided.sessions.stand(peder, session_id) > before
    await guiding.guided.seats.take_back(anne.who, anne.meeting.id, [wish])
    assert "Mer ro" not in words(await seat(guiding, peder, session_id))


async def test_a_turn_rewrites_the_seat(guiding: Guiding) -> None:
    peder, session_id, anne = await beside(guiding)
    (wish,) = await guiding.wish(anne, new1="Mer ro")
    await guiding.guided.seats.show(anne.who, anne.meeting.id, [wish])
    await guiding.wish(anne, **{wish: "Mye mer ro"})
    found = words(await seat(guiding, peder, session_id))
    assert "ro" not in found.replace("peer_session", "")
    own = await guiding.guided.seats.of(anne.who, anne.meeting.id)
    (piece,) = [piece for piece in own.pieces if piece.id == wish]
    assert own.state_of(piece) == "changed"
    await guiding.guided.seats.show(anne.who, anne.meeting.id, [wish])
    assert "Mye mer ro" in words(await seat(guiding, peder, session_id))


@pytest.mark.parametrize("scope", ["shown", "answers"])
async def test_what_another_person_wrote_is_in_no_seat_before_the_user_has_read_it(
    guiding: Guiding, scope: Scope
) -> None:
    peder, session_id, anne = await beside(guiding)
    seats, preparations = guiding.guided.seats, guiding.house.preparations
    (wish,) = await guiding.wish(anne, new1="Mer ro")
    await seats.set_scope(anne.who, anne.meeting.id, scope)
    await preparations.change_writing(anne.who, anne.meeting.id, let_another_write(anne.who))
    wish, theirs = await guiding.wish(anne, **{wish: "Mer ro"}, new1="Flere samtaler")
    await seats.show(anne.who, anne.meeting.id, [wish, theirs])
    found = words(await seat(guiding, peder, session_id))
    assert ("Mer ro" in found, "Flere samtaler" in found) == (True, False)
    await preparations.change_writing(anne.who, anne.meeting.id, write_again)
    await preparations.change_writing(anne.who, anne.meeting.id, approve(anne.who, theirs, 1))
    is_wide = scope == "answers"
    assert ("Flere samtaler" in words(await seat(guiding, peder, session_id))) == is_wide
    await seats.show(anne.who, anne.meeting.id, [theirs])
    assert "Flere samtaler" in words(await seat(guiding, peder, session_id))


@pytest.mark.parametrize("how", ["ended early", "its time is over", "left"])
async def test_another_person_writes_no_longer_than_the_guided_session_they_began_in(
    guiding: Guiding, how: str
) -> None:
    peder, session_id, anne = await beside(guiding)
    preparations, clock = guiding.house.preparations, guiding.house.clock
    ends_at = (await guiding.lead(peder, session_id)).ends_at
    await preparations.change_writing(anne.who, anne.meeting.id, let_another_write(anne.who))
    (wish,) = await guiding.wish(anne, new1="Mer ro")
    assert (await guiding.house.standing(anne.who, anne.meeting)).is_by_another
    if how == "ended early":
        await guiding.guided.sessions.end(peder, session_id)
    elif how == "left":
        await guiding.guided.joining.leave(anne.who, anne.meeting.id)
    else:
        while clock() < ends_at - STOPS_AFTER / 2:
            clock.pass_by(STOPS_AFTER / 2)
            await guiding.wish(anne, **{wish: f"Mer ro {clock()}"})
        assert (await guiding.house.standing(anne.who, anne.meeting)).is_by_another
        clock.pass_by(STOPS_AFTER / 2)
    found = await guiding.house.standing(anne.who, anne.meeting)
    assert not found.is_by_another
    assert found.unread, "what was written meanwhile is still to be read"


async def test_messages_go_both_ways_once_and_end_with_the_session(guiding: Guiding) -> None:
    peder, session_id, anne = await beside(guiding)
    for _ in range(2):
        await guiding.guided.seats.say(anne.who, anne.meeting.id, "Kan vi vente?", "r1")
        await guiding.guided.seats.say_to(peder, session_id, "Mer ro rundt meg", "wishes/wish", "r1")
    own = await guiding.guided.seats.of(anne.who, anne.meeting.id)
    assert [(one.by, one.at, one.text) for one in own.messages] == [
        ("user", None, "Kan vi vente?"),
        ("facilitator", "wishes/wish", "Mer ro rundt meg"),
    ]
    assert (await seat(guiding, peder, session_id)).messages == own.messages
    for number in range(28):
        await guiding.guided.seats.say(anne.who, anne.meeting.id, "Hei", f"n{number}")
    with pytest.raises(TooManyMessages):
        await guiding.guided.seats.say(anne.who, anne.meeting.id, "Hei", "one more")
    await guiding.guided.sessions.end(peder, session_id)
    with pytest.raises(GuidedSessionOver):
        await guiding.guided.seats.of(anne.who, anne.meeting.id)


async def test_in_a_group_nobody_has_a_seat(guiding: Guiding) -> None:
    led = await guiding.lead(peder := await guiding.peer_worker(), await guiding.open(peder))
    anne = await guiding.join(led.code or "")
    with pytest.raises(NotFound):
        await guiding.guided.seats.of(anne.who, anne.meeting.id)
    with pytest.raises(NotFound):
        await guiding.guided.seats.say_to(peder, led.id, "Hei", None, "r")


class Facilitators:
    """Somebody with the database, the pepper and a facilitator's private key: what the keys they ever held
    open.
    """

    def __init__(self, settings: Settings, who: SignedInStaff) -> None:
        self._path = settings.data / "words.db"
        self._who = who
        self._keys: set[tuple[bytes, bytes]] = set()
        self._seat_keys: set[bytes] = set()

    def read(self) -> str:
        """Everything that any key they ever held opens in the database now."""
        with closing(sqlite3.connect(self._path)) as connection:
            for session_id, staff_id, sealed in connection.execute("SELECT * FROM guided_facilitators"):
                with suppress(SealBroken):
                    keys = open_as_facilitator(self._who.private_key, session_id, staff_id, sealed)
                    self._keys.add(keys)
            stored = [StoredSeat(*row) for row in connection.execute("SELECT * FROM guided_seats")]
        found = ""
        for one in stored:
            for _, private in self._keys:
                with suppress(SealBroken):
                    self._seat_keys.add(seat_key_of(one, private))
            for key in self._seat_keys:
                with suppress(SealBroken):
                    if one.shown is not None:
                        at = {"owner": one.arrival_id, "name": "shown"}
                        found += unseal(key, one.shown, **at, revision=one.revision).decode()
        return found

    def sealed(self) -> list[bytes]:
        """Every sealed part of a seat, to look for in the files later."""
        with closing(sqlite3.connect(self._path)) as connection:
            rows = connection.execute("SELECT shown FROM guided_seats WHERE shown IS NOT NULL")
            return [bytes(shown[-64:]) for (shown,) in rows]


@pytest.mark.parametrize("seed", range(12 if THOROUGH else 3))
async def test_a_thief_with_every_key_reads_what_is_shown_and_nothing_else(
    guiding: Guiding, settings: Settings, seed: int
) -> None:
    chance = Random(seed)
    peder, session_id, anne = await beside(guiding)
    thief, lain = Facilitators(settings, peder), set[bytes]()
    ids: list[str] = []
    texts: dict[str, str] = {}
    for number in range(18):
        act = chance.choice(("say", "edit", "show", "show", "back", "scope", "leave"))
        if act == "say" and len(ids) < 5:
            said = f"ord{seed}-{number}!"
            kept = {id_: texts[id_] for id_ in ids}
            ids = await guiding.wish(anne, **kept, new1=said)
            texts[ids[-1]] = said
        elif act == "edit" and ids:
            texts[id_ := chance.choice(ids)] = f"nytt{seed}-{number}!"
            await guiding.wish(anne, **{one: texts[one] for one in ids})
            assert id_ in ids
        elif act == "show" and ids:
            await guiding.guided.seats.show(anne.who, anne.meeting.id, [chance.choice(ids)])
        elif act == "back" and ids:
            await guiding.guided.seats.take_back(anne.who, anne.meeting.id, [chance.choice(ids)])
        elif act == "scope":
            scope: Scope = chance.choice(("nothing", "shown", "question", "answers"))
            await guiding.guided.seats.set_scope(anne.who, anne.meeting.id, scope)
        elif act == "leave":
            await guiding.guided.joining.leave(anne.who, anne.meeting.id)
            assert thief.read() == ""
            await guiding.join((await guiding.lead(peder, session_id)).code or "", f"{number}", anne)
        own = await guiding.guided.seats.of(anne.who, anne.meeting.id)
        shown = own.shown.model_dump_json()
        read = thief.read()
        for text in texts.values():
            assert (text in read) == (text in shown), (act, number)
        lain.update(thief.sealed())
    await guiding.guided.sessions.end(peder, session_id)
    assert thief.read() == ""
    files = b"".join(path.read_bytes() for path in settings.data.iterdir() if path.name.startswith("words"))
    assert not [piece for piece in lain if piece in files]
