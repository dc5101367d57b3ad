"""Telling what is due: that grouping again is offered, that a proposal was taken up; by one process, each once."""

from sqlalchemy import Engine

from app.jobs.loops import alone
from app.services import groupings_offers, seeds
from app.settings import Settings


def offer(engine: Engine, settings: Settings) -> bool:
    """What is due stands in the rows, so a process that ends in between loses nothing."""
    alone(engine, "offers", lambda session: groupings_offers.tell_due(session, settings.base_url))
    alone(engine, "seeds", lambda session: seeds.tell_due(session, settings.origin))
    return False
