"""The mutation run changes what it says it changes, and leaves alone what no behaviour hangs on."""

from pathlib import Path

import pytest
from mutation import ROOT, TARGETS, modules_of
from support.forked_tests import Ran, Trial, measure, run
from support.mutants import mutants_of

SOURCE = '''"""Says what it is."""

def may(who: "str", asked: int) -> bool:
    """Whether they may."""
    if who == "kari" and not asked < 3:
        raise ValueError("no")
    print(who)
    return True
'''


def test_each_change_is_made_once_and_is_a_program() -> None:
    made = list(mutants_of(Path("x.py"), SOURCE))
    assert {mutant.what for mutant in made} == {
        "the condition is turned round",
        "and ↔ or",
        "Eq → NotEq",
        "not is left out",
        "Lt → LtE",
        "another text",
        "one more",
        "nothing is raised",
        "the call is left out",
        "returns None",
        "True ↔ False",
    }
    assert len({mutant.source for mutant in made}) == len(made)
    for mutant in made:
        compile(mutant.source, "x.py", "exec")
        assert "Says what it is." in mutant.source
        assert "Whether they may." in mutant.source


def test_what_is_changed_and_what_should_notice_it_are_there() -> None:
    for target, (patterns, suites) in TARGETS.items():
        assert len(modules_of(target)) >= len(patterns)
        for path, _, test in (one.partition("::") for suite in suites for one in suite if one[0] != "-"):
            assert (
                f"def {test.partition('[')[0]}(" in (ROOT / path).read_text()
                if test
                else (ROOT / path).exists()
            )


def test_a_condition_that_is_its_own_opposite_is_turned_round_once() -> None:
    source = """
def f(x: int) -> None:
    if x == 1 or x < 2:
        return
    if not x:
        raise ValueError("x")
"""
    made = [mutant.what for mutant in mutants_of(Path("x.py"), source)]
    assert made.count("the condition is turned round") == 1
    assert made.count("Eq → NotEq") == made.count("not is left out") == made.count("nothing is raised") == 1
    assert "another text" not in made, "nobody is shown the text of an error"
    assert "returns None" not in made, "it returns None already"


MODULE = """
LIMIT = 3

def is_few(number: int) -> bool:
    return number < LIMIT

def double(number: int) -> int:
    return 2 * number
"""
TESTS = """
from counted.counting import double, is_few

def test_two_is_few():
    assert is_few(2)

def test_four_is_not():
    assert not is_few(5)

def test_double():
    assert double(2) == 4
"""


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small program with its tests."""
    (tmp_path / "counted").mkdir()
    (tmp_path / "counted" / "counting.py").write_text(MODULE)
    (tmp_path / "test_counting.py").write_text(TESTS)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_a_change_counts_as_noticed_only_if_a_test_that_runs_it_fails(counted: Path) -> None:
    module, paths = "counted/counting.py", ("--noconftest", str(counted))
    measured = measure(counted, paths, [module])
    made = {f"{mutant.line}: {mutant.what}": mutant for mutant in mutants_of(Path(module), MODULE)}
    tests = {what: measured.tests_of(module, mutant.within) for what, mutant in made.items()}
    assert [len(tests[what]) for what in ("2: one more", "5: Lt → LtE", "8: one more")] == [3, 2, 1]
    came = {
        what: run(counted, paths, Trial(tests[what], module, made[what].source))
        for what in ("5: Lt → LtE", "8: one more")
    }
    assert came == {
        "5: Lt → LtE": Ran(passed=True),  # no test asks for three
        "8: one more": Ran(failed="test_counting.py::test_double"),
    }
    assert (counted / module).read_text() == MODULE
