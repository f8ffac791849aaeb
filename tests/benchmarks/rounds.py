"""The client of `against.py`: a script, so that the environment of another checkout can run it there."""

import asyncio
import json
import sys
import time
from importlib import import_module
from typing import Any

SECONDS = 3.0


async def ask(address: str, at_once: int) -> None:
    """Take turns for a round each time a line comes, and print how long each took, in milliseconds."""
    # the one of the checkout in which this runs
    person = import_module("tests.benchmarks.load").Person
    people = [await person.at_first_words(address) for _ in range(at_once)]
    print("[]", flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        began = time.perf_counter()
        took: list[float] = []

        async def turns(person: Any, began: float = began, took: list[float] = took) -> None:
            while (now := time.perf_counter()) < began + SECONDS:
                await person.take_turn()
                took.append((time.perf_counter() - now) * 1000)

        await asyncio.gather(*map(turns, people))
        print(json.dumps(took), flush=True)


if __name__ == "__main__":
    asyncio.run(ask(sys.argv[1], int(sys.argv[2])))
