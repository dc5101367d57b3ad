"""What a group says in a few sentences of its voices, kept as places in them and never as words."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cluster", sa.Column("summary", JSONB(), nullable=False, server_default="{}"))
    op.alter_column("cluster", "summary", server_default=None)


def downgrade() -> None:
    op.drop_column("cluster", "summary")
