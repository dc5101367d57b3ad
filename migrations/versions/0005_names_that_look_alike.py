"""No two organisations have names that look alike; a seat may end before it begins; a suspended voter is told of."""

import sqlalchemy as sa
from alembic import op

from app.rules.names import key

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KINDS = ("employer", "money", "family", "competing", "other", "suspended")
organisation = sa.table(
    "organisation",
    sa.column("id", sa.Uuid()),
    sa.column("name", sa.String()),
    sa.column("name_key", sa.String()),
    sa.column("created_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    op.add_column("organisation", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.alter_column("organisation", "version", server_default=None)
    op.add_column("organisation", sa.Column("name_key", sa.String(length=800), nullable=True))
    name_the_known()
    op.alter_column("organisation", "name_key", nullable=False)
    op.create_unique_constraint("organisation_name_key_key", "organisation", ["name_key"])
    op.drop_constraint("a_term_has_length", "seat", type_="check")
    op.create_check_constraint(
        "a_term_ends_after_it_starts", "seat", "ends_at IS NULL OR ends_at >= starts_at"
    )
    op.drop_constraint("interestkind", "interest", type_="check")
    op.create_check_constraint("interestkind", "interest", sa.column("kind").in_(KINDS))
    op.create_index("organisation_by_name", "organisation", [sa.text("lower(name)"), "id"])
    op.create_index(
        "person_by_name",
        "person",
        [sa.text("lower(name)"), "id"],
        postgresql_where=sa.text("email IS NOT NULL"),
    )


def name_the_known() -> None:
    """The oldest keeps the plain form of its name; a later one that looks like it is told apart until it is renamed."""
    bind, taken = op.get_bind(), set()
    for row in bind.execute(
        sa.select(organisation).order_by(organisation.c.created_at, organisation.c.id)
    ).all():
        wanted = key(row.name)
        wanted = f"{wanted} {row.id}" if wanted in taken else wanted
        taken.add(wanted)
        bind.execute(organisation.update().where(organisation.c.id == row.id).values(name_key=wanted))


def downgrade() -> None:
    op.drop_index("person_by_name", "person")
    op.drop_index("organisation_by_name", "organisation")
    op.execute("DELETE FROM interest WHERE kind = 'suspended'")
    op.drop_constraint("interestkind", "interest", type_="check")
    op.create_check_constraint("interestkind", "interest", sa.column("kind").in_(KINDS[:-1]))
    op.execute("UPDATE seat SET ends_at = starts_at + interval '1 microsecond' WHERE ends_at = starts_at")
    op.drop_constraint("a_term_ends_after_it_starts", "seat", type_="check")
    op.create_check_constraint("a_term_has_length", "seat", "ends_at IS NULL OR ends_at > starts_at")
    op.drop_constraint("organisation_name_key_key", "organisation", type_="unique")
    op.drop_column("organisation", "name_key")
    op.drop_column("organisation", "version")
