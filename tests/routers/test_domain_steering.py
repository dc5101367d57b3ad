"""What steers a mission, as a reader meets it: features of the domain that a test can tell."""

import pytest
from sqlmodel import Session

from app.rules.words import (
    Instrument,
    MissionState,
    MoneyKind,
    MotionAct,
    ProjectVerdict,
    SubjectKind,
)
from app.services import projects, terms
from app.services.projects import End
from tests.client import Browser
from tests.people import make_organisation, make_person
from tests.services.chamber import make_chamber
from tests.services.funded import YEAR, Funded, make_funded
from tests.services.steering import moved, voted


@pytest.fixture
def funded(db: Session) -> Funded:
    terms.ensure_all(db)
    funded = make_funded(db)
    db.commit()
    return funded


def page(visitor: Browser, funded: Funded, rest: str) -> str:
    funded.session.commit()
    return visitor.open(f"/missions/{funded.mission.id}/{rest}").main.text


def test_an_organisation_endorses_a_mission_once(visitor: Browser, db: Session) -> None:
    """DOMAIN 17: counted per organisation, once; a colleague who says it again is rejected."""
    chamber = make_chamber(db)
    chamber.mission.state = MissionState.FRAMED
    union = make_organisation(db, "The neighbours' union")
    first, second = (make_person(db, name, organisation_id=union.id) for name in ("First", "Second"))
    db.commit()
    here = f"/missions/{chamber.mission.id}"
    visitor.sign_in(db, first)

    told = visitor.hand_in(visitor.open(here).form("/backing"))
    visitor.sign_in(db, second)

    assert "1 organisation, counted once." in told.main.text
    assert visitor.fill_in(f"{here}/backing").status_code == 409
    assert "1 organisation, counted once." in visitor.open(here).main.text


def test_a_single_agency_mission_is_flagged(visitor: Browser, funded: Funded) -> None:
    """DOMAIN 24: until another body funds or leads one of its projects."""
    assert "One agency does it all" in page(visitor, funded, "portfolio")

    other = make_organisation(funded.session, "Ministry of Water")
    funded.projects["Storage"].funder_organisation_id = other.id

    assert "One agency does it all" not in page(visitor, funded, "portfolio")


def test_a_mission_using_grants_only_is_flagged(visitor: Browser, funded: Funded) -> None:
    """DOMAIN 28: an institute or a standard among its projects takes the flag away."""
    for project in funded.projects.values():
        project.instrument = Instrument.GRANT
    assert "This mission uses grants only." in page(visitor, funded, "portfolio")

    funded.projects["Grids"].instrument = Instrument.STANDARD

    assert "This mission uses grants only." not in page(visitor, funded, "portfolio")


def test_failures_inside_the_declared_share_are_not_red(visitor: Browser, funded: Funded) -> None:
    """DOMAIN 37: 90 of 390 failed, a bit more than 23 of a hundred; the share is set by a vote, and by nothing else."""
    stopped = End(
        ProjectVerdict.REFUTED, "The grid did not take it.", "Ask who runs the grid before buying for it."
    )
    projects.stop(funded.session, funded.projects["Grids"], stopped, funded.chamber.chair.id)
    assert "The committee has not said yet" in page(visitor, funded, "portfolio")

    declare(funded, 20)
    assert "That is more than the share that may fail." in page(visitor, funded, "portfolio")

    declare(funded, 25)
    assert "That is inside the share that may fail." in page(visitor, funded, "portfolio")


def declare(funded: Funded, share: int) -> None:
    mission = funded.mission
    voted(
        funded.chamber,
        moved(funded.chamber, MotionAct.SET_RISK, SubjectKind.MISSION, mission.id, {"share": share}),
    )


def test_an_announcement_does_not_raise_the_committed_total(visitor: Browser, funded: Funded) -> None:
    """DOMAIN 41: on the page it stands in a column of its own, and patience stays what it was."""
    before = page(visitor, funded, "money")
    assert "390,000" in before

    funded.add_money("9000000", kind=MoneyKind.ANNOUNCED, year=YEAR + 5)

    after = page(visitor, funded, "money")
    assert "9,000,000" in after
    assert "390,000" in after
    assert "9,390,000" not in after
    for told in (before, after):
        assert "8% of what is committed is for a year more than three after the promise" in told
