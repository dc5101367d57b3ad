"""Corrections that keep voices together or apart; offers that were dismissed; the least sure are found by index."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0007"
branch_labels = None
depends_on = None

KINDS = ("move", "merge", "split", "rename", "lock", "set_apart")
NEW_KINDS = ("keep_together", "keep_apart")
UNSURE_FIRST = "least_sure_places_first"


def allow(*kinds: str) -> None:
    op.drop_constraint("correctionkind", "correction", type_="check")
    op.create_check_constraint("correctionkind", "correction", f"kind IN {kinds}")


def upgrade() -> None:
    allow(*KINDS, *NEW_KINDS)
    op.add_column("correction", sa.Column("dismissed", JSONB(), nullable=False, server_default="[]"))
    op.alter_column("correction", "dismissed", server_default=None)
    op.create_index(
        UNSURE_FIRST, "placement", ["grouping_id", "margin"], postgresql_where=sa.text("by = 'machine'")
    )


def downgrade() -> None:
    """Refused by the database while such a correction is on record: it would stand for nothing."""
    op.drop_index(UNSURE_FIRST, "placement")
    op.drop_column("correction", "dismissed")
    allow(*KINDS)
