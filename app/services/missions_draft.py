"""Drafting a mission from a group of voices: every clause and every route starts from what people said."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.conditions.asking import call_phase, times_of
from app.errors import Conflict
from app.models.call import Call
from app.models.cluster import Cluster, projects_in
from app.models.link import Link
from app.models.mission import Clause, Mission
from app.models.project import Project, projects_of
from app.models.submission import Submission
from app.rules import clusters as cluster_rules
from app.rules import phases
from app.rules.disclosure import PUBLIC_STATES
from app.rules.mission_sections import GOAL, WHY
from app.rules.phases import Act
from app.rules.words import (
    N_,
    ClusterLevel,
    ClusterState,
    LinkKind,
    Origin,
    PlacedBy,
    ProjectState,
    SubjectKind,
)
from app.services import (
    clusters_summary,
    events,
    missions,
    missions_support,
    missions_text,
    notifications,
    wordings,
)

QUOTES_AT_MOST = 3
PROJECTS_AT_MOST = 8
TITLE_LENGTH = 200
KEYWORDS_IN_TITLE = 4


class NotAMission(Conflict):
    sentence: ClassVar[str] = N_(
        "A mission is drafted from a suggested mission, not from one of its project proposals."
    )


def existing(session: Session, cluster: Cluster) -> Mission | None:
    """The mission drafted from this group, or from what it was before a re-run."""
    return session.exec(select(Mission).where(Mission.cluster_key == cluster.key)).first()


def draft(session: Session, cluster: Cluster, by: UUID, origin: str = "") -> Mission:
    """A candidate mission from a confirmed group; drafted twice it is one, the first."""
    call = session.get_one(Call, cluster.call_id)
    session.refresh(cluster, with_for_update=True)
    phases.require(Act.DRAFT_MISSION, call_phase(call), times_of(call))
    if (known := existing(session, cluster)) is not None:
        return known
    if cluster.level is not ClusterLevel.MISSION:
        raise NotAMission()
    cluster_rules.require_move(cluster.state, ClusterState.PROMOTED)
    mission = Mission(
        call_id=call.id, cluster_id=cluster.id, cluster_key=cluster.key, organisation_id=call.organisation_id,
        title=working_title(session, cluster),
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(mission)
    except IntegrityError:
        first = existing(session, cluster)
        assert first is not None
        return first
    cluster.state = ClusterState.PROMOTED
    fill(session, mission, cluster)
    words = missions_text.keep(session, mission, by)
    events.record(
        session, "mission_drafted", SubjectKind.MISSION, mission.id, by=by,
        call=call.id, cluster=cluster.id, cluster_state=cluster.state, cluster_key=cluster.key, words=words,
        states={SubjectKind.PROJECT: {ProjectState.PROPOSED: [each.id for each in projects_of(session, mission.id)]}},
    )  # fmt: skip
    notifications.tell(
        session, authors_in(session, cluster), "mission_drafted", SubjectKind.MISSION, mission.id, origin,
        title=mission.title,
    )  # fmt: skip
    return mission


def working_title(session: Session, cluster: Cluster) -> str:
    """A name a person gave, else keywords: what a machine took or drafted from voices may be taken back by them."""
    is_given = cluster.label_by is PlacedBy.PERSON and not wordings.are_drafted(session, [cluster])
    if is_given or not cluster.keywords:
        return cluster.label[:TITLE_LENGTH]
    return ", ".join(cluster.keywords[:KEYWORDS_IN_TITLE]).capitalize()[:TITLE_LENGTH]


def fill(session: Session, mission: Mission, cluster: Cluster) -> None:
    """Clauses from the group's own voices and from each of its proposals, and a rival route for each proposal."""
    projects = [each for each in projects_in(session, cluster.id) if each.size][:PROJECTS_AT_MOST]
    readable = voices(session, [cluster, *projects])
    link(session, SubjectKind.MISSION, mission.id, cluster)
    quotes = quotations(cluster, readable)[:QUOTES_AT_MOST]
    for place, (words, submission) in enumerate(quotes, 1):
        clause = add_clause(session, mission, place, WHY, words, Origin.SUBMISSION)
        link(session, SubjectKind.CLAUSE, clause.id, submission, missions.QUOTED)
    drafted = wordings.are_drafted(session, projects)
    for place, project in enumerate(projects, len(quotes) + 1):
        name, quoted = name_of(project, readable, is_drafted=project.id in drafted)
        clause = add_clause(session, mission, place, GOAL, name, Origin.CLUSTER)
        route = Project(
            mission_id=mission.id, cluster_id=project.id, title=name[:200], route=keywords_of(project)
        )
        session.add(route)
        session.flush()
        for kind, key in ((SubjectKind.CLAUSE, clause.id), (SubjectKind.PROJECT, route.id)):
            link(session, kind, key, project)
            for submission in told_by(project, readable):
                link(session, kind, key, submission, missions.QUOTED if submission is quoted else "")
    session.flush()


