"""Runs the migrations on the connection or address given by `comission migrate`."""

from typing import Any

from alembic import context
from sqlalchemy import create_engine


def ours(name: str | None, kind: str, _parents: Any) -> bool:
    """The job queue keeps its own schema `dbos`; we never touch it."""
    return not (kind == "schema" and name not in (None, "public"))


def run(connection: Any) -> None:
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes.get("metadata"),
        include_name=ours,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if connection := context.config.attributes.get("connection"):
    run(connection)
else:
    with create_engine(context.config.get_main_option("sqlalchemy.url", "")).connect() as connection:
        run(connection)
        connection.commit()
