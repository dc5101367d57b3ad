"""The migration that gave each fact its own date finds the dates of what happened before it."""

from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import text
from sqlmodel import Session

from app.models.call import Call
from app.models.columns import now, telling
from app.models.submission import Submission
from app.rules.words import CallState, SubjectKind, SubmissionState
from app.services import events
from tests.factories import make_call, make_submission

FILE = Path(__file__).parent.parent / "migrations" / "versions" / "0004_what_happened_when.py"
DAY = timedelta(days=1)
S = SubmissionState


@pytest.fixture
def migration() -> ModuleType:
    spec = spec_from_file_location("what_happened_when", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def as_before(session: Session, call: Call, state: SubmissionState, **changes: object) -> Submission:
    """A voice as the earlier schema kept it: one date for whatever came last."""
    return make_submission(session, call, state=state, updated_at=now(), **changes)


def test_what_happened_before_has_its_own_date_too(session: Session, migration: ModuleType) -> None:
    call, edited_at, moved_at = make_call(session, state=CallState.ANSWERED), now() - 3 * DAY, now() - DAY
    edited, answered = as_before(session, call, S.VISIBLE), as_before(session, call, S.TAKEN_UP)
    gone = as_before(session, call, S.WITHDRAWN, text="")
    hidden = make_submission(session, call, state=S.HIDDEN, hidden_rule="insult")
    with telling(edited_at):
        events.record(session, "submission_edited", SubjectKind.SUBMISSION, edited.id)
    events.record(session, "submission_hidden", SubjectKind.SUBMISSION, hidden.id, before=S.GROUPED)
    with telling(moved_at):
        events.record(session, "checking_started", SubjectKind.CALL, call.id)
        events.record(session, "call_answered", SubjectKind.CALL, call.id)
    session.flush()
    answered_at, gone_at = answered.updated_at, gone.updated_at

    for statement in migration.APART.strip().split(";\n"):
        session.execute(text(statement))
    for date, kind in migration.KINDS.items():
        session.execute(text(migration.MOVED.format(date=date, kind=kind)))
    session.expire_all()

    assert (edited.updated_at, edited.outcome_at) == (edited_at, None)
    assert (answered.updated_at, answered.outcome_at) == (None, answered_at)
    assert (gone.updated_at, gone.withdrawn_at) == (None, gone_at)
    assert hidden.hidden_from is S.GROUPED
    assert (call.checking_at, call.answered_at, call.cancelled_at) == (moved_at, moved_at, None)
