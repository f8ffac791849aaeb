"""What a test needs installed: skipped without it, or failed where it is required."""

import os

import pytest


def need(what: str, variable: str, *, is_there: bool) -> None:
    """Skip the test where something is not installed; fail where it is required to be."""
    if is_there:
        return
    if os.environ.get(variable) == "1":
        pytest.fail(f"{what} is required here and is not installed")
    pytest.skip(f"{what} is not installed")
