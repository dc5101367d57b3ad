"""What follows from the clock for committees, told by a plain loop: what is due stands in the rows."""

from sqlalchemy import Engine

from app.jobs.loops import alone
from app.services import committees_standing
from app.settings import Settings


def tend(engine: Engine, settings: Settings) -> bool:
    """Tell the log which committees were constituted or suspended since the last round."""
    alone(engine, "committees", lambda session: committees_standing.tell_due(session, settings.origin))
    return False
