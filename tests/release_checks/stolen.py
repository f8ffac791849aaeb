"""Stolen databases: without the pepper nothing opens, with the pepper and one codename exactly one notebook.

Each is a database of its own with three notebooks, each with words, a private link and a codename.
Stretching is cheap here: how much a guess costs is another question than whether it opens anything. The
thief has every file but the keys folder, is told all links and codenames and even the salt, and tries:

* to find any word, link, codename or key in the files, in every spelling that `tests/support/markers.py`
  knows;
* every link and codename at the program's own door, with a pepper that they made;
* with the true pepper and salt: codenames that are nobody's, and then one that is somebody's, on every
  slot.
"""

import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from support.clock import Clock
from support.house import House
from support.markers import hits, new_marker
from support.quick import LOW_COST, our_texts

from assistant.errors import SealBroken, SecretUnknown
from assistant.service.broadcast import Broadcast
from assistant.service.dialogues import Dialogues
from assistant.service.key_slots import key_slot
from assistant.service.notebook.access import NotebookAccess
from assistant.service.notebook.sessions import Sessions
from assistant.service.preparation.preparations import Preparations
from assistant.service.stores import open_salt, open_stores
from assistant.storage.database import Database
from assistant.storage.key_slots import StoredKeySlot
from assistant.storage.schema import slots
from assistant.vault.codenames import new_codename
from assistant.vault.key_slots import CODENAME, open_slot
from assistant.vault.key_stretching import Stretching
from assistant.vault.pepper import Pepper

NOTEBOOKS = 3


@dataclass(frozen=True)
class Owner:
    """A person, and all that only they should have."""

    words: str
    link: str
    codename: str
    key: bytes


@dataclass
class Counts:
    """What the thief opened."""

    databases: int = 0
    found: int = 0
    opened_without_pepper: int = 0
    opened_by_guesses: int = 0
    opened_by_one_codename: int = 0


class Place:
    """The services on one folder, with keys in another."""

    def __init__(self, data: Path, keys: Path) -> None:
        self.database, self.pepper = open_stores(f"sqlite:///{data / 'words.db'}", keys)
        self.salt, clock, broadcast = open_salt(keys), Clock(), Broadcast()
        scripts = Dialogues(self.database, our_texts().dialogues)
        visits = Sessions(self.database, self.pepper, scripts, clock, broadcast)
        preparations = Preparations(self.database, scripts, clock, broadcast)
        self.scripts, self.clock = scripts, clock
        self.house = House(self.database, clock, scripts, visits, preparations, broadcast)
        self.ways = NotebookAccess(self.database, self.pepper, self.salt, visits, clock, broadcast, LOW_COST)

    async def close(self) -> None:
        self.ways.close()
        await self.database.close()


async def stolen(times: int) -> str:
    """Steal so many databases."""
    counts = Counts()
    for _ in range(times):
        with tempfile.TemporaryDirectory() as folder:
            await _steal_one(Path(folder), counts)
    assert counts.found == 0, f"{counts.found} secrets in the files"
    assert counts.opened_without_pepper == counts.opened_by_guesses == 0, counts
    assert counts.opened_by_one_codename == counts.databases, counts
    return (
        f"{counts.databases} stolen databases with {counts.databases * NOTEBOOKS} notebooks: "
        f"{counts.opened_without_pepper} opened without the pepper, {counts.opened_by_guesses} by "
        f"guesses with it; with it and one codename exactly 1 in each"
    )


async def _steal_one(folder: Path, counts: Counts) -> None:
    (folder / "data").mkdir()
    place = Place(folder / "data", folder / "keys")
    await place.scripts.publish(place.clock())
    owners = [await _write(place, number) for number in range(NOTEBOOKS)]
    await place.close()
    shutil.copytree(folder / "data", folder / "stolen")
    secrets = [part for one in owners for part in (one.words, one.link, one.key)]
    counts.databases += 1
    counts.found += len(hits(secrets, folder / "stolen"))
    # the words of a codename are words of the dialogues too, so it is looked for whole
    content = b"".join(path.read_bytes() for path in (folder / "stolen").iterdir())
    counts.found += sum(way.encode() in content for one in owners for way in spelled(one.codename))
    shutil.copytree(folder / "stolen", folder / "try")
    counts.opened_without_pepper += await _without_pepper(folder, owners)
    stretching = Stretching(place.salt, LOW_COST)
    for codename in (new_codename(), new_codename()):
        counts.opened_by_guesses += len(await _opened(folder, place, stretching, codename))
    opened = await _opened(folder, place, stretching, owners[0].codename)
    stretching.close()
    assert opened <= {owners[0].key}, "another's notebook was opened"
    counts.opened_by_one_codename += len(opened)


async def _write(place: Place, number: int) -> Owner:
    who, meeting = await place.house.visits.begin("nb")
    words = new_marker()
    await place.house.reach(who, meeting, "matters/now")
    await place.house.reply(who, meeting, "answer", f"say {number}", statement__new1=words)
    await place.ways.renew_codename(who, f"make {number}")
    notebook = await place.house.visits.notebook(who)
    assert notebook.link
    assert notebook.codename
    return Owner(words, notebook.link, notebook.codename, who.owner.key)


async def _without_pepper(folder: Path, owners: list[Owner]) -> int:
    """At the program's own door, with all that the owners know and the salt, but another pepper."""
    guessed = folder / "guessed"
    guessed.mkdir(mode=0o700)
    shutil.copy(folder / "keys" / "salt", guessed)
    database = Database.open(f"sqlite:///{folder / 'try' / 'words.db'}", upgrade=False)
    pepper, salt = Pepper.load_or_make(guessed), open_salt(guessed)
    clock, broadcast = Clock(), Broadcast()
    visits = Sessions(database, pepper, Dialogues(database, our_texts().dialogues), clock, broadcast)
    ways = NotebookAccess(database, pepper, salt, visits, clock, broadcast, LOW_COST)
    opened = 0
    for one in owners:
        for secret in (one.link, one.codename):
            with suppress(SecretUnknown, SealBroken):
                await ways.come_back(secret, "nb")
                opened += 1
    ways.close()
    await database.close()
    return opened


async def _opened(folder: Path, place: Place, stretching: Stretching, codename: str) -> set[bytes]:
    """The keys of all notebooks that one codename opens, tried on every slot."""
    database = Database.open(f"sqlite:///{folder / 'try' / 'words.db'}", upgrade=False)
    asked = select(slots).where(slots.c.kind == CODENAME)
    found = await database.read(lambda connection: list(connection.execute(asked)))
    await database.close()
    secret, keys = await stretching.stretch(codename), set()
    for row in found:
        stored = StoredKeySlot(
            row.id, row.notebook_id, row.kind, row.lookup, row.pepper_version, row.outer_wrap
        )
        with suppress(SealBroken):
            keys.add(open_slot(place.pepper, key_slot(stored), secret, salt=place.salt))
    assert len(found) == NOTEBOOKS
    return keys


def spelled(codename: str) -> tuple[str, str, str]:
    """A codename as people and the program write it."""
    return codename, "".join(codename.split()), "-".join(codename.split())
