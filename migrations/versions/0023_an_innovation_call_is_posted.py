"""An innovation call is posted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Beside the voices of a question stands how many people there are in each group and place."""
    op.add_column(
        "call", sa.Column("expected", JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb"))
    )
    op.alter_column("call", "expected", server_default=None)


def downgrade() -> None:
    op.drop_column("call", "expected")
