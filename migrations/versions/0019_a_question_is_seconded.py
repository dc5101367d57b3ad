"""A question is seconded and announced in time; a filed review is revised with what was filed before kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

STAYS = """
CREATE OR REPLACE FUNCTION a_filed_review_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.filed_at IS NOT NULL AND (
        TG_OP = 'DELETE' OR (NEW.round_id, NEW.seat_id, NEW.kind, NEW.answers, NEW.salt, NEW.words_hash, NEW.filed_at)
        IS DISTINCT FROM (OLD.round_id, OLD.seat_id, OLD.kind, OLD.answers, OLD.salt, OLD.words_hash, OLD.filed_at)
    ) {unless}THEN
        RAISE EXCEPTION 'a filed review is never changed';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
"""
KEPT = """AND NOT (
        TG_OP = 'UPDATE' AND NEW.filed_at IS NOT NULL
        AND (NEW.round_id, NEW.seat_id, NEW.kind) IS NOT DISTINCT FROM (OLD.round_id, OLD.seat_id, OLD.kind)
        AND EXISTS (SELECT FROM earlierreview WHERE review_id = OLD.id AND words_hash = OLD.words_hash
                    AND answers = OLD.answers AND salt = OLD.salt AND filed_at = OLD.filed_at)
    ) """


def upgrade() -> None:
    op.add_column("committee", sa.Column("notice_hours", sa.Integer(), nullable=False, server_default="48"))
    op.add_column(
        "committee", sa.Column("needs_seconder", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    for column in ("notice_hours", "needs_seconder"):
        op.alter_column("committee", column, server_default=None)
    op.create_check_constraint(
        "a_notice_is_no_longer_than_this", "committee", "notice_hours BETWEEN 0 AND 2160"
    )
    op.add_column(
        "decision",
        sa.Column("put_by_id", sa.Uuid(), sa.ForeignKey("person.id", ondelete="RESTRICT"), nullable=True),
    )
    op.add_column(
        "decision",
        sa.Column("seconded_by_id", sa.Uuid(), sa.ForeignKey("seat.id", ondelete="RESTRICT"), nullable=True),
    )
    op.add_column("decision", sa.Column("seconded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("decision", sa.Column("seconded_hash", sa.String(64), nullable=False, server_default=""))
    op.alter_column("decision", "seconded_hash", server_default=None)
    keep_earlier_reviews()


def keep_earlier_reviews() -> None:
    op.create_table(
        "earlierreview",
        sa.Column("review_id", sa.Uuid(), sa.ForeignKey("review.id", ondelete="RESTRICT"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answers", postgresql.JSONB(), nullable=False),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("words_hash", sa.String(64), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("review_id", "number"),
        sa.CheckConstraint("replaced_at >= filed_at", name="a_review_is_filed_before_it_is_replaced"),
    )
    op.execute(
        "CREATE TRIGGER earlierreview_is_never_changed BEFORE UPDATE OR DELETE ON earlierreview "
        "FOR EACH ROW EXECUTE FUNCTION row_is_never_changed()"
    )
    op.execute(STAYS.format(unless=KEPT))


def downgrade() -> None:
    """What was filed before a revision goes; what stands now stays."""
    op.execute(STAYS.format(unless=""))
    op.drop_table("earlierreview")
    for column in ("seconded_hash", "seconded_at", "seconded_by_id", "put_by_id"):
        op.drop_column("decision", column)
    op.drop_constraint("a_notice_is_no_longer_than_this", "committee")
    for column in ("needs_seconder", "notice_hours"):
        op.drop_column("committee", column)
