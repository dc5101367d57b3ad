"""The projects of the demonstration's call: contracts, one breach, one stop whose lesson is used, and a what-if."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from app.demo import content
from app.demo.seed_course import first_year
from app.demo.story import Calendar
from app.main import create_app
from app.models.application import Application
from app.models.condition import conditions_under, versions_of, yes_to
from app.models.person import Person
from app.models.project import Project
from app.models.seed import seeds_of
from app.rules.words import (
    ConditionKind,
    ConditionState,
    MilestoneState,
    ProjectState,
    ProjectVerdict,
    Side,
    SignalKind,
)
from app.services import (
    applications_near,
    conditions_read,
    lessons_find,
    links_show,
    milestones,
    missions_sectors,
    portfolio_facts,
    portfolio_votes,
    signals,
    terms,
    what_if,
)
from app.services.what_if import Run
from app.settings import Settings
from tests.client import Browser
from tests.demo.records import mission_called, offer_named

CUT = 30


def led_by(demo: Session, key: str) -> Project:
    """The project of the application that this person led."""
    (told,) = [each for each in content.applications() if each["by"] == key]
    return demo.exec(select(Project).where(Project.title == told["title"])).one()


def contracted(demo: Session) -> list[Project]:
    return [led_by(demo, key) for key in content.contracts()["spent"]]


def test_eleven_projects_run_and_one_stopped_to_learn(demo: Session) -> None:
    states = Counter(each.state for each in contracted(demo))
    stopped = led_by(demo, content.contracts()["stopped"]["by"])

    assert states == {ProjectState.RUNNING: 11, ProjectState.STOPPED_TO_LEARN: 1}
    assert (stopped.verdict, stopped.outcome_reason) == (
        ProjectVerdict.REFUTED,
        content.contracts()["stopped"]["reason"],
    )
    assert all(each.hypothesis and each.lead_organisation_id for each in contracted(demo))


def test_every_contracted_project_stands_in_sectors_and_disciplines(demo: Session) -> None:
    mission = mission_called(demo, "chain")
    found = {project for project, _sector in missions_sectors.of_projects(demo, mission.id)}

    assert found == {each.id for each in contracted(demo)}
    assert all(portfolio_facts.tagged(demo, each, terms.DISCIPLINE) for each in contracted(demo))


def test_both_sides_said_yes_to_every_condition(demo: Session) -> None:
    """DOMAIN 43: one was proposed in other words by who leads, and agreed by who pays."""
    found = conditions_under(demo, [each.id for each in contracted(demo)])
    versions = versions_of(demo, [each.id for each in found])
    said = Counter(each.version_id for each in yes_to(demo, [each.id for each in versions]))
    binding = {(each.id, each.version) for each in found}

    assert len(found) == 3 * 12
    assert {said[each.id] for each in versions if (each.condition_id, each.number) in binding} == {len(Side)}
    countered = [each for each in found if each.version == 2]
    assert [(each.kind, each.project_id) for each in countered] == [
        (ConditionKind.LIVING_WAGE, led_by(demo, "alicia_zuniga").id)
    ]


def test_one_condition_is_breached(demo: Session) -> None:
    """DOMAIN 38: no evidence by its day, so it is breached, without anybody's click."""
    (breached,) = conditions_read.breached_in(demo, mission_called(demo, "chain"))

    assert (breached.condition.kind, breached.project.id) == (
        ConditionKind.KNOWLEDGE,
        led_by(demo, "marcos_aravena").id,
    )
    assert breached.state is ConditionState.BREACHED


def test_the_review_had_the_milestone_and_the_breach_and_nothing_new_waits(demo: Session) -> None:
    mission = mission_called(demo, "chain")
    missed = [
        each for each in milestones.of_mission(demo, mission) if each.reached.state is MilestoneState.MISSED
    ]

    assert {each.project.id if each.project else None for each in missed} == {
        None,
        led_by(demo, "sebastian_ugarte").id,
    }
    now_told = {each.kind for each in signals.gather(demo, mission)}
    assert {SignalKind.MILESTONE, SignalKind.CONDITION} <= now_told
    assert signals.fresh(demo, mission) == []


def test_stopping_lists_what_depends_on_it(demo: Session) -> None:
    hit = links_show.what_depends_on(demo, led_by(demo, "sebastian_ugarte"))

    assert [each.end.id for each in hit] == [led_by(demo, "rosa_maria_tello").id]


def draft_of(demo: Session, key: str) -> Application:
    (told,) = [each for each in content.drafts() if each["by"] == key]
    return demo.exec(select(Application).where(Application.title == told["title"])).one()


def test_the_lesson_of_the_stopped_project_stands_beside_a_similar_draft(demo: Session) -> None:
    """DOMAIN 34: it is offered while drafting, and who uses it is counted."""
    stopped = led_by(demo, "sebastian_ugarte")
    near = applications_near.near(demo, draft_of(demo, "ayleen_rojas"), ["en", "es"])
    (lesson,) = lessons_find.under(demo, project=stopped.id)

    assert stopped.id in {each.project.id for each in near.lessons if each.project}
    assert lesson.text == content.contracts()["stopped"]["lesson"]
    assert lesson.used == 1


def test_the_applicant_reads_the_lesson_on_the_page_of_her_draft(
    seeded: Engine, demo: Session, settings: Settings
) -> None:
    person = demo.exec(select(Person).where(Person.email == "applicant@example.org")).one()
    draft = draft_of(demo, "ayleen_rojas")
    with Browser(create_app(settings, seeded)) as visitor:
        page = visitor.sign_in(demo, person).get(f"/applications/{draft.id}/edit").text

    assert "Put the intake into a beach well" in page


def test_drafts_build_on_what_citizens_proposed(demo: Session) -> None:
    found = [seeds_of(demo, draft_of(demo, each["by"]).id) for each in content.drafts()]

    assert [len(each) for each in found] == [1, 1]
    assert offer_named(demo, "water").is_demo


@pytest.fixture
def cut(demo: Session) -> Run:
    mission = mission_called(demo, "chain")
    (chosen,) = portfolio_votes.of_mission(demo, mission.id)
    return what_if.run(demo, mission, chosen, first_year(calendar_of(demo)), CUT)


def calendar_of(demo: Session) -> Calendar:
    """The calendar that the story was told by: the call opened on a told day."""
    call, days = offer_named(demo, "trials"), content.offer("trials")["days"]
    assert call.opens_at is not None
    return Calendar(call.opens_at - timedelta(days=days["opens"]))


def test_a_budget_shock_on_the_demonstration_lists_what_falls(demo: Session, cut: Run) -> None:
    """DOMAIN 42: thirty of a hundred less in the first year."""
    gone = cut.fallen.gone

    assert {led_by(demo, "olga_petrovic").id, led_by(demo, "marcos_aravena").id} <= gone
    assert len(gone) < 12
    assert led_by(demo, "sebastian_ugarte").id not in gone
    assert led_by(demo, "silvana_tejeda").id in cut.fallen.dependents
    assert {each.project_id for each in cut.fallen.milestones} <= gone
    assert len(cut.fallen.milestones) >= 4
    assert cut.shock.taken >= 270 * 1_000_000 * 100


def test_a_budget_shock_writes_nothing(demo: Session, cut: Run) -> None:
    def counted() -> dict[str, int]:
        tables = demo.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars()
        return {name: demo.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in tables}

    before = counted()
    again = what_if.run(demo, mission_called(demo, "chain"), cut.chosen, cut.year, CUT)

    assert again.hash == cut.hash
    assert counted() == before
    assert (len(demo.new), len(demo.dirty), len(demo.deleted)) == (0, 0, 0)
