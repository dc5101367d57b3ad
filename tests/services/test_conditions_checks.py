"""Checks of conditions: by their days and their evidence; waived and remedied only by a vote; told to the sides."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from app.models.call import Call
from app.models.columns import telling
from app.models.condition import Condition
from app.models.link import Link
from app.models.milestone import Milestone
from app.models.motion import Motion
from app.models.notification import Notification
from app.models.person import Person
from app.models.project import projects_of
from app.rules.conditions import Measure
from app.rules.replay_kinds import Noun
from app.rules.words import (
    Choice,
    Compare,
    ConditionKind,
    ConditionState,
    LinkKind,
    MotionAct,
    SubjectKind,
    SubmissionState,
)
from app.services import (
    calendars,
    conditions_evidence,
    conditions_motions,
    conditions_read,
    conditions_told,
    missions,
    replay,
)
from app.services.conditions_evidence import EvidenceText
from app.services.conditions_read import Read
from tests.factories import make_submission
from tests.services.contracted import (
    Contract,
    agreed,
    in_days,
    make_contract,
    propose,
    text,
)
from tests.services.steering import moved, voted

S = ConditionState
OTHER = "The firm publishes its results, but not those of failed trials."


@pytest.fixture
def contract(session: Session) -> Contract:
    return make_contract(session)


def read(contract: Contract, condition: Condition) -> Read:
    return conditions_read.of_project(contract.session, contract.project, [condition])[0]


def later(days: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def filed(contract: Contract, condition: Condition, value: Decimal | None = None) -> None:
    assert condition.due is not None
    shown = EvidenceText(condition.due, "The report of the third quarter shows it.", value)
    conditions_evidence.file(contract.session, condition, shown, contract.lead.id)


def test_each_condition_is_a_check_in_the_projects_calendar(contract: Contract, session: Session) -> None:
    other = projects_of(session, contract.chamber.mission.id)[1]
    agreed(contract)
    propose(contract)  # which nobody agreed
    session.add_all(
        Milestone(
            mission_id=contract.chamber.mission.id, project_id=each.id, title=each.title, due=in_days(20)
        )
        for each in (contract.project, other)
    )
    session.flush()

    days = calendars.of_project(session, contract.project)

    assert [(each.day, each.state) for each in days] == [(in_days(20), None), (in_days(60), S.ACTIVE)]
    assert len(calendars.of_mission(session, contract.chamber.mission)) == 3
    feed = calendars.feed("Solar", days, "https://example.org")
    assert feed.count("BEGIN:VEVENT") == 2
    assert f"DTSTART;VALUE=DATE:{in_days(60):%Y%m%d}" in feed


def test_overdue_evidence_is_a_breach_without_any_click(contract: Contract) -> None:
    condition = agreed(contract)

    with telling(later(59)):
        assert read(contract, condition).state is S.DUE
    with telling(later(62)):
        found = read(contract, condition)
        mission = contract.chamber.mission
        assert [each.condition.id for each in conditions_read.breached_in(contract.session, mission)] == [
            condition.id
        ]

    assert (found.state, condition.state) == (S.BREACHED, S.AGREED)


def test_a_machine_reads_whether_evidence_meets_the_test(contract: Contract) -> None:
    half = Measure(Compare.AT_LEAST, "profit put back", Decimal(50), "percent")
    condition = agreed(contract, ConditionKind.REINVESTMENT, text(measure=half))

    with pytest.raises(conditions_evidence.NumberNeeded):
        filed(contract, condition)
    filed(contract, condition, Decimal("49.9"))
    assert read(contract, condition).state is S.ACTIVE
    filed(contract, condition, Decimal(50))

    assert read(contract, condition).state is S.KEPT


def test_evidence_set_aside_in_time_is_no_evidence(contract: Contract, session: Session) -> None:
    condition = agreed(contract)
    filed(contract, condition)
    (proof,) = read(contract, condition).proofs

    with telling(later(31)), pytest.raises(conditions_evidence.TooLateToDoubt):
        conditions_evidence.set_aside(
            session, condition, proof.evidence.id, "No trials in it.", contract.funder.id
        )
    conditions_evidence.set_aside(
        session, condition, proof.evidence.id, "No trials in it.", contract.funder.id
    )

    assert read(contract, condition).state is S.ACTIVE
    with pytest.raises(conditions_evidence.SetAsideAlready):
        conditions_evidence.set_aside(session, condition, proof.evidence.id, "Again.", contract.funder.id)
    with telling(later(62)):
        assert read(contract, condition).state is S.BREACHED


def test_late_evidence_mends_nothing_until_a_vote_accepts_it(contract: Contract, session: Session) -> None:
    with telling(later(-200)):
        every_year = Measure(Compare.YES, "published", None, "", 12, in_days(900))
        condition = agreed(contract, told=text(100, every_year))
    filed(contract, condition)
    assert read(contract, condition).state is S.BREACHED
    facts = conditions_motions.remedy_facts(read(contract, condition))
    assert len(facts["evidence"]) == 1

    motion = moved(contract.chamber, MotionAct.ACCEPT_REMEDY, SubjectKind.CONDITION, condition.id, facts)
    decision = voted(contract.chamber, motion)

    assert (condition.state, condition.decision_id) == (S.REMEDIED, decision.id)
    assert [each.state for each in read(contract, condition).checks] == [S.REMEDIED, S.ACTIVE, S.ACTIVE]
    with telling(later(300)):
        assert read(contract, condition).state is S.BREACHED


def test_nothing_is_remedied_that_is_not_overdue(contract: Contract) -> None:
    condition = agreed(contract)

    with pytest.raises(conditions_motions.NothingToRemedy):
        conditions_motions.remedy_facts(read(contract, condition))
    with pytest.raises(conditions_motions.NothingToRemedy):
        moved(contract.chamber, MotionAct.ACCEPT_REMEDY, SubjectKind.CONDITION, condition.id,
              {"until": in_days(90).isoformat(), "evidence": []})  # fmt: skip


def test_a_waiver_needs_a_decision(contract: Contract, session: Session) -> None:
    condition = agreed(contract)
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(sql("UPDATE condition SET state = 'waived' WHERE id = :id"), {"id": condition.id})

    lost = voted(contract.chamber, waiver(contract, condition), Choice.AGAINST)
    assert (condition.state, condition.decision_id) == (S.AGREED, None)
    decision = voted(contract.chamber, waiver(contract, condition))

    assert lost.id != decision.id == condition.decision_id
    assert read(contract, condition).state is S.WAIVED
    with telling(later(90)):
        assert read(contract, condition).state is S.WAIVED
    told = {each.noun for each in replay.report(session).compared.differing}
    assert Noun.CONDITION not in told


def waiver(contract: Contract, condition: Condition) -> Motion:
    return moved(contract.chamber, MotionAct.WAIVE_CONDITION, SubjectKind.CONDITION, condition.id)


def test_only_what_is_agreed_is_waived_and_only_once(contract: Contract) -> None:
    with pytest.raises(conditions_motions.NothingToWaive):
        waiver(contract, propose(contract))
    condition = agreed(contract)
    voted(contract.chamber, waiver(contract, condition))

    with pytest.raises(conditions_motions.NothingToWaive):
        waiver(contract, condition)


def test_evidence_is_for_a_day_of_the_calendar(contract: Contract, session: Session) -> None:
    condition = agreed(contract)

    with pytest.raises(conditions_evidence.NoSuchCheck):
        conditions_evidence.file(
            session, condition, EvidenceText(in_days(61), "A report of another day."), contract.lead.id
        )


def told(session: Session, person: Person) -> list[str]:
    query = select(Notification.kind).where(Notification.person_id == person.id)
    return list(session.exec(query.order_by(col(Notification.created_at))))


def test_each_side_is_told_of_what_the_other_does(contract: Contract, session: Session) -> None:
    condition = agreed(contract)
    filed(contract, condition)

    assert told(session, contract.lead) == ["condition_proposed"]
    assert told(session, contract.funder) == ["condition_agreed", "evidence_filed"]


def test_a_check_that_comes_near_and_one_that_is_missed_are_told_once(
    contract: Contract, session: Session
) -> None:
    agreed(contract)
    assert conditions_told.tell_due(session, "") == 0

    for days in (40, 40, 41, 62, 62, 63):
        with telling(later(days)):
            conditions_told.tell_due(session, "")

    assert told(session, contract.lead)[1:] == ["evidence_due", "condition_breached"]
    assert told(session, contract.funder)[1:] == ["condition_breached"]


def test_a_project_called_by_words_taken_back_is_named_no_more(contract: Contract, session: Session) -> None:
    voice = make_submission(session, session.get_one(Call, contract.chamber.mission.call_id))
    session.add(
        Link(kind=LinkKind.DERIVES_FROM, from_kind=SubjectKind.PROJECT, from_id=contract.project.id,
             to_kind=SubjectKind.SUBMISSION, to_id=voice.id, note=missions.QUOTED)
    )  # fmt: skip
    condition = agreed(contract)
    assert read(contract, condition).title == contract.project.title

    voice.state, voice.text, voice.title = SubmissionState.WITHDRAWN, "", ""
    session.flush()

    assert read(contract, condition).title == "Words that somebody took back"
    (day,) = calendars.of_project(session, contract.project)
    assert contract.project.title not in calendars.feed("Solar", [day], "https://example.org")
