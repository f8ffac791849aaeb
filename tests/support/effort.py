"""How much is tried: a share of it day by day, all of it before a release.

`ASSISTANT_THOROUGH=1 pytest …` runs every property with all its examples and kills the server twelve times.
`.ci/run` sets it. What is promised is the same; only the number of tries differs.
"""

import os

THOROUGH = os.environ.get("ASSISTANT_THOROUGH") == "1"
SHARE = 3


def tries(thorough: int) -> int:
    """This many in a thorough run, and a third of them otherwise."""
    return thorough if THOROUGH else max(1, thorough // SHARE)
