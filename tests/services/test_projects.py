"""The life of a project: a hypothesis first, every step an event, and an end with a verdict and a lesson."""

from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from app.models.event import Event
from app.models.lesson import Lesson
from app.models.link import Link
from app.models.money import Money
from app.models.notification import Notification
from app.models.project import projects_of
from app.models.statement import Statement
from app.rules.moves import MoveForbidden, ReasonMissing
from app.rules.replay_kinds import Noun
from app.rules.words import (
    LinkKind,
    MoneyKind,
    ProjectState,
    ProjectVerdict,
    StakeholderGroup,
    StatementKind,
    SubjectKind,
)
from app.services import contracts, projects, projects_show, replay
from app.services.projects import End
from tests.services.contracted import HYPOTHESIS, Contract, in_days, make_contract

S = ProjectState
LEARNED = "Ask who holds the key at night before you buy the battery."
END = End(ProjectVerdict.REFUTED, "A third of the homes were dark by nine.", LEARNED)


@pytest.fixture
def contract(session: Session) -> Contract:
    return make_contract(session)


def at(contract: Contract, state: ProjectState) -> Contract:
    contract.project.state = state
    contract.session.flush()
    return contract


def held(session: Session) -> None:
    """What the database holds until the transaction ends, asked for now."""
    session.flush()
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def test_a_project_starts_from_a_hypothesis(contract: Contract, session: Session) -> None:
    """DOMAIN 27."""
    project, by = at(contract, S.PROPOSED).project, contract.funder.id
    project.hypothesis = ""
    session.flush()
    with pytest.raises(contracts.NothingAssumed):
        contracts.contract(session, project, in_days(1), in_days(90), by)

    projects.write_hypothesis(session, project, HYPOTHESIS, project.version, contract.lead.id)
    contracts.contract(session, project, in_days(1), in_days(90), by)

    assert (project.state, project.hypothesis) == (S.CONTRACTED, HYPOTHESIS)
    with pytest.raises(projects.HypothesisBound):
        projects.write_hypothesis(session, project, "Something else altogether.", project.version, by)


def test_the_database_takes_no_contract_without_a_hypothesis(session: Session) -> None:
    """DOMAIN 27."""
    contract = make_contract(session, S.PROPOSED)
    contract.project.hypothesis = ""
    held(session)
    with pytest.raises(DBAPIError, match="starts from a hypothesis"), session.begin_nested():
        session.execute(
            text("UPDATE project SET state = 'contracted' WHERE id = :id"), {"id": contract.project.id}
        )


def test_the_database_keeps_the_hypothesis_once_the_work_began(contract: Contract, session: Session) -> None:
    """DOMAIN 27: what one hoped for is not rewritten after one has seen what came."""
    held(session)
    with pytest.raises(DBAPIError, match="before the work begins"), session.begin_nested():
        session.execute(text("UPDATE project SET hypothesis = 'It works'"))


def test_two_who_write_the_hypothesis_at_once_lose_nothing(contract: Contract, session: Session) -> None:
    project = at(contract, S.PROPOSED).project
    seen = project.version
    projects.write_hypothesis(session, project, "The first of two assumptions.", seen, contract.lead.id)

    with pytest.raises(projects.HypothesisChanged):
        projects.write_hypothesis(
            session, project, "The second of two assumptions.", seen, contract.funder.id
        )


def test_each_step_is_one_act_with_its_event(contract: Contract, session: Session) -> None:
    project, by = at(contract, S.CONTRACTED).project, contract.lead.id

    projects.start(session, project, by)
    projects.pause(session, project, "The road was washed away.", by)
    projects.resume(session, project, "The road is open again.", by)
    projects.complete(session, project, END, by)

    query = select(Event.kind).where(Event.subject_id == project.id).order_by(Event.id)  # type: ignore[arg-type]
    assert list(session.exec(query)) == [
        "project_started", "project_paused", "project_resumed", "project_completed",
    ]  # fmt: skip
    assert (project.state, project.verdict, project.outcome_reason) == (S.COMPLETED, END.verdict, END.reason)
    shown = projects_show.shown(session, project)
    assert [each.reason for each in shown.life] == [
        "", "The road was washed away.", "The road is open again.", END.reason,
    ]  # fmt: skip
    held(session)


def test_the_log_tells_what_became_of_a_project_and_its_lesson(contract: Contract, session: Session) -> None:
    project, by = at(contract, S.CONTRACTED).project, contract.lead.id
    projects.start(session, project, by)
    projects.stop(session, project, END, by)
    session.flush()
    lesson = session.exec(select(Lesson.id).where(Lesson.project_id == project.id)).one()

    differing = {(each.noun, each.id) for each in replay.report(session).compared.differing}

    assert (Noun.PROJECT, str(project.id)) not in differing
    assert (Noun.STATEMENT, str(lesson)) not in differing


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (S.PROPOSED, "start"), (S.RUNNING, "start"), (S.CONTRACTED, "pause"), (S.RUNNING, "resume"),
        (S.PROPOSED, "stop"), (S.CONTRACTED, "complete"), (S.PAUSED, "complete"),
    ],
)  # fmt: skip
def test_a_step_that_the_table_does_not_know_is_refused(
    contract: Contract, session: Session, state: ProjectState, act: str
) -> None:
    project, by = at(contract, state).project, contract.funder.id
    acts = {
        "start": lambda: projects.start(session, project, by),
        "pause": lambda: projects.pause(session, project, "Because.", by),
        "resume": lambda: projects.resume(session, project, "Because.", by),
        "stop": lambda: projects.stop(session, project, END, by),
        "complete": lambda: projects.complete(session, project, END, by),
    }

    with pytest.raises(MoveForbidden):
        acts[act]()


