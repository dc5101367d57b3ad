"""Asking the drafting helper: read, ask outside any transaction, keep what holds."""

import logging
from uuid import UUID

from sqlmodel import Session

from app.jobs.workplace import current, durable
from app.services import drafting, jobs
from app.services.drafting_client import HelperFailed, helper_of

log = logging.getLogger(__name__)


@durable(jobs.DRAFTING)
def draft(drafting_id: str) -> None:
    """Killed anywhere, it is asked again elsewhere; only one answer is ever kept."""
    place, key = current(), UUID(drafting_id)
    helper = helper_of(place.settings)
    # No step of the job: what a step answers is kept by the job library, and people may take these words back.
    with Session(place.engine) as session:
        asked = drafting.question(session, key)
    if helper is None or not asked:
        place.transaction(drafting.fail, key)
        return
    try:
        said = helper.ask(asked)
        place.stay()
        place.transaction(drafting.keep, key, said, place.model.wait(), helper.model)
    except HelperFailed as failed:
        log.warning("drafting_failed", extra={"drafting": drafting_id, "why": type(failed).__name__})
        place.transaction(drafting.fail, key, failed)
    except Exception:
        place.transaction(drafting.fail, key)
        raise
