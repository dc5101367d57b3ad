"""Two colleagues at one offer at the same time: one of them is told, and nothing is lost in silence."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, select

from app.errors import Refusal
from app.models.call import Call
from app.models.columns import now
from app.models.offer import OfferTerms
from app.models.statement import Statement
from app.rules.words import StatementKind
from app.services import offer_questions, offers_edit
from tests.offered import TERMS, make_offer
from tests.people import make_facilitator, make_organisation, make_person


def at_once(engine: Engine, *acts: Callable[[Session], Any]) -> list[str]:
    """What each act came to, all begun at the same instant in a transaction of its own."""
    barrier = Barrier(len(acts), timeout=30)

    def run(act: Callable[[Session], Any]) -> str:
        with Session(engine) as session:
            barrier.wait()
            try:
                act(session)
                session.commit()
            except Refusal as refusal:
                return type(refusal).__name__
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def staged(engine: Engine, *, to_come: bool = False) -> tuple[UUID, UUID, UUID]:
    """A call, a facilitator and a question that waits for its answer."""
    opening = {"opens_at": now() + timedelta(days=3)} if to_come else {}
    with Session(engine) as session:
        agency = make_organisation(session)
        made, carol = make_offer(session, agency, call=opening), make_facilitator(session, agency)
        asked = offer_questions.ask(session, made.call, make_person(session), "May two apply together?", "k")
        session.commit()
        return made.call.id, carol.id, asked.id


def test_a_question_is_answered_once(races: Engine) -> None:
    call_id, carol, question = staged(races)

    def answer(words: str) -> Callable[[Session], Any]:
        return lambda session: offer_questions.answer(
            session, session.get_one(Call, call_id), question, words, carol
        )

    came = at_once(races, answer("Yes."), answer("No."), answer("Perhaps."))

    assert came == ["AnsweredAlready", "AnsweredAlready", "done"]
    with Session(races) as session:
        assert len(session.exec(select(Statement).where(Statement.kind == StatementKind.ANSWER)).all()) == 1


def test_two_versions_of_the_terms_are_never_one_over_the_other(races: Engine) -> None:
    call_id, carol, _question = staged(races, to_come=True)

    def write(words: str) -> Callable[[Session], Any]:
        return lambda session: offers_edit.set_terms(
            session, session.get_one(Call, call_id), TERMS + words, 1, carol
        )

    came = at_once(races, write(" First."), write(" Second."))

    assert came == ["StaleOffer", "done"]
    with Session(races) as session:
        numbers = [
            each.number for each in session.exec(select(OfferTerms).where(OfferTerms.call_id == call_id))
        ]
    assert sorted(numbers) == [1, 2]
