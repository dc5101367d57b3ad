"""Links are tested: a size has a unit, a verdict its day; dependence runs in no circle, no pair stands twice."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# Such links are rare, so that one lock for all of them is cheap; without it two of them, written at the same instant,
# could close a circle which neither of their transactions sees.
NO_CIRCLE = """
CREATE FUNCTION dependence_has_no_circle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('dependence_has_no_circle'));
    IF EXISTS (
        WITH RECURSIVE behind(id) AS (
            SELECT NEW.to_id
            UNION
            SELECT link.to_id FROM link JOIN behind ON link.from_id = behind.id
            WHERE link.kind = 'depends_on' AND link.id <> NEW.id
        )
        SELECT 1 FROM behind WHERE id = NEW.from_id
    ) THEN
        RAISE EXCEPTION 'dependence would run in a circle'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'dependence_has_no_circle';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dependence_has_no_circle BEFORE INSERT OR UPDATE OF kind, from_id, to_id ON link
    FOR EACH ROW WHEN (NEW.kind = 'depends_on') EXECUTE FUNCTION dependence_has_no_circle();
"""


def upgrade() -> None:
    op.add_column("link", sa.Column("unit", sa.String(60), nullable=False, server_default=""))
    op.add_column("link", sa.Column("tested_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("link", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    for name in ("unit", "version"):
        op.alter_column("link", name, server_default=None)
    op.create_check_constraint("a_size_is_not_negative", "link", "size >= 0")
    op.create_index(
        "a_pair_is_linked_once", "link",
        ["kind", sa.text("least(from_id, to_id)"), sa.text("greatest(from_id, to_id)")], unique=True,
        postgresql_where=sa.text("kind IN ('complements', 'competes_with')"),
    )  # fmt: skip
    op.execute(NO_CIRCLE)


def downgrade() -> None:
    op.execute("DROP TRIGGER dependence_has_no_circle ON link")
    op.execute("DROP FUNCTION dependence_has_no_circle")
    op.drop_index("a_pair_is_linked_once", "link")
    op.drop_constraint("a_size_is_not_negative", "link")
    for name in ("unit", "tested_at", "version"):
        op.drop_column("link", name)