def test_stop_without_lesson_refused(contract: Contract, session: Session) -> None:
    """DOMAIN 21."""
    with pytest.raises(projects.LessonMissing):
        projects.stop(session, contract.project, End(END.verdict, END.reason, "  "), contract.funder.id)

    assert contract.project.state is S.RUNNING


def test_close_without_verdict_refused(contract: Contract, session: Session) -> None:
    """DOMAIN 27: the database takes no end without one, whoever asks."""
    with pytest.raises(DBAPIError, match="an_end_has_a_verdict"), session.begin_nested():
        session.execute(
            text("UPDATE project SET state = 'completed', ended_at = now() WHERE id = :id"),
            {"id": contract.project.id},
        )


def test_an_end_gives_a_reason(contract: Contract, session: Session) -> None:
    with pytest.raises(ReasonMissing):
        projects.complete(session, contract.project, End(END.verdict, " ", LEARNED), contract.funder.id)


@pytest.mark.parametrize("state", ["completed", "stopped_to_learn"])
def test_the_database_takes_no_end_without_a_lesson(contract: Contract, session: Session, state: str) -> None:
    """DOMAIN 21: held whoever writes the row; a lesson of another project is none."""
    other = projects_of(session, contract.project.mission_id)[1]
    projects.lessons.add(session, other, LEARNED, contract.funder.id)
    held(session)
    change = "UPDATE project SET state = :state, verdict = 'refuted', ended_at = now() WHERE id = :id"
    facts = {"id": contract.project.id, "state": state}
    with pytest.raises(DBAPIError, match="ends with a lesson"), session.begin_nested():
        session.execute(text(change), facts)

    projects.lessons.add(session, contract.project, LEARNED, contract.funder.id)
    session.execute(text(change), facts)


def test_what_has_ended_stays_ended(contract: Contract, session: Session) -> None:
    project = contract.project
    projects.stop(session, project, END, contract.funder.id)
    held(session)

    with pytest.raises(MoveForbidden):
        projects.resume(session, project, "Let us go on.", contract.funder.id)
    with pytest.raises(DBAPIError, match="stays ended"), session.begin_nested():
        session.execute(text("UPDATE project SET verdict = 'supported' WHERE id = :id"), {"id": project.id})


def depending(contract: Contract) -> Link:
    """Another project of the mission waits for ours."""
    other = projects_of(contract.session, contract.project.mission_id)[1]
    link = Link(
        kind=LinkKind.DEPENDS_ON, from_kind=SubjectKind.PROJECT, from_id=other.id, to_kind=SubjectKind.PROJECT,
        to_id=contract.project.id,
    )  # fmt: skip
    contract.session.add(link)
    contract.session.flush()
    return link


def test_stopping_asks_first_what_depends_on_it(contract: Contract, session: Session) -> None:
    """DOMAIN 31 and 21: nothing is stopped over the heads of those who wait for it; their stewards are told."""
    link = depending(contract)
    with pytest.raises(projects.DependentsUnseen):
        projects.stop(session, contract.project, END, contract.lead.id)

    hit = projects.stop(session, contract.project, END, contract.lead.id, frozenset({link.from_id}))

    assert [each.end.id for each in hit] == [link.from_id]
    told = session.exec(select(Notification).where(Notification.kind == "project_stopped_below")).all()
    assert contract.funder.id in {each.person_id for each in told}


def test_money_that_is_committed_and_not_released_is_told(contract: Contract, session: Session) -> None:
    for kind, amount in (
        (MoneyKind.COMMITTED, "100"),
        (MoneyKind.RELEASED, "40"),
        (MoneyKind.ANNOUNCED, "900"),
    ):
        session.add(
            Money(mission_id=contract.project.mission_id, project_id=contract.project.id, kind=kind, source="Budget",
                  source_group=StakeholderGroup.PUBLIC, year=2026, amount=Decimal(amount), currency="EUR")
        )  # fmt: skip
    session.flush()

    (purse,) = projects_show.shown(session, contract.project).purses

    assert (purse.committed, purse.unreleased) == (Decimal(100), Decimal(60))


def test_the_lesson_of_an_end_is_a_statement_on_the_project(contract: Contract, session: Session) -> None:
    projects.stop(session, contract.project, END, contract.funder.id)

    lesson = session.exec(select(Statement).where(Statement.kind == StatementKind.LESSON)).one()
    assert (lesson.subject_id, lesson.text) == (contract.project.id, LEARNED)
