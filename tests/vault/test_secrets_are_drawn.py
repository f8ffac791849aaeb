"""Every secret is drawn from the operating system's source, and has the strength it is said to have."""

import ast
import math
import random
from collections.abc import Callable
from pathlib import Path

import pytest

import assistant.vault
from assistant.errors import SealBroken
from assistant.vault import second_factor
from assistant.vault.codenames import new_codename
from assistant.vault.encryption import new_key
from assistant.vault.key_slots import new_link
from assistant.vault.second_factor import new_app_secret, new_recovery_codes
from assistant.vault.session_keys import new_session_secret
from assistant.vault.share_keys import for_reader, new_code
from assistant.vault.staff_keys import new_pair, open_with, seal_to

MAKERS: list[Callable[[], object]] = [
    new_key,
    new_link,
    new_codename,
    new_code,
    new_session_secret,
    new_recovery_codes,
    new_app_secret,
    new_pair,
]


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_whoever_knows_the_seed_of_the_ordinary_random_numbers_knows_no_secret(
    make: Callable[[], object],
) -> None:
    random.seed(22)
    first = make()
    random.seed(22)
    assert make() != first


def test_nothing_that_makes_keys_knows_the_ordinary_random_numbers() -> None:
    for path in Path(assistant.vault.__path__[0]).glob("*.py"):
        tree = ast.parse(path.read_text())
        imported = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
        imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert "random" not in imported, path.name


def test_a_code_on_paper_has_at_least_49_bits() -> None:
    for code in new_recovery_codes():
        marks = code.replace("-", "")
        assert set(marks) <= set(second_factor._LETTERS)
        assert len(marks) * math.log2(len(set(second_factor._LETTERS))) >= 49


def test_what_is_sealed_to_one_reader_opens_as_nothing_else_not_even_with_the_same_key() -> None:
    pair = new_pair()
    sealed = seal_to(pair.public, b"the share's key", for_reader("share", "kari"))
    assert open_with(pair.private, sealed, for_reader("share", "kari")) == b"the share's key"
    for other in (for_reader("share", "ola"), for_reader("another", "kari")):
        with pytest.raises(SealBroken):
            open_with(pair.private, sealed, other)
