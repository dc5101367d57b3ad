"""The lineage as a flow: from voices to lessons, from rows, and of nothing that may not be read."""

from decimal import Decimal

import pytest
from sqlmodel import Session

from app.models.call import Call
from app.models.milestone import Milestone
from app.models.offer import Offer
from app.models.organisation import Organisation
from app.models.statement import Statement
from app.rules.words import CallKind, MoneyKind, StatementKind, StatementState, SubjectKind
from app.services import counts, lessons, lineage, lineage_flow, lineage_flows, submissions
from app.services.lineage_flow import Flow
from tests.services.linked import Portfolio, make_portfolio, pay

TODAY = "2027-06-30"


@pytest.fixture
def portfolio(session: Session) -> Portfolio:
    counts._kept.clear()
    return make_portfolio(session)


def learned(portfolio: Portfolio, words: str, **changes: object) -> Statement:
    facts = {
        "kind": StatementKind.LESSON, "subject_kind": SubjectKind.PROJECT,
        "subject_id": portfolio.projects["roofs"].id, "author_id": portfolio.steward, "text": words, **changes,
    }  # fmt: skip
    lesson = Statement(**facts)
    portfolio.session.add(lesson)
    portfolio.session.flush()
    project = lesson.subject_id if lesson.subject_kind is SubjectKind.PROJECT else None
    lessons.keep(portfolio.session, lesson, portfolio.mission.id, project)
    return lesson


def milestone(portfolio: Portfolio, title: str, **changes: object) -> Milestone:
    from datetime import date

    made = Milestone(mission_id=portfolio.mission.id, title=title, due=date.fromisoformat(TODAY), **changes)
    portfolio.session.add(made)
    portfolio.session.flush()
    return made


def bands(flow: Flow) -> set[tuple[str, str, int]]:
    return {(each.near.name, each.far.name, each.count) for each in flow.bands}


def ways(flow: Flow, start: str) -> set[str]:
    """The columns that one can reach from a stop by its name."""
    found = {each.key for each in flow.stops.values() if each.name == start}
    while new := {band.far.key for band in flow.bands if band.near.key in found} - found:
        found |= new
    return {flow.stops[key].column for key in found}


def test_the_line_leads_from_a_voice_to_a_lesson(session: Session, portfolio: Portfolio) -> None:
    roofs = portfolio.projects["roofs"]
    pay(session, roofs, 500, MoneyKind.COMMITTED)
    milestone(portfolio, "A hundred roofs", project_id=roofs.id)
    learned(portfolio, "Ask the owners of the roofs first.")
    scene = portfolio.chamber.scene

    flow = lineage_flows.of_submission(session, scene.voices[0])

    assert ways(flow, scene.voices[0].text) == {
        "voice", "group", "clause", "ballot", "money", "project", "milestone", "lesson",
    }  # fmt: skip
    told, vote = bands(flow), "Carried: Shall we adopt this mission?"
    assert (vote, "500\u00a0CLP committed", 1) in told
    assert ("500\u00a0CLP committed", "Roofs", 1) in told
    assert (vote, "Storage", 1) in told
    assert ("Roofs", "A hundred roofs", 1) in told
    assert ("Roofs", "Ask the owners of the roofs first.", 1) in told


def test_a_call_tells_who_said_what_and_how_many(session: Session, portfolio: Portfolio) -> None:
    scene = portfolio.chamber.scene
    call = session.get_one(Call, portfolio.mission.call_id)

    flow = lineage_flows.of_call(session, call)

    label = scene.cluster.label
    assert {("Citizens", label, 3), ("Academia", label, 1), ("Business", label, 1)} <= bands(flow)
    assert (label, portfolio.mission.title, 5) in bands(flow)
    assert all(each.url for each in flow.stops.values())


def test_the_line_counts_voices_and_says_of_which_project_a_milestone_is(
    session: Session, portfolio: Portfolio
) -> None:
    for project in (portfolio.projects["roofs"], portfolio.projects["storage"]):
        milestone(portfolio, "Half-way", project_id=project.id)

    flow = lineage_flows.of_mission(session, portfolio.mission)

    counted = dict(flow.counted)
    assert (counted["Voices"], counted["Missions"], counted["Milestones"]) == (5, 1, 2)
    assert "Money" not in counted
    ends = dict(flow.ends_by_column)["Milestones"]
    assert [(stop.name, before.name if before else "") for stop, before in ends] == [
        ("Half-way", "Roofs"), ("Half-way", "Storage"),
    ]  # fmt: skip
    assert (
        dict(lineage_flows.of_submission(session, portfolio.chamber.scene.voices[0]).counted)["Voices"] == 1
    )


