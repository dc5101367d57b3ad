"""Whether a committee is constituted, since when, and what is missing: computed when read, then told to the log."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.models.columns import now
from app.models.committee import Committee
from app.models.event import Event
from app.models.seat import Seat, is_live
from app.rules import composition, constitution
from app.rules.constitution import Composed, Held, Stage
from app.rules.words import CommitteeState, Role, ScopeKind, StakeholderGroup, SubjectKind
from app.services import committees, events, notifications

CHANGES = ("committee_created", "committee_edited")
TOLD_TO = (Role.CHAIR, Role.DEPUTY, Role.SECRETARY, Role.MEMBER)


@dataclass(frozen=True)
class Standing:
    """A committee as it stands: its present stage, and every stage before it, the newest first."""

    now: Stage
    before: list[Stage]


def of(session: Session, committee: Committee, at: datetime | None = None) -> Standing:
    *before, last = stages(session, committee, at or now())
    return Standing(last, before[::-1])


def stages(session: Session, committee: Committee, until: datetime) -> list[Stage]:
    return constitution.stages(compositions(session, committee), terms(session, committee.id), until)


def compositions(session: Session, committee: Committee) -> list[Composed]:
    """What the composition asked and since when, as the log has it; the one of today is the record's own."""
    query = select(Event.at, Event.facts).where(
        Event.subject_kind == SubjectKind.COMMITTEE,
        Event.subject_id == committee.id,
        col(Event.kind).in_(CHANGES),
    )
    told = list(session.exec(query.order_by(col(Event.at), col(Event.id))))
    found = [
        (at, composition.from_facts(facts["composition"])) for at, facts in told if "composition" in facts
    ]
    instants = [committee.created_at, *(at for at, _asked in found[1:])]
    asked = [*(each for _at, each in found[:-1]), composition.from_facts(committee.composition)]
    return [Composed(*each) for each in zip(instants, asked, strict=True)]


def terms(session: Session, committee_id: UUID) -> list[Held]:
    query = select(Seat.group, Seat.starts_at, Seat.ends_at).where(
        Seat.scope_kind == ScopeKind.COMMITTEE, Seat.scope_id == committee_id, Seat.role == Role.MEMBER
    )
    return [Held(StakeholderGroup(group), *term) for group, *term in session.exec(query) if group]


def tell_due(session: Session, origin: str = "") -> int:
    """Write every change of state into the log that its clock or its seats made; answers how many were told."""
    return sum(tell(session, each, origin) for each in changed(session))


def changed(session: Session) -> list[Committee]:
    """Committees that may not be what the log was last told, in two statements for all of them."""
    seats: dict[UUID, list[Seat]] = {}
    live = select(Seat).where(
        Seat.scope_kind == ScopeKind.COMMITTEE, Seat.role == Role.MEMBER, *is_live(now())
    )
    for seat in session.exec(live):
        seats.setdefault(seat.scope_id or seat.id, []).append(seat)
    return [
        each
        for each in session.exec(select(Committee).order_by(col(Committee.id)))
        if composition.is_complete(committees.standings(each, seats.get(each.id, [])))
        is not (each.state is CommitteeState.CONSTITUTED)
        or each.state is CommitteeState.FORMING
    ]


def tell(session: Session, committee: Committee, origin: str = "") -> int:
    """Each change since the last one told is one event; who sits in it is told of the last."""
    session.refresh(committee, with_for_update=True)
    told = 0
    for stage in stages(session, committee, now()):
        is_new = committee.state_since is None or stage.since > committee.state_since
        if not is_new or stage.state in (committee.state, CommitteeState.FORMING):
            continue
        committee.state, committee.state_since = stage.state, stage.since
        events.record(
            session, f"committee_{stage.state}", SubjectKind.COMMITTEE, committee.id,
            since=stage.since, missing=stage.missing,
        )  # fmt: skip
        told += 1
    if told:
        session.add(committee)
        session.flush()
        tell_seats(session, committee, origin)
    return told


def tell_seats(session: Session, committee: Committee, origin: str) -> None:
    query = select(Seat.person_id).where(
        Seat.scope_kind == ScopeKind.COMMITTEE,
        Seat.scope_id == committee.id,
        col(Seat.role).in_(TOLD_TO),
        *is_live(now()),
    )
    kind = f"committee_{committee.state}"
    notifications.tell(
        session, session.exec(query), kind, SubjectKind.COMMITTEE, committee.id, origin, title=committee.name
    )  # fmt: skip
