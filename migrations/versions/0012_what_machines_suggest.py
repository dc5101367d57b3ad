"""Topics suggested and dismissed, wordings of a drafting helper, and what a grouping needs to be made again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None

SUBJECTS = (
    "person", "organisation", "seat", "call", "submission", "grouping", "cluster", "correction", "mission", "clause",
    "project", "committee", "decision", "statement",
)  # fmt: skip


def word(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def instant(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def identifier(name: str, target: str = "", on_delete: str = "RESTRICT", nullable: bool = False) -> sa.Column:
    keys = [sa.ForeignKey(target, ondelete=on_delete)] if target else []
    return sa.Column(name, sa.Uuid(), *keys, nullable=nullable)


def text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False)


def upgrade() -> None:
    op.create_table(
        "topicscorer", text("scheme", 40), text("model", 120), text("learned_from", 64),
        sa.Column("weights", sa.LargeBinary(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False), instant("learned_at"),
        sa.PrimaryKeyConstraint("scheme", "model"),
    )  # fmt: skip
    op.create_table(
        "dismissal", identifier("term_id", "term.id"),
        sa.Column("subject_kind", word("subjectkind", *SUBJECTS), nullable=False), identifier("subject_id"),
        identifier("by_id", "person.id"), instant("created_at"),
        sa.PrimaryKeyConstraint("term_id", "subject_kind", "subject_id"),
    )  # fmt: skip
    op.create_table(
        "drafting", identifier("id"), identifier("call_id", "call.id"),
        sa.Column("subject_kind", word("subjectkind", *SUBJECTS), nullable=False), identifier("subject_id"),
        sa.Column("state", word("draftingstate", "queued", "done", "failed"), nullable=False), text("model", 120),
        text("error", 500), sa.Column("dropped", postgresql.JSONB(), nullable=False),
        identifier("asked_by_id", "person.id"), instant("created_at"), instant("finished_at", nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )  # fmt: skip
    op.create_index("ix_drafting_call_id", "drafting", ["call_id"])
    op.create_index("ix_drafting_subject_id", "drafting", ["subject_id"])
    op.create_index(
        "one_drafting_at_a_time", "drafting", ["subject_kind", "subject_id"], unique=True,
        postgresql_where=sa.text("state = 'queued'"),
    )  # fmt: skip
    op.create_table(
        "wording", identifier("id"), identifier("drafting_id", "drafting.id", "CASCADE"),
        sa.Column("part", word("wordingpart", "title", "summary", "clause"), nullable=False), text("section", 60),
        text("text", 600), sa.Column("cites", postgresql.JSONB(), nullable=False),
        sa.Column("state", word("wordingstate", "proposed", "accepted", "declined"), nullable=False),
        identifier("decided_by_id", "person.id", nullable=True), instant("decided_at", nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )  # fmt: skip
    op.create_index("ix_wording_drafting_id", "wording", ["drafting_id"])
    op.create_table(
        "frozengrouping", identifier("grouping_id", "grouping.id", "CASCADE"),
        sa.Column("content", sa.LargeBinary(), nullable=False), instant("created_at"),
        sa.PrimaryKeyConstraint("grouping_id"),
    )  # fmt: skip


def downgrade() -> None:
    for name in ("frozengrouping", "wording", "drafting", "dismissal", "topicscorer"):
        op.drop_table(name)
