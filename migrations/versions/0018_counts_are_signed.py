"""Signatures: keys, signed openings, checkpoints, two-person closing, challenges; none is ever rewritten."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

GROUPS = ("public", "private", "third", "academia", "citizens")
ADDED_ONLY = ("signing_key", "signature", "log_checkpoint", "closing_signature")
FUNCTIONS = """
CREATE FUNCTION row_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME;
END $$;
CREATE FUNCTION challenge_is_resolved_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.resolved_at IS NULL
       AND (OLD.id, OLD.decision_id, OLD.seat_id, OLD."group", OLD.ground, OLD.affected, OLD.filed_at)
           IS NOT DISTINCT FROM
           (NEW.id, NEW.decision_id, NEW.seat_id, NEW."group", NEW.ground, NEW.affected, NEW.filed_at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a challenge stays as it was filed, and is resolved once';
END $$;
CREATE TRIGGER challenge_is_resolved_once BEFORE UPDATE OR DELETE ON challenge
    FOR EACH ROW EXECUTE FUNCTION challenge_is_resolved_once();
"""
SUBJECTS = (
    "person", "organisation", "seat", "call", "submission", "grouping", "cluster", "correction", "mission", "clause",
    "project", "committee", "decision", "statement",
)  # fmt: skip


def group() -> sa.Column[str]:
    return sa.Column(
        "group",
        sa.Enum(*GROUPS, native_enum=False, create_constraint=True, length=32, name="stakeholdergroup"),
        nullable=False,
    )


def identifier(name: str, *args: object, **options: object) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), *args, nullable=False, **options)


def instant(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def to(name: str) -> sa.ForeignKey:
    return sa.ForeignKey(name, ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        "signing_key",
        identifier("id", primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("public", sa.String(300), nullable=False, unique=True),
        sa.Column("note", sa.Text(), nullable=False),
        instant("began_at"),
    )
    op.create_table(
        "signature",
        identifier("id", primary_key=True),
        identifier("decision_id", to("decision.id")),
        sa.Column(
            "purpose",
            sa.Enum("notice", "count", "certification", native_enum=False, create_constraint=True, length=32,
                    name="signedfor"),
            nullable=False,
        ),
        sa.Column("digest", sa.String(64), nullable=False),
        identifier("key_id", to("signing_key.id")),
        sa.Column("note", sa.Text(), nullable=False),
        instant("signed_at"),
        sa.UniqueConstraint("decision_id", "purpose", name="signed_once_for_each_purpose"),
    )  # fmt: skip
    op.create_table(
        "log_checkpoint",
        identifier("id", primary_key=True),
        sa.Column("size", sa.BigInteger(), nullable=False, unique=True),
        sa.Column("head", sa.String(64), nullable=False),
        identifier("key_id", to("signing_key.id")),
        sa.Column("note", sa.Text(), nullable=False),
        instant("signed_at"),
    )
    closing_tables()
    op.execute(FUNCTIONS)
    for table in ADDED_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_is_never_changed BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION row_is_never_changed()"
        )
    # The platform's keys are things that events are about.
    let_events_be_about((*SUBJECTS, "key"))


def closing_tables() -> None:
    op.create_table(
        "closing_signature",
        identifier("id", primary_key=True),
        identifier("decision_id", to("decision.id")),
        identifier("seat_id", to("seat.id")),
        group(),
        sa.Column("speaks_for", sa.String(36), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("result_hash", sa.String(64), nullable=False),
        sa.Column("remark", sa.String(2000), nullable=False),
        instant("signed_at"),
        sa.UniqueConstraint(
            "decision_id", "result_hash", "speaks_for", name="two_signers_of_different_groups"
        ),
        sa.UniqueConstraint("decision_id", "result_hash", "place", name="two_signers"),
        sa.CheckConstraint("place IN (1, 2)", name="two_places_to_sign"),
    )
    op.create_table(
        "challenge",
        identifier("id", primary_key=True),
        identifier("decision_id", to("decision.id")),
        identifier("seat_id", to("seat.id")),
        group(),
        sa.Column("ground", sa.String(10_000), nullable=False),
        sa.Column("affected", sa.Integer(), nullable=False),
        instant("filed_at"),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(10_000), nullable=False),
        sa.Column("resolved_by_id", sa.Uuid(), to("person.id"), nullable=True),
        instant("resolved_at", nullable=True),
        sa.UniqueConstraint("decision_id", "seat_id", name="one_challenge_of_a_seat"),
        sa.CheckConstraint("(resolved_at IS NULL) = (upheld IS NULL)", name="a_resolution_says_what"),
    )
    op.create_index(
        "challenges_open", "challenge", ["decision_id"], postgresql_where=sa.text("resolved_at IS NULL")
    )
    op.create_table(
        "supersession",
        identifier("decision_id", sa.ForeignKey("decision.id", ondelete="CASCADE"), primary_key=True),
        identifier("superseded_id", to("decision.id"), unique=True),
    )


def downgrade() -> None:
    # Events of keys stay: what is recorded is never taken away, and only new ones are checked.
    let_events_be_about(SUBJECTS)
    for table in (
        "supersession",
        "challenge",
        "closing_signature",
        "log_checkpoint",
        "signature",
        "signing_key",
    ):
        op.drop_table(table)
    op.execute("DROP FUNCTION row_is_never_changed")
    op.execute("DROP FUNCTION challenge_is_resolved_once")


def let_events_be_about(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute("ALTER TABLE event DROP CONSTRAINT subjectkind")
    op.execute(f"ALTER TABLE event ADD CONSTRAINT subjectkind CHECK (subject_kind IN ({listed})) NOT VALID")
