"""What an indicator says fits together: its goal lies where its direction points, and is due after its baseline."""

from alembic import op
from sqlalchemy import text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CHECKS = {
    "an_indicator_has_something_to_change": "baseline <> goal",
    "a_goal_lies_where_its_direction_points": "(direction = 'up') = (goal > baseline)",
    "an_indicator_has_time": "due > baseline_at",
}


def upgrade() -> None:
    """What was written before stays as somebody wrote it, and its gate says what is wrong; nothing new may be so."""
    for name, check in CHECKS.items():
        op.execute(f"ALTER TABLE indicator ADD CONSTRAINT {name} CHECK ({check}) NOT VALID")
        broken = text(f"SELECT count(*) FROM indicator WHERE NOT ({check})")  # noqa: S608 (our own words)
        if not op.get_bind().execute(broken).scalar():
            op.execute(f"ALTER TABLE indicator VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    for name in CHECKS:
        op.drop_constraint(name, "indicator", type_="check")
