"""Attribute slow work on secrets to an address or account, so that the queue is fair."""

from assistant.vault.key_stretching import ASKER, FEW_PLACES, PLACES, Asker

__all__ = ["ask_as"]


def ask_as(name: str, *, after_failures: bool = False) -> None:
    """Do this request's slow work on behalf of this address or account; `after_failures` allows fewer
    places.
    """
    ASKER.set(Asker(name, FEW_PLACES if after_failures else PLACES))
