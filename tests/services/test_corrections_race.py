"""Two facilitators at once: what contradicts is refused as if they had come one after the other."""

from collections.abc import Callable
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.errors import Conflict
from app.models.call import Call
from app.models.correction import Correction, standing_corrections
from app.models.grouping import accepted_grouping
from app.models.person import Person
from app.models.placement import Placement
from app.services import (
    corrections_alike,
    corrections_keep,
    corrections_truth,
    corrections_undo,
    corrections_voices,
)
from app.services.corrections_told import Contradicts
from tests.services.test_corrections import Bench
from tests.services.test_one_of_each import at_once

ROUNDS = 4
Pair = tuple[Callable[[Session, Call, dict[UUID, UUID | None], UUID], object], ...]


def together(session: Session, call: Call, seen: dict[UUID, UUID | None], by: UUID) -> object:
    return corrections_keep.keep_together(session, call, seen, by)


def apart(session: Session, call: Call, seen: dict[UUID, UUID | None], by: UUID) -> object:
    return corrections_keep.keep_apart(session, call, seen, by)


def out(session: Session, call: Call, seen: dict[UUID, UUID | None], by: UUID) -> object:
    return corrections_voices.set_apart(
        session, call, dict([next(iter(seen.items()))]), "Off the question.", by
    )


class Rivals:
    """A committed bench, and acts that meet at a barrier before either of them reads."""

    def __init__(self, db: Session, engine: Engine) -> None:
        self.bench, self.engine, self.db = Bench(db), engine, db
        self.other: Person = self.bench.carol
        db.commit()

    def race(self, acts: Pair, voices: list[UUID]) -> list[Exception]:
        turns, call, by = list(acts), self.bench.call.id, self.bench.carol.id

        def act(session: Session, barrier: Barrier) -> None:
            mine = turns.pop()
            grouping = accepted_grouping(session, call)
            assert grouping is not None
            query = select(Placement).where(Placement.grouping_id == grouping.id)
            places = {one.submission_id: one.cluster_id for one in session.exec(query)}
            barrier.wait()
            mine(session, session.get_one(Call, call), {key: places[key] for key in voices}, by)

        problems = at_once(self.engine, act)
        self.db.expire_all()
        return problems

    def standing(self) -> list[Correction]:
        return standing_corrections(self.db, self.bench.call.id)

    def clear(self) -> None:
        for one in reversed(self.standing()):
            corrections_undo.undo(self.db, one, self.bench.carol.id)
        self.db.commit()


@pytest.fixture
def rivals(db: Session, clean: Engine) -> Rivals:
    return Rivals(db, clean)


@pytest.mark.parametrize(
    "acts", [(together, apart), (together, out)], ids=["together or apart", "together or out"]
)
def test_of_two_that_contradict_at_once_one_stands(rivals: Rivals, acts: Pair) -> None:
    for _round in range(ROUNDS):
        problems = rivals.race(acts, rivals.bench.themes["water"][:2])

        assert len(rivals.standing()) == 1
        assert [isinstance(problem, Conflict) for problem in problems] == [True]
        for problem in problems:
            if isinstance(problem, Contradicts):
                assert problem.older == rivals.standing()[0].id
        holding = corrections_truth.holding(rivals.db, rivals.bench.grouping)
        assert holding == {one.id for one in rivals.standing()}
        rivals.clear()


def test_the_same_offer_taken_by_two_is_one_correction(rivals: Rivals) -> None:
    first, second = rivals.bench.themes["water"][:2]
    made = corrections_voices.move(
        rivals.db,
        rivals.bench.call,
        rivals.bench.seen(first),
        rivals.bench.of("buses"),
        rivals.bench.carol.id,
    )
    rivals.db.commit()

    def same(session: Session, call: Call, seen: dict[UUID, UUID | None], by: UUID) -> object:
        return corrections_alike.do_the_same(session, call, session.get_one(Correction, made.id), seen, by)

    problems = rivals.race((same, same), [second])

    assert [isinstance(problem, Conflict) for problem in problems] == [True]
    assert len(rivals.standing()) == 2


def test_offers_dismissed_by_two_at_once_are_all_remembered(rivals: Rivals) -> None:
    water = rivals.bench.themes["water"]
    made = corrections_voices.move(
        rivals.db,
        rivals.bench.call,
        rivals.bench.seen(water[0]),
        rivals.bench.of("buses"),
        rivals.bench.carol.id,
    )
    rivals.db.commit()
    voices = [water[1], water[2]]

    def dismiss(session: Session, barrier: Barrier) -> None:
        mine = voices.pop()
        barrier.wait()
        correction = session.get_one(Correction, made.id)
        corrections_alike.dismiss(session, correction, [mine], rivals.bench.carol.id)

    assert at_once(rivals.engine, dismiss) == []

    rivals.db.expire_all()
    assert set(rivals.standing()[0].dismissed) == {str(water[1]), str(water[2])}
