"""The program works from a wheel as it does from the checkout."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing in it but what the wheel puts there."""
    wheels, target = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = wheels.glob("*.whl")
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(target), str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    return target


def test_a_wheel_brings_the_dialogues_the_catalogues_and_the_pages(installed: Path) -> None:
    for part in (
        "_data/dialogues/before_meeting/dialogue.yaml",
        "_data/locales/nn/LC_MESSAGES/messages.po",
        "_data/locales/service.yaml",
        "web/templates/user/question.html",
        "web/static/javascript/main.js",
        "exports/layouts/sheet.typ",
        "papers/lists/risks.yaml",
        "papers/texts/nn/dpia.md",
    ):
        assert (installed / "assistant" / part).is_file(), part


def test_the_installed_program_checks_its_own_dialogues(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "check"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^before_meeting \d+: no issues", done.stdout, re.MULTILINE)
