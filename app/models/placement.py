"""Placements: where each submission stands in one grouping, or why it stands in no group."""

from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.columns import maybe_to, to, word
from app.rules.clusters import LEADS, SURENESS, UNSURE, in_words
from app.rules.words import PlacedBy


class Placement(SQLModel, table=True):
    """`cluster_id` is the deepest group (a project where there is one, else the mission); none means ungrouped."""

    __table_args__ = (
        Index("least_sure_places_first", "grouping_id", "margin", postgresql_where="by = 'machine'"),
    )

    grouping_id: UUID = to("grouping.id", on_delete="CASCADE", primary_key=True)
    submission_id: UUID = to("submission.id", on_delete="CASCADE", primary_key=True, index=True)
    cluster_id: UUID | None = maybe_to("cluster.id", index=True)
    nearest_id: UUID | None = maybe_to("cluster.id")
    weight: float = 1.0
    margin: float = 0.0
    by: PlacedBy = word(PlacedBy, default=PlacedBy.MACHINE)
    reason: str = Field(default="", max_length=1000)
    x: float = 0.0
    y: float = 0.0

    @property
    def is_unsure(self) -> bool:
        """Whether the machine hesitated: between two groups, or about the only one."""
        is_about_a_group = self.cluster_id is not None or self.nearest_id is not None
        return self.by is PlacedBy.MACHINE and self.margin < UNSURE and is_about_a_group

    @property
    def sureness(self) -> str:
        return in_words(self.margin, SURENESS)

    @property
    def lead(self) -> str:
        return in_words(self.margin, LEADS)
