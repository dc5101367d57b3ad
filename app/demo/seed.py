"""Filling an empty database with the demonstration, in one transaction: killed in the middle it leaves nothing."""

from sqlalchemy import Engine, text
from sqlmodel import select

from app.db import transaction
from app.demo import (
    seed_applications,
    seed_award,
    seed_contracts,
    seed_course,
    seed_decisions,
    seed_followed,
    seed_groups,
    seed_missions,
    seed_moderation,
    seed_offers,
    seed_panel,
    seed_people,
    seed_questions,
    seed_reviews,
    seed_voices,
    signs,
)
from app.demo.story import Calendar, Stage, Tell, play
from app.models.call import Call
from app.models.columns import now
from app.nlp.embedding import Embedder
from app.services import terms

ONE_AT_A_TIME = 7_302_002


def seed_when_empty(engine: Engine, embedder: Embedder, tell: Tell) -> bool:
    """Tell the whole story where nothing was ever asked; answers whether it did."""
    with transaction(engine) as session:
        session.execute(text("SET LOCAL statement_timeout = 0"))
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        if session.exec(select(Call.id).limit(1)).first() is not None:
            return False
        calendar = Calendar(now())
        terms.ensure_all(session)
        stage = Stage(session, calendar, embedder, tell)
        parts = (
            seed_voices, seed_moderation, seed_groups, seed_missions, seed_reviews, seed_decisions, seed_questions,
            seed_offers, seed_applications, seed_course, seed_followed,
            seed_panel, seed_award, seed_contracts,
        )  # fmt: skip
        acts = [act for part in parts for act in part.acts(calendar)]
        play(stage, [*seed_people.acts(stage, acts), *acts])
    return True


def how_to_sign_in(engine: Engine, origin: str) -> list[str]:
    """Lines for the console; none where the demonstration is not there."""
    with transaction(engine) as session:
        return signs.lines(session, origin)
