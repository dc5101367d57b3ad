"""A mission on one page: what everybody reads, and what is honestly not known."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from app.models.columns import now
from app.models.course import CourseReview, Recall
from app.models.milestone import Milestone
from app.models.mission import Mission
from app.models.project import Project, projects_of
from app.models.statement import Statement
from app.rules.words import (
    CourseVerdict,
    Felt,
    MissionState,
    MoneyKind,
    ProjectState,
    ProjectVerdict,
    StakeholderGroup,
    StatementKind,
    StatementState,
)
from app.services import counts, lessons, papers, projects
from app.services.projects import End
from tests.client import Browser
from tests.people import make_person
from tests.services.drafted import make_mission
from tests.services.funded import Funded, make_funded
from tests.services.measured import add_indicator, enter, indicator_of
from tests.services.steering import adopt
from tests.test_sql_counts import counting


@pytest.fixture
def funded(db: Session) -> Funded:
    found = make_funded(db)
    db.commit()
    return found


def stop(db: Session, funded: Funded, title: str) -> None:
    said = End(
        ProjectVerdict.REFUTED, "The cells did not bear the heat.", "Cool the cells before anything else."
    )
    person = make_person(db, "Lea")
    projects.end(db, funded.projects[title], ProjectState.STOPPED_TO_LEARN, said, person.id)


def address(mission: Mission, rest: str = "dashboard") -> str:
    return f"/missions/{mission.id}/{rest}"


def test_six_questions_are_answered_and_every_answer_leads_to_its_rows(
    visitor: Browser, db: Session, funded: Funded
) -> None:
    mission = funded.mission
    for value, days in ((12, 300), (13, 200), (14, 100)):
        enter(db, mission, value, days)
    indicator_of(db, mission).baseline_at = now().date() - timedelta(days=1500)
    stop(db, funded, "Storage")
    reviewed(db, mission)
    db.commit()

    page = visitor.open(address(mission))

    for words in (
        "Moving, but at", "of the pace needed", "No milestone was due yet", "Projects under way: 2",
        "390,000 EUR are committed; nothing of it is spent yet.", "No private money followed the public money",
        "More say that it got better (2) than worse (1)", "Out of balance", "No condition is agreed",
        "says: Adapt. Lessons written down: 2.", "Cool the cells", "Batteries age faster in this heat.",
        "nobody has said how many of the people are in each group",
        "every ballot got something that it approves",
    ):  # fmt: skip
        assert words in page.main.text, words
    for rest in (
        "readings",
        "milestones",
        "portfolio",
        "money",
        "returns",
        "conditions",
        "course",
        "spillovers",
    ):
        assert any(link.split("?")[0] == address(mission, rest) for link in page.links), rest
    assert not page.faults()
    assert address(mission) in visitor.open(f"/missions/{mission.id}").links


def reviewed(db: Session, mission: Mission) -> None:
    review = CourseReview(
        mission_id=mission.id, number=1, verdict=CourseVerdict.ADAPT, reason="Too slow.", changes=["Fewer pilots"],
        concluded_at=now() - timedelta(days=3), next_on=now().date() + timedelta(days=90),
    )  # fmt: skip
    db.add(review)
    db.flush()
    lessons.add(db, mission, "Batteries age faster in this heat.", make_person(db, "Stella").id)
    for number, felt in enumerate((Felt.BETTER, Felt.BETTER, Felt.WORSE, Felt.SAME, Felt.SAME, None)):
        person = make_person(db, f"Asked {number}")
        db.add(
            Recall(
                review_id=review.id, person_id=person.id, asked_at=now(), felt=felt,
                answered_at=now() if felt else None,
            )
        )  # fmt: skip
    db.flush()


def test_what_is_not_known_is_said(visitor: Browser, db: Session, funded: Funded) -> None:
    mission = funded.mission
    for each in projects_of(db, mission.id):
        each.state = ProjectState.PROPOSED
    db.commit()

    page = visitor.open(address(mission))

    assert "Not known: no indicator has a reading yet." in page.main.text
    assert "Not known: without a reading nobody can say how fast it goes." in page.main.text
    assert "Not known: nobody who took part was asked yet" in page.main.text
    assert "Nothing is under way yet." in page.main.text
    assert "Nothing is written down yet" in page.main.text


def test_announced_money_counts_for_nothing(visitor: Browser, db: Session, funded: Funded) -> None:
    mission, _scene = make_mission(db)
    adopt(db, mission)
    db.commit()
    assert "no line of money stands in its ledger" in visitor.open(address(mission)).main.text
    funded.add_money("5000", mission_id=mission.id, kind=MoneyKind.ANNOUNCED)
    db.commit()

    assert "Nothing is committed." in visitor.open(address(mission)).main.text


def test_the_page_leads_to_its_own_paper(
    visitor: Browser, funded: Funded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "may_print", lambda: True)

    assert address(funded.mission, "dashboard.pdf") in visitor.open(address(funded.mission)).links


def test_before_adoption_nothing_is_appraised(visitor: Browser, db: Session) -> None:
    mission, _scene = make_mission(db)
    db.commit()

    page = visitor.open(address(mission))

    assert "Nothing to appraise yet" in page.main.text
    assert not page.faults()
    assert address(mission) not in visitor.open(f"/missions/{mission.id}").links
    assert visitor.get(address(mission, "dashboard.pdf")).status_code == 404


@pytest.mark.parametrize("state", [MissionState.PAUSED, MissionState.ENDED_NOT_MET, MissionState.ADOPTED])
def test_a_mission_that_is_over_or_waits_is_told_too(
    visitor: Browser, db: Session, funded: Funded, state: MissionState
) -> None:
    funded.mission.state, funded.mission.outcome_reason = state, "The drought went on."
    db.commit()

    page = visitor.open(address(funded.mission))

    words = {
        MissionState.PAUSED: "This mission is paused",
        MissionState.ENDED_NOT_MET: "This mission ended before its goals were met.",
        MissionState.ADOPTED: "has not started yet",
    }
    assert words[state] in page.main.text
    assert not page.faults()


def test_it_speaks_spanish(visitor: Browser, funded: Funded) -> None:
    visitor.cookies.set("language", "es")

    page = visitor.open(address(funded.mission))

    assert "¿Con qué dinero?" in page.main.text
    assert "390.000 EUR" in page.main.text


def test_paper_says_where_its_rows_are(visitor: Browser, funded: Funded) -> None:
    """Each link to rows carries its whole address for print; the sheet for it is named."""
    html = visitor.get(address(funded.mission)).text

    assert f'data-address="http://127.0.0.1:8000/missions/{funded.mission.id}/money"' in html
    assert "/static/css/dashboard.css" in html


def test_a_mission_whose_readings_are_at_their_goal_is_told_as_achieved(
    visitor: Browser, db: Session, funded: Funded
) -> None:
    enter(db, funded.mission, 61)
    db.commit()

    page = visitor.open(address(funded.mission))

    assert "This mission is achieved: its readings say so" in page.main.text
    assert "There: every goal is reached by its last reading." in page.main.text


def test_words_that_are_gone_are_on_no_page_and_in_no_file(
    visitor: Browser, db: Session, funded: Funded
) -> None:
    """A lesson that moderators hid, and a forecast, which is no reading."""
    reviewed(db, funded.mission)
    lesson = db.exec(select(Statement).where(Statement.kind == StatementKind.LESSON)).one()
    lesson.state = StatementState.HIDDEN
    db.commit()

    html = visitor.get(address(funded.mission)).text

    assert "Batteries age faster" not in html
    assert "Lessons written down: 0." in html


def test_it_asks_as_often_for_forty_projects_as_for_four(
    visitor: Browser, db: Session, clean: Engine, funded: Funded
) -> None:
    def asked() -> int:
        counts._kept.clear()
        with counting(clean) as said:
            assert visitor.get(address(funded.mission)).status_code == 200
        return len(said)

    few = asked()
    for number in range(36):
        project = Project(
            mission_id=funded.mission.id, title=f"Project {number}", route=f"Route {number}",
            state=ProjectState.RUNNING, contracted_at=now(),
        )  # fmt: skip
        db.add(project)
        db.flush()
        made = add_indicator(db, funded.mission, 0, 10, name=f"Of {number}", project_id=project.id)
        enter(db, funded.mission, 5, number, made)
        funded.add_money("100", project_id=project.id)
        db.add(
            Milestone(mission_id=funded.mission.id, title=f"Step {number}", due=now().date(), verifier="Them")
        )
    db.commit()

    assert asked() <= few + 2


def test_risk_inside_the_declared_share_is_told_as_agreed(
    visitor: Browser, db: Session, funded: Funded
) -> None:
    stop(db, funded, "Storage")
    funded.mission.risk_share = 40
    funded.add_money("50000", source_group=StakeholderGroup.PRIVATE)
    db.commit()

    page = visitor.open(address(funded.mission))

    assert "inside the 40% that may" in page.main.text
    assert "For each 100 of public money, 13 of private money followed." in page.main.text


def test_who_a_secret_vote_served_is_told_for_nobody(visitor: Browser, db: Session, funded: Funded) -> None:
    """Groups of an open vote are told by their public ballots; of a secret one no line."""
    assert "Ballots that got something they approve" in visitor.open(address(funded.mission)).main.text
    db.connection().execute(text("SET LOCAL session_replication_role = replica"))  # terms are frozen
    funded.decision.terms = {**funded.decision.terms, "secret": True}
    db.commit()

    page = visitor.open(address(funded.mission))

    assert "The vote that made the portfolio was secret" in page.main.text
    assert "Ballots that got something they approve" not in page.main.text
