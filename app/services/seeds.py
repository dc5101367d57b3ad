"""Seeds: what citizens' voices propose for the mission of a call; taken up with credit, told after the deadline."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.conditions.applying import TEAMS_OWN
from app.errors import NotFound
from app.models.application import Application
from app.models.call import Call
from app.models.cluster import Cluster, projects_in
from app.models.columns import now
from app.models.mission import Mission
from app.models.offer import Offer
from app.models.seed import AdoptedSeed, seeds_of
from app.rules import applications
from app.rules.words import N_, CallState, SubjectKind
from app.services import events, missions_draft, notifications
from app.services.applications import hold_draft
from app.services.lineage_rows import cluster_of

AT_ONCE = 50


class NoSeed(NotFound):
    sentence: ClassVar[str] = N_("This is no project proposal of the mission that the call is about.")


@dataclass(frozen=True)
class Seed:
    """A proposal made of voices; `taken_up` counts applications, and is nothing before the deadline."""

    cluster: Cluster
    is_adopted: bool = False
    taken_up: int | None = None


def offered(session: Session, offer: Offer) -> list[Cluster]:
    """The project proposals in the group that the call's mission came from, as they stand now."""
    mission = session.get(Mission, offer.mission_id) if offer.mission_id else None
    home = cluster_of(session, mission) if mission is not None else None
    return projects_in(session, home.id) if home is not None else []


def for_application(session: Session, offer: Offer, application: Application) -> list[Seed]:
    """What the applicants can take up, and what they have, also where a new grouping has it no more."""
    adopted = seeds_of(session, application.id)
    keys = {each.cluster_key for each in adopted}
    found = offered(session, offer)
    known = {each.key for each in found}
    gone = [session.get_one(Cluster, each.cluster_id) for each in adopted if each.cluster_key not in known]
    return [Seed(each, each.key in keys) for each in (*found, *gone)]


def adopt(
    session: Session, offer: Offer, application: Application, cluster_id: UUID, by: UUID
) -> AdoptedSeed | None:
    """Say that the application builds on a proposal; twice is once. A draft's own choice, so there is no event."""
    hold_draft(session, application)
    cluster = next((each for each in offered(session, offer) if each.id == cluster_id), None)
    if cluster is None:
        raise NoSeed()
    made = AdoptedSeed(
        application_id=application.id, cluster_id=cluster.id, cluster_key=cluster.key, by_id=by
    )
    try:
        with session.begin_nested():
            session.add(made)
            session.flush()
    except IntegrityError:
        return None
    return made


def drop(session: Session, application: Application, cluster_id: UUID) -> None:
    hold_draft(session, application)
    for each in seeds_of(session, application.id):
        if each.cluster_id == cluster_id or session.get_one(Cluster, cluster_id).key == each.cluster_key:
            session.delete(each)
    session.flush()


def of_call(session: Session, call: Call, offer: Offer, *, is_unsealed: bool) -> list[Seed]:
    """Every proposal of a call; how many applications took it up is told once they may be known of."""
    found = offered(session, offer)
    if not is_unsealed:
        return [Seed(each) for each in found]
    query = (
        select(AdoptedSeed.cluster_key, func.count())
        .join(Application, col(Application.id) == AdoptedSeed.application_id)
        .where(Application.call_id == call.id, col(Application.state).not_in(TEAMS_OWN))
        .group_by(col(AdoptedSeed.cluster_key))
    )
    counts = dict(session.exec(query).all())
    return [Seed(each, taken_up=counts.get(each.key, 0)) for each in found]


def tell_due(session: Session, origin: str) -> int:
    """Tell authors whose proposal was taken up, once each application is in: before that nobody learns of one."""
    query = (
        select(AdoptedSeed, Application, Call)
        .join(Application, col(Application.id) == AdoptedSeed.application_id)
        .join(Call, col(Call.id) == Application.call_id)
        .where(
            col(AdoptedSeed.told_at).is_(None),
            col(Application.state).not_in(TEAMS_OWN),
            Call.state != CallState.CANCELLED,
            col(Call.closes_at) <= now() - applications.FINISHES_WITHIN,
        )
        .order_by(col(AdoptedSeed.created_at), col(AdoptedSeed.id))
        .limit(AT_ONCE)
        .with_for_update(of=AdoptedSeed, skip_locked=True)
    )
    told = 0
    for seed, application, call in session.exec(query).all():
        seed.told_at = now()
        authors = missions_draft.authors_in(session, session.get_one(Cluster, seed.cluster_id))
        notifications.tell(
            session,
            authors,
            "seed_adopted",
            SubjectKind.CALL,
            call.id,
            origin,
            title=call.title,
            page="/seeds",
        )
        events.record(session, "seeds_told", SubjectKind.APPLICATION, application.id, cluster=seed.cluster_id)
        told += 1
    session.flush()
    return told
