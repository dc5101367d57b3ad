"""Long counts: how far a count is that a job makes, and what it compared the result with."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "count_run",
        sa.Column(
            "decision_id", sa.Uuid(), sa.ForeignKey("decision.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lot_value", sa.String(200), nullable=True),
        sa.Column("begun_by_id", sa.Uuid(), sa.ForeignKey("person.id", ondelete="RESTRICT"), nullable=True),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.Column("compared", JSONB(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
    )


def downgrade() -> None:
    op.drop_table("count_run")
