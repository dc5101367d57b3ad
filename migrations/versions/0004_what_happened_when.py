"""Each fact of a voice and of a question has its own date; hiding remembers what it hid."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATES = ("draft", "submitted", "visible", "hidden", "grouped", "taken_up", "not_taken_up", "withdrawn")
INSTANT = sa.DateTime(timezone=True)
DATES = {"submission": ("outcome_at", "withdrawn_at"), "call": ("checking_at", "answered_at", "cancelled_at")}
# Until now one date stood for the last of: words changed, answered, withdrawn.
APART = """
UPDATE submission SET withdrawn_at = updated_at WHERE state = 'withdrawn';
UPDATE submission SET outcome_at = updated_at
    WHERE state IN ('taken_up', 'not_taken_up') OR (state = 'hidden' AND outcome_reason <> '');
UPDATE submission SET updated_at =
    (SELECT max(event.at) FROM event WHERE event.subject_id = submission.id AND event.kind = 'submission_edited')
    WHERE state <> 'draft' AND updated_at IS NOT NULL;
UPDATE submission SET hidden_from =
    (SELECT event.facts->>'before' FROM event
     WHERE event.subject_id = submission.id AND event.kind = 'submission_hidden' ORDER BY event.id DESC LIMIT 1)
    WHERE state = 'hidden';
"""
MOVED = """
UPDATE call SET {date} =
    (SELECT max(event.at) FROM event WHERE event.subject_id = call.id AND event.kind = '{kind}')
"""
KINDS = {
    "checking_at": "checking_started",
    "answered_at": "call_answered",
    "cancelled_at": "call_cancelled",
}


def upgrade() -> None:
    for table, names in DATES.items():
        for name in names:
            op.add_column(table, sa.Column(name, INSTANT, nullable=True))
    hidden_from = sa.Enum(
        *STATES, name="hidden_from_a_state", native_enum=False, create_constraint=True, length=32
    )
    op.add_column("submission", sa.Column("hidden_from", hidden_from, nullable=True))
    for statement in APART.strip().split(";\n"):
        op.execute(statement)
    for date, kind in KINDS.items():
        op.execute(MOVED.format(date=date, kind=kind))


def downgrade() -> None:
    op.execute(
        "UPDATE submission SET updated_at = coalesce(withdrawn_at, outcome_at, updated_at) WHERE state <> 'draft'"
    )
    op.drop_column("submission", "hidden_from")
    for table, names in DATES.items():
        for name in names:
            op.drop_column(table, name)
