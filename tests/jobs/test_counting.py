"""A vote whose end has passed is counted without anybody's help."""

from datetime import timedelta

from sqlalchemy import Engine, text
from sqlmodel import Session

from app.jobs import counting
from app.models.columns import now
from app.rules.words import Choice, DecisionState
from tests.services.chamber import make_chamber


def test_what_is_due_is_counted_and_what_runs_is_left_alone(clean: Engine, db: Session) -> None:
    due, running = make_chamber(db), make_chamber(db)
    for chamber in (due, running):
        chamber.notice(opens_in=-1)
        chamber.cast_all(Choice.FOR)
    assert due.decision
    assert running.decision
    db.connection().execute(text("SET LOCAL session_replication_role = replica"))
    db.connection().execute(
        text("UPDATE decision SET closes_at = :at WHERE id = :id"),
        {"at": now() - timedelta(seconds=1), "id": due.decision.id},
    )
    db.commit()

    counting.count_due(clean)

    db.expire_all()
    assert (due.decision.state, running.decision.state) == (DecisionState.CARRIED, DecisionState.NOTICED)
