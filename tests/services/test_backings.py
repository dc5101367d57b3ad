"""Organisations behind a mission: counted once, whoever says so."""

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.models.backing import Backing, backers_of
from app.models.columns import now
from app.rules.words import MissionState
from app.services import backings
from app.services.backings import BackedAlready, NotBacked, NothingToBack, SpeaksForNobody
from tests.people import make_organisation, make_person
from tests.services.chamber import Chamber
from tests.services.steering import make_active


@pytest.fixture
def chamber(session: Session) -> Chamber:
    return make_active(session)


def test_an_organisation_endorses_once(chamber: Chamber, session: Session) -> None:
    """DOMAIN 17: endorsements are counted per organisation; a second one, of a colleague too, is rejected."""
    union = make_organisation(session, "The neighbours' union")
    first = make_person(session, "First", organisation_id=union.id)
    second = make_person(session, "Second", organisation_id=union.id)
    backings.back(session, chamber.mission, first)

    for person in (first, second):
        with pytest.raises(BackedAlready):
            backings.back(session, chamber.mission, person)

    assert backers_of(session, chamber.mission.id) == [union]
    twice = insert(Backing).values(
        mission_id=chamber.mission.id, organisation_id=union.id, by_id=second.id, created_at=now()
    )
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(twice)


def test_a_colleague_may_take_it_back(chamber: Chamber, session: Session) -> None:
    union = make_organisation(session, "The neighbours' union")
    backings.back(session, chamber.mission, make_person(session, "First", organisation_id=union.id))

    second = make_person(session, "Second", organisation_id=union.id)
    backings.take_back(session, chamber.mission, second)

    assert backers_of(session, chamber.mission.id) == []
    with pytest.raises(NotBacked):
        backings.take_back(session, chamber.mission, second)


def test_who_speaks_for_nobody_backs_nothing_and_what_is_over_is_not_backed(
    chamber: Chamber, session: Session
) -> None:
    with pytest.raises(SpeaksForNobody):
        backings.back(session, chamber.mission, make_person(session, "Alone"))
    union = make_organisation(session, "The neighbours' union")
    chamber.mission.state, chamber.mission.outcome_reason = MissionState.REJECTED, "It was voted down"
    session.flush()

    with pytest.raises(NothingToBack):
        backings.back(session, chamber.mission, make_person(session, "First", organisation_id=union.id))
