"""How many random cases a property is tried on: TEST_SCALE multiplies them for a long run."""

import os

from hypothesis import settings

SCALE = int(os.environ.get("TEST_SCALE", "1"))


def many(cases: int = 100) -> settings:
    """No deadline: a slow machine is no failure."""
    return settings(max_examples=cases * SCALE, deadline=None)
