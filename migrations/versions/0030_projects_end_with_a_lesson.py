"""Projects end with a lesson: lessons are found again and their use is counted; visions are signed."""

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import VECTOR
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

GROUPS = ("public", "private", "third", "academia", "citizens")
MOVES = """
CREATE FUNCTION a_project_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('completed', 'stopped_to_learn')
       AND (NEW.state, NEW.verdict, NEW.outcome_reason)
           IS DISTINCT FROM (OLD.state, OLD.verdict, OLD.outcome_reason) THEN
        RAISE EXCEPTION 'a project that has ended stays ended';
    END IF;
    IF OLD.state = 'proposed' AND NEW.state <> 'proposed' AND NEW.hypothesis = '' THEN
        RAISE EXCEPTION 'a project starts from a hypothesis';
    END IF;
    IF OLD.state <> 'proposed' AND OLD.hypothesis <> '' AND NEW.hypothesis <> OLD.hypothesis THEN
        RAISE EXCEPTION 'a hypothesis is written before the work begins';
    END IF;
    IF NEW.state IN ('completed', 'stopped_to_learn') AND OLD.state NOT IN ('completed', 'stopped_to_learn')
       AND NOT EXISTS (SELECT 1 FROM lesson WHERE project_id = NEW.id) THEN
        RAISE EXCEPTION 'a project ends with a lesson';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER a_project_moves_on AFTER UPDATE OF state, hypothesis, verdict, outcome_reason ON project
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION a_project_moves_on();
"""
SIGNS = """
CREATE FUNCTION the_latest_vision_is_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM vision v WHERE v.id = NEW.vision_id AND v.hash = NEW.hash AND v.number =
            (SELECT max(number) FROM vision WHERE mission_id = v.mission_id)
    ) THEN
        RAISE EXCEPTION 'only the latest words of a vision are signed, by their hash';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER the_latest_vision_is_signed BEFORE INSERT ON vision_signature
FOR EACH ROW EXECUTE FUNCTION the_latest_vision_is_signed();
CREATE TRIGGER vision_stays BEFORE UPDATE OR DELETE ON vision FOR EACH ROW EXECUTE FUNCTION row_is_never_changed();
CREATE TRIGGER vision_signature_stays BEFORE UPDATE ON vision_signature
FOR EACH ROW EXECUTE FUNCTION row_is_never_changed();
"""
# Lessons that were written before now stand under a mission or one of its projects.
EARLIER = """
INSERT INTO lesson (id, mission_id, project_id, language, search, created_at)
SELECT s.id, coalesce(p.mission_id, m.id), p.id, '', to_tsvector('simple', lower(s.text)), s.created_at
FROM statement s
LEFT JOIN project p ON s.subject_kind = 'project' AND p.id = s.subject_id
LEFT JOIN mission m ON s.subject_kind = 'mission' AND m.id = s.subject_id
WHERE s.kind = 'lesson' AND coalesce(p.mission_id, m.id) IS NOT NULL
"""


def instant(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def identifier(name: str, target: str = "", on_delete: str = "RESTRICT", **options: bool) -> sa.Column:
    keys = [sa.ForeignKey(target, ondelete=on_delete)] if target else []
    return sa.Column(name, sa.Uuid(), *keys, **{"nullable": False, **options})


def text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False)


def indexed(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def upgrade() -> None:
    make_lessons()
    make_visions()
    op.execute(EARLIER)
    op.execute(MOVES)
    op.execute(SIGNS)


def make_lessons() -> None:
    op.create_table(
        "lesson", identifier("id", "statement.id", "CASCADE", primary_key=True),
        identifier("mission_id", "mission.id", "CASCADE"), identifier("project_id", "project.id", nullable=True),
        identifier("milestone_id", "milestone.id", nullable=True),
        identifier("review_id", "course_review.id", nullable=True), text("language", 8),
        sa.Column("search", postgresql.TSVECTOR(), nullable=False), instant("created_at"),
        sa.CheckConstraint("milestone_id IS NULL OR review_id IS NULL", name="a_lesson_has_one_home"),
    )  # fmt: skip
    indexed("lesson", "mission_id", "project_id", "milestone_id", "review_id")
    op.create_index("lesson_search", "lesson", ["search"], postgresql_using="gin")
    op.create_index("lesson_newest", "lesson", [sa.text("created_at DESC"), sa.text("id DESC")])
    op.create_table(
        "lesson_vector", identifier("lesson_id", "lesson.id", "CASCADE", primary_key=True),
        sa.Column("model", sa.String(120), primary_key=True), sa.Column("vector", VECTOR(), nullable=False),
    )  # fmt: skip
    op.create_table(
        "lesson_use", identifier("lesson_id", "lesson.id", "CASCADE", primary_key=True),
        identifier("application_id", "application.id", "CASCADE", primary_key=True), identifier("by_id", "person.id"),
        instant("created_at"),
    )  # fmt: skip
    indexed("lesson_use", "application_id")


def make_visions() -> None:
    op.create_table(
        "vision", identifier("id", primary_key=True), identifier("mission_id", "mission.id"),
        sa.Column("number", sa.Integer(), nullable=False), sa.Column("parts", postgresql.JSONB(), nullable=False),
        text("salt", 32), text("hash", 64), identifier("by_id", "person.id"), instant("created_at"),
        sa.UniqueConstraint("mission_id", "number", name="versions_of_a_vision_are_numbered"),
        sa.CheckConstraint("jsonb_array_length(parts) > 0", name="a_vision_says_something"),
    )  # fmt: skip
    indexed("vision", "mission_id")
    group = sa.Enum(*GROUPS, name="stakeholdergroup", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "vision_signature", identifier("vision_id", "vision.id", primary_key=True),
        identifier("organisation_id", "organisation.id", primary_key=True), sa.Column("group", group, nullable=False),
        text("hash", 64), identifier("by_id", "person.id"), instant("created_at"),
    )  # fmt: skip
    indexed("vision_signature", "organisation_id")


def downgrade() -> None:
    op.execute("DROP TRIGGER a_project_moves_on ON project; DROP FUNCTION a_project_moves_on()")
    for table in ("vision_signature", "vision", "lesson_use", "lesson_vector", "lesson"):
        op.drop_table(table)
    op.execute("DROP FUNCTION the_latest_vision_is_signed()")
