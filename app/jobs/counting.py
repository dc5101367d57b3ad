"""Counting votes whose announced end has passed, so that no chair can keep a result back.

A plain loop under a database lock: what is due stands in the decisions themselves.
"""

from sqlalchemy import Engine

from app.jobs.loops import alone
from app.services import decisions_count


def count_due(engine: Engine) -> bool:
    """Count one batch; answers whether more votes may be waiting."""
    counted = alone(engine, "counting", decisions_count.count_due)
    return counted == decisions_count.AT_ONCE
