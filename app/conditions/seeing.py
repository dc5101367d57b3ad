"""The one visibility predicate of every door: what may be known of at all, and whose words may be read."""

from app.conditions import applying
from app.conditions.asking import Ask, call_of, committee_of, facilitates, is_author, sits_as
from app.models.application import Application
from app.models.cluster import Cluster
from app.models.decision import Decision
from app.models.grouping import Grouping
from app.models.lesson import Lesson
from app.models.review import Review
from app.models.review_rounds import may_read
from app.models.statement import Statement
from app.models.submission import Submission
from app.rules import disclosure
from app.rules.words import (
    Role,
)


def may_see(ask: Ask) -> bool:
    """The one visibility predicate of every door, for every kind of subject.

    What belongs to a call that is still a draft is as unknown as the call, whatever its own state.
    """
    call = call_of(ask.session, ask.subject)
    if call is not None and not disclosure.shows_call(call.state) and not facilitates(ask):
        return False
    return is_shown(ask)


def is_shown(ask: Ask) -> bool:
    """Whether the subject's own state shows it to this viewer."""
    subject = ask.subject
    if isinstance(subject, Submission):
        return may_see_submission(ask, subject)
    if isinstance(subject, Application):
        return applying.may_know(ask)
    if isinstance(subject, Grouping):
        return subject.state in disclosure.PUBLIC_GROUPING_STATES or facilitates(ask)
    if isinstance(subject, Cluster):
        grouping = ask.session.get(Grouping, subject.grouping_id)
        return (grouping is not None and grouping.state in disclosure.PUBLIC_GROUPING_STATES) or facilitates(
            ask
        )
    if isinstance(subject, Decision):
        return disclosure.shows_decision(subject.state) or sees_drafts(ask)
    if isinstance(subject, Review):
        return may_read(ask.session, subject, {seat.id for seat in ask.viewer.seats}, ask.at)
    if isinstance(subject, Lesson):
        said = ask.session.get_one(Statement, subject.id)
        return disclosure.shows_statement(said.kind, said.state)
    if isinstance(subject, Statement):
        shown = disclosure.shows_statement(subject.kind, subject.state)
        return shown or subject.author_id == ask.viewer.id is not None or facilitates(ask)
    return subject is not None


def sees_drafts(ask: Ask) -> bool:
    """A drafted question is read by the offices, and by the members where one of them has to second it."""
    committee = committee_of(ask.session, ask.subject)
    members = (Role.MEMBER,) if committee is not None and committee.needs_seconder else ()
    return sits_as(ask, Role.CHAIR, Role.DEPUTY, Role.SECRETARY, *members)


def may_see_submission(ask: Ask, submission: Submission) -> bool:
    """Everyone reads public words and tombstones; the author their own; a facilitator all but drafts."""
    if disclosure.shows_words(submission.state) or disclosure.shows_tombstone(submission.state):
        return True
    if is_author(ask) or (
        submission.author_id is None and submission.visitor_hash == ask.viewer.visitor_hash != ""
    ):
        return True
    return submission.state != "draft" and facilitates(ask)


def may_read_words(ask: Ask) -> bool:
    """Whether the words of a submission, not only its tombstone, may be read."""
    submission = ask.subject
    if disclosure.shows_words(submission.state):
        return True
    return submission.state != "withdrawn" and (
        is_author(ask) or (submission.state != "draft" and facilitates(ask))
    )
