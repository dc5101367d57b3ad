"""A call whose shortlist its panel votes on: four applications, what each asks for, and who approves of what."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlmodel import Session

from app.models.application import Application, Teammate
from app.models.call import Call
from app.models.columns import now
from app.models.committee import Interest
from app.models.decision import Decision
from app.models.offer import Offer
from app.models.organisation import Organisation
from app.models.person import Person
from app.rules.decisions import DecisionTimes
from app.rules.replay_kinds import Noun
from app.rules.words import (
    ApplicationState,
    CallState,
    DecisionKind,
    InterestEffect,
    InterestKind,
    Role,
    ScopeKind,
    StakeholderGroup,
    SubjectKind,
)
from app.services import ballots, decisions, decisions_certify, decisions_count, decisions_draft, events
from app.services.decisions_draft import Asked
from app.services.decisions_rule import RuleChoice
from app.services.feedback import Answer
from tests.offered import make_condition, make_offer
from tests.people import make_organisation, make_person, seat
from tests.services.chamber import Chamber
from tests.services.signed import sign_by_two
from tests.services.steering import make_active

QUESTION = "Which applications are paid for?"
ASKS = {"Roofs": "180000.00", "Walls": "120000.01", "Trees": "90000.00", "Sails": "60000.50"}
BUDGET = Decimal("400000.00")
# All approve of roofs, seven of walls, five of trees, two of sails: the budget takes the first three.
TICKS = {
    "public 1": "Roofs Walls Trees", "private 1": "Roofs Walls Trees", "private 2": "Roofs Walls Trees",
    "third 1": "Roofs Walls Trees", "third 2": "Roofs Walls Trees", "academia 1": "Roofs Walls",
    "citizens 1": "Roofs Walls", "citizens 2": "Roofs Sails", "citizens 3": "Roofs Sails",
}  # fmt: skip
REASONS = "What most of the panel approve of is paid for, as far as the budget reaches."
ANSWER = Answer(
    "The panel approved of it, and the budget reaches.", "Say more about who takes part.",
    "Carol of the agency, carol@example.org", "Write to the agency within a month of this letter.",
)  # fmt: skip


@dataclass
class Awarded:
    """`carol` is the agency's facilitator, `leads` who led each application by its title."""

    session: Session
    chamber: Chamber
    call: Call
    offer: Offer
    carol: Person
    applications: dict[str, Application]
    leads: dict[str, Person]

    def drafted(self, rule: str = "greedy", **more: Any) -> Decision:
        asked = Asked(QUESTION, RuleChoice(name=rule, **more), call=self.call.id)
        return decisions_draft.draft(
            self.session, self.chamber.committee, DecisionKind.PORTFOLIO, asked, self.chamber.chair.id
        )

    def noticed(self, decision: Decision | None = None) -> Decision:
        decision = decision or self.drafted()
        nothing_ties(self.chamber, decision)
        opens = now() - timedelta(hours=1)
        times = DecisionTimes(opens, opens + timedelta(days=7))
        decisions.notice(
            self.session, decision, QUESTION, times, self.chamber.chair.id, at=opens - timedelta(hours=1)
        )
        return decision

    def counted(self, decision: Decision | None = None, ticks: dict[str, str] = TICKS) -> Decision:
        decision = self.noticed(decision)
        for name, titles in ticks.items():
            mark = {"approved": [str(self.applications[title].id) for title in titles.split()]}
            ballots.cast(self.session, decision, self.chamber.members[name].id, mark, "", 1)
        decisions_count.close(self.session, decision, None, at=decision.closes_at)
        sign_by_two(self.session, decision)
        return decision

    def certified(self, decision: Decision | None = None, ticks: dict[str, str] = TICKS) -> Decision:
        decision = self.counted(decision, ticks)
        decisions_certify.certify(self.session, decision, REASONS, self.chamber.secretary.id)
        return decision

    def states(self) -> dict[str, str]:
        return {title: each.state.value for title, each in self.applications.items()}


def nothing_ties(chamber: Chamber, decision: Decision) -> None:
    """Every seat was asked about the question, and there is nothing to declare."""
    session = chamber.session
    said = [
        Interest(
            seat_id=each.id, subject_kind=SubjectKind.DECISION, subject_id=decision.id, kind=InterestKind.NOTHING,
            declared_at=now() - timedelta(days=1),
        )
        for each in chamber.seats.values()
    ]  # fmt: skip
    session.add_all(said)
    session.flush()
    states = {Noun.INTEREST: {InterestEffect.DISCLOSE: [each.id for each in said]}}
    events.record(session, "nothing_declared", SubjectKind.DECISION, decision.id, states=states)


def make_awarded(session: Session, **changes: Any) -> Awarded:
    """A call in its last phase; `changes` go into its offer."""
    chamber = make_active(session)
    agency = session.get_one(Organisation, chamber.mission.organisation_id)
    carol = make_person(session, f"Carol {uuid4().hex[:8]}")
    seat(session, carol, Role.FACILITATOR, ScopeKind.ORGANISATION, agency.id)
    facts = {"budget": BUDGET, "mission_id": chamber.mission.id, "panel_id": chamber.committee.id, **changes}
    closed = now() - timedelta(days=5)
    offered = make_offer(
        session, agency, call={"state": CallState.DECISION, "closes_at": closed, "sense_until": closed,
                               "check_until": closed, "answer_due": now() + timedelta(days=30)}, **facts,
    )  # fmt: skip
    make_condition(session, offered.call.id)
    awarded = Awarded(session, chamber, offered.call, offered.offer, carol, {}, {})
    for title, asked in ASKS.items():
        add(awarded, title, Decimal(asked))
    return awarded


def add(
    awarded: Awarded,
    title: str,
    asked: Decimal | None,
    state: ApplicationState = ApplicationState.SHORTLISTED,
) -> Application:
    """An application on the shortlist, of a firm of its own, led by a person of that firm."""
    session = awarded.session
    firm = make_organisation(
        session, f"{title} and partners {uuid4().hex[:6]}", group=StakeholderGroup.PRIVATE
    )
    lead = make_person(session, f"Lead of {title} {uuid4().hex[:6]}", organisation_id=firm.id)
    reason = "It does not meet the rules." if state is ApplicationState.INELIGIBLE else ""
    made = Application(
        call_id=awarded.call.id, organisation_id=firm.id, created_by_id=lead.id, title=title,
        summary=f"{title} for every home of the valley.", route=f"by {title.lower()}", asked=asked, state=state,
        hypothesis=f"If homes have {title.lower()}, they stay cool by the second summer.", readiness=5,
        starts=date(2031, 3, 1), ends=date(2034, 2, 28), submitted_at=now() - timedelta(days=8),
        receipt=uuid4().hex * 2, outcome_reason=reason,
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.add(Teammate(application_id=made.id, person_id=lead.id, role=Role.LEAD, joined_at=now()))
    session.flush()
    events.record(
        session,
        "application_submitted",
        SubjectKind.APPLICATION,
        made.id,
        states={Noun.APPLICATION: {state: [made.id]}},
    )
    awarded.applications[title], awarded.leads[title] = made, lead
    return made
