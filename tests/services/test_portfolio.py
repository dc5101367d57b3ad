"""The portfolio page's facts: live criteria, gaps, interactions, and the share that may fail, set by a vote."""

import pytest
from sqlmodel import Session

from app.models.cluster import Cluster
from app.models.columns import now
from app.rules.figures import Light
from app.rules.words import (
    Choice,
    ClusterLevel,
    Criterion,
    Instrument,
    LinkKind,
    MissionState,
    MotionAct,
    ProjectState,
    ProjectVerdict,
    StakeholderGroup,
    SubjectKind,
)
from app.services import (
    criteria,
    lineage_rows,
    portfolio,
    portfolio_facts,
    portfolio_risk,
    terms,
)
from app.services.portfolio_facts import ProjectFacts
from tests.people import make_organisation
from tests.services.funded import Funded, agency_of, make_funded
from tests.services.steering import moved, voted


@pytest.fixture
def funded(session: Session) -> Funded:
    terms.ensure_all(session)
    return make_funded(session)


def shown(funded: Funded) -> portfolio.Shown:
    return portfolio.shown(funded.session, funded.mission)


def codes(scheme: str, many: int) -> tuple[str, ...]:
    return tuple(code for code, _words in terms.roots(scheme)[:many])


def tell(funded: Funded, title: str, **changes: object) -> None:
    facts = {"instrument": None, "funder_organisation_id": None, "contract_minimum": None, **changes}
    project = funded.projects[title]
    portfolio_facts.write(
        funded.session, project, ProjectFacts(**facts), project.version, funded.chamber.chair.id
    )


def crossing(funded: Funded) -> Light:
    (figure,) = criteria.figures_of(funded.session, funded.mission)[Criterion.CROSSING]
    return figure.light


def test_a_mission_under_way_is_counted_from_its_projects(funded: Funded) -> None:
    """DOMAIN 6: from the live portfolio, not self-declared: an active mission's own tags count no more."""
    one, two, three = codes(terms.SECTOR, 3)
    for title, sector in zip(("Roofs", "Storage", "Grids"), (one, two, three), strict=True):
        lead = make_organisation(funded.session, f"Lab of {title}", group=StakeholderGroup.ACADEMIA)
        funded.projects[title].lead_organisation_id = lead.id
        tell(
            funded, title, sectors=(sector,), disciplines=codes(terms.DISCIPLINE, 2),
            funder_organisation_id=funded.mission.organisation_id,
        )  # fmt: skip
    third = make_organisation(funded.session, "Neighbours together", group=StakeholderGroup.THIRD)
    funded.projects["Grids"].lead_organisation_id = third.id
    funded.session.flush()
    assert crossing(funded) is Light.GREEN

    funded.add_money("1000000", "Roofs", source_group=StakeholderGroup.PRIVATE)  # now four fifths of all
    assert crossing(funded) is Light.AMBER

    funded.mission.state = MissionState.FRAMED  # what a candidate declares is something else
    assert crossing(funded) is not Light.AMBER


def test_single_agency_is_told_until_another_takes_part(funded: Funded) -> None:
    """DOMAIN 24."""
    tell(funded, "Roofs", funder_organisation_id=agency_of(funded).id)
    assert shown(funded).agencies.is_single

    other = make_organisation(funded.session, "Ministry of Water")
    tell(funded, "Storage", funder_organisation_id=other.id)

    found = shown(funded).agencies
    assert not found.is_single
    assert (found.shared, found.projects) == (1, 3)


def test_failures_inside_the_share_that_a_vote_declared_are_not_red(funded: Funded) -> None:
    """DOMAIN 37: the share is set by a decision, and reports judge failures against it."""
    grids = funded.projects["Grids"]
    grids.state, grids.verdict, grids.ended_at = ProjectState.STOPPED_TO_LEARN, ProjectVerdict.REFUTED, now()
    assert shown(funded).risk.light is Light.GREY

    chamber, mission = funded.chamber, funded.mission
    voted(chamber, moved(chamber, MotionAct.SET_RISK, SubjectKind.MISSION, mission.id, {"share": 20}))
    assert (mission.risk_share, shown(funded).risk.light) == (20, Light.RED)  # 90 of 390 are 23 percent

    voted(chamber, moved(chamber, MotionAct.SET_RISK, SubjectKind.MISSION, mission.id, {"share": 25}))
    assert shown(funded).risk.light is Light.GREEN


