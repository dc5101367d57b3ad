"""What is offered beside a draft: applications of decided calls and lessons that anyone can read, nothing sealed."""

import pytest
from sqlmodel import Session

from app.models.columns import now
from app.models.project import Project
from app.models.statement import Statement
from app.rules.words import ApplicationState, CallState, MissionState, StatementState
from app.services import lessons, missions_draft
from app.services.applications_near import near
from tests.applied import Offered, make_offered
from tests.services.drafted import make_scene

A, C = ApplicationState, CallState


@pytest.fixture
def offered(session: Session) -> Offered:
    return make_offered(session)


PUBLIC = [
    (A.SELECTED, C.ANSWERED, True), (A.SELECTED, C.ARCHIVED, False), (A.DECLINED, C.ANSWERED, True),
    (A.INELIGIBLE, C.ANSWERED, True), (A.RESERVE, C.ARCHIVED, True),
]  # fmt: skip
SEALED = [
    (A.DECLINED, C.ANSWERED, False), (A.WITHDRAWN, C.ANSWERED, True), (A.SUBMITTED, C.PUBLISHED, True),
    (A.SELECTED, C.DECISION, True), (A.SHORTLISTED, C.REVIEW, True), (A.SELECTED, C.CANCELLED, True),
]  # fmt: skip


def offers_it(offered: Offered, state: A, phase: C, tells: bool) -> bool:
    """Whether an application like ours to another call, as far as that got, is offered beside our draft."""
    other = make_offered(offered.session, tells_declined=tells)
    application = other.submitted()
    application.state, application.outcome_reason = state, "The cooperative had no members yet."
    other.call.state, other.call.cancelled_reason = phase, "No money." if phase is C.CANCELLED else ""
    offered.session.flush()
    return bool(near(offered.session, offered.written()).applications)


@pytest.mark.parametrize(("state", "phase", "tells"), PUBLIC)
def test_similar_applications_are_offered_where_everyone_may_know_of_them(
    offered: Offered, state: A, phase: C, tells: bool
) -> None:
    assert offers_it(offered, state, phase, tells)


@pytest.mark.parametrize(("state", "phase", "tells"), SEALED)
def test_one_that_is_sealed_is_never_offered(offered: Offered, state: A, phase: C, tells: bool) -> None:
    assert not offers_it(offered, state, phase, tells)


def lesson(session: Session, text: str, state: StatementState = StatementState.VISIBLE) -> Statement:
    scene = make_scene(session)
    mission = missions_draft.draft(session, scene.cluster, scene.carol.id)
    mission.state, mission.adopted_at = MissionState.ACTIVE, now()
    project = Project(mission_id=mission.id, title="Street batteries of the north")
    session.add(project)
    session.flush()
    said = lessons.add(session, project, text, scene.carol.id)
    said.state = state
    session.flush()
    return said


def test_the_lesson_of_a_stopped_project_appears_beside_a_similar_draft(offered: Offered) -> None:
    said = lesson(offered.session, "Shared batteries failed in villages where nobody had the key at night.")
    lesson(offered.session, "Oysters need cold and clean water in spring.")
    lesson(offered.session, "Hidden batteries of villages at night.", StatementState.HIDDEN)

    found = near(offered.session, offered.written())

    assert [each.id for each in found.lessons] == [said.id]


def test_a_draft_of_two_words_has_nothing_near(offered: Offered) -> None:
    lesson(offered.session, "Shared batteries failed in villages where nobody had the key at night.")

    assert not near(offered.session, offered.begun())
