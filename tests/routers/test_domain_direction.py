"""What makes a mission's direction one, as a reader meets it: features of the domain that a test can tell."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from app.models.mission import Clause, Mission, indicators_of
from app.models.money import Reading
from app.models.project import Project
from app.models.term import Tag, Term
from app.rules.words import (
    Certainty,
    IndicatorLens,
    MissionState,
    MoneyKind,
    Origin,
    ProjectState,
    ReviewState,
    StakeholderGroup,
    SubjectKind,
)
from app.services import terms
from tests import reviewed
from tests.client import Browser
from tests.people import make_organisation
from tests.services.chamber import Chamber, make_chamber, nothing_ties
from tests.services.drafted import make_mission
from tests.services.funded import Funded, make_funded


@pytest.fixture
def funded(db: Session) -> Funded:
    """Roofs, storage and grids are under contract, each by another lead; schools are only proposed."""
    terms.ensure_all(db)
    funded = make_funded(db)
    db.commit()
    return funded


def portfolio(visitor: Browser, funded: Funded) -> str:
    """What stands on the page of the portfolio now."""
    funded.session.commit()
    return visitor.open(f"/missions/{funded.mission.id}/portfolio").main.text


def test_a_target_equal_to_the_trend_is_not_bold(visitor: Browser, funded: Funded) -> None:
    """DOMAIN 3: five per cent a year were reached so far; five a year is the trend, ten and more is bold."""
    (indicator,) = indicators_of(funded.session, funded.mission.id)
    indicator.baseline, indicator.baseline_at = Decimal(20), date(2026, 1, 1)
    indicator.goal, indicator.due = Decimal(40), date(2030, 1, 1)
    for year, value in zip(range(2023, 2027), (5, 10, 15, 20), strict=True):
        at = {"at": date(year, 1, 1), "value": Decimal(value), "source": "Census"}
        funded.session.add(Reading(indicator_id=indicator.id, **at))
    assert "1 times as fast" in portfolio(visitor, funded)
    assert bold(visitor, funded) != "Looks good."

    indicator.goal = Decimal(65)

    assert bold(visitor, funded) == "Looks good."


def bold(visitor: Browser, funded: Funded) -> str:
    """How the figure of ambition looks."""
    told = portfolio(visitor, funded).partition("Bold and of value to society")[2]
    return min(("Looks good.", "Look closer.", "Looks weak."), key=lambda words: (told + words).index(words))


def test_routes_that_all_work_already_are_buying_and_not_innovation(visitor: Browser, funded: Funded) -> None:
    """DOMAIN 5: all routes at readiness 9 are warned of; one that still has to be proved takes the warning away."""
    for project in funded.projects.values():
        project.readiness = 9
    assert "that is buying, and not innovation" in portfolio(visitor, funded)

    funded.projects["Storage"].readiness = 4

    assert "that is buying, and not innovation" not in portfolio(visitor, funded)


def test_a_sector_with_most_of_the_budget_turns_the_criterion_amber(visitor: Browser, funded: Funded) -> None:
    """DOMAIN 6: counted from the live portfolio; more than 60 % of the money in one sector is told."""
    for place, title in enumerate(("Roofs", "Storage", "Grids")):
        code, _words = terms.roots(terms.SECTOR)[place]
        term = funded.session.exec(select(Term).where(Term.scheme == terms.SECTOR, Term.code == code)).one()
        funded.session.add(
            Tag(term_id=term.id, subject_kind=SubjectKind.PROJECT, subject_id=funded.projects[title].id)
        )
    assert "One sector has more than 60" not in portfolio(visitor, funded)

    funded.add_money("1000000", "Roofs", source_group=StakeholderGroup.PRIVATE)

    assert "One sector has more than 60" in portfolio(visitor, funded)


def test_a_second_project_of_the_same_route_does_not_raise_the_count(
    visitor: Browser, funded: Funded
) -> None:
    """DOMAIN 7: rivals are routes by different leads, each another way, and not projects."""
    firm = make_organisation(funded.session, "Another roofer", group=StakeholderGroup.PRIVATE)
    assert "3 routes by different leads" in portfolio(visitor, funded)

    same = Project(
        mission_id=funded.mission.id, title="More roofs", route=" roofs", lead_organisation_id=firm.id,
        state=ProjectState.RUNNING, contracted_at=funded.projects["Roofs"].contracted_at,
    )  # fmt: skip
    funded.session.add(same)
    assert "3 routes by different leads" in portfolio(visitor, funded)

    same.route = "Heat"
    assert "4 routes by different leads" in portfolio(visitor, funded)


@pytest.fixture
def chamber(db: Session) -> Chamber:
    made = make_chamber(db, is_reviewed=False)
    db.commit()
    return made


def test_a_review_is_not_filed_without_a_quote_or_none(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    """DOMAIN 8: whether the mission names a solution is said with the offending words, or with "none"."""
    nothing_ties(db, chamber.mission, chamber.seats.values())
    asked = reviewed.send(db, chamber)
    db.commit()
    review = reviewed.review_of(db, asked, chamber.seats["citizens 1"])
    path = f"/missions/{chamber.mission.id}/reviews/{review.id}"
    visitor.sign_in(db, chamber.members["citizens 1"])
    told = reviewed.answers(chamber.mission)

    silent = {name: value for name, value in told.items() if name != "solution"}
    for said in ({}, {"solution": "names"}, {"solution": "names", "solution_words": "words of no mission"}):
        page = visitor.open(path)
        visitor.hand_in(page.form(path), {**silent, **said}, button="File this review", status=422)
        db.refresh(review)
        assert review.state is ReviewState.SCHEDULED

    whole = {**told, "solution_words": ""}
    visitor.hand_in(visitor.open(path).form(path), whole, button="File this review")
    db.refresh(review)
    assert review.state is not ReviewState.SCHEDULED


def test_a_mission_without_voices_shows_that_all_of_it_comes_from_above(
    visitor: Browser, db: Session
) -> None:
    """DOMAIN 9: the share from below is that of clauses with a voice or a group behind them: here none."""
    mission, _scene = make_mission(db)
    bare = Mission(
        call_id=mission.call_id, organisation_id=mission.organisation_id, title="Written at a desk",
        state=MissionState.CANDIDATE,
    )  # fmt: skip
    db.add(bare)
    db.flush()
    db.add(
        Clause(mission_id=bare.id, position=1, section="change", text="We know best.", origin=Origin.AGENCY)
    )
    db.commit()

    assert "0% of this text comes from below" in visitor.open(f"/missions/{bare.id}").main.text
    assert "100% of this text comes from below" in visitor.open(f"/missions/{mission.id}").main.text


def test_a_mission_with_cost_indicators_only_fails_the_gate(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    """DOMAIN 20: framing it is a 422 that names the missing lens."""
    chamber.mission.state = MissionState.CANDIDATE
    (indicator,) = indicators_of(db, chamber.mission.id)
    indicator.lens = IndicatorLens.COST
    db.commit()
    edit = f"/missions/{chamber.mission.id}/edit"
    visitor.sign_in(db, chamber.scene.carol)

    refused = visitor.hand_in(visitor.open(edit).form(edit), button="Ready for a committee", status=422)

    assert "not about cost: what people or the whole system would notice" in refused.main.text
    db.expire_all()
    assert chamber.mission.state is MissionState.CANDIDATE


def test_earlier_private_money_is_not_counted(visitor: Browser, funded: Funded) -> None:
    """DOMAIN 35: leverage is private money committed after the public commitment; what came before is told apart."""
    long_ago = {"source": "A bank", "created_at": datetime(2020, 1, 1, tzinfo=UTC)}
    funded.add_money("70000", "Storage", source_group=StakeholderGroup.PRIVATE, **long_ago)
    announced = {"kind": MoneyKind.ANNOUNCED, "certainty": Certainty.LIKELY}
    funded.add_money("900000", "Storage", source_group=StakeholderGroup.PRIVATE, source="A fund", **announced)
    told = ledger(visitor, funded)
    assert "70,000 EUR of private money was committed before the public did" in told
    assert "private sources committed 0 EUR after the public did" in told

    funded.add_money("39000", "Storage", source_group=StakeholderGroup.PRIVATE, source="A second bank")

    assert "private sources committed 39,000 EUR after the public did" in ledger(visitor, funded)


def ledger(visitor: Browser, funded: Funded) -> str:
    """What the page says from its word on leverage to its word on patience."""
    funded.session.commit()
    told = visitor.open(f"/missions/{funded.mission.id}/money").main.text
    return told.partition("Leverage")[2].partition("Patience")[0]
