"""What follows for missions from their readings and the calendar, told by loops: pages know it already."""

from sqlalchemy import Engine

from app.jobs.loops import alone
from app.services import course, missions_course
from app.settings import Settings


def tell_achieved(engine: Engine, settings: Settings) -> bool:
    """Tell the log which missions are achieved, or no longer are."""
    alone(engine, "achieved", lambda session: missions_course.tell_due(session, settings.origin))
    return False


def open_due(engine: Engine, settings: Settings) -> bool:
    """Open the reviews that a new signal asks for."""
    alone(engine, "course", lambda session: course.open_due(session, settings.origin))
    return False
