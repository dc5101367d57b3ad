"""Nobody votes on what they or their organisation applied with: such seats step aside when the vote is announced."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions.taking_part import recused_seats
from app.models.application import Application, Teammate
from app.models.committee import Interest
from app.models.decision import Decision
from app.models.person import Person
from app.rules.voting import electorate
from app.rules.words import InterestEffect, InterestKind, SubjectKind


def step_aside(session: Session, decision: Decision, at: datetime) -> list[Interest]:
    """The interests of every seat on the list whose person applied; they belong into the event of the notice."""
    if decision.call_id is None:
        return []
    seats = {}
    for each in electorate.from_facts(decision.electorate):
        seats[each.seat_id] = each.person_id
        if each.alternate_seat_id and each.alternate_person_id:
            seats[each.alternate_seat_id] = each.alternate_person_id
    applied = applicants_among(session, decision, set(seats.values()))
    gone = recused_seats(session, decision)
    made = [
        Interest(
            seat_id=seat, subject_kind=SubjectKind.DECISION, subject_id=decision.id, kind=InterestKind.COMPETING,
            effect=InterestEffect.RECUSE, declared_at=at,
        )
        for seat, person in seats.items()
        if person in applied and seat not in gone
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    return made


def applicants_among(session: Session, decision: Decision, people: set[UUID]) -> set[UUID]:
    """Who of these people writes on an application on the ballot, or belongs to an organisation that applied."""
    keys = [UUID(each["subject_id"]) for each in decision.options]
    team = select(Teammate.person_id).where(
        col(Teammate.application_id).in_(keys), col(Teammate.joined_at).is_not(None)
    )
    applied = select(Application.organisation_id).where(col(Application.id).in_(keys))
    query = select(Person.id).where(
        col(Person.id).in_(people),
        col(Person.id).in_(team) | col(Person.organisation_id).in_(applied),
    )
    return set(session.exec(query))
