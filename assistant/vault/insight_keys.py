"""The key of the running quarter's tally: a stolen database reveals neither its counts nor what changed them.

The key stays the same when the pepper is changed, because every process must open the tally throughout.
"""

from assistant.vault.encryption import derive
from assistant.vault.pepper import Pepper
from assistant.vault.sealing import seal, unseal

_TALLY = "tally"


def seal_tally(pepper: Pepper, plain: bytes) -> bytes:
    """Encrypt the tally. The result has the same size and looks new each time, also if nothing was added."""
    return seal(_key(pepper), plain, owner=_TALLY, name=_TALLY, revision=0)


def unseal_tally(pepper: Pepper, sealed: bytes) -> bytes:
    """Decrypt the tally. Raises `SealBroken` with another pepper."""
    return unseal(_key(pepper), sealed, owner=_TALLY, name=_TALLY, revision=0)


def _key(pepper: Pepper) -> bytes:
    return derive(pepper.now().versions[0].secret, "insight")
