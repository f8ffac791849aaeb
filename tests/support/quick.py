"""Shortcuts for tests: texts that are read once, and secrets that cost little to stretch."""

from functools import cache

from assistant.vault.key_stretching import StretchingCost
from assistant.web.app import Texts

LOW_COST = StretchingCost(memory=64, passes=1)
"""Instead of 64 MiB and a fifth of a second; tests/vault and the walk in a browser keep the full cost."""


@cache
def our_texts() -> Texts:
    """Read the texts of the repository once in each process. Nothing may change them: tests share them."""
    return Texts.read()
