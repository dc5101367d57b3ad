"""Facilitators are told within a minute that a question can be grouped, by whatever process runs jobs."""

from sqlalchemy import Engine
from sqlmodel import Session

from app.rules.words import CallState
from tests.factories import make_call
from tests.jobs.conftest import Count, Start
from tests.jobs.errands import until
from tests.people import make_facilitator, make_organisation
from tests.services.voices import make_themes


def test_a_facilitator_is_told_of_ten_voices(clean: Engine, start: Start, count: Count) -> None:
    with Session(clean) as session, session.begin():
        agency = make_organisation(session)
        make_facilitator(session, agency)
        make_themes(session, make_call(session, agency, state=CallState.SENSEMAKING))

    start()

    until(lambda: count("notification WHERE kind = 'grouping_offered_first'") == 1)
    assert count("grouping") == 0
