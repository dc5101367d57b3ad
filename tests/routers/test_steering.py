"""Steering a mission through its pages: it starts, is read, has milestones, is reviewed and ends."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from app.models.course import course_reviews_of
from app.models.milestone import Milestone, milestones_of
from app.models.mission import every_indicator_of
from app.models.money import every_reading_of, readings_of
from app.models.motion import motions_in
from app.models.project import projects_of
from app.rules.words import CourseKind, CourseVerdict, Felt, MissionState, MotionAct
from app.services import course
from tests.client import Browser
from tests.services.chamber import Chamber
from tests.services.measured import committed, enter, indicator_of, today
from tests.services.steering import REASON, make_active


@pytest.fixture
def chamber(db: Session) -> Chamber:
    chamber = make_active(db)
    db.commit()
    return chamber


def as_carol(visitor: Browser, db: Session, chamber: Chamber) -> Browser:
    return visitor.sign_in(db, chamber.scene.carol)


def base(chamber: Chamber) -> str:
    return f"/missions/{chamber.mission.id}"


def test_a_mission_is_started_from_its_page(visitor: Browser, db: Session, chamber: Chamber) -> None:
    chamber.mission.state = MissionState.ADOPTED
    db.commit()
    as_carol(visitor, db, chamber)
    assert "only announced does not count" in visitor.open(base(chamber)).text
    assert visitor.fill_in(f"{base(chamber)}/launch").status_code == 409
    committed(db, chamber.mission, 1000)
    db.commit()

    page = visitor.hand_in(visitor.open(base(chamber)).form("/launch"))

    assert "Active" in page.main.text
    db.expire_all()
    assert chamber.mission.state is MissionState.ACTIVE


def test_the_page_draws_the_fan_and_says_how_far_it_is(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    indicator_of(db, chamber.mission).baseline_at = today() - timedelta(days=1500)
    for value, days_ago in ((12, 1400), (15, 1000), (24, 500), (36, 10)):
        enter(db, chamber.mission, value, days_ago)
    db.commit()

    page = visitor.open(base(chamber))

    assert "50% of the way." in page.main.text
    assert "Going on as slowly or as fast" in page.main.text
    assert "fan-outlook" in visitor.get(base(chamber)).text


def test_readings_are_corrected_and_taken_back_on_their_page(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    path = f"{base(chamber)}/readings"
    as_carol(visitor, db, chamber)
    typed = {"at": today().isoformat(), "value": "120", "source": "Survey"}
    page = visitor.hand_in(visitor.open(path).form(path), typed)
    indicator = indicator_of(db, chamber.mission)
    (wrong,) = readings_of(db, indicator.id)
    assert f"{path}?replaces={wrong.id}#add" in page.links

    form = visitor.open(f"{path}?replaces={wrong.id}").form(path)
    assert (form.fields["value"], form.fields["replaces_id"]) == ("120", str(wrong.id))
    page = visitor.hand_in(form, {"value": "12"})
    assert "correction" in page.main.text
    (right,) = readings_of(db, indicator.id)
    assert right.replaces_id == wrong.id

    page = visitor.hand_in(page.form("/taking-back"), {"reason": "It was of another region"})

    db.expire_all()
    assert "taken back" in page.main.text
    assert readings_of(db, indicator.id) == []
    assert len(every_reading_of(db, [indicator.id])) == 3


def test_a_forecast_needs_its_range(visitor: Browser, db: Session, chamber: Chamber) -> None:
    path = f"{base(chamber)}/readings"
    as_carol(visitor, db, chamber)
    ahead = {
        "at": (today() + timedelta(days=900)).isoformat(), "value": "40", "is_forecast": "yes", "source": "Model"
    }  # fmt: skip
    page = visitor.hand_in(visitor.open(path).form(path), ahead, status=422)
    page = visitor.hand_in(page.form(path), {"low": "50", "high": "30"}, status=422)

    page = visitor.hand_in(page.form(path), {"low": "30", "high": "50"})

    assert "forecast" in page.main.text


def test_a_file_of_readings_comes_in(visitor: Browser, db: Session, chamber: Chamber) -> None:
    path = f"{base(chamber)}/readings"
    as_carol(visitor, db, chamber)
    token = {"csrf_token": visitor.token()}
    wrong = {"file": ("r.csv", b"day,value,source\n2024-01-31,many,Survey\n", "text/csv")}
    answer = visitor.post(f"{path}/file", data=token, files=wrong)
    assert (answer.status_code, "line 2" in answer.text) == (422, True)
    right = {"file": ("r.csv", b"day,value,source\n2024-01-31,12,Survey\n2024-02-29,13,Survey\n", "text/csv")}

    answer = visitor.post(f"{path}/file", data=token, files=right)

    assert answer.status_code == 200
    assert [each.value for each in readings_of(db, indicator_of(db, chamber.mission).id)] == [12, 13]


INDICATOR = {
    "form_of": "number", "name": "Price of solar power", "lens": "system", "unit": "USD/MWh", "baseline": "57",
    "goal": "25", "baseline_at": "2024-01-01", "due": "2033-01-01", "source": "Auctions", "owner": "Ministry",
}  # fmt: skip


@pytest.mark.parametrize("missing", ["baseline", "goal", "unit", "source", "owner", "due", "lens"])
def test_an_indicator_without_a_baseline_is_refused(
    visitor: Browser, db: Session, chamber: Chamber, missing: str
) -> None:
    """DOMAIN 4: a POST without a baseline is a 422; and so it is without anything else that makes it concrete."""
    chamber.mission.state = MissionState.FRAMED
    db.commit()
    path = f"{base(chamber)}/indicators"
    as_carol(visitor, db, chamber)

    page = visitor.read(visitor.fill_in(path, {**INDICATOR, missing: ""}), 422)

    assert len(every_indicator_of(db, chamber.mission.id)) == 1
    visitor.hand_in(page.form(path), {missing: INDICATOR[missing]})
    _first, added = every_indicator_of(db, chamber.mission.id)
    assert (added.baseline, added.goal, str(added.direction)) == (57, 25, "down")


def test_a_goal_that_is_reached_or_not_names_who_says_so(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    chamber.mission.state = MissionState.FRAMED
    db.commit()
    path = f"{base(chamber)}/indicators"
    as_carol(visitor, db, chamber)
    told = {**INDICATOR, "form_of": "yes_or_no", "unit": "", "baseline": "", "goal": "", "verifier": ""}
    page = visitor.hand_in(visitor.open(path).form(path), told, status=422)

    page = visitor.hand_in(page.form(path), {"verifier": "The court of audit"})

    assert "The court of audit" in page.main.text
    added = every_indicator_of(db, chamber.mission.id)[1]
    assert (added.baseline, added.goal, added.verifier) == (0, 1, "The court of audit")
    visitor.hand_in(page.form("/removal"))
    assert len(every_indicator_of(db, chamber.mission.id)) == 1


def test_a_project_gets_indicators_once_its_mission_is_adopted(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    path, project = f"{base(chamber)}/indicators", projects_of(db, chamber.mission.id)[0]
    as_carol(visitor, db, chamber)

    page = visitor.hand_in(visitor.open(path).form(path), {**INDICATOR, "project_id": str(project.id)})

    assert project.title in page.main.text
    assert every_indicator_of(db, chamber.mission.id)[1].project_id == project.id
    assert visitor.fill_in(path, {**INDICATOR, "project_id": ""}).status_code == 409


def test_milestones_are_set_and_moved_by_asking(visitor: Browser, db: Session, chamber: Chamber) -> None:
    path, indicator = f"{base(chamber)}/milestones", indicator_of(db, chamber.mission)
    due = (today() + timedelta(days=100)).isoformat()
    as_carol(visitor, db, chamber)
    typed = {"title": "A fifth of the homes", "indicator_id": str(indicator.id), "expected": "", "due": due}
    page = visitor.hand_in(visitor.open(path).form(path), typed, status=422)
    page = visitor.hand_in(page.form(path), {"expected": "20"})
    assert "Planned" in page.main.text
    (milestone,) = milestones_of(db, chamber.mission.id)
    move = f"{path}/{milestone.id}/move"
    assert move in page.links

    later = (today() + timedelta(days=200)).isoformat()
    page = visitor.hand_in(
        visitor.open(move).form("/move"), {"due": later, "expected": "20", "reason": REASON}
    )

    (motion,) = motions_in(db, chamber.mission.id)
    assert motion.act is MotionAct.REVISE_MILESTONE
    assert "Move the milestone" in page.main.text
    assert "The committee is asked to move it." in visitor.open(path).main.text


def test_a_milestone_of_a_project_says_whose_it_is(visitor: Browser, db: Session, chamber: Chamber) -> None:
    project = projects_of(db, chamber.mission.id)[0]
    for each in (project.id, None):
        db.add(
            Milestone(
                mission_id=chamber.mission.id, title="Half-way", due=today() + timedelta(days=100),
                verifier="The union", project_id=each,
            )
        )  # fmt: skip
    db.commit()

    page = visitor.open(base(chamber))
    assert f"Half-way {project.title}" in " ".join(page.main.text.split())
    assert not page.faults()
    assert f"/projects/{project.id}" in visitor.open(f"{base(chamber)}/milestones").links


def test_a_milestone_without_an_indicator_is_said_to_be_reached(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    path, due = f"{base(chamber)}/milestones", (today() + timedelta(days=100)).isoformat()
    as_carol(visitor, db, chamber)
    typed = {"title": "The law is passed", "verifier": "The gazette", "due": due}
    visitor.hand_in(visitor.open(path).form(path), typed)
    (milestone,) = milestones_of(db, chamber.mission.id)
    form = visitor.open(f"{path}/{milestone.id}/move").form("/word")

    page = visitor.hand_in(form, {"reached_on": today().isoformat(), "evidence": "Law 21.455"})

    assert "Met" in page.main.text
    assert "Law 21.455" in page.main.text


def test_a_review_runs_from_its_opening_to_a_linked_question(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    path = f"{base(chamber)}/course"
    page = visitor.hand_in(as_carol(visitor, db, chamber).open(path).form(path), {"kind": "reflexive"})
    (review,) = course_reviews_of(db, chamber.mission.id)
    here = f"{path}/{review.id}"
    assert page.url == here

    author = db.get_one(type(chamber.chair), chamber.scene.voices[0].author_id)
    visitor.sign_in(db, author)
    page = visitor.hand_in(visitor.open(here).form("/answer"), {"felt": "worse"})
    assert "1 of 5 who took part answered." in page.main.text
    assert "Fewer than five answered" in Browser(visitor.app).open(here).main.text
    assert "What they say" not in page.text

    visitor.sign_in(db, chamber.chair)
    told = {"verdict": "adapt", "reason": REASON, "next_on": (today() + timedelta(days=90)).isoformat()}
    page = visitor.hand_in(visitor.open(here).form("/conclusion"), told, status=422)
    page = visitor.hand_in(page.form("/conclusion"), {"changes": "Smaller units\nA second port"})
    assert "A second port" in page.main.text
    db.expire_all()
    assert review.verdict is CourseVerdict.ADAPT
    assert review.changes == ["Smaller units", "A second port"]

    as_carol(visitor, db, chamber)
    page = visitor.hand_in(visitor.open(here).form("/question"))
    db.expire_all()
    assert page.url == f"/calls/{review.call_id}/edit"
    assert here in visitor.open(f"/calls/{review.call_id}").links
    assert f"/calls/{review.call_id}" in visitor.open(here).links
    visitor.cookies.delete("session")
    assert f"/calls/{review.call_id}" not in visitor.open(here).links


def test_a_missed_milestone_stands_among_the_signals(visitor: Browser, db: Session, chamber: Chamber) -> None:
    late = Milestone(
        mission_id=chamber.mission.id,
        title="The first village",
        due=today() - timedelta(days=1),
        verifier="Its mayor",
    )
    db.add(late)
    db.commit()

    page = visitor.open(f"{base(chamber)}/course")

    assert "A milestone was missed" in page.main.text
    assert "“The first village” was due on" in page.main.text
    assert "Missed" in visitor.open(f"{base(chamber)}/milestones").main.text
    assert "Missed" in visitor.open(base(chamber)).main.text


@pytest.mark.parametrize("door", ["readings", "indicators", "milestones", "course", "launch"])
def test_others_read_and_steer_nothing(visitor: Browser, db: Session, chamber: Chamber, door: str) -> None:
    visitor.sign_in(db, chamber.members["citizens 1"])

    assert visitor.fill_in(f"{base(chamber)}/{door}", {"kind": "reflexive"}).status_code == 403


def test_who_did_not_take_part_is_not_asked(visitor: Browser, db: Session, chamber: Chamber) -> None:
    review = course.open_review(db, chamber.mission, CourseKind.REFLEXIVE, chamber.scene.carol.id)
    db.commit()
    here = f"{base(chamber)}/course/{review.id}"
    visitor.sign_in(db, chamber.members["citizens 1"])

    assert "You took part" not in visitor.open(here).main.text
    assert visitor.fill_in(f"{here}/answer", {"felt": Felt.BETTER.value}).status_code == 403
    assert visitor.fill_in(f"{here}/conclusion", {"verdict": "continue", "reason": REASON}).status_code == 403
