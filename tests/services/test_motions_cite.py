"""A motion rests on a what-if run by its hash: as long as the run comes to that, and the vote is bound to it."""

from dataclasses import replace

import pytest
from alembic import command
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from app import schema
from app.models.event import Event
from app.models.motion import Motion
from app.rules.words import DecisionKind, MotionAct, SubjectKind
from app.services import decisions_draft, motions_make, what_if
from app.services.decisions_draft import Asked
from app.services.decisions_rule import RuleChoice
from app.services.portfolio_votes import of_mission
from app.services.what_if import Cited, RunHasChanged
from tests.services.funded import YEAR, Funded, make_funded
from tests.services.steering import QUESTION, REASON


@pytest.fixture
def funded(session: Session) -> Funded:
    return make_funded(session)


def run_of(funded: Funded, percent: int = 30) -> Cited:
    chosen = of_mission(funded.session, funded.mission.id)[0]
    found = what_if.run(funded.session, funded.mission, chosen, YEAR, percent)
    return Cited(YEAR, percent, str(chosen.decision.id), found.hash)


def pause(funded: Funded, cites: Cited | None) -> Motion:
    return motions_make.make(
        funded.session, funded.mission, MotionAct.PAUSE, SubjectKind.MISSION, funded.mission.id, {}, REASON,
        funded.chamber.chair.id, cites,
    )  # fmt: skip


def draft(funded: Funded, motion: Motion) -> dict[str, object]:
    asked = Asked(QUESTION, RuleChoice(), motion=motion.id)
    decision = decisions_draft.draft(
        funded.session, funded.chamber.committee, DecisionKind.STEER, asked, funded.chamber.chair.id
    )
    return decision.options[0]


def test_the_vote_is_about_the_motion_with_the_run_it_cites(funded: Funded) -> None:
    cites = run_of(funded)

    motion = pause(funded, cites)

    assert motion.cites == {"year": YEAR, "percent": 30, "vote": cites.vote, "hash": cites.hash}
    assert draft(funded, motion)["cites"] == cites.hash
    told = funded.session.exec(select(Event).where(Event.kind == "motion_made")).one()
    assert told.facts["cites"] == cites.hash


def test_a_motion_that_cites_nothing_says_nothing_of_it(funded: Funded) -> None:
    motion = pause(funded, None)

    assert motion.cites == {}
    assert "cites" not in draft(funded, motion)


@pytest.mark.parametrize(
    "wrong", [{"hash": "0" * 64}, {"percent": 31}, {"year": YEAR + 4}, {"vote": "no such vote"}]
)
def test_what_the_run_does_not_come_to_is_not_cited(funded: Funded, wrong: dict[str, object]) -> None:
    with pytest.raises(RunHasChanged):
        pause(funded, replace(run_of(funded), **wrong))  # type: ignore[arg-type]


def test_nobody_cites_figures_of_yesterday(funded: Funded) -> None:
    cites = run_of(funded)
    funded.add_money("1", "Grids")

    with pytest.raises(RunHasChanged):
        pause(funded, cites)


def test_the_database_keeps_what_was_cited(funded: Funded) -> None:
    pause(funded, run_of(funded))

    with pytest.raises(DBAPIError), funded.session.begin_nested():
        funded.session.execute(text("UPDATE motion SET cites = '{}'"))


def test_an_earlier_version_takes_back_no_motion_that_cites_a_run(spare: Engine) -> None:
    schema.migrate(spare)
    with Session(spare) as session:
        funded = make_funded(session)
        pause(funded, run_of(funded))
        session.commit()

    with pytest.raises(RuntimeError, match="cite a what-if run"), spare.begin() as connection:
        command.downgrade(schema.alembic_config(connection), "0034")

    with spare.connect() as connection:
        assert schema.is_current(connection)
