"""Applications are written."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ADDED_ONLY = ("pledge_delivery",)


def identifier(name: str, target: str = "", on_delete: str = "RESTRICT", nullable: bool = False) -> sa.Column:
    keys = [sa.ForeignKey(target, ondelete=on_delete)] if target else []
    return sa.Column(name, sa.Uuid(), *keys, nullable=nullable)


def instant(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False)


def upgrade() -> None:
    op.add_column("teammate", instant("joined_at", nullable=True))
    op.execute("UPDATE teammate SET joined_at = created_at")
    op.create_index(
        "one_draft_per_person_and_call", "application", ["call_id", "created_by_id"], unique=True,
        postgresql_where="state = 'draft'",
    )  # fmt: skip
    make_versions()
    make_attachments()
    make_seeds()
    make_pledges()


def make_versions() -> None:
    op.create_table(
        "application_version",
        identifier("id"),
        identifier("application_id", "application.id", "CASCADE"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        identifier("by_id", "person.id"),
        text("window", 32),
        sa.Column("sent", postgresql.JSONB(), nullable=False),
        instant("created_at"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("application_id", "number", name="versions_of_an_application_are_numbered"),
    )


def make_attachments() -> None:
    op.create_table(
        "attachment",
        identifier("id"),
        identifier("application_id", "application.id", "CASCADE"),
        text("name", 120),
        text("media_type", 60),
        sa.Column("size", sa.Integer(), nullable=False),
        text("sha256", 64),
        text("given_sha256", 64),
        text("stored_as", 64),
        identifier("by_id", "person.id"),
        instant("created_at"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("stored_as"),
        sa.CheckConstraint("size > 0", name="a_file_holds_something"),
    )
    op.create_index("ix_attachment_application_id", "attachment", ["application_id"])
    op.create_index("ix_attachment_by_id", "attachment", ["by_id"])


def make_seeds() -> None:
    op.create_table(
        "adopted_seed",
        identifier("id"),
        identifier("application_id", "application.id", "CASCADE"),
        identifier("cluster_id", "cluster.id"),
        identifier("cluster_key"),
        identifier("by_id", "person.id"),
        instant("created_at"),
        instant("told_at", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("application_id", "cluster_key", name="a_seed_is_adopted_once"),
    )
    op.create_index("ix_adopted_seed_cluster_key", "adopted_seed", ["cluster_key"])


def make_pledges() -> None:
    op.create_table(
        "pledge",
        identifier("statement_id", "statement.id"),
        identifier("mission_id", "mission.id"),
        identifier("organisation_id", "organisation.id"),
        sa.Column("due", sa.Date(), nullable=False),
        text("proof", 1000),
        sa.PrimaryKeyConstraint("statement_id"),
    )
    op.create_index("ix_pledge_mission_id", "pledge", ["mission_id"])
    op.create_index("ix_pledge_organisation_id", "pledge", ["organisation_id"])
    op.create_table(
        "pledge_delivery",
        identifier("pledge_id", "pledge.statement_id"),
        sa.Column("delivered_on", sa.Date(), nullable=False),
        text("evidence", 1000),
        identifier("by_id", "person.id"),
        instant("created_at"),
        sa.PrimaryKeyConstraint("pledge_id"),
    )
    for table in ADDED_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION row_is_never_changed()"
        )


def downgrade() -> None:
    for table in ("pledge_delivery", "pledge", "adopted_seed", "attachment", "application_version"):
        op.drop_table(table)
    op.drop_index("one_draft_per_person_and_call", table_name="application")
    op.drop_column("teammate", "joined_at")
