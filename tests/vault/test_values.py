"""What the program keeps keys in: it cannot be altered after a check, and none of it shows in a log."""

import pkgutil
from dataclasses import FrozenInstanceError, fields, is_dataclass
from importlib import import_module

import pytest

import assistant.vault
from assistant.vault.codenames import MisreadCodename
from assistant.vault.key_slots import KeySlot
from assistant.vault.pepper import Pepper
from assistant.vault.share_keys import new_code
from assistant.vault.staff_keys import new_pair

MODULES = [
    import_module(f"assistant.vault.{found.name}") for found in pkgutil.iter_modules(assistant.vault.__path__)
]
VALUES = sorted(
    {
        kind
        for module in MODULES
        for kind in vars(module).values()
        if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == module.__name__
    },
    key=str,
)


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_it_cannot_be_altered(kind: type) -> None:
    one: object = object.__new__(kind)
    for field in fields(kind):
        with pytest.raises(FrozenInstanceError):
            setattr(one, field.name, None)


def test_no_secret_shows() -> None:
    code, pair = new_code(), new_pair()
    pepper = Pepper(2, b"SECRET", earlier=(Pepper(1, b"SECRET"),))
    slot = KeySlot("slot", "holder", "link", b"SECRET", 1, b"SECRET", b"SECRET")
    shown = repr([code, pair, pepper, slot, MisreadCodename((1,), 7, ("SECRET",))])
    assert "SECRET" not in shown
    assert code.secret not in shown
    assert repr(pair.private) not in shown
    assert repr(pair.public) in shown
