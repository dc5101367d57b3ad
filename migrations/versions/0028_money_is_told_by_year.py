"""Money is told by year: what a contract pays whatever happens, and which part of the money may fail."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mission", sa.Column("risk_share", sa.Integer(), nullable=True))
    op.create_check_constraint("a_risk_is_a_share", "mission", "risk_share BETWEEN 0 AND 100")
    op.add_column("project", sa.Column("contract_minimum", sa.Numeric(20, 2), nullable=True))
    op.create_check_constraint("a_contract_promises_money", "project", "contract_minimum >= 0")
    op.create_index(op.f("ix_money_project_id"), "money", ["project_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_money_project_id"), "money")
    op.drop_constraint("a_contract_promises_money", "project")
    op.drop_column("project", "contract_minimum")
    op.drop_constraint("a_risk_is_a_share", "mission")
    op.drop_column("mission", "risk_share")
