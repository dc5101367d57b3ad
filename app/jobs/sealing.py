"""The sealer: links the events of the last second into the chain, in order, one process at a time.

A plain loop under a database lock, not a durable job: what is unsealed stands in the event rows
themselves, one sealing is one short transaction, and a job row a second would only say so again.
"""

from sqlalchemy import Engine

from app.jobs.loops import alone
from app.services import events

BATCH = 1000


def seal(engine: Engine) -> bool:
    """Seal one batch; answers whether more events are waiting."""
    sealed = alone(engine, "sealing", lambda session: events.seal(session, BATCH))
    return sealed == BATCH
