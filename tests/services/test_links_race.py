"""Two stewards close a circle from both ends at the same instant: one link stands, and two without the lock."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, func, select

from app.models.link import Link
from app.models.mission import Mission
from app.rules.words import LinkKind
from app.services import links_show, missions_links
from app.services.missions_links import LinkText
from tests.conftest import empty
from tests.services.linked import ASSUMPTION, key, make_portfolio
from tests.services.racing import Act, carry_out, meeting, together, waiting

NO_LOCK = "PERFORM pg_advisory_xact_lock(hashtext('dependence_has_no_circle'));"


def closed_from_both_ends(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], int]:
    """What became of A → B and B → A, of two missions, so that neither holds a row that the other wants."""
    with Session(engine, expire_on_commit=False) as session:
        portfolio = make_portfolio(session)
        session.commit()
    here, there = key(portfolio.projects["roofs"]), key(portfolio.abroad)

    def link(mission_id: UUID, near: missions_links.Key, far: missions_links.Key) -> Act:
        return lambda session, _decision: missions_links.add(
            session, session.get_one(Mission, mission_id), LinkKind.DEPENDS_ON, near, far, LinkText(ASSUMPTION),
            portfolio.steward,
        )  # fmt: skip

    with monkeypatch.context() as patch:
        # Both have looked for a circle before either writes, and both have written before either commits.
        read = waiting(links_show.path_of_dependence, Barrier(2, timeout=60))
        patch.setattr(links_show, "path_of_dependence", read)
        patch.setattr(missions_links, "tell", meeting(missions_links.tell, Barrier(2)))
        answers = together(
            engine,
            portfolio.chamber,
            [link(portfolio.mission.id, here, there), link(portfolio.other.id, there, here)],
        )
    with Session(engine) as session:
        stand = session.exec(
            select(func.count()).select_from(Link).where(Link.kind == LinkKind.DEPENDS_ON)
        ).one()
    return sorted(answers), stand


@contextmanager
def guarded_by(engine: Engine, before: str, after: str) -> Iterator[None]:
    """The trigger's function with something else in it, and put back as it was."""
    with engine.connect() as connection:
        query = "SELECT pg_get_functiondef('dependence_has_no_circle'::regproc)"
        written = connection.execute(text(query)).scalar_one()
    assert before in written
    carry_out(engine, [written.replace(before, after)])
    try:
        yield
    finally:
        empty(engine)
        carry_out(engine, [written])


def test_of_two_that_close_a_circle_one_stands(races: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert closed_from_both_ends(races, monkeypatch) == (["CircleOfDependence", "done"], 1)


def test_without_the_lock_both_would(races: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with guarded_by(races, NO_LOCK, ""):
        assert closed_from_both_ends(races, monkeypatch) == (["done", "done"], 2)


def test_and_without_the_trigger_too(races: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with guarded_by(races, "IF EXISTS (", "IF FALSE AND EXISTS ("):
        assert closed_from_both_ends(races, monkeypatch) == (["done", "done"], 2)
