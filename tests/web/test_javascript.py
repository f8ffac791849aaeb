"""The script in the pages: its types, its size, and how the browser gets its modules."""

import gzip
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from support.need import need
from support.person import Person

from assistant.web.http.pages import Assets

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "assistant/web/static/javascript"
MODULES = sorted(FOLDER.glob("*.js"))
OF_STAFF = "passkey.js"
"""The module of one page of staff, which the conversation never loads."""
# compressed one by one, as they are sent
MOST_IN_ALL = 8_000
MOST_ON_THE_FIRST_PAGE = 1_200
MOST_FOR_PASSKEYS = 1_700
MOST_IN_A_LINE = 110


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
    with (copied / "main.js").open("a") as module:
        module.write("state.shifts = byId('leave').hidden;\n")
    errors = type_errors(copied)
    assert "TS2322" in errors
    assert "possibly 'null'" in errors


def test_what_changes_is_kept_in_one_object() -> None:
    assert [
        path.name for path in MODULES if re.search(r"^(export )?(let|var) ", path.read_text(), re.MULTILINE)
    ] == []


def test_the_modules_are_not_too_much_for_a_telephone() -> None:
    sizes = {path.name: len(gzip.compress(path.read_bytes(), mtime=0)) for path in MODULES}
    assert sizes.pop(OF_STAFF) <= MOST_FOR_PASSKEYS
    assert sum(sizes.values()) <= MOST_IN_ALL
    assert sizes["main.js"] <= MOST_ON_THE_FIRST_PAGE
    assert [
        path.name for path in MODULES if len(max(path.read_text().split("\n"), key=len)) > MOST_IN_A_LINE
    ] == []


def test_every_module_is_served_beside_those_that_it_imports() -> None:
    files = Assets.read().files
    for path in MODULES:
        assert files[path.name] == path.read_bytes()
        for imported in re.findall(r'import.*"(.*)"', path.read_text()):
            assert imported.removeprefix("./") in files
    assert "types.d.ts" not in files


async def test_the_first_page_asks_for_no_module_that_it_does_not_need(person: Person) -> None:
    assert "import" not in (FOLDER / "main.js").read_text()
    first = await person.open("/nb/")
    assert [script.attributes["src"].rpartition("/")[2] for script in first.root.all("script")] == ["main.js"]
    assert {name for name in first.root.one("body").attributes if name.startswith("data-")} == {"data-kind"}
