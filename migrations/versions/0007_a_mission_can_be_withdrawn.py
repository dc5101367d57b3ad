"""A mission drafted by mistake can be withdrawn with a reason; it stays readable."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATES = (
    "candidate", "framed", "in_review", "on_ballot", "adopted", "returned", "rejected",
    "active", "paused", "achieved", "ended_not_met",
)  # fmt: skip
WITHDRAWN = "withdrawn"
SAYS_WHY = "a_withdrawn_mission_says_why"


def allow(*states: str) -> None:
    op.drop_constraint("missionstate", "mission", type_="check")
    op.create_check_constraint("missionstate", "mission", f"state IN {states}")


def upgrade() -> None:
    allow(*STATES, WITHDRAWN)
    op.create_check_constraint(SAYS_WHY, "mission", "state <> 'withdrawn' OR outcome_reason <> ''")


def downgrade() -> None:
    """Refused by the database while a mission is withdrawn: its reason would stand for nothing."""
    op.drop_constraint(SAYS_WHY, "mission", type_="check")
    allow(*STATES)
