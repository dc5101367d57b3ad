"""Drafting questions of other kinds through their pages, and voting on them."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import Session, col, select

from app.models.ballot import Ballot, BoxedBallot, Voted
from app.models.committee import Interest
from app.models.decision import Decision
from app.models.project import Project
from app.rules.words import DecisionKind, DecisionState
from app.services import decisions_count
from tests.client import Browser
from tests.page_forms import PageForm
from tests.services.chamber import Chamber, make_chamber

QUESTION = "When shall the committee meet in winter?"
# The end lies ahead, and not more than a year.
TIMES = {
    "opens_at": "2020-01-01T09:00",
    "closes_at": (datetime.now(UTC) + timedelta(days=200)).strftime("%Y-%m-%dT18:00"),
}


@pytest.fixture
def chamber(db: Session) -> Chamber:
    chamber = make_chamber(db)
    db.commit()
    return chamber


def of(chamber: Chamber) -> str:
    return f"/committees/{chamber.committee.id}/questions"


def latest(db: Session) -> Decision:
    db.expire_all()
    return db.exec(select(Decision).order_by(col(Decision.created_at).desc())).first()  # type: ignore[return-value]


def ballot_of(visitor: Browser, decision: Decision) -> PageForm:
    """The ballot, after the question what ties one to the item."""
    page = visitor.open(f"/decisions/{decision.id}")
    if any(form.action.endswith("/ballot") for form in page.forms):
        return page.form("/ballot")
    button = "Nothing ties me to it"
    return visitor.hand_in(page.form("/interest", button=button), button=button).form("/ballot")


def latest_mark(db: Session) -> dict[str, object]:
    db.expire_all()
    return db.exec(select(Ballot).order_by(col(Ballot.cast_at).desc())).one().mark


def settled(db: Session, visitor: Browser, chamber: Chamber, **fields: str) -> Decision:
    """A question in own words, drafted and announced through the pages."""
    visitor.sign_in(db, chamber.chair)
    form = visitor.open(f"{of(chamber)}/new?kind=settle").form("/questions")
    visitor.hand_in(form, {"question": QUESTION, "lines": "Mondays\nFridays", "rule": "approval", **fields})
    decision = latest(db)
    visitor.hand_in(visitor.open(f"/decisions/{decision.id}").form("/notice"), TIMES)
    return latest(db)


def test_the_chair_finds_every_kind_of_question(visitor: Browser, db: Session, chamber: Chamber) -> None:
    visitor.sign_in(db, chamber.chair)

    page = visitor.open(f"{of(chamber)}/new")

    for kind in ("choose", "set", "portfolio", "elect", "settle"):
        assert f"{of(chamber)}/new?kind={kind}" in page.links


def test_nobody_but_the_chair_drafts(visitor: Browser, db: Session, chamber: Chamber) -> None:
    visitor.sign_in(db, chamber.members["citizens 1"])

    assert visitor.get(f"{of(chamber)}/new").status_code == 403
    assert visitor.post(of(chamber), data={"kind": "settle"}).status_code == 403


def test_a_question_in_own_words_is_drafted_changed_and_announced(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    visitor.sign_in(db, chamber.chair)
    form = visitor.open(f"{of(chamber)}/new?kind=settle").form("/questions")
    page = visitor.hand_in(
        form, {"question": QUESTION, "lines": "Mondays\nMondays", "rule": "approval"}, status=422
    )
    assert "none of them twice" in page.text
    page = visitor.hand_in(page.form("/questions"), {"lines": "Mondays\nFridays"})

    decision = latest(db)
    assert "Mondays" in page.text
    form = visitor.open(f"/decisions/{decision.id}/question").form("/question")
    assert form.fields["lines"] == "Mondays\nFridays"
    visitor.hand_in(form, {"lines": "Mondays\nFridays\nNever", "rule": "schulze"})
    assert [each["title"] for each in latest(db).options][:3] == ["Mondays", "Fridays", "Never"]
    visitor.hand_in(visitor.open(f"/decisions/{decision.id}").form("/notice"), TIMES)
    assert latest(db).state is DecisionState.NOTICED


def test_a_ranking_is_cast_and_read_back(visitor: Browser, db: Session, chamber: Chamber) -> None:
    decision = settled(db, visitor, chamber, rule="schulze")
    visitor.sign_in(db, chamber.members["citizens 1"])

    form = ballot_of(visitor, decision)
    page = visitor.hand_in(form, {"rank-option-2": "1", "rank-option-1": "2"})

    said = page.main.text
    assert said.index("Fridays") < said.index("Mondays")
    assert latest_mark(db) == {"ranking": [["option-2"], ["option-1"]]}


def test_a_secret_ballot_shows_its_receipt_once(visitor: Browser, db: Session, chamber: Chamber) -> None:
    decision = settled(db, visitor, chamber, secret="yes")
    visitor.sign_in(db, chamber.members["citizens 1"])
    form = ballot_of(visitor, decision)

    page = visitor.hand_in(form, {"approved": "option-2"})

    assert "This page is shown once." in page.text
    assert form.fields["key"] in page.text
    assert visitor.get(f"/decisions/{decision.id}/ballot").status_code == 404
    assert form.fields["key"] not in visitor.get(f"/decisions/{decision.id}").text
    assert (len(db.exec(select(BoxedBallot)).all()), len(db.exec(select(Voted)).all())) == (1, 1)
    page = visitor.hand_in(form, {"approved": "option-2"})  # sent twice: the same receipt
    assert "This page is shown once." in page.text
    other = ballot_of(visitor, decision)
    page = visitor.hand_in(other, {"approved": "option-1"}, status=409)
    assert "Your seat has voted." in page.text
    page = visitor.hand_in(page.form("/ballot"), {"approved": "option-1", "replaced_key": form.fields["key"]})
    assert "Mondays" in page.main.text
    assert len(db.exec(select(Voted)).all()) == 1


def test_a_tie_is_ended_on_the_page(visitor: Browser, db: Session, chamber: Chamber) -> None:
    decision = settled(db, visitor, chamber, seats="1", lot="The lottery of 3 March")
    for person in chamber.members.values():
        visitor.sign_in(db, person)
        form = ballot_of(visitor, decision)
        visitor.hand_in(form, {"approved": ["option-1", "option-2"]})
    decisions_count.close(db, latest(db), None)
    db.commit()
    visitor.sign_in(db, chamber.chair)

    page = visitor.open(f"/decisions/{decision.id}")
    assert "Tied between: Mondays, Fridays." in page.text
    page = visitor.hand_in(page.form("/lot"), {"lot_value": "04 11 19 23 38"})

    assert "Chosen, after a lot:" in page.text
    assert "04 11 19 23 38" in page.text


def test_projects_need_costs_and_a_budget(visitor: Browser, db: Session, chamber: Chamber) -> None:
    visitor.sign_in(db, chamber.chair)
    projects = db.exec(select(Project).where(Project.mission_id == chamber.mission.id)).all()
    page = visitor.open(f"{of(chamber)}/new?kind=portfolio")
    page = visitor.open(f"{of(chamber)}/new?kind=portfolio&mission={chamber.mission.id}")
    form = page.form("/questions")

    first, second = (f"cost-{each.id}" for each in projects[:2])
    typed = {"question": QUESTION, "budget": "2000", first: "twelve", second: "1250.50"}
    page = visitor.hand_in(form, typed, status=422)
    assert "Please write an amount of money" in page.text
    assert page.form("/questions").fields[second] == "1250.50"
    visitor.hand_in(page.form("/questions"), {first: "900"})

    decision = latest(db)
    assert decision.kind is DecisionKind.PORTFOLIO
    assert sorted(each["cost"] for each in decision.options) == [90_000, 125_050]
    assert decision.rule["budget"] == 200_000


def test_a_mission_of_elsewhere_is_not_known_here(visitor: Browser, db: Session, chamber: Chamber) -> None:
    other = make_chamber(db)
    db.commit()
    visitor.sign_in(db, chamber.chair)

    assert visitor.get(f"{of(chamber)}/new?kind=portfolio&mission={other.mission.id}").status_code == 404


def test_the_chair_reads_what_ties_people_to_a_question_and_resolves_it(
    app: FastAPI, db: Session, chamber: Chamber
) -> None:
    with Browser(app) as browser:
        decision = settled(db, browser, chamber)
    page = f"/decisions/{decision.id}/interest"
    with Browser(app) as browser:
        browser.sign_in(db, chamber.members["private 1"])
        said = browser.fill_in(
            page, {"kind": "money", "text": "My firm rents out halls.", "effect": "disclose"}
        )
        assert "You keep your vote, unless the chair resolves otherwise." in said.text
        assert 'action="/decisions/' in said.text
    interest = db.exec(select(Interest).where(Interest.kind == "money")).one()
    resolution = f"/decisions/{decision.id}/interests/{interest.id}/resolution"
    with Browser(app) as browser:
        browser.sign_in(db, chamber.members["private 2"])
        assert (
            browser.fill_in(resolution, {"effect": "recuse", "reason": "It would gain."}).status_code == 403
        )
        raised = {"seat_id": str(chamber.seats["private 1"].id), "kind": "family", "text": "His sister too."}
        assert "The person is told" in browser.fill_in(f"/decisions/{decision.id}/interests", raised).text
    with Browser(app) as browser:
        browser.sign_in(db, chamber.chair)
        form = browser.open(page).form(resolution)
        told = browser.hand_in(form, {"effect": "recuse", "reason": "It would gain."})
        assert "The interest is resolved." in told.text
    with Browser(app) as browser:
        browser.sign_in(db, chamber.members["private 1"])
        assert 'value="option-1"' not in browser.get(f"/decisions/{decision.id}").text
        refused = browser.fill_in(
            f"/decisions/{decision.id}/ballot", {"approved": "option-1", "version": "1"}
        )
        assert refused.status_code == 403
