"""Deliberation: objections, amendments, closed remarks, and notes in the minutes that nobody changes."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KINDS = (
    "comment", "objection", "amendment", "answer", "reason", "dissent", "pledge", "lesson", "report", "appeal",
    "checking",
)  # fmt: skip
STATES = ("visible", "hidden", "withdrawn", "resolved")
NOTES_STAY = """
CREATE FUNCTION a_note_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'minutes are added to, never changed';
END $$;
CREATE TRIGGER a_note_is_never_changed BEFORE UPDATE OR DELETE ON statement
    FOR EACH ROW WHEN (OLD.kind = 'note') EXECUTE FUNCTION a_note_is_never_changed();
"""


def allow(*kinds: str) -> None:
    op.drop_constraint("statementkind", "statement", type_="check")
    op.create_check_constraint("statementkind", "statement", f"kind IN {kinds}")


def identifier(name: str, target: str = "", nullable: bool = False) -> sa.Column:
    keys = [sa.ForeignKey(target, ondelete="RESTRICT")] if target else []
    return sa.Column(name, sa.Uuid(), *keys, nullable=nullable)


def text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False)


def upgrade() -> None:
    allow(*KINDS, "note")
    op.add_column("statement", identifier("about_id", nullable=True))
    op.create_index(
        "statement_replies", "statement", ["parent_id", "created_at", "id"],
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )  # fmt: skip
    op.create_table(
        "amendment", identifier("statement_id", "statement.id"), identifier("mission_id", "mission.id"),
        text("section", 60), text("reason", 2000), sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False), text("base_hash", 64),
        identifier("decision_id", "decision.id", nullable=True), sa.PrimaryKeyConstraint("statement_id"),
    )  # fmt: skip
    op.create_index("ix_amendment_mission_id", "amendment", ["mission_id"])
    state = sa.Enum(*STATES, name="statementstate", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "remark", identifier("id"), identifier("committee_id", "committee.id"),
        identifier("mission_id", "mission.id"), identifier("seat_id", "seat.id"), identifier("author_id", "person.id"),
        identifier("parent_id", "remark.id", nullable=True), text("text", 5000),
        sa.Column("state", state, nullable=False), text("form_key", 64),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'withdrawn') = (text = '')", name="a_withdrawn_remark_says_nothing"),
        sa.PrimaryKeyConstraint("id"), sa.UniqueConstraint("form_key"),
    )  # fmt: skip
    op.create_index("remark_item", "remark", ["committee_id", "mission_id", "created_at", "id"])
    op.create_index("ix_remark_mission_id", "remark", ["mission_id"])
    op.create_index("ix_remark_author_id", "remark", ["author_id"])
    op.execute(NOTES_STAY)


def downgrade() -> None:
    """Refused by the database while minutes hold a note: it would stand for nothing."""
    op.execute("DROP TRIGGER a_note_is_never_changed ON statement")
    op.execute("DROP FUNCTION a_note_is_never_changed()")
    op.drop_table("remark")
    op.drop_table("amendment")
    op.drop_index("statement_replies", "statement")
    op.drop_column("statement", "about_id")
    allow(*KINDS)
