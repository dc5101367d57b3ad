"""Missions are reviewed: rounds and reviews, readings and money, who owns a mission and whom it affects."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

GROUPS = ("public", "private", "third", "academia", "citizens")
FILED = """
CREATE FUNCTION a_filed_review_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.filed_at IS NOT NULL AND (
        TG_OP = 'DELETE' OR (NEW.round_id, NEW.seat_id, NEW.kind, NEW.answers, NEW.salt, NEW.words_hash, NEW.filed_at)
        IS DISTINCT FROM (OLD.round_id, OLD.seat_id, OLD.kind, OLD.answers, OLD.salt, OLD.words_hash, OLD.filed_at)
    ) THEN
        RAISE EXCEPTION 'a filed review is never changed';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_filed_review_stays BEFORE UPDATE OR DELETE ON review
    FOR EACH ROW EXECUTE FUNCTION a_filed_review_stays();
"""
MONEY = """
CREATE FUNCTION money_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a line of money is never changed; add one that replaces it';
END $$;
CREATE TRIGGER money_is_append_only BEFORE UPDATE OR DELETE ON money
    FOR EACH ROW EXECUTE FUNCTION money_is_append_only();
"""


def word(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def instant(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def identifier(name: str, target: str = "", on_delete: str = "RESTRICT", nullable: bool = False) -> sa.Column:
    keys = [sa.ForeignKey(target, ondelete=on_delete)] if target else []
    return sa.Column(name, sa.Uuid(), *keys, nullable=nullable)


def text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False)


def number(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def decimal(name: str, places: int = 6, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Numeric(20, places), nullable=nullable)


def document(name: str) -> sa.Column:
    return sa.Column(name, postgresql.JSONB(), nullable=False)


def upgrade() -> None:
    make_rounds()
    make_reviews()
    make_readings()
    make_money()
    widen_missions()
    op.execute(FILED)
    op.execute(MONEY)


def make_rounds() -> None:
    op.create_table(
        "reviewround", identifier("id"), identifier("committee_id", "committee.id"),
        identifier("mission_id", "mission.id"), number("number"), number("mission_version"), text("snapshot", 64),
        instant("opens_at"), instant("due_at", nullable=True), instant("opened_at", nullable=True),
        document("discussions"),
        sa.Column("verdict", word("reviewverdict", "ready", "rework", "stopped", "waived"), nullable=True),
        text("reason", 10_000), document("changes"), instant("concluded_at", nullable=True),
        identifier("concluded_by_id", "person.id", nullable=True), text("answer", 10_000),
        instant("acted_at", nullable=True), instant("created_at"),
        identifier("created_by_id", "person.id", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("mission_id", "number", name="rounds_are_numbered"),
        sa.CheckConstraint("due_at > opens_at", name="a_round_has_time"),
        sa.CheckConstraint("(verdict IS NULL) = (concluded_at IS NULL)", name="a_verdict_concludes"),
        sa.CheckConstraint("verdict IS NULL OR reason <> ''", name="a_verdict_has_a_reason"),
    )  # fmt: skip
    op.create_index("ix_reviewround_committee_id", "reviewround", ["committee_id"])
    op.create_index("ix_reviewround_mission_id", "reviewround", ["mission_id"])
    op.create_index(
        "one_live_round_per_mission", "reviewround", ["mission_id"], unique=True,
        postgresql_where=sa.text("concluded_at IS NULL"),
    )  # fmt: skip


def make_reviews() -> None:
    op.create_table(
        "review", identifier("id"), identifier("round_id", "reviewround.id"), identifier("seat_id", "seat.id"),
        sa.Column("kind", word("reviewkind", "criteria", "market_shaping"), nullable=False),
        sa.Column(
            "state", word("reviewstate", "scheduled", "open", "filed", "concluded", "acted", "lapsed"), nullable=False
        ),
        document("answers"), number("version"), text("salt", 64), text("words_hash", 64), instant("created_at"),
        instant("updated_at", nullable=True), instant("filed_at", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("round_id", "seat_id", "kind", name="one_review_per_seat_and_kind"),
        sa.CheckConstraint(
            "(state IN ('filed', 'concluded', 'acted')) = (filed_at IS NOT NULL)", name="a_filed_review_says_when"
        ),
        sa.CheckConstraint("filed_at IS NULL OR words_hash <> ''", name="a_filed_review_is_hashed"),
    )  # fmt: skip
    op.create_index("ix_review_round_id", "review", ["round_id"])
    op.create_index("ix_review_seat_id", "review", ["seat_id"])


def make_readings() -> None:
    op.create_table(
        "reading", identifier("id"), identifier("indicator_id", "indicator.id", "CASCADE"),
        sa.Column("at", sa.Date(), nullable=False), decimal("value"), decimal("low", nullable=True),
        decimal("high", nullable=True), text("source", 300), identifier("by_id", "person.id", nullable=True),
        instant("created_at"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("indicator_id", "at", name="one_reading_a_day"),
        sa.CheckConstraint("low <= value AND value <= high", name="a_reading_lies_in_its_range"),
    )  # fmt: skip
    op.create_index("ix_reading_indicator_id", "reading", ["indicator_id"])


def make_money() -> None:
    op.create_table(
        "money", identifier("id"), identifier("mission_id", "mission.id"),
        identifier("project_id", "project.id", nullable=True),
        sa.Column(
            "kind", word("moneykind", "announced", "committed", "released", "spent", "return"), nullable=False
        ),
        text("source", 300), sa.Column("source_group", word("stakeholdergroup", *GROUPS), nullable=True),
        identifier("organisation_id", "organisation.id", nullable=True), number("year"), decimal("amount", 2),
        text("currency", 3), sa.Column("certainty", word("certainty", "possible", "likely", "certain"), nullable=False),
        identifier("replaces_id", "money.id", nullable=True), identifier("by_id", "person.id", nullable=True),
        instant("created_at"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("replaces_id", name="a_line_is_replaced_once"),
        sa.CheckConstraint("amount >= 0", name="money_is_not_negative"),
        sa.CheckConstraint("year BETWEEN 1900 AND 2200", name="money_has_a_year"),
    )  # fmt: skip
    op.create_index("ix_money_mission_id", "money", ["mission_id"])


def widen_missions() -> None:
    op.add_column("mission", sa.Column("affected", sa.String(500), nullable=False, server_default=""))
    op.alter_column("mission", "affected", server_default=None)
    op.add_column("mission", identifier("owner_organisation_id", "organisation.id", nullable=True))
    op.add_column("mission", identifier("owner_seat_id", "seat.id", nullable=True))
    op.add_column("term", sa.Column("official", sa.String(2000), nullable=False, server_default=""))
    op.alter_column("term", "official", server_default=None)
    op.add_column("project", number("readiness", nullable=True))
    op.create_check_constraint("readiness_has_nine_levels", "project", "readiness BETWEEN 1 AND 9")


def downgrade() -> None:
    """What reviewers wrote goes with its tables; a mission in review is a framed one again."""
    op.execute("UPDATE mission SET state = 'framed' WHERE state = 'in_review'")
    op.drop_column("term", "official")
    op.drop_column("project", "readiness")
    for column in ("owner_seat_id", "owner_organisation_id", "affected"):
        op.drop_column("mission", column)
    for table in ("money", "reading", "review", "reviewround"):
        op.drop_table(table)
    op.execute("DROP FUNCTION money_is_append_only")
    op.execute("DROP FUNCTION a_filed_review_stays")
