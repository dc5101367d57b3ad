"""A motion may rest on a what-if run; which one stays with it as it was made."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

KEPT = ("id", "mission_id", "act", "subject_kind", "subject_id", "facts", "reason", "created_at")
STAYS = """
CREATE OR REPLACE FUNCTION a_motion_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.outcome IS NULL AND ({new}) IS NOT DISTINCT FROM ({old}) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a motion stays as it was made, and is settled once';
END $$;
"""


def stays(kept: tuple[str, ...]) -> str:
    new, old = (", ".join(f"{row}.{name}" for name in kept) for row in ("NEW", "OLD"))
    return STAYS.format(new=new, old=old)


def upgrade() -> None:
    op.add_column("motion", sa.Column("cites", postgresql.JSONB(), nullable=False, server_default="{}"))
    op.alter_column("motion", "cites", server_default=None)
    op.execute(stays((*KEPT, "cites")))


def downgrade() -> None:
    """Refuses where a motion cites a run: the vote on it is bound to that."""
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM motion WHERE cites <> '{}'")):
        raise RuntimeError("motions that cite a what-if run cannot be kept in an earlier version")
    op.execute(stays(KEPT))
    op.drop_column("motion", "cites")
