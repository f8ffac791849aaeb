"""How long other writes wait while 20,000 notebooks that are over are deleted.

python -m tests.benchmarks.sweep
"""

import asyncio
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.config import Settings, dialogues_folder
from assistant.dialogue.library import read_library
from assistant.service.broadcast import Broadcast
from assistant.service.dialogues import Dialogues
from assistant.service.notebook.sessions import Sessions
from assistant.service.stores import open_stores
from assistant.storage.database import Connection
from assistant.storage.documents import write_document
from assistant.storage.notebooks import StoredNotebook, add_notebook

MANY = 20_000
_SEALED = bytes(4096)


def fill(connection: Connection) -> None:
    """Put in the notebooks, with three documents each."""
    now = datetime.now(UTC)
    for number in range(MANY):
        id_ = f"{number:032x}"
        add_notebook(connection, StoredNotebook(id_, now, now - timedelta(days=1)))
        for name in ("notebook", "conversation.x", "draft.x"):
            write_document(connection, id_, name, expected=0, format=1, sealed=_SEALED)


async def main() -> None:
    """Fill a database, sweep it, and write beside the sweep."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        database, pepper = open_stores(settings.database_url, settings.keys)
        database.graves = settings.graves
        dialogues = Dialogues(database, read_library(dialogues_folder()))
        sessions = Sessions(database, pepper, dialogues, lambda: datetime.now(UTC), Broadcast())
        await database.write(fill)
        began = time.monotonic()
        sweep, waits = asyncio.create_task(sessions.sweep(datetime.now(UTC))), []
        while not sweep.done():
            before = time.monotonic()
            await database.beat()
            waits.append(time.monotonic() - before)
            await asyncio.sleep(0.02)
        removed, lasted = (await sweep)["notebooks"], time.monotonic() - began
        await database.close()
    p50, p95 = statistics.median(waits) * 1000, statistics.quantiles(waits, n=20)[-1] * 1000
    print(f"{removed} notebooks in {lasted:.1f} s; {len(waits)} other writes, in milliseconds:")
    print(f"p50 {p50:.0f}, p95 {p95:.0f}, longest {max(waits) * 1000:.0f}")


if __name__ == "__main__":
    asyncio.run(main())
