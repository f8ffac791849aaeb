"""The kinds of device that a user's browser runs on, and how long a loan tablet stays unlocked.

The periods of other devices are the service's to decide.
"""

from datetime import timedelta
from typing import Literal

Device = Literal["own", "borrowed", "loan"]
"""Where a browser runs. A loan tablet belongs to the service and passes from one user to the next."""
LOAN_LASTS = timedelta(minutes=10)
"""How long a loan tablet stays unlocked after the last act."""
LOOKED_AT_ON_LOAN_FOR = timedelta(minutes=30)
"""How long only viewing pages keeps a loan tablet unlocked after the last act."""
