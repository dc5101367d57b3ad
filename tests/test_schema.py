"""The schema that migrations make is the one the models declare, down to its triggers; it goes down and up again."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app import schema
from app.models.ballot import Ballot
from app.models.columns import now
from app.models.decision import Decision
from app.models.event import Event
from app.models.mission import Indicator
from app.models.tables import metadata
from app.rules import names
from app.rules.words import Choice, DecisionState, Direction, SubjectKind
from app.services import events
from tests.world import World, make_world

OTHERS = {"alembic_version"}


def ours(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "schema" and name not in (None, "public"))


def test_migrations_make_what_the_models_declare(engine: Engine) -> None:
    with engine.connect() as connection:
        options = {"include_name": ours, "compare_type": True, "compare_server_default": False}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    # The vector index depends on the model in use, so it is no migration's.
    assert [each for each in found if "embedding_" not in str(each)] == []


def test_every_check_and_index_is_there_too(engine: Engine) -> None:
    """Alembic compares neither checks nor conditions; the database is asked for their names."""
    with engine.connect() as connection:
        checks = set(
            connection.execute(text("SELECT conname FROM pg_constraint WHERE contype = 'c'")).scalars()
        )
        indexes = set(connection.execute(text("SELECT indexname FROM pg_indexes")).scalars())
    declared = {
        str(each.name)
        for table in metadata.sorted_tables
        for each in table.constraints
        if each.__class__.__name__ == "CheckConstraint" and each.name
    }

    assert {name for name in declared if not any(found.endswith(name) for found in checks)} == set()
    assert {str(i.name) for t in metadata.sorted_tables for i in t.indexes if i.name} - indexes == set()


def tables(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        return set(found.scalars()) - OTHERS


def test_the_schema_goes_up_down_and_up_again(spare: Engine) -> None:
    schema.migrate(spare)
    first = tables(spare)

    with spare.begin() as connection:
        command.downgrade(schema.alembic_config(connection), "base")
    assert tables(spare) == set()
    schema.migrate(spare)

    assert tables(spare) == first == {table.name for table in metadata.sorted_tables}
    with spare.connect() as connection:
        assert schema.is_current(connection)


def test_organisations_that_look_alike_already_are_both_kept(spare: Engine) -> None:
    named = ("Port Authority", "PORT  authority", "Water Council")
    row = """INSERT INTO organisation (id, name, "group", place, created_at)
        VALUES (gen_random_uuid(), :name, 'public', '', now() + :n * interval '1 second')"""
    schema.migrate(spare)
    with spare.begin() as connection:
        command.downgrade(schema.alembic_config(connection), "0004")
        for n, name in enumerate(named):
            connection.execute(text(row), {"name": name, "n": n})
    schema.migrate(spare)

    with spare.connect() as connection:
        query = text("SELECT name, name_key, version FROM organisation ORDER BY created_at")
        found = connection.execute(query).all()
    first, second, third = (each.name_key for each in found)
    assert [(each.name, each.version) for each in found] == [(name, 1) for name in named]
    assert (first, third) == (names.key(named[0]), names.key(named[2]))
    assert second.startswith(f"{first} ")


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session)


def refused(session: Session, statement: str, **values: object) -> str:
    """The database itself says no, whoever asks."""
    with pytest.raises(DBAPIError) as problem, session.begin_nested():
        session.execute(text(statement), values)
    return str(problem.value.orig)


def test_an_event_is_never_changed_nor_removed(session: Session) -> None:
    event = events.record(session, "call_published", SubjectKind.CALL, uuid4(), by=None)
    session.flush()

    assert refused(session, "UPDATE event SET kind = 'other' WHERE id = :id", id=event.id)
    assert refused(session, "UPDATE event SET facts = '{}' WHERE id = :id", id=event.id)
    assert refused(session, "DELETE FROM event WHERE id = :id", id=event.id)
    assert refused(session, "TRUNCATE event CASCADE")
    assert session.get_one(Event, event.id).kind == "call_published"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("question", "'Another one?'"), ("options", "'[]'"), ("rule", "'{}'"), ("electorate", "'[]'"),
        ("frozen_hash", "repeat('0', 64)"), ("opens_at", "now()"), ("closes_at", "now() + interval '9 days'"),
        ("mission_id", "(SELECT m.id FROM mission m WHERE m.id <> decision.mission_id ORDER BY m.id LIMIT 1)"),
    ],
)  # fmt: skip
def test_what_notice_froze_never_changes(session: Session, world: World, column: str, value: str) -> None:
    decision: Decision = world.decisions[DecisionState.OPEN]

    assert refused(session, f"UPDATE decision SET {column} = {value} WHERE id = :id", id=decision.id)


def test_a_ballot_is_added_and_never_changed(session: Session, world: World) -> None:
    decision, seat = world.decisions[DecisionState.OPEN], world.records["seat_paula"]
    ballot = Ballot(decision_id=decision.id, seat_id=seat.id, version=1, choice=Choice.FOR, cast_at=now())
    session.add(ballot)
    session.flush()

    assert refused(session, "UPDATE ballot SET mark = '{}' WHERE id = :id", id=ballot.id)
    assert refused(session, "DELETE FROM ballot WHERE id = :id", id=ballot.id)
    columns = "decision_id, seat_id, version, mark, reason, criterion, cast_at"
    insert = (
        f"INSERT INTO ballot (id, {columns}) SELECT gen_random_uuid(), {columns} FROM ballot WHERE id = :id"
    )
    assert "one_ballot_per_seat_and_version" in refused(session, insert, id=ballot.id)


@pytest.mark.parametrize(
    ("wrong", "check"),
    [
        ("goal = baseline, direction = NULL", "an_indicator_has_something_to_change"),
        ("direction = 'down'", "a_goal_lies_where_its_direction_points"),
        ("due = baseline_at", "an_indicator_has_time"),
    ],
)
def test_an_indicator_fits_together(session: Session, world: World, wrong: str, check: str) -> None:
    mission = world.missions[DecisionState.OPEN]
    day = date(2026, 1, 1)
    whole = Indicator(
        mission_id=mission.id, direction=Direction.UP, baseline=Decimal(1), goal=Decimal(2),
        baseline_at=day, due=date(2030, 1, 1),
    )  # fmt: skip
    session.add(whole)
    session.flush()

    assert check in refused(session, f"UPDATE indicator SET {wrong} WHERE id = :id", id=whole.id)


def test_one_person_endorses_once(session: Session, world: World) -> None:
    insert = "INSERT INTO endorsement SELECT * FROM endorsement WHERE submission_id = :id"

    assert "endorsement_pkey" in refused(session, insert, id=world.submissions["visible"].id)
