"""A call past its deadline with a panel, what was submitted to it, and reviews as far as a test needs them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlmodel import Session

from app.models.application import Application
from app.models.columns import now
from app.models.committee import Committee
from app.models.panel import PanelReview, panel_reviews_of
from app.models.person import Person
from app.models.seat import Seat, live_seats_of
from app.rules.words import ApplicationState, CallState, Grade, Role, ScopeKind, StakeholderGroup
from app.services import interests_items, panel, panel_asking, panel_reviews
from app.viewer import Viewer
from tests.applied import CRITERIA, Offered, close, make_applicant, make_offered
from tests.people import make_committee, make_member, make_person, seat

A = ApplicationState
NAMES = ("Ada", "Ben", "Cleo", "Dora", "Emil")


@dataclass
class Judged:
    """The call with its offer, five members of its panel with their seats, a chair, and what came in."""

    offered: Offered
    panel: Committee
    chair: Person
    members: list[Person] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)
    leads: list[Person] = field(default_factory=list)

    @property
    def session(self) -> Session:
        return self.offered.session

    @property
    def first(self) -> Application:
        return self.applications[0]

    def viewer(self, person: Person) -> Viewer:
        return Viewer(person, tuple(live_seats_of(self.session, person.id)))

    def in_review(self) -> "Judged":
        """Everything is found eligible, and the panel reviews."""
        for each in self.applications:
            panel.check(self.session, each, A.IN_REVIEW, "", self.offered.carol.id)
        panel.send_to_review(self.session, self.offered.call, self.offered.carol.id)
        return self

    def asked(self, application: Application | None = None, seats: Sequence[Seat] = ()) -> list[PanelReview]:
        application = application or self.first
        pairs = [(application.id, each.id) for each in seats or self.seats[:3]]
        due = now() + timedelta(days=7)
        return panel_asking.ask(self.session, self.offered.call, pairs, due, self.offered.carol.id)

    def filed(self, application: Application | None = None, *marks: Grade) -> list[PanelReview]:
        """Everybody who was asked files; with their marks, one for each reviewer."""
        found = panel_reviews_of(self.session, [(application or self.first).id])
        for number, review in enumerate(found):
            mark = marks[number] if number < len(marks) else Grade.GOOD
            self.file(review, mark)
        return found

    def file(self, review: PanelReview, mark: Grade = Grade.GOOD, words: str = "It says how.") -> None:
        by = self.session.get_one(Seat, review.seat_id).person_id
        panel_reviews.file(self.session, review, answers(mark, words), review.version, by)

    def shortlisted(self, application: Application | None = None) -> Application:
        application = application or self.first
        self.asked(application)
        self.filed(application)
        panel.decide(self.session, application, A.SHORTLISTED, "It is strong.", self.chair.id)
        return application


def answers(mark: Grade = Grade.GOOD, words: str = "It says how.") -> dict[str, str]:
    told = {f"{each['id']}_grade": mark.value for each in CRITERIA}
    return {
        **told,
        **{f"{each['id']}_note": words for each in CRITERIA},
        "overall": "On the whole it convinces.",
    }


def make_judged(session: Session, many: int = 2, **changes: Any) -> Judged:
    """Submitted, past the deadline, and not looked at yet."""
    offered = make_offered(session, **changes)
    committee = make_committee(session, offered.agency, name=f"Panel {uuid4().hex[:8]}")
    offered.offer.panel_id = committee.id
    chair = make_person(session, f"Chair {uuid4().hex[:6]}")
    seat(session, chair, Role.CHAIR, ScopeKind.COMMITTEE, committee.id)
    judged = Judged(offered, committee, chair)
    for name, group in zip(NAMES, StakeholderGroup, strict=True):
        person, held = make_member(session, committee, f"{name} {uuid4().hex[:6]}", group)
        judged.members.append(person)
        judged.seats.append(held)
    for number in range(many):
        _firm, lead = make_applicant(session, f"Firm {number} {uuid4().hex[:6]}")
        judged.leads.append(lead)
        judged.applications.append(offered.submitted(lead, title=f"Batteries number {number}"))
    close(offered)
    return judged


def say_nothing(judged: Judged, application: Application, *people: Person) -> None:
    """They say that nothing ties them to it."""
    for person in people:
        interests_items.say(judged.session, application, person.id, interests_items.Said())


def phase(judged: Judged, state: CallState) -> None:
    judged.offered.call.state = state
    judged.session.flush()
