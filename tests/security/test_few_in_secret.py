"""A secret vote with few ballots tells nobody's: not on the page, in the pack or in the log."""

import json
import secrets

import pytest
from sqlmodel import Session, select

from app.models.ballot import BoxedBallot
from app.models.count_run import CountRun
from app.models.decision import Decision
from app.models.event import Event
from app.rules.words import DecisionState
from app.services import (
    ballots_secret,
    decisions_certify,
    decisions_count,
    decisions_pack,
    decisions_show,
    decisions_withheld,
    events,
    minutes,
)
from tests.recount import cases
from tests.services.chamber import Chamber, make_chamber
from tests.services.chamber_votes import STAGED, Staged, choice, notice
from tests.services.signed import sign_by_two

recount = cases.load_recount()


@pytest.fixture
def chamber(session: Session) -> Chamber:
    return make_chamber(session)


def voted(chamber: Chamber, staged: Staged, names: list[str]) -> Decision:
    decision = notice(chamber, staged.secretly())
    for name in names:
        mark = next(each for each in staged.marks if each is not None)
        person = chamber.members[name]
        ballots_secret.cast(chamber.session, decision, person.id, mark, secrets.token_hex(16))
    decisions_count.close(chamber.session, decision, None, at=decision.closes_at)
    events.seal(chamber.session, 1000)
    return decision


@pytest.mark.parametrize("kind", ["supermajority", "schulze clear", "approval"])
@pytest.mark.parametrize("many", [0, 1, 4])
def test_what_four_or_fewer_said_is_nowhere(chamber: Chamber, session: Session, kind: str, many: int) -> None:
    staged = Staged("supermajority", choice("FFFFFFFFF")) if kind == "supermajority" else STAGED[kind]
    staged = Staged(**{**staged.__dict__, "settings": {**staged.settings}})
    if kind == "supermajority":
        staged = Staged(**{**staged.__dict__, "titles": ("It",)})
    if kind == "approval":
        staged = Staged(**{**staged.__dict__, "settings": {"seats": 2}})
    decision = voted(chamber, staged, list(chamber.members)[:many])

    assert decision.state is DecisionState.INQUORATE
    assert decision.result["figures"] == {}
    assert session.exec(select(BoxedBallot)).all() == []
    found = decisions_pack.files(session, decision)
    assert json.loads(found["ballots.json"]) == []
    assert found["receipts.txt"] == b""
    assert b"option-" not in found["vote.csv"].split(b"\n", 1)[1]
    told = session.exec(select(Event).where(Event.kind == "decision_counted")).one()
    assert told.facts["result"]["figures"] == {}
    result = decisions_show.result(session, decision)
    assert result
    assert result.ballots == []
    assert any("fewer than five" in each.english for each in result.steps)
    assert minutes.of(session, decision).voted == many
    report = recount.recount(found)
    assert report.wrong == []
    assert any("byte for byte" in each for each in report.right)
    assert decisions_withheld.still_adds_up(session, decision)
    sign_by_two(session, decision)
    decisions_certify.certify(session, decision, "Too few came.", chamber.secretary.id)


@pytest.mark.parametrize(("many", "is_kept"), [(1, False), (4, False), (5, True)])
def test_what_other_rules_would_choose_from_few_ballots_is_not_kept(
    chamber: Chamber, session: Session, many: int, is_kept: bool
) -> None:
    decision = voted(chamber, STAGED["greedy"], list(chamber.members)[:many])

    assert (session.get(CountRun, decision.id) is not None) is is_kept


def test_five_are_counted_and_published(chamber: Chamber, session: Session) -> None:
    staged = Staged(**{**STAGED["supermajority"].__dict__, "marks": choice("FFFFFFFFF")})
    decision = voted(chamber, staged, list(chamber.members)[:5])

    assert decision.result["figures"] != {}
    assert len(json.loads(decisions_pack.files(session, decision)["ballots.json"])) == 5


def test_a_pack_that_publishes_one_of_few_ballots_is_wrong(chamber: Chamber, session: Session) -> None:
    staged = Staged(**{**STAGED["supermajority"].__dict__, "marks": choice("FFFFFFFFF")})
    decision = voted(chamber, staged, list(chamber.members)[:5])
    found = decisions_pack.files(session, decision)
    counted = json.loads(found["count.json"])
    counted["voted"] = counted["voted"][:1]
    found["count.json"] = recount.canonical(counted)

    assert recount.recount(found).wrong != []
