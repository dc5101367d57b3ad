"""Telling facilitators that grouping again is offered: by one process, a minute after it is due at the latest."""

from sqlalchemy import Engine

from app.jobs.loops import alone
from app.services import groupings_offers
from app.settings import Settings


def offer(engine: Engine, settings: Settings) -> bool:
    """What is due stands in the rows, so a process that ends in between loses nothing."""
    alone(engine, "offers", lambda session: groupings_offers.tell_due(session, settings.base_url))
    return False
