"""Pledges: dated, checkable, beside what was delivered; one past its date without delivery is listed as such."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models.columns import now
from app.models.event import Event
from app.models.mission import Mission
from app.models.person import Person
from app.models.statement import Statement
from app.permissions import NotYours, Permission, SignInNeeded, demand
from app.rules.words import MissionState, StakeholderGroup
from app.services import missions_draft, pledges, replay, spoken
from app.services.pledges import DateNotAhead, DeliveredBefore, NoPledges, NotYet, Standing, standing
from app.viewer import VISITOR, Viewer
from tests.applied import make_applicant
from tests.people import make_person
from tests.services.drafted import make_scene

WORDS = "We put batteries into forty streets of the valley."
PROOF = "The register of the grid lists each battery with its street."
DAY = timedelta(days=1)


@pytest.fixture
def mission(session: Session) -> Mission:
    scene = make_scene(session)
    found = missions_draft.draft(session, scene.cluster, scene.carol.id)
    found.state, found.adopted_at = MissionState.ACTIVE, now()
    session.flush()
    return found


@pytest.fixture
def lead(session: Session) -> Person:
    return make_applicant(session)[1]


def made(
    session: Session, mission: Mission, lead: Person, due: date | None = None, key: str = "one"
) -> Statement:
    return pledges.make(session, mission, lead, WORDS, due or now().date() + 30 * DAY, PROOF, key)


TODAY = date(2030, 5, 1)


@pytest.mark.parametrize(("delivered", "today", "stands"), [
    (None, TODAY, Standing.PROMISED), (None, TODAY + DAY, Standing.NOT_KEPT), (TODAY, TODAY, Standing.KEPT),
    (TODAY + DAY, TODAY + DAY, Standing.KEPT_LATE), (TODAY, TODAY + 99 * DAY, Standing.KEPT),
])  # fmt: skip
def test_what_became_of_a_pledge_follows_from_its_dates(
    delivered: date | None, today: date, stands: Standing
) -> None:
    assert standing(TODAY, delivered, today) is stands


def test_an_unfulfilled_pledge_past_its_date_is_listed_as_such(
    session: Session, mission: Mission, lead: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DOMAIN's feature on picking the willing: nobody clicks anything, the day passes."""
    made(session, mission, lead)
    (before,) = pledges.listed(session, mission.id)

    later = now() + 31 * DAY
    monkeypatch.setattr(pledges, "now", lambda: later)
    (after,) = pledges.listed(session, mission.id)

    assert (before.standing, after.standing) == (Standing.PROMISED, Standing.NOT_KEPT)


def test_delivery_stands_beside_the_pledge_and_is_said_once(
    session: Session, mission: Mission, lead: Person
) -> None:
    said = made(session, mission, lead)
    today = now().date()

    pledges.deliver(session, mission, said.id, lead, today, "All forty are in the register.")

    (listed,) = pledges.listed(session, mission.id)
    assert listed.standing is Standing.KEPT
    assert listed.statement.group is StakeholderGroup.PRIVATE
    with pytest.raises(DeliveredBefore):
        pledges.deliver(session, mission, said.id, lead, today, "Once more, all of them.")
    kinds = session.exec(select(Event.kind).where(Event.subject_id == said.id).order_by(col(Event.id))).all()
    assert kinds == ["pledge_made", "pledge_delivered"]
    assert str(said.id) not in {each.id for each in replay.differences(session).differing}


def test_what_was_delivered_is_never_written_anew(session: Session, mission: Mission, lead: Person) -> None:
    done = pledges.deliver(
        session, mission, made(session, mission, lead).id, lead, now().date(), "They all stand."
    )

    done.evidence = "Others."
    with pytest.raises(DBAPIError), session.begin_nested():
        session.flush()


def test_only_the_organisation_itself_says_that_it_delivered(
    session: Session, mission: Mission, lead: Person
) -> None:
    said = made(session, mission, lead)
    _firm, rival = make_applicant(session, "Rival Works")
    unproved = make_person(session, "Unproved", organisation_id=lead.organisation_id, email_confirmed_at=None)

    for person in (rival, unproved, make_person(session, "Nobody")):
        with pytest.raises(NotFound):
            pledges.deliver(session, mission, said.id, person, now().date(), "We did it, believe us.")
    with pytest.raises(NotYet):
        pledges.deliver(session, mission, said.id, lead, now().date() + DAY, "It will be there tomorrow.")


def test_a_pledge_is_for_a_day_ahead_of_a_mission_that_is_not_over(
    session: Session, mission: Mission, lead: Person
) -> None:
    with pytest.raises(DateNotAhead):
        made(session, mission, lead, now().date())
    mission.state = MissionState.ACHIEVED
    with pytest.raises(NoPledges):
        made(session, mission, lead)


def test_the_same_form_twice_is_one_pledge(session: Session, mission: Mission, lead: Person) -> None:
    assert made(session, mission, lead).id == made(session, mission, lead).id


def test_a_withdrawn_pledge_leaves_its_date_and_no_words(
    session: Session, mission: Mission, lead: Person
) -> None:
    said = made(session, mission, lead)

    spoken.withdraw(session, said, lead.id)

    (listed,) = pledges.listed(session, mission.id)
    assert (listed.standing, listed.statement.text, listed.pledge.proof) == (Standing.WITHDRAWN, "", "")
    with pytest.raises(NotFound):
        pledges.deliver(session, mission, said.id, lead, now().date(), "We did it all the same.")


def test_who_speaks_for_no_organisation_cannot_pledge(
    session: Session, mission: Mission, lead: Person
) -> None:
    demand(session, Viewer(lead), Permission.PLEDGE, mission)
    with pytest.raises(SignInNeeded):
        demand(session, VISITOR, Permission.PLEDGE, mission)
    with pytest.raises(NotYours):
        demand(session, Viewer(make_person(session, "Alone")), Permission.PLEDGE, mission)