def test_what_is_withdrawn_hidden_or_replaced_is_in_no_flow(session: Session, portfolio: Portfolio) -> None:
    scene = portfolio.chamber.scene
    submissions.withdraw(session, scene.voices[0], scene.voices[0].author_id)
    first = milestone(portfolio, "By winter")
    learned(portfolio, "Hidden words.", state=StatementState.HIDDEN)
    wrong = pay(session, portfolio.projects["roofs"], 500, MoneyKind.COMMITTED)
    pay(session, portfolio.projects["roofs"], 0, MoneyKind.COMMITTED, replaces_id=wrong.id)
    pay(session, portfolio.projects["roofs"], 900, MoneyKind.ANNOUNCED)

    flow = lineage_flows.of_mission(session, portfolio.mission)

    assert ("Citizens", scene.cluster.label, 2) in bands(flow)
    names = {each.name for each in flow.stops.values()}
    assert first.title in names
    assert not any("Hidden" in name or "committed" in name for name in names)


def test_a_flow_is_drawn_with_every_stop_and_band(session: Session, portfolio: Portfolio) -> None:
    flow = lineage_flows.of_mission(session, portfolio.mission)

    found = lineage_flow.drawn(flow)

    keys = {each["key"] for each in found["stops"]}
    assert len(keys) == len(flow.stops)
    assert all({each["from"], each["to"]} <= keys and each["width"] >= 1 for each in found["bands"])
    assert all(0 <= each["column"] < len(found["columns"]) for each in found["stops"])


def test_a_question_without_voices_has_no_line_yet(session: Session, portfolio: Portfolio) -> None:
    from tests.factories import make_call

    agency = session.get_one(Organisation, portfolio.mission.organisation_id)

    assert not lineage_flows.of_call(session, make_call(session, agency)).stops


def test_a_call_for_projects_tells_the_line_of_its_mission(session: Session, portfolio: Portfolio) -> None:
    from tests.factories import make_call

    agency = session.get_one(Organisation, portfolio.mission.organisation_id)
    call = make_call(session, agency, kind=CallKind.INNOVATION)
    session.add(Offer(call_id=call.id, mission_id=portfolio.mission.id))
    session.flush()

    assert bands(lineage_flows.of_call(session, call)) == bands(
        lineage_flows.of_mission(session, portfolio.mission)
    )


def test_the_thread_reaches_money_milestones_and_lessons(session: Session, portfolio: Portfolio) -> None:
    roofs = portfolio.projects["roofs"]
    before = {each.key: each.state for each in lineage.of_mission(session, portfolio.mission)}
    assert {before["money"], before["milestone"], before["lesson"]} <= {"next", "not_yet"}

    pay(session, roofs, 500, MoneyKind.COMMITTED)
    pay(session, roofs, Decimal("250.50"), MoneyKind.COMMITTED, currency="USD")
    milestone(portfolio, "A hundred roofs", project_id=roofs.id)
    learned(portfolio, "Ask the owners of the roofs first.")

    after = {each.key: each for each in lineage.of_mission(session, portfolio.mission)}
    assert after["money"].detail == "500\u00a0CLP, 250.50\u00a0USD committed"
    assert (after["milestone"].detail, after["lesson"].detail) == ("1 milestone", "1 lesson")
    assert {after[key].state for key in ("money", "milestone", "lesson")} == {"past"}
    assert all(after[key].url for key in ("money", "milestone", "lesson"))


def test_before_a_vote_the_money_is_told_and_no_milestone_or_lesson(
    session: Session, portfolio: Portfolio
) -> None:
    pay(session, portfolio.projects["roofs"], 500, MoneyKind.COMMITTED)
    portfolio.mission.adopted_at = None
    session.flush()

    stations = {each.key: each for each in lineage.of_mission(session, portfolio.mission)}

    assert stations["money"].url == f"/missions/{portfolio.mission.id}/money"
    assert (stations["milestone"].url, stations["lesson"].url) == (None, None)
