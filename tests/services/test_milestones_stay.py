"""Whatever is done to a mission and in which order, no milestone of it ever disappears."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from app.errors import Refusal
from app.models.columns import now
from app.models.milestone import milestones_of
from app.models.mission import indicators_of
from app.models.motion import Motion
from app.models.project import Project, projects_of
from app.rules.words import MissionState, MotionAct, SubjectKind
from app.services import indicators, milestones, milestones_revise, missions_routes
from app.services.milestones import MilestoneText
from app.services.milestones_revise import Moved
from tests.rules.many import many
from tests.services.funded import Funded, make_funded
from tests.services.measured import add_indicator, enter, today

AS_IN_HOUSE = settings(many(25), suppress_health_check=list(HealthCheck))
NAMES = [
    "set",
    "set",
    "set",
    "move",
    "reach",
    "read",
    "void",
    "adopt",
    "end",
    "unroute",
    "unroute",
    "unmeasure",
]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.integers(0, 9),
    ),
    min_size=4, max_size=16,
)  # fmt: skip


@dataclass
class Course:
    """A mission, and every milestone that it ever had, as it was then."""

    funded: Funded
    had: dict[UUID, tuple[str, date, Decimal | None]]

    def without_money(self) -> list[Project]:
        """Those that could be removed: what the ledger knows stays anyway."""
        found = projects_of(self.funded.session, self.funded.mission.id)
        return [each for each in found if each.title not in ("Roofs", "Storage", "Grids")]

    def set(self, place: int) -> None:
        measured = indicators_of(self.funded.session, self.funded.mission.id)[-1] if place % 2 else None
        projects = self.without_money()
        typed = MilestoneText(
            f"Step {place}", today() + timedelta(days=place + 1), measured.id if measured else None,
            Decimal(place) if measured else None, "" if measured else "The mayor",
            projects[place % len(projects)].id if projects and not measured else None,
        )  # fmt: skip
        milestones.add(self.funded.session, self.funded.mission, typed, self.funded.chamber.chair.id)

    def move(self, place: int) -> None:
        """As a carried vote does it."""
        found = milestones_of(self.funded.session, self.funded.mission.id)
        one = found[place % len(found)]
        moved = Moved(one.due + timedelta(days=place), one.expected).as_facts()
        milestones_revise.DEED.check(self.funded.session, self.funded.mission, one.id, moved)
        motion = Motion(
            mission_id=one.mission_id, act=MotionAct.REVISE_MILESTONE, subject_kind=SubjectKind.MILESTONE,
            subject_id=one.id, facts=moved, reason="Late", by_id=self.funded.chamber.chair.id,
        )  # fmt: skip
        milestones_revise.DEED.do(self.funded.session, motion, self.funded.decision, now())

    def reach(self, place: int) -> None:
        found = milestones_of(self.funded.session, self.funded.mission.id)
        milestones.say_reached(
            self.funded.session, found[place % len(found)], today(), "Seen", self.funded.chamber.chair.id
        )

    def read(self, place: int) -> None:
        last = indicators_of(self.funded.session, self.funded.mission.id)[-1]
        enter(self.funded.session, self.funded.mission, place, place, last)

    def void(self, _place: int) -> None:
        """A challenge of its vote was upheld: its words can be edited again."""
        self.funded.mission.state = MissionState.FRAMED

    def adopt(self, _place: int) -> None:
        self.funded.mission.state = MissionState.ACTIVE

    def end(self, _place: int) -> None:
        self.funded.mission.state = MissionState.ENDED_NOT_MET

    def unroute(self, place: int) -> None:
        mission, projects, by = self.funded.mission, self.without_money(), self.funded.chamber.chair.id
        for project in projects[place % len(projects) :][:1] if projects else ():
            missions_routes.remove(self.funded.session, mission, project, mission.version, by)

    def unmeasure(self, _place: int) -> None:
        last = indicators_of(self.funded.session, self.funded.mission.id)[-1]
        indicators.remove(self.funded.session, self.funded.mission, last.id, self.funded.chamber.chair.id)

    def remember(self) -> None:
        for each in milestones_of(self.funded.session, self.funded.mission.id):
            self.had.setdefault(each.id, (each.title, each.due, each.expected))


def keeps_all(course: Course) -> None:
    """In the table as they were, and on the page: each that stands with all that stood in its place."""
    session, mission = course.funded.session, course.funded.mission
    session.expire_all()
    found = milestones_of(session, mission.id)
    assert {each.id: (each.title, each.due, each.expected) for each in found} == course.had
    shown = milestones.of_mission(session, mission)
    on_page = [one.id for each in shown for one in (each.milestone, *each.before)]
    assert sorted(on_page) == sorted(course.had)


@pytest.fixture
def funded(session: Session) -> Funded:
    return make_funded(session)


@AS_IN_HOUSE
@given(steps=STEPS)
def test_no_order_of_steps_loses_a_milestone(funded: Funded, steps: list[tuple[str, int]]) -> None:
    with funded.session.begin_nested() as whole:
        add_indicator(funded.session, funded.mission, 1, 9)
        course = Course(funded, {})
        course.remember()
        for name, place in steps:
            try:
                with funded.session.begin_nested():
                    getattr(course, name)(place)
            except Refusal:
                funded.session.expire_all()
            course.remember()
            keeps_all(course)
        whole.rollback()
    funded.session.expire_all()


@pytest.mark.parametrize("place", [0, 1])
def test_what_a_milestone_was_set_for_stays_with_it(funded: Funded, place: int) -> None:
    """A project that could be removed, or an indicator: once a vote is void, both can be edited again."""
    add_indicator(funded.session, funded.mission, 1, 9)
    course = Course(funded, {})
    course.set(place)
    course.remember()
    course.void(0)

    with pytest.raises(missions_routes.HasMilestones):
        course.unroute(0) if place == 0 else course.unmeasure(0)

    keeps_all(course)
