"""Two acts on one application at the same instant: each is done once, or the other is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, func
from sqlmodel import Session, select

from app.errors import Refusal
from app.models.application import Application
from app.models.call import Call
from app.models.columns import now
from app.models.notification import Notification
from app.models.panel import InterviewNote, Judgement, PanelReview, panel_reviews_of
from app.permissions import Permission
from app.rules.words import (
    ApplicationState,
    CallState,
    Grade,
    InterestEffect,
    InterestKind,
)
from app.services import (
    interests_items,
    panel,
    panel_asking,
    panel_reviews,
    replay,
)
from app.services.interests_items import Said
from tests.judged import Judged, answers, make_judged

P, A, C, G = Permission, ApplicationState, CallState, Grade
ORIGIN = "https://comission.example"


@pytest.fixture
def judged(session: Session) -> Judged:
    return make_judged(session)


def differing(session: Session) -> list[str]:
    return [
        each.id
        for each in replay.differences(session).differing
        if each.noun in ("application", "panel_review")
    ]


def at_once(engine: Engine, acts: list[Any]) -> list[str]:
    """Each act in a session of its own, all at the same instant; what each was refused with."""
    barrier = Barrier(len(acts))

    def one(act: Any) -> str:
        with Session(engine, expire_on_commit=False) as session:
            barrier.wait(10)
            try:
                act(session)
                session.commit()
            except Refusal as refusal:
                return type(refusal).__name__
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def filing(review: UUID, by: UUID) -> Any:
    return lambda session: panel_reviews.file(session, session.get_one(PanelReview, review), answers(), 1, by)


def test_the_last_two_reviews_at_once_open_them_once(races: Engine) -> None:
    with Session(races, expire_on_commit=False) as session:
        judged = make_judged(session, 1).in_review()
        reviews = judged.asked()
        judged.file(reviews[0])
        session.commit()

    told = at_once(
        races, [filing(each.id, by.id) for each, by in zip(reviews[1:], judged.members[1:3], strict=True)]
    )

    assert told == ["", ""]
    with Session(races) as session:
        assert session.get_one(Application, judged.first.id).reviews_opened_at is not None
        query = select(func.count()).where(Notification.kind == "panel_opened")
        assert session.exec(query).one() == 3


def test_two_who_ask_the_same_seat_at_once_ask_it_once(races: Engine) -> None:
    with Session(races, expire_on_commit=False) as session:
        judged = make_judged(session, 1).in_review()
        session.commit()
    pair, due = [(judged.first.id, judged.seats[0].id)], now() + timedelta(days=3)

    def act(session: Session) -> None:
        panel_asking.ask(
            session, session.get_one(Call, judged.offered.call.id), pair, due, judged.offered.carol.id
        )

    assert sorted(at_once(races, [act, act])) == ["", "CannotBeAsked"]
    with Session(races) as session:
        assert len(panel_reviews_of(session, [judged.first.id])) == 1


def test_an_interest_and_a_review_at_once_leave_no_review_that_counts(races: Engine) -> None:
    with Session(races, expire_on_commit=False) as session:
        judged = make_judged(session, 1).in_review()
        review = next(each for each in judged.asked() if each.seat_id == judged.seats[0].id)
        session.commit()
    ada = judged.members[0].id

    def aside(session: Session) -> None:
        said = Said(InterestKind.MONEY, "A loan.", InterestEffect.RECUSE)
        interests_items.say(session, session.get_one(Application, judged.first.id), ada, said)

    told = at_once(races, [filing(review.id, ada), aside])

    assert told in (["", ""], ["NotTheirsToReview", ""])
    with Session(races) as session:
        application = session.get_one(Application, judged.first.id)
        standing = panel_reviews.standing(session, judged.offered.offer, [application])[application.id]
        assert standing.counted == ()


def test_two_who_decide_at_once_decide_once(races: Engine) -> None:
    with Session(races, expire_on_commit=False) as session:
        judged = make_judged(session, 1).in_review()
        judged.asked()
        judged.filed()
        session.commit()

    def deciding(after: A) -> Any:
        return lambda session: panel.decide(
            session, session.get_one(Application, judged.first.id), after, "We saw it so.", judged.chair.id
        )

    assert sorted(at_once(races, [deciding(A.SHORTLISTED), deciding(A.DECLINED)])) == ["", "MoveForbidden"]
    with Session(races) as session:
        assert len(session.exec(select(Judgement).where(Judgement.after != A.IN_REVIEW)).all()) == 1
        assert session.exec(select(InterviewNote)).all() == []
