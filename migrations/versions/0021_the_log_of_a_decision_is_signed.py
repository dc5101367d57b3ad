"""The events of each counted decision are signed, so that none of them can be left out of its pack unseen."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signed_log",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "decision_id", sa.Uuid(), sa.ForeignKey("decision.id", ondelete="RESTRICT"), nullable=False
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Uuid(), sa.ForeignKey("signing_key.id", ondelete="RESTRICT"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("decision_id", "size", name="a_log_is_signed_once_for_each_length"),
    )
    op.execute(
        "CREATE TRIGGER signed_log_is_never_changed BEFORE UPDATE OR DELETE ON signed_log "
        "FOR EACH ROW EXECUTE FUNCTION row_is_never_changed()"
    )


def downgrade() -> None:
    op.drop_table("signed_log")
