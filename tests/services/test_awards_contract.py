"""From a selected application to a contract: its words, its conditions, its money to the cent, its milestones."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from app.models.application import Application
from app.models.columns import now
from app.models.condition import Condition, conditions_of, versions_of
from app.models.milestone import Milestone
from app.models.money import Money
from app.models.project import Project
from app.rules import money as money_rules
from app.rules.words import ApplicationState, CallState, Certainty, Instrument, MoneyKind, ProjectState, Side
from app.services import (
    applications_send,
    awards,
    awards_contract,
    conditions,
    contracts,
    ledger_budget,
    missions_numbers,
    portfolio_votes,
    projects_show,
    replay,
)
from tests.services.awarded import Awarded, make_awarded

A = ApplicationState
DAYS = (date(2031, 3, 1), date(2034, 2, 28))


def answered(awarded: Awarded) -> None:
    awarded.call.state, awarded.call.answered_at = CallState.ANSWERED, now()
    awarded.session.flush()


def drawn(awarded: Awarded, title: str = "Walls") -> Project:
    answered(awarded)
    return awards_contract.draw_up(awarded.session, awarded.applications[title], None, awarded.carol.id)


def agreed(awarded: Awarded, project: Project, title: str = "Walls") -> None:
    for each in conditions_of(awarded.session, project.id):
        conditions.agree(awarded.session, each, Side.LEAD, 1, awarded.leads[title].id)


def contracted(awarded: Awarded, title: str = "Walls", days: tuple[date, date] = DAYS) -> Project:
    project = drawn(awarded, title)
    agreed(awarded, project, title)
    contracts.contract(awarded.session, project, *days, awarded.carol.id)
    return project


def lines_of(session: Session, project: Project) -> list[Money]:
    return list(session.exec(select(Money).where(Money.project_id == project.id).order_by(Money.year)))


def told_again(session: Session) -> bool:
    """Whether the events tell every project, condition and application of the contract as the records do."""
    made = {str(each) for each in session.exec(select(Project.id).where(Project.application_id != None))}  # noqa: E711
    made |= {str(each) for each in session.exec(select(Condition.id))}
    made |= {str(each) for each in session.exec(select(Application.id))}
    return not {each.id for each in replay.differences(session).differing} & made


def test_a_project_is_made_of_what_was_applied_with(session: Session) -> None:
    awarded = make_awarded(session)
    awarded.certified()

    project, walls = drawn(awarded), awarded.applications["Walls"]

    assert (project.title, project.route, project.hypothesis) == ("Walls", "by walls", walls.hypothesis)
    assert project.lead_organisation_id == walls.organisation_id
    assert project.funder_organisation_id == awarded.call.organisation_id
    assert (project.instrument, project.readiness, project.state) == (
        Instrument.GRANT,
        5,
        ProjectState.PROPOSED,
    )
    assert (project.starts, project.ends) == (walls.starts, walls.ends)


def test_the_conditions_the_call_told_go_with_it_and_who_pays_has_said_yes(session: Session) -> None:
    awarded = make_awarded(session)
    awarded.certified()

    (condition,) = conditions_of(session, drawn(awarded).id)

    (version,) = versions_of(session, [condition.id])
    assert version.clause == "Results, failed trials and costs are published."
    assert told_again(session)


def test_no_project_tells_who_was_selected_before_the_call_is_answered(session: Session) -> None:
    """It would stand in public with its words and its lead, while the outcome still names nobody."""
    awarded = make_awarded(session)
    awarded.certified()

    with pytest.raises(awards_contract.NotAnswered):
        awards_contract.draw_up(session, awarded.applications["Walls"], None, awarded.carol.id)

    assert awards.project_of(session, awarded.applications["Walls"].id) is None


def test_nothing_is_contracted_while_a_condition_is_not_agreed(session: Session) -> None:
    awarded = make_awarded(session)
    awarded.certified()
    project = drawn(awarded)

    with pytest.raises(conditions.NotAllAgreed):
        contracts.contract(session, project, *DAYS, awarded.carol.id)

    assert lines_of(session, project) == []


def test_a_contract_commits_what_was_asked_year_by_year_to_the_cent(session: Session) -> None:
    awarded = make_awarded(session)
    awarded.certified()

    project = contracted(awarded)

    lines = lines_of(session, project)
    assert [each.year for each in lines] == [2031, 2032, 2033, 2034]
    assert sum(each.amount for each in lines) == Decimal("120000.01")
    assert {each.kind for each in lines} == {MoneyKind.COMMITTED}
    assert project.state is ProjectState.CONTRACTED
    assert told_again(session)


def test_the_stages_of_the_call_become_milestones(session: Session) -> None:
    awarded = make_awarded(session)
    awarded.certified()

    project = contracted(awarded)

    (milestone,) = session.exec(select(Milestone).where(Milestone.project_id == project.id)).all()
    assert milestone.title == "Trial: A home that stayed cool for a summer"
    assert milestone.due.isoformat() == awarded.offer.stages[0]["due"]


def test_the_vote_knows_the_projects_that_came_of_it(session: Session) -> None:
    awarded = make_awarded(session)
    decision = awarded.certified()

    project = contracted(awarded)

    found = portfolio_votes.of_project(session, awarded.chamber.mission.id, project.id)
    assert found is not None
    assert found.decision.id == decision.id


@pytest.mark.parametrize("state", [A.DECLINED, A.RESERVE])
def test_only_what_is_selected_comes_to_a_contract(session: Session, state: ApplicationState) -> None:
    awarded = make_awarded(session)
    awarded.certified()
    awarded.applications["Walls"].state = state
    session.flush()

    with pytest.raises(awards_contract.NotSelected):
        drawn(awarded)


def test_there_is_one_contract_of_an_application(session: Session) -> None:
    awarded = make_awarded(session)
    awarded.certified()
    drawn(awarded)

    with pytest.raises(awards_contract.DrawnUpAlready):
        drawn(awarded)


def test_who_falls_out_is_not_contracted_and_who_is_contracted_does_not_fall_out(session: Session) -> None:
    awarded = make_awarded(session)
    awarded.certified()
    walls, trees = drawn(awarded, "Walls"), contracted(awarded, "Trees")
    agreed(awarded, walls)

    awards.fall_out(session, awarded.applications["Walls"], "No agreement on prices.", awarded.carol.id)
    with pytest.raises(awards_contract.NotSelected):
        contracts.contract(session, walls, *DAYS, awarded.carol.id)
    with pytest.raises(awards.UnderContract):
        awards.fall_out(session, awarded.applications["Trees"], "Changed our mind.", awarded.carol.id)
    assert trees.state is ProjectState.CONTRACTED


def test_the_page_of_a_project_tells_that_no_contract_came_of_it(session: Session) -> None:
    awarded = make_awarded(session)
    awarded.certified()
    project = drawn(awarded)
    assert fell_out(session, project) == ""

    awards.fall_out(session, awarded.applications["Walls"], "No agreement on prices.", awarded.carol.id)

    assert fell_out(session, project) == "No agreement on prices."


def test_nor_is_it_told_where_the_call_tells_nothing_of_what_it_declined(session: Session) -> None:
    awarded = make_awarded(session, tells_declined=False)
    awarded.certified()
    project = drawn(awarded)

    awards.fall_out(session, awarded.applications["Walls"], "No agreement on prices.", awarded.carol.id)

    assert fell_out(session, project) == ""


def fell_out(session: Session, project: Project) -> str:
    origin = projects_show.shown(session, project).origin
    assert origin is not None
    return origin.fell_out


def test_once_a_contract_is_drawn_up_the_team_asks_the_agency_instead_of_withdrawing(
    session: Session,
) -> None:
    awarded = make_awarded(session)
    awarded.certified()
    drawn(awarded)

    with pytest.raises(applications_send.ContractDrawn):
        applications_send.withdraw(session, awarded.applications["Walls"], awarded.leads["Walls"].id)


def test_who_applied_leads(session: Session) -> None:
    awarded = make_awarded(session)
    awarded.certified()
    other = awarded.applications["Roofs"].organisation_id
    assert other is not None

    with pytest.raises(contracts.LeadApplied):
        contracts.name_lead(session, drawn(awarded), other, awarded.carol.id)


def test_a_call_without_a_mission_names_one_for_the_contract(session: Session) -> None:
    awarded = make_awarded(session, mission_id=None)
    awarded.certified()
    answered(awarded)
    walls, mission = awarded.applications["Walls"], awarded.chamber.mission
    foreign = make_awarded(session).chamber.mission

    for chosen in (None, foreign.id):
        with pytest.raises(awards_contract.MissionMissing):
            awards_contract.draw_up(session, walls, chosen, awarded.carol.id)

    assert awards_contract.draw_up(session, walls, mission.id, awarded.carol.id).mission_id == mission.id


def test_the_ledger_takes_no_line_beyond_what_the_vote_divided(session: Session) -> None:
    awarded = make_awarded(session)
    awarded.certified()
    project = contracted(awarded)
    typed = missions_numbers.MoneyText(
        kind=MoneyKind.COMMITTED, source="Agency", source_group=None, year=2031, amount=Decimal("280000.00"),
        currency="EUR", project_id=project.id, certainty=Certainty.CERTAIN,
    )  # fmt: skip

    with pytest.raises(ledger_budget.BeyondBudget):
        missions_numbers.add_money(session, awarded.chamber.mission, typed, awarded.carol.id)


CENTS = st.integers(1, 30_000_000)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asks=st.tuples(CENTS, CENTS, CENTS, CENTS), budget=st.integers(1, 60_000_000), who=st.randoms())
def test_what_is_committed_never_exceeds_the_budget_of_the_vote(
    session: Session, asks: tuple[int, ...], budget: int, who: Any
) -> None:
    """For any sums, any budget and any ballots: selected and committed stay within it, to the cent."""
    session.begin_nested()
    awarded = make_awarded(session, budget=money_rules.amount(budget), ticket_least=None, ticket_most=None)
    for application, cents in zip(awarded.applications.values(), asks, strict=True):
        application.asked = money_rules.amount(cents)
    session.flush()
    ticks = {
        name: " ".join(who.sample(list(awarded.applications), who.randint(1, 4)))
        for name in awarded.chamber.members
    }

    decision = awarded.certified(ticks=ticks)
    committed = 0
    for title, each in awarded.applications.items():
        if each.state is A.SELECTED:
            lines = lines_of(session, contracted(awarded, title))
            assert sum(line.amount for line in lines) == each.asked
            committed += sum(money_rules.in_cents(line.amount) for line in lines)

    assert committed <= decision.rule["budget"] == budget
