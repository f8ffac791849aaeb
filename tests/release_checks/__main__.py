"""The checks before a release that take too long for the suite; each prints one line with its figure.

    python -m tests.release_checks kills --times 1000
    python -m tests.release_checks kills --times 1000 --postgresql
    python -m tests.release_checks power-cuts --times 100
    python -m tests.release_checks stolen --times 50
    python -m tests.release_checks fuzzing --times 20000
    python -m tests.release_checks observatory     # needs the package that the module names
    python -m tests.release_checks audit           # needs pip-audit
    python -m tests.release_checks bandit          # needs bandit

It ends with 1 if a promise is broken. `assistant/OPERATING.md` has the last figures.
"""

import argparse
import asyncio
import sys
import traceback
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from release_checks.fuzzing import fuzzing
from release_checks.kills import kills
from release_checks.observatory import observatory
from release_checks.outside_tools import audit, bandit
from release_checks.power_cuts import power_cuts
from release_checks.stolen import stolen

Asked = argparse.Namespace
CHECKS: dict[str, tuple[int, Callable[[Asked], Coroutine[Any, Any, str]]]] = {
    "kills": (1000, lambda asked: kills(asked.times, asked.minutes, postgresql=asked.postgresql)),
    "power-cuts": (100, lambda asked: power_cuts(asked.times, asked.minutes)),
    "stolen": (50, lambda asked: stolen(asked.times)),
    "fuzzing": (20_000, lambda asked: fuzzing(asked.times, asked.seed, asked.minutes)),
    "observatory": (1, lambda _: observatory()),
    "audit": (1, lambda _: audit()),
    "bandit": (1, lambda _: bandit()),
}
"""How often each is tried unless told, and what it does."""


def main() -> int:
    """Run one check, and print its line."""
    asked = argparse.ArgumentParser(prog="python -m tests.release_checks", description=__doc__)
    asked.formatter_class = argparse.RawDescriptionHelpFormatter
    asked.add_argument("name", choices=CHECKS)
    asked.add_argument("--times", type=int, help="how often")
    asked.add_argument(
        "--minutes", type=float, default=600.0, help="kills, power-cuts, fuzzing: stop after so long"
    )
    asked.add_argument("--postgresql", action="store_true", help="kills: on PostgreSQL")
    asked.add_argument("--seed", type=int, default=1, help="fuzzing: another order")
    chosen = asked.parse_args()
    times, check = CHECKS[chosen.name]
    chosen.times = chosen.times or times
    try:
        print(asyncio.run(check(chosen)))
    except AssertionError as broken:
        traceback.print_exc()
        print(f"{chosen.name}: broken: {broken}")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
