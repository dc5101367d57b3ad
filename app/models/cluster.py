"""Clusters: the groups of one grouping, mission level and project level, each project inside a mission."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import document, maybe_to, to, word
from app.rules.words import ClusterLevel, ClusterState, PlacedBy

BY_HAND = {"made_by": PlacedBy.PERSON.value}


class Cluster(SQLModel, table=True):
    """One group; `key` is its identity over re-runs, `id` its row in one grouping."""

    __table_args__ = (
        CheckConstraint("(level = 'project') = (parent_id IS NOT NULL)", name="projects_nest_in_missions"),
        CheckConstraint("state <> 'set_aside' OR state_reason <> ''", name="setting_aside_says_why"),
        Index("one_row_per_identity", "grouping_id", "key", unique=True),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    grouping_id: UUID = to("grouping.id", on_delete="CASCADE", index=True)
    call_id: UUID = to("call.id", index=True)
    key: UUID = Field(default_factory=uuid4, index=True)
    level: ClusterLevel = word(ClusterLevel)
    parent_id: UUID | None = maybe_to("cluster.id", index=True)
    label: str = Field(max_length=300)
    label_by: PlacedBy = word(PlacedBy, default=PlacedBy.MACHINE)
    keywords: list[str] = document(list)
    state: ClusterState = word(ClusterState, default=ClusterState.SUGGESTED)
    state_reason: str = Field(default="", max_length=2000)
    is_locked: bool = False
    size: int = 0
    authors: int = 0
    support: int = 0
    groups: dict[str, Any] = document(dict)
    languages: dict[str, Any] = document(dict)
    representatives: list[str] = document(list)
    odd: list[str] = document(list)
    cohesion: float = 0.0
    separation: float = 0.0
    measures: dict[str, Any] = document(dict)
    summary: dict[str, Any] = document(dict)  # places in voices and numbers, never words
    merged_into_id: UUID | None = maybe_to("cluster.id")
    split_from_id: UUID | None = maybe_to("cluster.id")

    @property
    def is_quoted(self) -> bool:
        """Whether the name is a passage of one voice; a name of keywords, or by a person, is no quotation."""
        return self.label_by is PlacedBy.MACHINE and self.measures.get("label_from") is not None

    @property
    def is_by_hand(self) -> bool:
        """Whether a person put it together, rather than the machine."""
        return self.measures.get("made_by") == PlacedBy.PERSON


def clusters_of(session: Session, grouping_id: UUID, level: ClusterLevel | None = None) -> list[Cluster]:
    """The live clusters of a grouping, largest first; those merged away are kept but not listed."""
    query = select(Cluster).where(Cluster.grouping_id == grouping_id, col(Cluster.merged_into_id).is_(None))
    if level:
        query = query.where(Cluster.level == level)
    return list(session.exec(query.order_by(col(Cluster.size).desc(), col(Cluster.label), col(Cluster.id))))


def survivors(session: Session, grouping_id: UUID) -> dict[UUID, Cluster]:
    """For every group a grouping ever had, by its id, the live one it is part of now; none for one taken apart."""
    every = {one.id: one for one in session.exec(select(Cluster).where(Cluster.grouping_id == grouping_id))}
    found: dict[UUID, Cluster] = {}
    for key, one in every.items():
        # What was merged into a group that was merged later is followed to the end.
        while one.merged_into_id is not None and one.merged_into_id != one.id:
            one = every[one.merged_into_id]
        if one.merged_into_id is None:
            found[key] = one
    return found


def projects_in(session: Session, mission_cluster_id: UUID) -> list[Cluster]:
    query = select(Cluster).where(
        Cluster.parent_id == mission_cluster_id, col(Cluster.merged_into_id).is_(None)
    )
    return list(session.exec(query.order_by(col(Cluster.size).desc(), col(Cluster.id))))
