"""A file names its source, so that the ids of two sources in one call are kept apart."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("importrun", sa.Column("source", sa.String(length=80), nullable=False, server_default=""))
    op.alter_column("importrun", "source", server_default=None)


def downgrade() -> None:
    op.drop_column("importrun", "source")
