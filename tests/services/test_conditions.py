"""Conditions on public money: proposed by one side, agreed by both, contracted with, changed only by both."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.models.columns import telling
from app.models.condition import Condition, ConditionVersion, templates_of, versions_of
from app.rules.replay_kinds import Noun
from app.rules.words import (
    ConditionKind,
    ConditionState,
    ProjectState,
    Side,
)
from app.services import (
    conditions,
    conditions_read,
    contracts,
    exports_missions,
    replay,
)
from app.services.conditions_read import Read
from tests.factories import make_call
from tests.services.contracted import (
    CLAUSE,
    PUBLISHED,
    Contract,
    agreed,
    in_days,
    make_contract,
    propose,
    text,
)

S = ConditionState
OTHER = "The firm publishes its results, but not those of failed trials."


@pytest.fixture
def contract(session: Session) -> Contract:
    return make_contract(session)


def read(contract: Contract, condition: Condition) -> Read:
    return conditions_read.of_project(contract.session, contract.project, [condition])[0]


def later(days: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def test_a_condition_binds_when_both_sides_said_yes(contract: Contract) -> None:
    condition = propose(contract)
    assert (read(contract, condition).state, read(contract, condition).checks) == (S.PROPOSED, ())

    conditions.agree(contract.session, condition, Side.LEAD, 1, contract.lead.id)

    found = read(contract, condition)
    assert (found.state, found.binding, found.proposed) == (S.ACTIVE, found.latest, None)
    assert [each.due for each in found.checks] == [condition.due]


def test_a_unilateral_edit_of_an_agreed_condition_is_refused(contract: Contract, session: Session) -> None:
    condition = agreed(contract)

    conditions.counter(session, condition, text(90, clause=OTHER), Side.LEAD, 1, contract.lead.id)

    found = read(contract, condition)
    assert (found.shown.clause, condition.version, condition.due) == (CLAUSE, 1, in_days(60))
    assert (found.proposed, [each.clause for each in found.versions]) == (found.latest, [CLAUSE, OTHER])
    with pytest.raises(conditions.OtherSideHasToAgree):
        conditions.agree(session, condition, Side.LEAD, 2, contract.lead.id)
    for change in ("version = 2", "due = due + 400", "state = 'proposed'"):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(sql(f"UPDATE condition SET {change} WHERE id = :id"), {"id": condition.id})
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(sql("UPDATE condition_version SET clause = 'Nothing is owed.'"))


def test_new_words_bind_when_both_sides_said_yes_to_them(contract: Contract, session: Session) -> None:
    condition = agreed(contract)
    conditions.counter(session, condition, text(90, clause=OTHER), Side.LEAD, 1, contract.lead.id)

    conditions.agree(session, condition, Side.FUNDER, 2, contract.funder.id)

    found = read(contract, condition)
    assert (found.shown.clause, condition.version, condition.due) == (OTHER, 2, in_days(90))
    assert set(found.yes_of(found.latest)) == set(Side)
    assert found.proposer_of(found.latest) is Side.LEAD


def test_nobody_says_yes_for_both_sides(contract: Contract, session: Session) -> None:
    condition = propose(contract)

    with pytest.raises(conditions.OnePersonOneSide):
        conditions.agree(session, condition, Side.LEAD, 1, contract.funder.id)
    assert condition.state is S.PROPOSED


def test_one_says_yes_to_the_words_one_has_read(contract: Contract, session: Session) -> None:
    condition = propose(contract)
    conditions.counter(session, condition, text(clause=OTHER), Side.FUNDER, 1, contract.funder.id)

    with pytest.raises(conditions.NewerVersion):
        conditions.agree(session, condition, Side.LEAD, 1, contract.lead.id)


def test_new_words_mend_no_breach(contract: Contract, session: Session) -> None:
    condition = agreed(contract)
    conditions.counter(session, condition, text(200, clause=OTHER), Side.LEAD, 1, contract.lead.id)

    with telling(later(62)):
        with pytest.raises(conditions.VoteNeeded):
            conditions.agree(session, condition, Side.FUNDER, 2, contract.funder.id)
        with pytest.raises(conditions.VoteNeeded):
            conditions.counter(session, condition, text(), Side.FUNDER, 2, contract.funder.id)


def test_a_side_takes_back_what_it_proposed_and_its_words_stay(contract: Contract, session: Session) -> None:
    condition = propose(contract)
    with pytest.raises(conditions.OnlyItsOwn):
        conditions.drop(session, condition, Side.LEAD, contract.lead.id)

    conditions.drop(session, condition, Side.FUNDER, contract.funder.id)

    assert conditions_read.of_project(session, contract.project) == []
    assert versions_of(session, [condition.id])[0].clause == CLAUSE
    with pytest.raises(conditions.NoMoreWords):
        conditions.agree(session, condition, Side.LEAD, 1, contract.lead.id)
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(sql("DELETE FROM condition"))


def test_a_contract_waits_for_every_condition(contract: Contract, session: Session) -> None:
    project, by = contract.project, contract.funder.id
    project.state = ProjectState.PROPOSED
    session.flush()
    condition = propose(contract)
    with pytest.raises(conditions.NotAllAgreed):
        contracts.contract(session, project, in_days(1), in_days(900), by)
    conditions.agree(session, condition, Side.LEAD, 1, contract.lead.id)
    assert read(contract, condition).state is S.AGREED

    contracts.contract(session, project, in_days(1), in_days(900), by)

    assert (project.state, project.ends) == (ProjectState.CONTRACTED, in_days(900))
    assert read(contract, condition).state is S.ACTIVE
    with pytest.raises(contracts.ContractedAlready):
        contracts.contract(session, project, in_days(1), in_days(900), by)
    told_of = {each.id for each in replay.report(session).compared.differing if each.noun is Noun.PROJECT}
    assert str(project.id) not in told_of


def test_nothing_is_contracted_that_assumes_nothing(contract: Contract, session: Session) -> None:
    project, by = contract.project, contract.funder.id
    project.state, project.hypothesis = ProjectState.PROPOSED, ""
    session.flush()

    with pytest.raises(contracts.NothingAssumed):
        contracts.contract(session, project, in_days(1), in_days(900), by)


def test_who_leads_is_named_before_anything_is_agreed(contract: Contract, session: Session) -> None:
    project, agency = contract.project, contract.chamber.mission.organisation_id
    project.state = ProjectState.PROPOSED
    session.flush()
    contracts.name_lead(session, project, agency, contract.funder.id)
    assert project.lead_organisation_id == agency
    contracts.name_lead(session, project, contract.firm.id, contract.funder.id)
    agreed(contract)

    with pytest.raises(contracts.LeadIsBound):
        contracts.name_lead(session, project, agency, contract.funder.id)


def test_a_contract_begins_with_the_conditions_of_its_call(contract: Contract, session: Session) -> None:
    call = make_call(session)
    template = Condition(call_id=call.id, kind=ConditionKind.KNOWLEDGE, due=in_days(100))
    session.add(template)
    session.flush()
    session.add(
        ConditionVersion(
            condition_id=template.id, number=1, clause=CLAUSE, test=PUBLISHED.as_facts(), due=in_days(100)
        )
    )
    session.flush()

    states = conditions.copy_from_call(session, call, contract.project, contract.funder.id)

    (found,) = conditions_read.of_project(session, contract.project)
    assert states == {Noun.CONDITION: {S.PROPOSED: [found.condition.id]}}
    assert (found.latest.clause, found.state) == (CLAUSE, S.PROPOSED)
    assert set(found.yes_of(found.latest)) == {Side.FUNDER}
    assert [each.id for each in templates_of(session, call.id)] == [template.id]


def test_a_condition_needs_somebody_to_owe_it(contract: Contract, session: Session) -> None:
    contract.project.lead_organisation_id = None
    session.flush()
    with pytest.raises(conditions.NobodyLeads):
        propose(contract)
    contract.project.lead_organisation_id = contract.firm.id
    session.flush()
    with pytest.raises(conditions.DayGone):
        propose(contract, told=text(0))
    contract.chamber.mission.adopted_at = None
    session.flush()
    with pytest.raises(conditions.MissionNotAdopted):
        propose(contract)


def test_an_export_tells_every_version_and_names_nobody(contract: Contract, session: Session) -> None:
    condition = agreed(contract)
    conditions.counter(session, condition, text(90, clause=OTHER), Side.LEAD, 1, contract.lead.id)

    (told,) = exports_missions.mission_facts(session, contract.chamber.mission)["conditions"]

    assert (told["state"], told["binds"], len(told["checks"])) == (S.ACTIVE, 1, 1)
    assert [(each["clause"], each["proposed_by"], len(each["agreed"])) for each in told["versions"]] == [
        (CLAUSE, Side.FUNDER, 2),
        (OTHER, Side.LEAD, 1),
    ]
    assert str(contract.lead.id) not in str(told)
