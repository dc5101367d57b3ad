"""Indicators of missions and projects, readings that are only added to, and reviews of a mission on its way."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

STAYS = """
CREATE FUNCTION a_reading_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a reading is never changed; add one that replaces it';
END $$;
CREATE TRIGGER a_reading_stays BEFORE UPDATE OR DELETE ON reading
    FOR EACH ROW EXECUTE FUNCTION a_reading_stays();
CREATE FUNCTION a_course_review_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.concluded_at IS NOT NULL AND NOT (
        to_jsonb(NEW) - 'call_id' = to_jsonb(OLD) - 'call_id'
    ) THEN
        RAISE EXCEPTION 'a review stays as it was concluded';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_course_review_stays BEFORE UPDATE OR DELETE ON course_review
    FOR EACH ROW EXECUTE FUNCTION a_course_review_stays();
"""
# What an earlier version cannot hold: corrections, forecasts, and a second reading of a day.
ONE_A_DAY = """
CREATE TEMP TABLE replaced_reading ON COMMIT DROP AS
    SELECT replaces_id AS id FROM reading WHERE replaces_id IS NOT NULL;
UPDATE reading SET replaces_id = NULL;
DELETE FROM reading WHERE is_forecast OR is_taken_back OR id IN (SELECT id FROM replaced_reading);
DELETE FROM reading old USING reading new
    WHERE old.indicator_id = new.indicator_id AND old.at = new.at
    AND (old.created_at, old.id) < (new.created_at, new.id);
"""


def identifier(
    name: str, target: str = "", nullable: bool = False, on_delete: str = "RESTRICT", **options: bool
) -> sa.Column:
    keys = [sa.ForeignKey(target, ondelete=on_delete)] if target else []
    return sa.Column(name, sa.Uuid(), *keys, nullable=nullable, **options)


def instant(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def word(name: str, kind: str, *values: str, nullable: bool = False) -> sa.Column:
    told = sa.Enum(*values, name=kind, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, told, nullable=nullable)


def flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def check(condition: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=name)


def upgrade() -> None:
    widen_indicators()
    widen_readings()
    make_reviews()
    make_tokens()
    make_backings()
    op.execute(STAYS)


def widen_indicators() -> None:
    op.add_column("mission", instant("launched_at", nullable=True))
    op.add_column("indicator", identifier("project_id", "project.id", nullable=True))
    op.create_index("ix_indicator_project_id", "indicator", ["project_id"])
    op.add_column("indicator", sa.Column("position", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("indicator", sa.Column("verifier", sa.String(200), nullable=False, server_default=""))
    for name in ("position", "verifier"):
        op.alter_column("indicator", name, server_default=None)
    op.create_check_constraint(
        "a_yes_or_no_goal_is_one", "indicator", "verifier = '' OR (baseline = 0 AND goal = 1)"
    )


def widen_readings() -> None:
    op.drop_constraint("one_reading_a_day", "reading")
    for name in ("is_forecast", "is_taken_back"):
        op.add_column("reading", flag(name))
        op.alter_column("reading", name, server_default=None)
    op.add_column("reading", identifier("replaces_id", "reading.id", nullable=True))
    op.create_unique_constraint("a_reading_is_replaced_once", "reading", ["replaces_id"])
    op.create_check_constraint(
        "a_forecast_is_a_range", "reading", "NOT is_forecast OR (low IS NOT NULL AND high IS NOT NULL)"
    )
    op.create_check_constraint(
        "a_reading_is_there_to_be_taken_back", "reading", "NOT is_taken_back OR replaces_id IS NOT NULL"
    )


def make_reviews() -> None:
    op.create_table(
        "course_review", identifier("id", primary_key=True), identifier("mission_id", "mission.id"),
        sa.Column("number", sa.Integer(), nullable=False), word("kind", "coursekind", "reflexive", "end"),
        sa.Column("signals", postgresql.JSONB(), nullable=False),
        word("verdict", "courseverdict", "continue", "adapt", "scale", "stop", nullable=True),
        sa.Column("reason", sa.String(4000), nullable=False),
        sa.Column("changes", postgresql.JSONB(), nullable=False), sa.Column("next_on", sa.Date(), nullable=True),
        identifier("call_id", "call.id", nullable=True, on_delete="SET NULL"), instant("opened_at"),
        identifier("opened_by_id", "person.id", nullable=True), instant("concluded_at", nullable=True),
        identifier("concluded_by_id", "person.id", nullable=True),
        sa.UniqueConstraint("mission_id", "number", name="course_reviews_are_numbered"),
        check("(verdict IS NULL) = (concluded_at IS NULL)", "a_verdict_concludes_it"),
        check("verdict IS NULL OR reason <> ''", "a_verdict_says_why"),
        check("verdict IS NULL OR verdict = 'continue' OR jsonb_array_length(changes) > 0",
              "a_verdict_names_what_changes"),
        check("verdict IS NULL OR kind = 'end' OR next_on IS NOT NULL", "a_next_one_is_set"),
    )  # fmt: skip
    for column in ("mission_id", "call_id"):
        op.create_index(f"ix_course_review_{column}", "course_review", [column])
    op.create_index(
        "one_open_course_review", "course_review", ["mission_id"], unique=True,
        postgresql_where=sa.text("concluded_at IS NULL"),
    )  # fmt: skip
    op.create_table(
        "recall", identifier("review_id", "course_review.id", primary_key=True),
        identifier("person_id", "person.id", primary_key=True), instant("asked_at"),
        word("felt", "felt", "better", "same", "worse", "unknown", nullable=True),
        instant("answered_at", nullable=True),
        check("(felt IS NULL) = (answered_at IS NULL)", "an_answer_says_when"),
    )  # fmt: skip
    op.create_index("ix_recall_person_id", "recall", ["person_id"])


def make_backings() -> None:
    op.create_table(
        "backing", identifier("mission_id", "mission.id", on_delete="CASCADE", primary_key=True),
        identifier("organisation_id", "organisation.id", primary_key=True),
        identifier("by_id", "person.id"), instant("created_at"),
    )  # fmt: skip
    op.create_index("ix_backing_organisation_id", "backing", ["organisation_id"])


def make_tokens() -> None:
    op.create_table(
        "api_token", identifier("id", primary_key=True), identifier("person_id", "person.id"),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True), instant("created_at"),
        instant("expires_at"), instant("revoked_at", nullable=True),
    )  # fmt: skip
    op.create_index("ix_api_token_person_id", "api_token", ["person_id"])


def downgrade() -> None:
    for table, function in (("course_review", "a_course_review_stays"), ("reading", "a_reading_stays")):
        op.execute(f"DROP TRIGGER {function} ON {table}")
        op.execute(f"DROP FUNCTION {function}")
    op.drop_table("backing")
    op.drop_table("api_token")
    op.drop_table("recall")
    op.drop_table("course_review")
    op.execute(ONE_A_DAY)
    for name in (
        "a_reading_is_there_to_be_taken_back",
        "a_forecast_is_a_range",
        "a_reading_is_replaced_once",
    ):
        op.drop_constraint(name, "reading")
    for name in ("replaces_id", "is_taken_back", "is_forecast"):
        op.drop_column("reading", name)
    op.create_unique_constraint("one_reading_a_day", "reading", ["indicator_id", "at"])
    op.drop_constraint("a_yes_or_no_goal_is_one", "indicator")
    for name in ("verifier", "position", "project_id"):
        op.drop_column("indicator", name)
    op.drop_column("mission", "launched_at")
