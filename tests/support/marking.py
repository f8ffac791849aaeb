"""Which tests need Chromium."""

import pytest

CHROMIUM = "chromium"
"""The fixture that every other one with a browser is made of."""


def needs_chromium(item: pytest.Item) -> bool:
    """Look at its fixtures, and at the fixtures of these."""
    return CHROMIUM in getattr(item, "fixturenames", ())
