"""Housekeeping: what privacy promises to forget is forgotten, by one process, once an hour."""

from sqlalchemy import Engine
from sqlmodel import Session

from app.jobs.loops import alone
from app.services import attachments, drafts, limits, sign_ins
from app.services.files_store import store_of
from app.settings import Settings


def tidy(engine: Engine, settings: Settings) -> bool:
    """Drop old counts of tries, drafts that no visitor came back to, and sign-ins that are over."""
    alone(engine, "housekeeping", forget)
    alone(engine, "files", lambda session: attachments.sweep(session, store_of(settings)))
    return False


def forget(session: Session) -> None:
    limits.forget_old(session)
    drafts.forget_abandoned(session)
    sign_ins.forget_old(session)
