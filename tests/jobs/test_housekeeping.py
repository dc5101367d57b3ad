"""What privacy promises to forget is forgotten; what somebody may come back to stays."""

from datetime import timedelta

from sqlmodel import Session, select

from app.jobs import housekeeping
from app.models.columns import now
from app.models.rate_count import RateCount
from app.models.submission import Submission
from app.models.web_session import WebSession
from app.rules.words import SubmissionState
from tests.factories import make_call, make_submission
from tests.people import make_person


def test_old_tries_old_sessions_and_abandoned_drafts_go(session: Session) -> None:
    call, person, long_ago = make_call(session), make_person(session), now() - timedelta(days=100)
    draft = {"call": call, "state": SubmissionState.DRAFT, "author_id": None}
    make_submission(session, **draft, visitor_hash="gone", created_at=long_ago)
    make_submission(session, **draft, visitor_hash="here")
    make_submission(session, call, person, state=SubmissionState.DRAFT, created_at=long_ago)
    session.add(RateCount(key="submit:a", window_start=long_ago, count=3))
    session.add(RateCount(key="submit:b", window_start=now(), count=3))
    session.add(WebSession(person_id=person.id, token_hash="a", expires_at=long_ago))
    session.add(WebSession(person_id=person.id, token_hash="b", expires_at=now()))
    session.flush()

    housekeeping.forget(session)

    assert session.exec(select(RateCount.key)).all() == ["submit:b"]
    assert session.exec(select(WebSession.token_hash)).all() == ["b"]
    kept = session.exec(
        select(Submission.visitor_hash).where(Submission.state == SubmissionState.DRAFT)
    ).all()
    assert set(kept) == {"here", None}
