"""The curve of resolutions that a run looked at is kept, so that a person can look at its other steps."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ladder",
        sa.Column(
            "grouping_id", sa.Uuid(), sa.ForeignKey("grouping.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("rungs", JSONB(), nullable=False),
        sa.Column("mission", sa.Integer(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("voices", sa.LargeBinary(), nullable=False),
        sa.Column("labels", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("ladder")
