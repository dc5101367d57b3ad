"""What a mission rests on: the voices of its clauses and of its group, and the stakeholder groups behind them."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, null
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.models.cluster import Cluster
from app.models.endorsement import Endorsement
from app.models.link import Link
from app.models.mission import Clause, Mission
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules.disclosure import PUBLIC_STATES
from app.rules.words import LinkKind, StakeholderGroup, SubjectKind
from app.services import lineage_rows


def clause_sources(mission_id: UUID) -> Select[Any]:
    """The submissions that any clause of a mission comes from."""
    return (
        select_columns(col(Link.to_id))
        .join(Clause, col(Clause.id) == Link.from_id)
        .where(
            col(Clause.mission_id) == mission_id,
            col(Link.kind) == LinkKind.DERIVES_FROM,
            col(Link.to_kind) == SubjectKind.SUBMISSION,
        )
    )


def within(cluster: Cluster) -> Select[Any]:
    """The submissions placed in a group or in a project-level group inside it."""
    inside = select_columns(col(Cluster.id)).where(
        col(Cluster.parent_id) == cluster.id, col(Cluster.merged_into_id).is_(None)
    )
    here: ColumnElement[bool] = (col(Placement.cluster_id) == cluster.id) | col(Placement.cluster_id).in_(
        inside
    )
    return select_columns(col(Placement.submission_id)).where(
        col(Placement.grouping_id) == cluster.grouping_id, here
    )


def count_sources(session: Session, mission_id: UUID) -> int:
    """How many submissions that can be read now the text comes from."""
    query = select(func.count()).where(
        col(Submission.id).in_(clause_sources(mission_id)), col(Submission.state).in_(PUBLIC_STATES)
    )
    return session.exec(query).one()


def behind_it(session: Session, mission: Mission) -> ColumnElement[bool]:
    """The voices that a mission rests on and that can be read: those of its group, and those of its clauses."""
    cluster = lineage_rows.cluster_of(session, mission)
    sources = clause_sources(mission.id)
    # One list of ids, not "in this or in that": the database would look at every voice there is.
    behind = sources.union(within(cluster)) if cluster is not None else sources
    return col(Submission.id).in_(behind) & col(Submission.state).in_(PUBLIC_STATES)


def supporters(session: Session, mission: Mission) -> frozenset[StakeholderGroup]:
    """Stakeholder groups behind it: authors with their organisations, and endorsers, of its group and its clauses."""
    behind = behind_it(session, mission)
    spoke = (
        select_columns(col(Submission.group), col(Organisation.group))
        .select_from(Submission)
        .outerjoin(Organisation, col(Organisation.id) == Submission.organisation_id)
        .where(behind)
    )
    endorsed = (
        select_columns(col(Person.group), null())
        .select_from(Endorsement)
        .join(Person, col(Person.id) == Endorsement.person_id)
        .join(Submission, col(Submission.id) == Endorsement.submission_id)
        .where(behind, col(Endorsement.counts), col(Person.suspended_at).is_(None))
    )
    rows = session.connection().execute(spoke.union(endorsed)).all()
    return frozenset(StakeholderGroup(group) for row in rows for group in row if group is not None)
