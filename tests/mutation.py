"""Change the program in one place at a time, and see whether the tests notice.

    python -m tests.mutation                      every change to keys, the guard and permissions
    python -m tests.mutation keys --most 200 --seed 18
    python -m tests.mutation keys --only pasted.py:76

A change that no test notices (a survivor) is a promise without a test, or a line without a purpose. It
counts as noticed only if a test fails, or does not end. For each module one process has imported what does
not depend on it. It forks one for each change, which compiles the changed module in memory and runs the tests
that run the changed function (all of them for what runs at import), the quickest file first, up to the first
failure. A process that a test itself starts anew runs the unchanged program. The tests must pass without a
change first, and at the end those that noticed one must pass once more.
"""

import argparse
import random
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support.forked_tests import FailsUnchanged, Ran, Trial, import_all, measure, run
from support.mutants import Mutant, mutants_of

ROOT = Path(__file__).parents[1]
Suite = tuple[str, ...]
"""What pytest is asked to run."""
TARGETS: dict[str, tuple[tuple[str, ...], tuple[Suite, ...]]] = {
    "keys": (
        ("assistant/vault/*.py",),
        (("--noconftest", "tests/vault"), ("tests/histories", "tests/service/notebook/test_access.py")),
    ),
    "guard": (
        ("assistant/web/middleware.py", "assistant/web/http/csrf.py"),
        (
            ("tests/test_errors.py", "tests/web/test_messages.py"),
            # of the long table of routes, one: what the guard does is the same for all
            (
                "tests/web/test_middleware.py::test_no_other_site_can_change_anything[POST /leave]",
                "tests/web/test_middleware.py::test_nothing_is_told_under_a_name_that_is_not_ours",
                "tests/web/test_middleware.py::test_health_is_told_to_a_balancer_that_asks_by_address",
                "tests/web/test_middleware.py::test_other_sites_may_link_to_us",
                "tests/web/test_middleware.py::test_a_visitor_without_a_proxy_is_no_unknown_proxy",
                "tests/web/test_middleware.py::test_over_https_a_form_from_the_http_address_is_foreign",
                "tests/web/test_middleware.py::"
                "test_a_refused_host_and_an_unknown_proxy_are_told_without_saying_who_they_are",
            ),
            ("tests/web/test_trouble.py", "tests/web/user/test_loan_tablet.py"),
        ),
    ),
    "permissions": (
        ("assistant/meetings/permissions.py",),
        (("--noconftest", "tests/meetings/test_permissions.py"),),
    ),
}
"""What is changed, and the tests that should notice; the later ones where the first do not."""


@dataclass
class Result:
    """What came of the changes to one target."""

    target: str
    tried: int = 0
    hung: int = 0
    survivors: list[Mutant] = field(default_factory=list)
    noticed_by: set[str] = field(default_factory=set)

    def add(self, mutant: Mutant, ran: Ran) -> None:
        """Count one change."""
        self.tried += 1
        self.hung += ran.hung
        if ran.passed:
            self.survivors.append(mutant)
            print(f"survived: {mutant}", flush=True)
        elif ran.failed:
            self.noticed_by.add(ran.failed)

    def __str__(self) -> str:
        noticed = self.tried - len(self.survivors)
        share = f"{100 * noticed / max(1, self.tried):.1f} %"
        return f"{self.target}: {self.tried} tried, {noticed} noticed ({share}; {self.hung} by not ending)"


def modules_of(target: str) -> list[Path]:
    """The modules that are changed."""
    return sorted(path for pattern in TARGETS[target][0] for path in ROOT.glob(pattern))


def changes(target: str, only: str) -> Iterator[Mutant]:
    """Every change to this target, or only those to one module or line."""
    name, _, line = only.partition(":")
    for path in modules_of(target):
        if name in ("", path.name):
            for mutant in mutants_of(path.relative_to(ROOT), path.read_text("utf-8")):
                if line in ("", str(mutant.line)):
                    yield mutant


class Suites:
    """The tests of one target, measured without any change."""

    def __init__(self, target: str) -> None:
        _, self._suites = TARGETS[target]
        self._modules = [str(path.relative_to(ROOT)) for path in modules_of(target)]
        self._measured = [measure(ROOT, suite, self._modules) for suite in self._suites]
        for measured in self._measured:
            import_all(measured, self._modules)

    def notice_all(self, mutants: Sequence[Mutant]) -> list[tuple[Mutant, Ran]]:
        """What comes of these changes to one module, in a process that has imported all that does not depend
        on it.
        """
        with get_context("fork").Pool(1) as one:
            return one.apply(self._notice_all, (mutants,))

    def _notice_all(self, mutants: Sequence[Mutant]) -> list[tuple[Mutant, Ran]]:
        for measured in self._measured:
            import_all(measured, {str(mutant.path) for mutant in mutants})
        found = []
        for number, mutant in enumerate(mutants, start=1):
            found.append((mutant, self._notice(mutant)))
            print(f"\r{mutant.path}: {number} of {len(mutants)}", end=" ", file=sys.stderr, flush=True)
        return found

    def _notice(self, mutant: Mutant) -> Ran:
        """What comes of this change in the first suite that notices it."""
        path = str(mutant.path)
        for suite, measured in zip(self._suites, self._measured, strict=True):
            tests = measured.tests_of(path, mutant.within)
            if tests and not (ran := run(ROOT, suite, Trial(tests, path, mutant.source))).passed:
                return ran
        return Ran(passed=True)

    def pass_unchanged(self, tests: Collection[str]) -> None:
        """Run these tests once more without a change."""
        for suite, measured in zip(self._suites, self._measured, strict=True):
            again = [test for test in measured.seconds if test in tests]
            if again and not run(ROOT, suite, Trial(again)).passed:
                raise FailsUnchanged(f"{' '.join(again)} fail without any change")


def try_all(target: str, only: str, most: int, seed: int) -> Result:
    """Try the changes to one target."""
    every = list(changes(target, only))
    random.Random(seed).shuffle(every)
    drawn = every[:most]
    print(f"{target}: {len(every)} changes, {len(drawn)} drawn with seed {seed}", flush=True)
    suites, result = Suites(target), Result(target)
    for _, ours in groupby(sorted(drawn, key=_place), key=lambda mutant: mutant.path):
        for mutant, ran in suites.notice_all(list(ours)):
            result.add(mutant, ran)
        print(f"\n{result}", file=sys.stderr, flush=True)
    suites.pass_unchanged(result.noticed_by)
    return result


def _place(mutant: Mutant) -> tuple[Path, int]:
    return mutant.path, mutant.line


def main() -> int:
    """Try them, and name the survivors."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("target", nargs="*", choices=[*TARGETS, []], help="what to change; all if left out")
    asked.add_argument("--only", default="", help="only the module with this name, or its line: pasted.py:76")
    asked.add_argument("--most", type=int, default=10_000, help="how many, drawn evenly")
    asked.add_argument("--seed", type=int, default=1)
    chosen = asked.parse_args()
    survived = False
    for target in chosen.target or TARGETS:
        try:
            result = try_all(target, chosen.only, chosen.most, chosen.seed)
        except FailsUnchanged as failed:
            print(f"{target}: {failed}")
            return 2
        print(result, flush=True)
        survived |= bool(result.survivors)
    return 1 if survived else 0


if __name__ == "__main__":
    raise SystemExit(main())
