"""Whether a turn costs more in a large service: many notebooks, many published texts, many answers.

    python -m tests.benchmarks.growth [notebooks]

CPU milliseconds of the server for a whole turn, in alternating rounds, and the ratio in each round. Another
service has a million notebooks, written straight into its database, or a hundred published texts. In a long
dialogue, somebody has 60 answers and somebody else 5; the turns are sent as our script sends them, and as a
browser without script.
"""

import asyncio
import os
import sqlite3
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median

from assistant.config import dialogues_folder, locales_folder
from assistant.dialogue.library import read_library
from assistant.dialogue.model import Dialogue
from assistant.languages import read_catalogues
from assistant.service.dialogues import BEFORE_MEETING
from assistant.web.app import Texts
from assistant.web.http.pages import Assets

from .engine import dialogue
from .instructions import Scripted, serve, serving
from .load import Person, cpu_seconds, fill_in

NOTEBOOKS, TEXTS, FEW, MANY = 1_000_000, 100, 5, 60
ROUNDS, TURNS = 27, 24
_AN_ID = "lower(hex(randomblob(16)))"
_MANY_NOTEBOOKS = f"""
    INSERT INTO notebooks
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
    SELECT {_AN_ID}, created_at, kept_until FROM n, (SELECT * FROM notebooks LIMIT 1)"""
_THEIR_DOCUMENTS = """
    INSERT OR IGNORE INTO documents
    SELECT id, name, revision, format, randomblob(200)
    FROM notebooks, (SELECT DISTINCT name, 1 AS revision, format FROM documents LIMIT 2)"""
_MANY_TEXTS = f"""
    INSERT INTO dialogues
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
    SELECT {_AN_ID}, dialogue_id, version - i, content, published_at
    FROM n, (SELECT * FROM dialogues WHERE dialogue_id = '{BEFORE_MEETING}' LIMIT 1)"""

Turn = Callable[[], Awaitable[None]]


def long_texts() -> Texts:
    """The texts of the program, with a long dialogue before the meeting."""
    long = dialogue(MANY + 10)
    frame = long.frame.model_copy(update={"id": BEFORE_MEETING})
    dialogues = {**read_library(dialogues_folder()), BEFORE_MEETING: Dialogue(frame=frame, parts=long.parts)}
    return Texts(dialogues, read_catalogues(locales_folder()), Assets.read())


def write_rows(folder: Path, *statements: tuple[str, tuple[int, ...]]) -> Path:
    """Run these in the database of a running service; return its write-ahead log, which is empty then."""
    database = next(folder.rglob("*.db"))
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -300000")
        for statement, values in statements:
            connection.execute(statement, values)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(f"{database}-wal")


async def at(kind: type[Person], address: str, answers: int) -> Turn:
    """Return the turns of somebody with so many answers, who goes on and back again."""
    person = await kind.at_first_words(address)
    for _ in range(answers):
        await person.take_turn()
    moves = {"answer": "back", "back": "answer"}
    last = "back"

    async def turn() -> None:
        nonlocal last
        last, form = moves[last], fill_in(person._page)
        form.fields.append(("move", last))
        await person._send(form)

    return turn


async def ratio(what: str, few: tuple[int, Turn], many: tuple[int, Turn]) -> None:
    """Print what a turn of the one and of the other takes."""
    took: list[list[float]] = [[], []]
    for number in range(ROUNDS + 1):
        for place, (process, turn) in enumerate((few, many)):
            began = cpu_seconds(process)
            for _ in range(TURNS):
                await turn()
            if number:
                took[place].append((cpu_seconds(process) - began) / TURNS * 1000)
    ratios = [after / before for before, after in zip(*took, strict=True)]
    print(f"{what:44}{median(took[0]):7.2f} → {median(took[1]):5.2f} ms CPU, ratio {median(ratios):.2f}")


async def written(folder: Path, turn: Turn) -> None:
    """Print how much of the write-ahead log a turn takes."""
    log = write_rows(folder)
    for _ in range(TURNS):
        await turn()
    print(f"write-ahead log of a turn {os.stat(log).st_size / TURNS / 1000:.1f} kB")


async def measure(folder: Path, notebooks: int) -> None:
    """Start the services, and compare them."""
    with ExitStack() as running:

        def start(name: str, *how: str) -> tuple[int, str]:
            process, told = running.enter_context(serving(folder / name, module=__spec__.name, how=how))
            return process, f"127.0.0.1:{told['port']}"

        (small, small_at), (large, large_at), (old, old_at) = start("small"), start("large"), start("old")
        long, long_at = start("long", "long")
        turns = [await at(Scripted, address, FEW) for address in (small_at, large_at, old_at)]
        write_rows(folder / "large", (_MANY_NOTEBOOKS, (notebooks,)), (_THEIR_DOCUMENTS, ()))
        write_rows(folder / "old", (_MANY_TEXTS, (TEXTS,)))
        await ratio(f"{notebooks:,} notebooks", (small, turns[0]), (large, turns[1]))
        await written(folder / "large", turns[1])
        await ratio(f"{TEXTS} published texts", (small, turns[0]), (old, turns[2]))
        for kind, how in ((Scripted, "by our script"), (Person, "without script")):
            few, many = await at(kind, long_at, FEW), await at(kind, long_at, MANY)
            await ratio(f"{FEW} → {MANY} answers, {how}", (long, few), (long, many))


def main() -> None:
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serve(sys.argv[2], long_texts() if sys.argv[3:] else None))
        return
    with tempfile.TemporaryDirectory(prefix="for-motet-growth-") as folder:
        asyncio.run(measure(Path(folder), int(sys.argv[1]) if sys.argv[1:] else NOTEBOOKS))


if __name__ == "__main__":
    main()
