"""Builders: plain functions that make one believable row, with noise where a forgotten filter would show."""

from datetime import timedelta
from uuid import uuid4

from sqlmodel import Session

from app.models.call import Call
from app.models.columns import now
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.submission import Submission
from app.rules.words import CallState, SubmissionState
from tests.people import make_organisation, make_person


def make_call(session: Session, organisation: Organisation | None = None, **changes: object) -> Call:
    """An open consultation, unless told otherwise."""
    organisation = organisation or make_organisation(session)
    facts = {
        "title": "Solar energy and life in the desert",
        "question": "What should we achieve together by 2035?",
        "organisation_id": organisation.id,
        "state": CallState.PUBLISHED,
        "opens_at": now() - timedelta(days=10),
        "closes_at": now() + timedelta(days=10),
        "published_at": now() - timedelta(days=12),
        **changes,
    }
    call = Call(**facts)
    session.add(call)
    session.flush()
    return call


def make_submission(
    session: Session, call: Call | None = None, author: Person | None = None, **changes: object
) -> Submission:
    """A visible idea by some author of its own."""
    call = call or make_call(session)
    facts = {
        "call_id": call.id,
        "state": SubmissionState.VISIBLE,
        "text": "Put shade and solar panels over the market square.",
        "language": "en",
        "submitted_at": now(),
        **changes,
    }
    if "author_id" not in facts:
        author = author or make_person(session, f"Author {uuid4().hex[:12]}")
        facts["author_id"] = author.id
    submission = Submission(**facts)
    session.add(submission)
    session.flush()
    return submission