def test_a_share_that_the_committee_refuses_is_not_set(funded: Funded) -> None:
    chamber, mission = funded.chamber, funded.mission
    motion = moved(chamber, MotionAct.SET_RISK, SubjectKind.MISSION, mission.id, {"share": 50})

    voted(chamber, motion, Choice.AGAINST)

    assert mission.risk_share is None


@pytest.mark.parametrize("share", [-1, 101, "20", 2.5, None, True])
def test_a_share_is_a_whole_number_of_a_hundred(funded: Funded, share: object) -> None:
    with pytest.raises(portfolio_risk.NoShare):
        moved(funded.chamber, MotionAct.SET_RISK, SubjectKind.MISSION, funded.mission.id, {"share": share})


def test_what_may_fail_is_not_set_once_the_mission_is_over(funded: Funded) -> None:
    funded.mission.state = MissionState.ENDED_NOT_MET
    funded.session.flush()

    with pytest.raises(portfolio_risk.NotUnderWay):
        moved(funded.chamber, MotionAct.SET_RISK, SubjectKind.MISSION, funded.mission.id, {"share": 20})


def test_a_group_that_no_project_takes_up_is_a_gap_and_so_is_a_project_without_voices(funded: Funded) -> None:
    session, mission = funded.session, funded.mission
    top = lineage_rows.cluster_of(session, mission)
    assert top is not None
    made = [
        Cluster(
            grouping_id=top.grouping_id, call_id=top.call_id, level=ClusterLevel.PROJECT, parent_id=top.id,
            label=label, size=7,
        )
        for label in ("Batteries at home", "Jobs for young people")
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    funded.projects["Storage"].cluster_id = made[0].id

    gaps = shown(funded).gaps

    assert made[1] in gaps.groups
    assert made[0] not in gaps.groups
    assert "Storage" not in [each.title for each in gaps.projects]
    assert "Schools" in [each.title for each in gaps.projects]


def test_interactions_name_both_projects_and_the_assumption(funded: Funded) -> None:
    (found,) = shown(funded).interactions

    assert (found.one.title, found.link.kind, found.other.title) == ("Grids", LinkKind.DEPENDS_ON, "Storage")
    assert found.link.assumption


def test_a_mission_using_grants_only_is_flagged(funded: Funded) -> None:
    """DOMAIN 28."""
    for title in ("Roofs", "Storage", "Grids"):
        tell(funded, title, instrument=Instrument.GRANT)
    assert shown(funded).has_only_grants

    tell(funded, "Grids", instrument=Instrument.STANDARD)

    assert not shown(funded).has_only_grants
    assert shown(funded).without_instrument == 0


def test_a_project_is_told_of_once_at_a_time(funded: Funded) -> None:
    roofs = funded.projects["Roofs"]
    seen = roofs.version
    tell(funded, "Roofs", instrument=Instrument.GRANT)

    with pytest.raises(portfolio_facts.ProjectChanged):
        portfolio_facts.write(
            funded.session, roofs, ProjectFacts(None, None, None), seen, funded.chamber.chair.id
        )


def test_sectors_that_are_taken_off_leave_the_portfolio(funded: Funded) -> None:
    one, two = codes(terms.SECTOR, 2)
    tell(funded, "Roofs", sectors=(one, two))
    tell(funded, "Roofs", sectors=(two,))

    assert [each.name for each in shown(funded).sectors] == [terms.label(two, terms.SECTOR)]


def test_a_contract_promises_money_only_where_there_is_one(funded: Funded) -> None:
    with pytest.raises(portfolio_facts.NoContractYet):
        tell(funded, "Schools", contract_minimum=5)


def test_a_criterion_that_turned_after_adoption_is_named(funded: Funded) -> None:
    """A criterion may flip after adoption: that is a review trigger, not an error."""
    before = {each.criterion: each.after for each in criteria.turned(funded.session, funded.mission)}
    assert before.get(Criterion.RIVALRY) is not Light.RED

    for title in ("Roofs", "Storage"):
        project = funded.projects[title]
        project.state, project.verdict, project.ended_at = (
            ProjectState.COMPLETED,
            ProjectVerdict.SUPPORTED,
            now(),
        )
    funded.session.flush()

    turned = {each.criterion: each for each in criteria.turned(funded.session, funded.mission)}
    assert (turned[Criterion.RIVALRY].before, turned[Criterion.RIVALRY].after) == (Light.GREEN, Light.RED)
    assert shown(funded).turned == list(criteria.turned(funded.session, funded.mission))
