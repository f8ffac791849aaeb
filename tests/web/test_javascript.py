"""The script in the pages: its types, its size, and how the browser gets its modules."""

import gzip
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from support.need import need

from assistant.web.http.pages import Assets

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "assistant/web/static/javascript"
MODULES = sorted(FOLDER.glob("*.js"))
# a review alone loads the first, and a question the second
LOADED_LATER = {"review.js", "speech.js"}
# compressed one by one, as they are sent
MOST_IN_ALL = 16_800
MOST_ON_THE_FIRST_PAGE = 13_300


def type_errors(folder: Path) -> str:
    """What TypeScript says of the modules in this folder; `.ci/run` installs it."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    installed = Path(os.environ.get("ASSISTANT_TYPESCRIPT") or cache / "for-motet-typescript")
    program = installed / "node_modules/typescript/bin/tsc"
    is_there = shutil.which("node") is not None and program.is_file()
    need("The TypeScript of .ci/typescript", "ASSISTANT_REQUIRE_TYPESCRIPT", is_there=is_there)
    config = folder / "tsconfig.json"
    shared = (ROOT / ".ci/typescript/tsconfig.json").read_text()
    config.write_text(shared.replace("../../assistant/web/static/javascript", "."))
    done = subprocess.run(
        ["node", str(program), "--project", str(config)], capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The modules in a folder where they may be changed."""
    folder = tmp_path / "javascript"
    shutil.copytree(FOLDER, folder)
    return folder


def test_the_types_of_every_module_are_right(copied: Path) -> None:
    assert [path.name for path in MODULES if not path.read_text().startswith("// @ts-check\n")] == []
    assert type_errors(copied) == ""


def test_a_wrong_type_would_be_found(copied: Path) -> None:
    with (copied / "leave.js").open("a") as module:
        module.write("state.shifts = byId('leave').hidden;\n")
    errors = type_errors(copied)
    assert "TS2322" in errors
    assert "possibly 'null'" in errors


def test_what_changes_is_kept_in_one_object() -> None:
    assert [
        path.name for path in MODULES if re.search(r"^(export )?(let|var) ", path.read_text(), re.MULTILINE)
    ] == []


def test_no_module_is_too_much_for_a_telephone() -> None:
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in MODULES}
    assert sum(sizes.values()) <= MOST_IN_ALL
    assert sum(size for name, size in sizes.items() if name not in LOADED_LATER) <= MOST_ON_THE_FIRST_PAGE


def test_every_module_is_served_beside_those_that_import_it() -> None:
    files = Assets.read().files
    wanted = {"main.js"}
    for path in MODULES:
        assert files[path.name] == path.read_bytes()
        wanted |= set(re.findall(r'(?:from |import |import\()"\./([a-z]+\.js)"', path.read_text()))
    assert wanted == {path.name for path in MODULES}
    assert "types.d.ts" not in files


def test_what_is_loaded_later_is_not_imported_at_once() -> None:
    for path in MODULES:
        at_once = set(re.findall(r'^import .*"\./([a-z]+\.js)"', path.read_text(), re.MULTILINE))
        assert not at_once & LOADED_LATER
