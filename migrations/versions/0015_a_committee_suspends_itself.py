"""Committees: constitution, interests at first sight, absences, assignments, agenda, letters."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATES = ("forming", "constituted", "suspended")
OCCASIONS = ("notice", "closes_soon", "counted", "certified")
INTERESTS = ("employer", "money", "family", "competing", "other", "suspended")
EFFECTS = ("disclose", "recuse")
WHEN = sa.DateTime(timezone=True)

HOLDERS = """
CREATE FUNCTION a_ballot_keeps_its_holder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'whoever cast first keeps the ballot';
END $$;
CREATE TRIGGER a_ballot_keeps_its_holder BEFORE UPDATE OR DELETE ON ballotholder
    FOR EACH ROW EXECUTE FUNCTION a_ballot_keeps_its_holder();
"""


def upgrade() -> None:
    committees()
    interests()
    absences()
    work()
    mails()


def committees() -> None:
    state = sa.Enum(*STATES, name="committeestate", native_enum=False, create_constraint=True, length=32)
    op.add_column("committee", sa.Column("state", state, nullable=False, server_default="forming"))
    op.alter_column("committee", "state", server_default=None)
    op.add_column("committee", sa.Column("state_since", WHEN, nullable=True))
    op.create_table(
        "agendaplace",
        sa.Column(
            "committee_id", sa.Uuid(), sa.ForeignKey("committee.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("mission_id", sa.Uuid(), sa.ForeignKey("mission.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
    )


def allow(kinds: tuple[str, ...], effects: tuple[str, ...]) -> None:
    for name, column, words in (("interestkind", "kind", kinds), ("interesteffect", "effect", effects)):
        op.drop_constraint(name, "interest", type_="check")
        op.create_check_constraint(name, "interest", f"{column} IN {words}")


def interests() -> None:
    allow((*INTERESTS, "nothing"), (*EFFECTS, "unfounded"))
    op.add_column("interest", sa.Column("effect_at", WHEN, nullable=True))
    op.execute("UPDATE interest SET effect_at = declared_at")
    op.alter_column("interest", "effect_at", nullable=False)
    op.add_column("interest", sa.Column("superseded_at", WHEN, nullable=True))
    op.add_column(
        "interest",
        sa.Column("raised_by_id", sa.Uuid(), sa.ForeignKey("seat.id", ondelete="RESTRICT"), nullable=True),
    )
    op.add_column(
        "interest", sa.Column("resolution", sa.String(length=1000), nullable=False, server_default="")
    )
    op.alter_column("interest", "resolution", server_default=None)
    checks = {
        "nobody_resolves_their_own_interest": "resolved_by_id <> seat_id",
        "one_raises_an_interest_of_others": "raised_by_id <> seat_id",
        "nothing_to_declare_has_no_effect": "kind <> 'nothing' OR effect = 'disclose'",
    }
    for name, check in checks.items():
        op.create_check_constraint(name, "interest", check)
    op.create_index(
        "nothing_is_declared_once", "interest", ["seat_id", "subject_kind", "subject_id"], unique=True,
        postgresql_where=sa.text("kind = 'nothing' AND superseded_at IS NULL"),
    )  # fmt: skip


def absences() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "seat_id", sa.Uuid(), sa.ForeignKey("seat.id", ondelete="RESTRICT"), nullable=False, index=True
        ),
        sa.Column("starts_at", WHEN, nullable=False),
        sa.Column("ends_at", WHEN, nullable=False),
        sa.Column("said_by_id", sa.Uuid(), sa.ForeignKey("person.id", ondelete="RESTRICT"), nullable=False),
        sa.Column("said_at", WHEN, nullable=False),
        sa.CheckConstraint("ends_at >= starts_at", name="an_absence_ends_after_it_starts"),
    )
    op.create_table(
        "ballotholder",
        sa.Column(
            "decision_id", sa.Uuid(), sa.ForeignKey("decision.id", ondelete="RESTRICT"), primary_key=True
        ),
        sa.Column("for_seat_id", sa.Uuid(), sa.ForeignKey("seat.id", ondelete="RESTRICT"), primary_key=True),
        sa.Column("seat_id", sa.Uuid(), sa.ForeignKey("seat.id", ondelete="RESTRICT"), nullable=False),
    )
    # Of votes that run, whoever has voted already holds the ballot.
    op.execute(
        """INSERT INTO ballotholder (decision_id, for_seat_id, seat_id)
        SELECT DISTINCT ballot.decision_id, ballot.seat_id, ballot.seat_id
        FROM ballot JOIN decision ON decision.id = ballot.decision_id,
            jsonb_array_elements(decision.electorate) AS elector
        WHERE decision.state IN ('noticed', 'open') AND elector->>'seat_id' = ballot.seat_id::text
            AND elector->>'alternate_seat_id' IS NOT NULL
        """
    )
    op.execute(HOLDERS)
    op.add_column("decision", sa.Column("absent", JSONB(), nullable=False, server_default="[]"))
    op.alter_column("decision", "absent", server_default=None)


def work() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "committee_id", sa.Uuid(), sa.ForeignKey("committee.id", ondelete="RESTRICT"), nullable=False, index=True
        ),
        sa.Column(
            "mission_id", sa.Uuid(), sa.ForeignKey("mission.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("seat_id", sa.Uuid(), sa.ForeignKey("seat.id", ondelete="RESTRICT"), nullable=False, index=True),
        sa.Column("due", WHEN, nullable=False),
        sa.Column("assigned_by_id", sa.Uuid(), sa.ForeignKey("person.id", ondelete="RESTRICT"), nullable=False),
        sa.Column("assigned_at", WHEN, nullable=False),
        sa.Column("reminded_at", WHEN, nullable=True),
        sa.Column("ended_at", WHEN, nullable=True),
    )  # fmt: skip
    op.create_index(
        "one_assignment_per_item_and_seat", "assignment", ["mission_id", "seat_id"], unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip


def mails() -> None:
    occasion = sa.Enum(*OCCASIONS, name="occasion", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "committeeletter",
        sa.Column(
            "decision_id", sa.Uuid(), sa.ForeignKey("decision.id", ondelete="RESTRICT"), primary_key=True
        ),
        sa.Column("occasion", occasion, primary_key=True),
        sa.Column("told_at", WHEN, nullable=False),
    )
    op.add_column(
        "outgoingmail", sa.Column("html", sa.String(length=60_000), nullable=False, server_default="")
    )
    op.alter_column("outgoingmail", "html", server_default=None)
    op.add_column("person", sa.Column("declined_mails", JSONB(), nullable=False, server_default="[]"))
    op.alter_column("person", "declined_mails", server_default=None)
    # Of votes that are over their committees knew before there were letters.
    op.execute(
        """INSERT INTO committeeletter (decision_id, occasion, told_at)
        SELECT id, occasion, now()
        FROM decision, unnest(ARRAY['notice', 'closes_soon', 'counted', 'certified']) AS occasion
        WHERE (occasion = 'notice' AND state <> 'draft') OR (occasion <> 'notice' AND outcome <> '')
        """
    )


def downgrade() -> None:
    """What the earlier version has no word for goes: that there was nothing to declare, and what was unfounded."""
    op.drop_column("person", "declined_mails")
    op.drop_column("outgoingmail", "html")
    op.drop_table("committeeletter")
    op.drop_table("assignment")
    op.drop_column("decision", "absent")
    op.drop_table("ballotholder")
    op.execute("DROP FUNCTION a_ballot_keeps_its_holder")
    op.drop_table("absence")
    op.drop_index("nothing_is_declared_once", "interest")
    for name in (
        "nobody_resolves_their_own_interest",
        "one_raises_an_interest_of_others",
        "nothing_to_declare_has_no_effect",
    ):
        op.drop_constraint(name, "interest", type_="check")
    op.execute(
        "DELETE FROM interest WHERE kind = 'nothing' OR effect = 'unfounded' OR superseded_at IS NOT NULL"
    )
    for column in ("effect_at", "superseded_at", "raised_by_id", "resolution"):
        op.drop_column("interest", column)
    allow(INTERESTS, EFFECTS)
    op.drop_table("agendaplace")
    op.drop_column("committee", "state_since")
    op.drop_column("committee", "state")
