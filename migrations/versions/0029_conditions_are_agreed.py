"""Conditions are agreed: yes of both sides, evidence for each check, capabilities, delivery roles, public inputs."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

BINDS = """
CREATE FUNCTION both_sides_agree() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' THEN
            RAISE EXCEPTION 'a condition begins as a proposal';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.call_id IS NULL THEN
            RAISE EXCEPTION 'a condition of a project is never deleted';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.state <> 'proposed' AND NEW.state = 'proposed' THEN
        RAISE EXCEPTION 'what was agreed never becomes a proposal again';
    END IF;
    IF OLD.state = 'waived' AND NEW.state <> 'waived' THEN
        RAISE EXCEPTION 'a waived condition stays waived';
    END IF;
    IF NEW.state <> 'proposed'
       AND (OLD.state, OLD.version, OLD.due) IS DISTINCT FROM (NEW.state, NEW.version, NEW.due)
       AND (SELECT count(*) FROM condition_yes y JOIN condition_version v ON v.id = y.version_id
            WHERE v.condition_id = NEW.id AND v.number = NEW.version AND v.due IS NOT DISTINCT FROM NEW.due) < 2 THEN
        RAISE EXCEPTION 'a condition binds when both sides said yes to it';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER both_sides_agree BEFORE INSERT OR UPDATE OR DELETE ON condition
FOR EACH ROW EXECUTE FUNCTION both_sides_agree();
"""
ADDED_ONLY = ("condition_yes", "evidence", "evidence_doubt", "capability_score")


def instant(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def identifier(name: str, target: str = "", on_delete: str = "RESTRICT", **options: bool) -> sa.Column:
    keys = [sa.ForeignKey(target, ondelete=on_delete)] if target else []
    return sa.Column(name, sa.Uuid(), *keys, **{"nullable": False, **options})


def text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False)


def word(name: str, *values: str, column: str, **options: bool) -> sa.Column:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(column, kind, **{"nullable": False, **options})


def day(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=nullable)


def check(condition: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=name)


def indexed(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def upgrade() -> None:
    op.add_column("condition", day("settled_until", nullable=True))
    op.add_column("condition", instant("dropped_at", nullable=True))
    op.add_column("condition", day("looked_at", nullable=True))
    op.create_check_constraint(
        "only_a_proposal_is_dropped", "condition", "dropped_at IS NULL OR state = 'proposed'"
    )
    make_agreement()
    make_letters()
    make_capabilities()
    make_inputs()
    op.execute(BINDS)
    for table in ADDED_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION row_is_never_changed()"
        )


def make_agreement() -> None:
    op.create_table(
        "condition_yes", identifier("version_id", "condition_version.id", "CASCADE", primary_key=True),
        word("side", "funder", "lead", column="side", primary_key=True), identifier("by_id", "person.id"),
        instant("created_at"),
        sa.UniqueConstraint("version_id", "by_id", name="nobody_speaks_for_both_sides"),
    )  # fmt: skip
    op.create_table(
        "evidence", identifier("id", primary_key=True), identifier("condition_id", "condition.id"), day("due"),
        sa.Column("value", sa.Numeric(20, 6), nullable=True), text("words", 4000), text("link", 1000),
        identifier("by_id", "person.id"), instant("created_at"), check("words <> ''", "evidence_says_something"),
    )  # fmt: skip
    indexed("evidence", "condition_id")
    op.create_table(
        "evidence_doubt", identifier("evidence_id", "evidence.id", primary_key=True), text("reason", 2000),
        identifier("by_id", "person.id"), instant("created_at"),
    )  # fmt: skip


def make_letters() -> None:
    states = ("proposed", "agreed", "active", "due", "kept", "breached", "remedied", "waived")
    op.create_table(
        "check_letter", identifier("condition_id", "condition.id", primary_key=True),
        sa.Column("due", sa.Date(), primary_key=True),
        word("conditionstate", *states, column="state", primary_key=True), instant("told_at"),
    )  # fmt: skip


def make_capabilities() -> None:
    capabilities = ("awareness", "agendas", "coalitions", "learning", "delivery")
    op.create_table(
        "capability_score", identifier("id", primary_key=True), identifier("organisation_id", "organisation.id"),
        word("capability", *capabilities, column="capability"), sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False), text("words", 2000), text("document", 1000),
        sa.Column("event_id", sa.BigInteger(), sa.ForeignKey("event.id", ondelete="RESTRICT"), nullable=True),
        identifier("by_id", "person.id"), instant("created_at"),
        check("score BETWEEN 1 AND 5", "a_score_has_five_steps"),
        check("year BETWEEN 1900 AND 2200", "a_score_has_a_year"),
        check("document <> '' OR event_id IS NOT NULL", "a_score_has_evidence"),
    )  # fmt: skip
    indexed("capability_score", "organisation_id")
    op.create_table(
        "delivery_role", identifier("id", primary_key=True), identifier("project_id", "project.id"),
        text("title", 200), text("skill", 120), sa.Column("is_in_house", sa.Boolean(), nullable=False),
        text("holder", 200), day("since"), day("until", nullable=True),
        identifier("follows_id", "delivery_role.id", nullable=True, unique=True), identifier("by_id", "person.id"),
        instant("created_at"), check("until >= since", "a_role_has_time"),
    )  # fmt: skip
    indexed("delivery_role", "project_id")


def make_inputs() -> None:
    op.create_table(
        "public_input", identifier("id", primary_key=True), identifier("project_id", "project.id"),
        text("what", 300), text("payer", 300), sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(20, 2), nullable=False), text("currency", 3), text("evidence", 1000),
        identifier("by_id", "person.id", nullable=True), instant("created_at"),
        instant("taken_back_at", nullable=True), check("amount > 0", "an_input_is_money"),
        check("year BETWEEN 1900 AND 2200", "an_input_has_a_year"),
        check("evidence <> ''", "an_input_has_evidence"),
    )  # fmt: skip
    indexed("public_input", "project_id")


def downgrade() -> None:
    op.execute("DROP TRIGGER both_sides_agree ON condition; DROP FUNCTION both_sides_agree()")
    for table in (
        "public_input", "delivery_role", "capability_score", "check_letter", "evidence_doubt", "evidence",
        "condition_yes",
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_constraint("only_a_proposal_is_dropped", "condition")
    op.drop_column("condition", "looked_at")
    op.drop_column("condition", "dropped_at")
    op.drop_column("condition", "settled_until")
