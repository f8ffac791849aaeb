"""Runs of pytest in processes forked from one that has imported most of what they need: a start costs little.

The tests, one module that may be changed, and all that imports it are imported anew in each.
"""

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType
from typing import NoReturn

import pytest

LONGEST = 300
"""Seconds that one run may take."""
MOST_PROCESSOR = 120
"""Seconds of processor time that one run may take: a change that counts for ever is ended by that sooner."""
_PASSED, _NOTHING_RAN, _BROKEN = 0, 5, 3
_AT_IMPORT = ""
"""What coverage calls the time before the first test."""


class FailsUnchanged(Exception):
    """The tests fail without any change."""


@dataclass
class Trial:
    """Which tests are run in which order, and what is changed."""

    tests: Sequence[str]
    path: str = ""
    source: str = ""


@dataclass
class Ran:
    """What came of one run."""

    passed: bool = False
    hung: bool = False
    failed: str = ""
    """The test that failed; empty where the program cannot be imported or the process ended."""


@dataclass
class Measured:
    """The tests as they are without any change."""

    seconds: dict[str, float] = field(default_factory=dict)
    """How long each test takes."""
    lines: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    """The lines that each test runs, by module."""
    modules: list[str] = field(default_factory=list)
    """What was imported in the end."""

    def tests_of(self, path: str, within: tuple[int, int] | None) -> list[str]:
        """The tests that run one of these lines, the quickest file first, and in it the quickest test; all
        of them for what runs at import.
        """
        files: dict[str, float] = defaultdict(float)
        for test, seconds in self.seconds.items():
            files[_file_of(test)] += seconds
        is_any = within is None or self._runs(_AT_IMPORT, path, *within)
        found = [test for test in self.seconds if is_any or (within and self._runs(test, path, *within))]
        return sorted(found, key=lambda test: (files[_file_of(test)], self.seconds[test]))

    def _runs(self, test: str, path: str, first: int, last: int) -> bool:
        return any(first <= line <= last for line in self.lines[path].get(test, ()))


def _file_of(test: str) -> str:
    return test.partition("::")[0]


class _Run:
    """A plug-in for pytest: the order of the tests, what each took, and which one failed."""

    def __init__(self, tests: Sequence[str] | None, switch: Callable[[str], object] | None = None) -> None:
        self._order = None if tests is None else {test: place for place, test in enumerate(tests)}
        self._switch = switch
        self.seconds: dict[str, float] = {}
        self.failed = ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        order = self._order
        if order is not None:
            items[:] = sorted((item for item in items if item.nodeid in order), key=lambda i: order[i.nodeid])

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        if self._switch:
            self._switch(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0) + report.duration
        if report.failed and not self.failed:
            self.failed = report.nodeid


class _Changed(importlib.machinery.SourceFileLoader):
    """Loads a module with another source than its file has."""

    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self._source = source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source, str(self.path), "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the changed module."""

    def __init__(self, changed: _Changed) -> None:
        self._changed = changed

    def find_spec(
        self, fullname: str, path: object, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        changed = self._changed
        if fullname != changed.name:
            return None
        return importlib.util.spec_from_file_location(fullname, changed.path, loader=changed)


def run(root: Path, paths: Sequence[str], trial: Trial) -> Ran:
    """Run these tests on the program with this change, up to the first failure."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told"
        code, hung = _forked(lambda: _run_changed(root, paths, trial, told))
        if code in (_NOTHING_RAN, _BROKEN):
            raise RuntimeError(f"pytest ended with {code}: {trial.path}")
        return Ran(code == _PASSED, hung, told.read_text("utf-8") if told.exists() else "")


def _run_changed(root: Path, paths: Sequence[str], trial: Trial, told: Path) -> int:
    if trial.path:
        changed = _Changed(_name_of(trial.path), str(root / trial.path), trial.source)
        sys.meta_path.insert(0, _Finder(changed))
    own = _Run(trial.tests)
    options = [path for path in paths if path.startswith("--")]
    files = dict.fromkeys(str(root / _file_of(test)) for test in trial.tests)
    code = _pytest([*options, *files], own)
    told.write_text(own.failed, "utf-8")
    return code


def measure(root: Path, paths: Sequence[str], modules: Sequence[str]) -> Measured:
    """Run the tests without any change, with the lines of these modules that each runs."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told"
        code, _ = _forked(lambda: _run_measured(root, paths, modules, told))
        if code != _PASSED:
            raise FailsUnchanged(f"{' '.join(paths)} fails without any change: pytest ended with {code}")
        return Measured(**json.loads(told.read_text("utf-8")))


def _run_measured(root: Path, paths: Sequence[str], modules: Sequence[str], told: Path) -> int:
    import coverage

    counted = coverage.Coverage(
        data_file=None, config_file=False, include=[str(root / module) for module in modules]
    )
    counted.start()
    own = _Run(None, counted.switch_context)
    code = _pytest(paths, own)
    counted.stop()
    measured, data = Measured(own.seconds, modules=list(sys.modules)), counted.get_data()
    for module in modules:
        by_test: dict[str, list[int]] = defaultdict(list)
        for line, tests in data.contexts_by_lineno(str(root / module)).items():
            for test in tests:
                by_test[test].append(line)
        measured.lines[module] = by_test
    told.write_text(json.dumps(vars(measured)), "utf-8")
    return code


def _pytest(paths: Sequence[str], own: _Run) -> int:
    """Run pytest in this process. Asserts are not rewritten: nobody reads what they would say."""
    return int(pytest.main([*paths, "-x", "-q", "--assert=plain", "-p", "no:cacheprovider"], [own]))


def import_all(measured: Measured, changed: Collection[str]) -> None:
    """Import what the tests import, apart from tests and from what depends on a changed module."""
    unchanged = _Refused({_name_of(path) for path in changed})
    sys.meta_path.insert(0, unchanged)
    for name in measured.modules:
        last = name.rpartition(".")[2]
        if last != "conftest" and not last.startswith("test_"):
            # a module that imports a changed one is not imported, and neither is what imports that module
            with suppress(ImportError, ValueError):
                if importlib.util.find_spec(name):
                    importlib.import_module(name)
    sys.meta_path.remove(unchanged)


class _Refused(importlib.abc.MetaPathFinder):
    """Lets nobody import these modules."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = names

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        if fullname in self._names:
            raise ImportError(name=fullname)


def _name_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _forked(act: Callable[[], int]) -> tuple[int, bool]:
    """Do this in a process of its own; its exit code (negative for a signal), and whether it was ended."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        _be_a_child(act)
    until = time.monotonic() + LONGEST
    while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0) and time.monotonic() < until:
        time.sleep(0.02)
    is_late = ended == (0, 0)
    # with everything it started
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1] if is_late else ended[1])
    return code, is_late or code == -signal.SIGXCPU


def _be_a_child(act: Callable[[], int]) -> NoReturn:
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_PROCESSOR, MOST_PROCESSOR))
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    code = _BROKEN
    try:
        code = act()
    finally:
        os._exit(code)
