"""A year's money is cut: what falls is listed from the rows, the same each time, and nothing is ever written."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlmodel import Session

from app.models.columns import now
from app.models.link import Link
from app.models.milestone import MilestoneWord
from app.rules.figures import Light
from app.rules.hashing import digest
from app.rules.words import (
    Criterion,
    LinkKind,
    ProjectState,
    ProjectVerdict,
    StakeholderGroup,
    SubjectKind,
)
from app.services import events, portfolio_votes, what_if
from app.services.what_if import Run
from tests.services.funded import YEAR, Funded, every_row, make_funded
from tests.services.steering import make_active


@pytest.fixture
def funded(session: Session) -> Funded:
    return make_funded(session)


def run(funded: Funded, percent: int = 30, year: int = YEAR) -> Run:
    (chosen,) = portfolio_votes.of_mission(funded.session, funded.mission.id)
    return what_if.run(funded.session, funded.mission, chosen, year, percent)


def test_budget_shock_lists_what_falls(funded: Funded) -> None:
    """DOMAIN 42: a known fixture gives a known drop list."""
    found = run(funded)

    assert found.money == {
        "budget": Decimal("400000.00"), "cut": Decimal("108000.00"), "left": Decimal("292000.00"),
        "short": Decimal("0.00"),
    }  # fmt: skip
    assert funded.titles(found.shock.falls.dropped) == ["Storage"]
    assert set(funded.titles(found.shock.falls.kept)) == {"Roofs", "Grids"}
    assert funded.titles(found.fallen.dependents) == ["Grids"]
    assert found.fallen.milestones == [funded.milestone]
    flipped = {each.criterion: (each.before, each.after) for each in found.flips}
    assert flipped[Criterion.RIVALRY][1] is not Light.GREEN
    assert [each.levels for each in found.readiness] == [(4, 7, 8), (7, 8)]
    assert [each.share for each in found.readiness] == [Fraction(1, 3), 0]
    before, after = found.patience
    assert (before.patient, before.committed) == (30_000_00, 390_000_00)
    # Without storage, and with 30 percent less for roofs and grids in that year.
    assert (after.patient, after.committed) == (30_000_00, 198_000_00)


def test_asking_writes_nothing(funded: Funded) -> None:
    """Row counts, every row's content, and the chain of events are the same before and after."""
    session = funded.session
    session.flush()
    while events.seal(session, 1_000):
        pass
    rows, chain = every_row(session), events.verify(session)
    assert chain.holds

    document = what_if.document(run(funded))
    run(funded, 100)
    session.flush()

    assert document["dropped"]
    assert every_row(session) == rows
    assert events.verify(session) == chain
    assert not session.new
    assert not session.dirty


def test_the_same_rows_come_to_the_same_hash_and_others_to_another(funded: Funded) -> None:
    one, again, more = run(funded), run(funded), run(funded, 31)

    document = what_if.document(one)
    assert one.hash == again.hash == document["hash"]
    assert digest({key: told for key, told in document.items() if key != "hash"}) == document["hash"]
    assert more.hash != one.hash
    funded.add_money("0.01", "Grids")
    assert run(funded).hash != one.hash


def test_the_file_holds_no_words_and_no_decimal_numbers(funded: Funded) -> None:
    document = what_if.document(run(funded))

    assert document["budget"] == {"before": "400000.00", "cut": "108000.00", "after": "292000.00"}
    assert "Storage" not in str(document)
    assert document["milestones"] == [str(funded.milestone.id)]


def test_private_money_is_not_cut(funded: Funded) -> None:
    funded.add_money("500000", "Roofs", source_group=StakeholderGroup.PRIVATE)

    assert run(funded).money["cut"] == Decimal("108000.00")


def test_a_contract_keeps_what_it_promises(funded: Funded) -> None:
    storage = funded.projects["Storage"]
    storage.contract_minimum = Decimal("20000.00")

    found = run(funded)

    assert found.shrunk == {str(storage.id): Decimal("20000.00")}
    assert found.fallen.milestones == []
    storage.state = ProjectState.PROPOSED  # what has no contract is promised nothing
    assert run(funded).shrunk == {}


def test_a_project_that_is_over_no_longer_falls(funded: Funded) -> None:
    storage = funded.projects["Storage"]
    storage.state, storage.verdict, storage.ended_at = (
        ProjectState.STOPPED_TO_LEARN, ProjectVerdict.REFUTED, now(),
    )  # fmt: skip

    found = run(funded)

    assert found.shock.falls.dropped == ()
    assert found.fallen.dependents == {}


def test_what_depends_on_it_is_found_at_any_remove(funded: Funded) -> None:
    projects = funded.projects
    funded.session.add(
        Link(
            kind=LinkKind.DEPENDS_ON, from_kind=SubjectKind.PROJECT, from_id=projects["Roofs"].id,
            to_kind=SubjectKind.PROJECT, to_id=projects["Grids"].id,
        )
    )  # fmt: skip
    funded.session.flush()

    found = run(funded)

    assert funded.titles(found.fallen.dependents) == ["Grids", "Roofs"]
    assert funded.titles(found.fallen.dependents.values()) == ["Storage", "Grids"]


def test_a_milestone_that_was_reached_or_has_another_project_is_not_at_risk(funded: Funded) -> None:
    session = funded.session
    carried = Link(
        kind=LinkKind.DEPENDS_ON, from_kind=SubjectKind.MILESTONE, from_id=funded.milestone.id,
        to_kind=SubjectKind.PROJECT, to_id=funded.projects["Roofs"].id,
    )  # fmt: skip
    session.add(carried)
    session.flush()
    assert run(funded).fallen.milestones == []

    session.delete(carried)
    session.flush()
    assert run(funded).fallen.milestones == [funded.milestone]
    session.add(
        MilestoneWord(
            milestone_id=funded.milestone.id, reached_on=now().date() - timedelta(days=1), evidence="A visit",
            by_id=funded.chamber.chair.id,
        )
    )  # fmt: skip
    session.flush()
    assert run(funded).fallen.milestones == []


def test_the_other_way_round_names_the_commitment_that_would_keep_most(funded: Funded) -> None:
    found = run(funded)

    assert found.saved[0].line.project == funded.projects["Storage"].id
    assert found.saved[0].milestones == 1
    assert found.untried == 0


def test_a_year_without_public_money_loses_nothing(funded: Funded) -> None:
    found = run(funded, 100, YEAR + 2)

    assert found.shock.cuts == []
    assert found.shock.falls.dropped == ()
    assert found.flips == []


def test_votes_about_other_missions_are_not_asked_again(funded: Funded) -> None:
    session, roofs = funded.session, funded.projects["Roofs"]
    other = make_active(session).mission

    assert portfolio_votes.of_project(session, funded.mission.id, roofs.id) is not None
    assert portfolio_votes.of_mission(session, other.id) == []
