"""The mutation run changes what it says it changes, and leaves alone what no behaviour hangs on."""

from pathlib import Path

from mutation import TARGETS, mutants_of

ROOT = Path(__file__).parents[1]
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
    for pattern, tests in TARGETS.values():
        assert list(ROOT.glob(pattern))
        assert all((ROOT / test).exists() for test in tests)
