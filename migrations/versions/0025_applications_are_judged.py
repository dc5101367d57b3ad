"""Applications are judged: findings, reviews of a panel, what was decided on the way, and notes of interviews."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

STATES = ("draft", "submitted", "ineligible", "in_review", "shortlisted", "selected", "reserve", "declined",
          "withdrawn")  # fmt: skip
REVIEW_STATES = ("scheduled", "open", "filed", "concluded", "acted", "lapsed")
ADDED_ONLY = ("judgement", "interview_note")
FIT = """
CREATE FUNCTION a_panel_review_is_fit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE reviewer uuid; panel uuid; applicant uuid;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.filed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a filed review is never changed';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.filed_at IS NULL
       AND (NEW.application_id, NEW.seat_id) = (OLD.application_id, OLD.seat_id) THEN
        RETURN NEW;
    END IF;
    SELECT a.organisation_id, o.panel_id INTO applicant, panel
        FROM application a JOIN offer o ON o.call_id = a.call_id WHERE a.id = NEW.application_id;
    SELECT s.person_id INTO reviewer FROM seat s
        WHERE s.id = NEW.seat_id AND s.scope_kind = 'committee' AND s.scope_id = panel;
    IF reviewer IS NULL THEN
        RAISE EXCEPTION 'only seats of the panel review its applications';
    END IF;
    IF EXISTS (SELECT 1 FROM teammate t WHERE t.application_id = NEW.application_id AND t.person_id = reviewer)
       OR EXISTS (SELECT 1 FROM person p WHERE p.id = reviewer AND p.organisation_id = applicant) THEN
        RAISE EXCEPTION 'nobody reviews what they or their organisation submitted';
    END IF;
    IF EXISTS (
        SELECT 1 FROM interest i JOIN seat s ON s.id = i.seat_id
        WHERE i.subject_id = NEW.application_id AND s.person_id = reviewer AND s.scope_id = panel
          AND i.superseded_at IS NULL
          AND (i.effect = 'recuse' OR (i.effect = 'disclose' AND i.kind <> 'nothing' AND i.resolved_at IS NULL))
    ) THEN
        RAISE EXCEPTION 'nobody reviews what they have an open interest in';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_panel_review_is_fit BEFORE INSERT OR UPDATE OR DELETE ON panel_review
    FOR EACH ROW EXECUTE FUNCTION a_panel_review_is_fit();
CREATE FUNCTION what_a_panel_said_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was decided or noted is only added to';
END $$;
"""


def identifier(name: str, target: str = "", nullable: bool = False) -> sa.Column:
    keys = [sa.ForeignKey(target, ondelete="RESTRICT")] if target else []
    return sa.Column(name, sa.Uuid(), *keys, nullable=nullable)


def instant(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False)


def word(column: str, check: str, *values: str) -> sa.Column:
    kind = sa.Enum(*values, name=check, native_enum=False, create_constraint=True, length=32)
    return sa.Column(column, kind, nullable=False)


def upgrade() -> None:
    op.add_column(
        "application", sa.Column("findings", postgresql.JSONB(), nullable=False, server_default="{}")
    )
    op.alter_column("application", "findings", server_default=None)
    op.add_column("application", instant("reviews_due_at", nullable=True))
    op.add_column("application", instant("reviews_opened_at", nullable=True))
    op.add_column("offer", sa.Column("tells_notes", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("offer", "tells_notes", server_default=None)
    make_reviews()
    make_judgements()
    make_notes()
    op.execute(FIT)
    for table in ADDED_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION what_a_panel_said_stays()"
        )


def make_reviews() -> None:
    op.create_table(
        "panel_review", identifier("id"), identifier("application_id", "application.id"),
        identifier("seat_id", "seat.id"), word("state", "panelreviewstate", *REVIEW_STATES),
        sa.Column("answers", postgresql.JSONB(), nullable=False), sa.Column("version", sa.Integer(), nullable=False),
        text("salt", 64), text("words_hash", 64), identifier("asked_by_id", "person.id"), instant("created_at"),
        instant("updated_at", nullable=True), instant("filed_at", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("application_id", "seat_id", name="a_seat_reviews_an_application_once"),
        sa.CheckConstraint("(state = 'filed') = (filed_at IS NOT NULL)", name="a_filed_panel_review_says_when"),
        sa.CheckConstraint("filed_at IS NULL OR words_hash <> ''", name="a_filed_panel_review_is_hashed"),
    )  # fmt: skip
    op.create_index("ix_panel_review_application_id", "panel_review", ["application_id"])
    op.create_index("ix_panel_review_seat_id", "panel_review", ["seat_id"])


def make_judgements() -> None:
    op.create_table(
        "judgement", identifier("id"), identifier("application_id", "application.id"),
        word("before", "judgementbefore", *STATES), word("after", "judgementafter", *STATES), text("reason", 4000),
        text("salt", 64), identifier("by_id", "person.id"), instant("at"),
        sa.PrimaryKeyConstraint("id"),
        sa.CheckConstraint("after IN ('in_review') OR reason <> ''", name="a_judgement_has_a_reason"),
    )  # fmt: skip
    op.create_index("judgements_of_an_application", "judgement", ["application_id", "at"])


def make_notes() -> None:
    op.create_table(
        "interview_note", identifier("id"), identifier("application_id", "application.id"),
        sa.Column("held_on", sa.Date(), nullable=False), text("present", 500), text("text", 8000), text("salt", 64),
        text("words_hash", 64), identifier("by_id", "person.id"), instant("created_at"),
        sa.PrimaryKeyConstraint("id"),
        sa.CheckConstraint("present <> '' AND text <> ''", name="a_note_says_who_and_what"),
    )  # fmt: skip
    op.create_index("notes_of_an_application", "interview_note", ["application_id", "created_at"])


def downgrade() -> None:
    for table in (*ADDED_ONLY, "panel_review"):
        op.drop_table(table)
    op.execute("DROP FUNCTION a_panel_review_is_fit(); DROP FUNCTION what_a_panel_said_stays()")
    op.drop_column("offer", "tells_notes")
    for column in ("reviews_opened_at", "reviews_due_at", "findings"):
        op.drop_column("application", column)
