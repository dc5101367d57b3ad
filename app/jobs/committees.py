"""What follows from the clock for committees, told by a plain loop: what is due stands in the rows."""

from sqlalchemy import Engine

from app.jobs.loops import alone
from app.services import committees_letters, committees_standing, conditions_told, panel_reminders, reminders
from app.settings import Settings


def tend(engine: Engine, settings: Settings) -> bool:
    """Tell which committees were constituted or suspended, remind reviewers, write to committees and of checks."""
    alone(engine, "committees", lambda session: committees_standing.tell_due(session, settings.origin))
    alone(engine, "reminders", lambda session: reminders.remind_due(session, settings.origin))
    alone(engine, "panel reminders", lambda session: panel_reminders.remind_due(session, settings.origin))
    alone(engine, "letters", lambda session: committees_letters.tell_due(session, settings.origin))
    alone(engine, "checks", lambda session: conditions_told.tell_due(session, settings.origin))
    return False
