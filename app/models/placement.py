"""Placements: where each submission stands in one grouping, or why it stands in no group."""

from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import maybe_to, to, word
from app.rules import certainty
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
        is_grouped = self.cluster_id is not None
        return certainty.is_unsure(self.by, self.margin, is_grouped=is_grouped, reason=self.reason)

    @property
    def sureness(self) -> str:
        return in_words(self.margin, SURENESS)

    @property
    def lead(self) -> str:
        return in_words(self.margin, LEADS)


# `rules.certainty.is_unsure` for statements: as a condition, and as words in a statement with `UNSURE_FACTS`.
UNSURE_SQL = (
    "(placement.by = 'machine' AND placement.margin < :unsure_below"
    " AND (placement.cluster_id IS NOT NULL OR placement.reason = :torn))"
)
UNSURE_FACTS = {"unsure_below": UNSURE, "torn": certainty.TORN}
IS_UNSURE = text(UNSURE_SQL).bindparams(**UNSURE_FACTS)
