"""The kinds of device that a user's browser runs on, and how long each stays unlocked."""

from datetime import timedelta
from typing import Literal

Device = Literal["own", "borrowed", "loan"]
"""Where a browser runs. A loan tablet belongs to the service and passes from one user to the next."""
REMEMBERED_FOR: dict[Device, timedelta] = {
    "own": timedelta(weeks=4),
    "borrowed": timedelta(minutes=20),
    "loan": timedelta(minutes=10),
}
"""How long a browser stays unlocked after the last act."""
LOOKED_AT_FOR = timedelta(hours=3)
"""How long only viewing pages keeps a browser unlocked after the last act."""
LOOKED_AT_ON_LOAN_FOR = timedelta(minutes=30)
"""The same on a loan tablet."""


def looked_at_for(device: Device) -> timedelta:
    """Return how long only viewing pages keeps a browser on this device unlocked after the last act."""
    return LOOKED_AT_ON_LOAN_FOR if device == "loan" else LOOKED_AT_FOR
