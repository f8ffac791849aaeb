"""Every package that the program, its tests and its build need is pinned in `.ci/constraints.txt`."""

import re
import tomllib
from importlib.metadata import distribution, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from support.need import need

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
EDITABLES = (
    "editables"  # hatchling asks for it only when it builds an editable install, as the test line does
)


def pins() -> dict[str, str]:
    """The pinned version of each package, by its canonical name."""
    lines = (ROOT / ".ci/constraints.txt").read_text().splitlines()
    pinned = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): exact for name, exact in pinned}


def needed() -> set[str]:
    """The canonical names of what is required here, directly and by what is required."""
    project = PROJECT["project"]
    stated = [*project["dependencies"], *PROJECT["build-system"]["requires"], EDITABLES]
    for extra in project["optional-dependencies"].values():
        stated += extra
    waiting = [Requirement(each) for each in stated]
    found: set[tuple[str, str]] = set()
    while waiting:
        requirement = waiting.pop()
        for extra in ("", *requirement.extras):
            name = canonicalize_name(requirement.name)
            if (name, extra) not in found:
                found.add((name, extra))
                waiting += _required_by(name, extra)
    return {name for name, _ in found}


def _required_by(name: str, extra: str) -> list[Requirement]:
    if name == EDITABLES:  # it is in the build's own environment, not in this one, and requires nothing
        return []
    required = [Requirement(each) for each in distribution(name).requires or []]
    return [each for each in required if each.marker is None or each.marker.evaluate({"extra": extra})]


def test_every_package_that_is_needed_is_pinned() -> None:
    assert needed() - pins().keys() == set()


def test_each_pin_satisfies_what_is_stated_in_pyproject() -> None:
    pinned, project = pins(), PROJECT["project"]
    stated = [*project["dependencies"], *PROJECT["build-system"]["requires"]]
    for extra in project["optional-dependencies"].values():
        stated += extra
    for requirement in map(Requirement, stated):
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), requirement


def test_what_is_installed_is_what_is_pinned() -> None:
    pinned = pins()
    installed = {name: version(name) for name in needed() - {EDITABLES}}
    other = {name: exact for name, exact in installed.items() if pinned[name] != exact}
    what = f"What .ci/constraints.txt pins, instead of {other},"
    need(what, "ASSISTANT_REQUIRE_PINNED", is_there=not other)


def test_the_test_line_installs_and_builds_with_the_pins() -> None:
    readme = (ROOT / "README.md").read_text()
    block = re.search(r"^## Test it$.*?```sh\n(.*?)```", readme, re.DOTALL | re.MULTILINE)
    assert block
    words = block[1].split()
    install = words[: words.index(".venv/bin/pip")][-2:]
    assert install == [f"PIP_{kind}=.ci/constraints.txt" for kind in ("CONSTRAINT", "BUILD_CONSTRAINT")]


def test_the_pins_are_required_in_ci() -> None:
    assert "ASSISTANT_REQUIRE_PINNED=1" in (ROOT / ".ci/run").read_text()
