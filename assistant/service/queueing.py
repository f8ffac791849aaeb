"""For whom the slow work on secrets is done, so that it is shared fairly."""

from assistant.vault.key_stretching import ASKER, FEW_PLACES, PLACES, Asker

__all__ = ["ask_as"]


def ask_as(name: str, *, after_failures: bool = False) -> None:
    """Do the slow work of this request for this address or account; with few places `after_failures`."""
    ASKER.set(Asker(name, FEW_PLACES if after_failures else PLACES))