def quotations(cluster: Cluster, readable: dict[UUID, Submission]) -> list[tuple[str, Submission]]:
    """What the group says in sentences of its voices, with those voices; without a summary, what stands for it."""
    known = {str(key): submission for key, submission in readable.items()}
    points = clusters_summary.shown(cluster.summary, known).points
    if points:
        return [(point.text, point.submission) for point in points]
    return [(excerpt(submission), submission) for submission in told_by(cluster, readable)]


def add_clause(
    session: Session, mission: Mission, place: int, section: str, text: str, origin: Origin
) -> Clause:
    clause = Clause(mission_id=mission.id, position=place, section=section, text=text, origin=origin)
    session.add(clause)
    session.flush()
    return clause


def name_of(
    cluster: Cluster, readable: dict[UUID, Submission], *, is_drafted: bool = False
) -> tuple[str, Submission | None]:
    """How a group is called: as a person named it, or in the words of the voice the machine quotes, if readable."""
    if cluster.label_by is PlacedBy.PERSON and not is_drafted:
        return cluster.label, None
    quoted = readable.get(UUID(source)) if (source := cluster.measures.get("label_from")) else None
    if quoted is not None:
        return cluster.label, quoted
    return keywords_of(cluster) or cluster.label, None


def keywords_of(cluster: Cluster) -> str:
    return ", ".join(cluster.keywords[:3])[:120]


def voices(session: Session, clusters: list[Cluster]) -> dict[UUID, Submission]:
    """The representatives of these groups that may be read now, in one statement."""
    wanted = {UUID(each) for cluster in clusters for each in behind(cluster)}
    query = select(Submission).where(col(Submission.id).in_(wanted), col(Submission.state).in_(PUBLIC_STATES))
    return {submission.id: submission for submission in session.exec(query)}


def told_by(cluster: Cluster, readable: dict[UUID, Submission]) -> list[Submission]:
    return [readable[key] for each in behind(cluster) if (key := UUID(each)) in readable]


def behind(cluster: Cluster) -> list[str]:
    """The voices that stand for a group, those that sum it up, and the one whose words name it."""
    named_by = cluster.measures.get("label_from")
    summed_up = [str(point["submission"]) for point in cluster.summary.get("points", ())]
    return list(dict.fromkeys([*cluster.representatives, *summed_up, *([named_by] if named_by else [])]))


def excerpt(submission: Submission) -> str:
    """The text as its author wrote it, or as many whole sentences of it as a clause can hold."""
    text = " ".join(submission.text.split())
    if len(text) <= 600:
        return text
    cut = text[:600]
    end = max(cut.rfind(mark) for mark in (". ", "! ", "? ", "。"))
    return cut[: end + 1] if end > 100 else cut.rsplit(" ", 1)[0] + " …"


def link(
    session: Session, kind: SubjectKind, from_id: UUID, source: Cluster | Submission, note: str = ""
) -> None:
    to_kind = SubjectKind.CLUSTER if isinstance(source, Cluster) else SubjectKind.SUBMISSION
    session.add(
        Link(
            kind=LinkKind.DERIVES_FROM,
            from_kind=kind,
            from_id=from_id,
            to_kind=to_kind,
            to_id=source.id,
            note=note,
        )
    )


def authors_in(session: Session, cluster: Cluster) -> list[UUID]:
    """Everyone whose words in this group can be read now."""
    query = (
        select(Submission.author_id)
        .where(
            col(Submission.id).in_(missions_support.within(cluster)), col(Submission.state).in_(PUBLIC_STATES)
        )
        .distinct()
    )
    return [author for author in session.exec(query) if author is not None]
