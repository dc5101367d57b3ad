"""Applications are selected: the reserve list, every answer to an application, never more than the budget."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

STATES = (
    "draft",
    "submitted",
    "ineligible",
    "in_review",
    "shortlisted",
    "selected",
    "reserve",
    "declined",
    "withdrawn",
)
WITHIN = """
CREATE FUNCTION selected_within_budget() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE most numeric;
BEGIN
    IF NEW.state <> 'selected' THEN
        RETURN NULL;
    END IF;
    -- Who holds the offer sees every selection made before, so that two at once cannot both take the last of it.
    SELECT budget INTO most FROM offer WHERE call_id = NEW.call_id FOR UPDATE;
    IF most IS NOT NULL AND most < (
        SELECT coalesce(sum(asked), 0) FROM application WHERE call_id = NEW.call_id AND state = 'selected'
    ) THEN
        RAISE EXCEPTION 'more is selected than the call has' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER selected_within_budget AFTER INSERT OR UPDATE OF state, asked ON application
FOR EACH ROW EXECUTE FUNCTION selected_within_budget();
"""
PROMISED = """
CREATE FUNCTION what_a_call_tells_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.tells_declined IS DISTINCT FROM OLD.tells_declined
       AND (SELECT state FROM call WHERE id = NEW.call_id) <> 'draft' THEN
        RAISE EXCEPTION 'whether declining is told was said when the call was published';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER what_a_call_tells_stays BEFORE UPDATE OF tells_declined ON offer
FOR EACH ROW EXECUTE FUNCTION what_a_call_tells_stays();
"""


def upgrade() -> None:
    op.add_column("application", sa.Column("reserve_place", sa.Integer(), nullable=True))
    op.create_check_constraint(
        "a_reserve_has_an_order",
        "application",
        "reserve_place >= 1 AND state = 'reserve' OR reserve_place IS NULL",
    )
    op.create_index(
        "one_at_each_place_of_the_reserve", "application", ["call_id", "reserve_place"], unique=True,
        postgresql_where="reserve_place IS NOT NULL",
    )  # fmt: skip
    op.create_table(
        "feedback", sa.Column("id", sa.Uuid(), primary_key=True, nullable=False),
        sa.Column("application_id", sa.Uuid(), sa.ForeignKey("application.id", ondelete="RESTRICT"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="applicationstate", native_enum=False, create_constraint=True,
                                   length=32), nullable=False),
        sa.Column("reason", sa.String(4000), nullable=False), sa.Column("words", sa.String(4000), nullable=False),
        sa.Column("ask_whom", sa.String(300), nullable=False), sa.Column("contest", sa.String(2000), nullable=False),
        sa.Column("by_id", sa.Uuid(), sa.ForeignKey("person.id", ondelete="RESTRICT"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("application_id", "number", name="answers_to_an_application_are_numbered"),
        sa.CheckConstraint("state IN ('ineligible', 'selected', 'reserve', 'declined')", name="an_answer_is_final"),
        sa.CheckConstraint("reason <> '' AND ask_whom <> '' AND contest <> ''", name="an_answer_says_why"),
    )  # fmt: skip
    op.execute(
        "CREATE TRIGGER feedback_stays BEFORE UPDATE OR DELETE ON feedback "
        "FOR EACH ROW EXECUTE FUNCTION row_is_never_changed()"
    )
    op.execute(WITHIN)
    op.execute(PROMISED)


def downgrade() -> None:
    op.execute("DROP TRIGGER what_a_call_tells_stays ON offer; DROP FUNCTION what_a_call_tells_stays()")
    op.execute("DROP TRIGGER selected_within_budget ON application; DROP FUNCTION selected_within_budget()")
    op.drop_table("feedback")
    op.drop_index("one_at_each_place_of_the_reserve", "application")
    op.drop_constraint("a_reserve_has_an_order", "application")
    op.drop_column("application", "reserve_place")
