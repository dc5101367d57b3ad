"""Limits on how often something may be tried, counted in PostgreSQL so that every process counts together."""

from sqlalchemy import Engine, text
from sqlmodel import Session

from app.models.columns import now
from app.rules import rates
from app.rules.rates import Limited

COUNT = text(
    "INSERT INTO ratecount (key, window_start, count) VALUES (:key, :window, 1) "
    "ON CONFLICT (key, window_start) DO UPDATE SET count = ratecount.count + 1 RETURNING count"
)
FORGET = text("DELETE FROM ratecount WHERE window_start < now() - interval '2 days'")


def spend(session: Session, act: Limited, who: object) -> None:
    """Count one try and refuse when there were too many.

    The count is committed in a transaction of its own: a refusal rolls its request back, and a try that
    was refused must still count. One statement, so that parallel tries are each counted: also from a reader of one
    snapshot, whose isolation would refuse all but one of them.
    """
    at = now()
    bind = session.get_bind()
    engine = bind if isinstance(bind, Engine) else bind.engine
    with (
        engine.connect().execution_options(isolation_level="READ COMMITTED") as connection,
        connection.begin(),
    ):
        parameters = {"key": rates.key(act, str(who)), "window": rates.window_start(act, at)}
        count = connection.execute(COUNT, parameters).scalar_one()
    rates.require(act, count, at)


def forget_old(session: Session) -> None:
    session.connection().execute(FORGET)
