"""The thread: voice, group, mission clause, ballot, money, milestone, lesson; from any point to both ends."""

from sqlmodel import Session, col

from app.i18n import current
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.decision import Decision, missions_about
from app.models.grouping import accepted_grouping
from app.models.mission import Mission
from app.models.offer import offer_of
from app.models.submission import Submission
from app.rules.words import CallKind, ClusterLevel
from app.services import counts
from app.services.lineage_rows import (
    Trail,
    cluster_of,
    count_sources,
    count_voices,
    decisions_on,
    live_clusters,
    missions_from,
    missions_of,
    trail_of,
    with_parent,
)
from app.services.lineage_stations import Station, Thread, not_grouped, stations


def of_offer(session: Session, call: Call) -> list[Station]:
    """An innovation call stands where the money goes to the mission that it serves; without one it has no thread."""
    offer = offer_of(session, call.id)
    mission = session.get(Mission, offer.mission_id) if offer and offer.mission_id else None
    return stations(session, around(session, mission, "money")) if mission else []


def of_call(session: Session, call: Call, here: str = "voice") -> list[Station]:
    """The thread of a whole question; its pages stand at its voices or at its groups."""
    if call.kind is CallKind.INNOVATION:
        return of_offer(session, call)
    grouping = accepted_grouping(session, call.id)
    clusters = live_clusters(session, grouping.id, ClusterLevel.MISSION) if grouping else []
    missions = missions_of(session, col(Mission.call_id) == call.id)
    thread = Thread(
        call,
        here=here,
        voices=count_voices(session, call.id),
        voices_url=f"/calls/{call.id}/submissions",
        clusters=clusters,
        missions=missions,
        decisions=decisions_on(session, missions),
        is_whole=True,
    )
    return stations(session, thread)


def around_call(session: Session, call: Call, here: str = "voice") -> list[Station]:
    """The thread of a call for the pages inside it: it may be some seconds old, as totals may."""
    return list(counts.remembered(("thread", call.id, here, current()), lambda: of_call(session, call, here)))


def of_submission(session: Session, submission: Submission, trail: Trail | None = None) -> list[Station]:
    call = session.get_one(Call, submission.call_id)
    trail = trail or trail_of(session, submission)
    detail = "" if trail.cluster else not_grouped(trail.placement)
    path = f"/submissions/{submission.id}"
    thread = Thread(call, "voice", 1, path, submission, trail.family, detail, trail.missions, trail.decisions)
    return stations(session, thread)


def of_cluster(session: Session, cluster: Cluster) -> list[Station]:
    call = session.get_one(Call, cluster.call_id)
    family = with_parent(session, cluster)
    missions = missions_from(session, family)
    thread = Thread(
        call,
        "group",
        cluster.size,
        f"/clusters/{cluster.id}#voices",
        None,
        [cluster],
        "",
        missions,
        decisions_on(session, missions),
    )
    return stations(session, thread)


def of_mission(session: Session, mission: Mission) -> list[Station]:
    return stations(session, around(session, mission, "clause"))


def of_decision(session: Session, decision: Decision) -> list[Station]:
    """The thread of the mission a decision is about; of several, each leads on; of none, there is no thread."""
    about = [session.get_one(Mission, each) for each in missions_about(session, decision)]
    if decision.call_id is not None:
        return around_call(session, session.get_one(Call, decision.call_id))
    if not about:
        return []
    thread = around(session, about[0], "ballot")
    thread.missions, thread.decisions = about, [decision]
    return stations(session, thread)


def around(session: Session, mission: Mission, here: str) -> Thread:
    """The thread of one mission: the group it came from as it stands today, and its decisions."""
    call = session.get_one(Call, mission.call_id)
    cluster = cluster_of(session, mission)
    return Thread(
        call,
        here,
        cluster.size if cluster else count_sources(session, mission),
        f"/clusters/{cluster.id}#voices" if cluster else f"/missions/{mission.id}#sources",
        None,
        [cluster] if cluster else [],
        "",
        [mission],
        decisions_on(session, [mission]),
    )
