"""Signing: what was announced, counted and certified, and how long the log is, by one process at a time.

A plain loop under a database lock, like sealing: what has no signature yet stands in the rows themselves, and only
processes that do background work need the key.
"""

from sqlalchemy import Engine

from app.jobs import sealing
from app.jobs.loops import alone
from app.services import signatures
from app.settings import Settings


def sign(engine: Engine, settings: Settings) -> bool:
    """Sign one batch; answers whether to look again at once."""
    return bool(alone(engine, "signing", lambda session: signatures.sign_due(session, settings)))


def on_demand(engine: Engine, settings: Settings) -> str:
    """Seal what waits and sign the log as it is then; empty where another process is signing just now."""
    while sealing.seal(engine):
        pass
    return alone(engine, "signing", lambda session: signatures.on_demand(session, settings)) or ""
