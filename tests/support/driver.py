"""Playwright's driver, which sends its own script to each tab once; `driver.cjs` says why and how."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NAME = "playwrightScript"
"""What the script is called in the world of the driver, beside that of a page."""
_CHANGES = Path(__file__).with_suffix(".cjs")


@contextmanager
def quick_driver() -> Iterator[None]:
    """A driver that is started here loads the changes first."""
    with pytest.MonkeyPatch.context() as patch:
        others = os.environ.get("NODE_OPTIONS", "")
        patch.setenv("NODE_OPTIONS", f'{others} --require "{_CHANGES}"'.strip())
        yield
