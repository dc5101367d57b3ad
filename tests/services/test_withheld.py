"""Secret votes counted by group: told by group where that tells of nobody, and withheld everywhere where it would."""

import json
from fractions import Fraction
from typing import Any

import pytest
from sqlmodel import Session, select

from app.models.decision import Decision
from app.models.event import Event
from app.rules.suppression import TooFewVoters
from app.rules.words import Choice, DecisionKind
from app.services import (
    ballots_secret,
    decisions_count,
    decisions_pack,
    decisions_rule,
    decisions_show,
    decisions_withheld,
    events,
)
from tests.recount import cases
from tests.services import chamber as chambers
from tests.services.chamber import Chamber, make_chamber
from tests.services.signed import sign_by_two

recount = cases.load_recount()
TERMS = {"quorum": "1/2", "required": [], "weights": {}, "tie": {"measure": "none", "lot": ""}, "secret": True,
         "excused": []}  # fmt: skip


@pytest.fixture
def chamber(session: Session, monkeypatch: pytest.MonkeyPatch) -> Chamber:
    """Five groups of five seats each."""
    monkeypatch.setattr(chambers, "SEATS", dict.fromkeys(chambers.SEATS, 5))
    chamber = make_chamber(session)
    chamber.committee.composition = {
        group: {**each, "max": 5} for group, each in chamber.committee.composition.items()
    }
    session.flush()
    return chamber


def voted(chamber: Chamber, session: Session, against: dict[str, int]) -> Decision:
    """A secret vote by group majority; of each group so many are against, or stay away where it is negative."""
    decision = chamber.put()
    decision.terms = TERMS
    session.flush()
    chamber.notice(opens_in=-1)
    assert decision.rule["name"] == "group_majority"
    for number, (name, person) in enumerate(chamber.members.items()):
        group, place = name.split()
        many = against.get(group, 1)
        if many < 0 and int(place) <= -many:
            continue
        choice = Choice.AGAINST if int(place) <= many else Choice.FOR
        ballots_secret.cast(session, decision, person.id, {"choice": choice.value}, f"{number:032x}")
    decisions_count.close(session, decision, None, at=decision.closes_at)
    events.seal(session, 1000)
    return decision


def test_groups_of_several_minds_are_told(chamber: Chamber, session: Session) -> None:
    decision = voted(chamber, session, {})

    assert not decisions_withheld.is_withheld(decision)
    assert decision.outcome == "carried"
    assert {row["for"] for row in decision.result["figures"]["groups"]} == {4}
    report = recount.recount(decisions_pack.files(session, decision))
    assert report.wrong == []
    assert any("byte for byte" in each for each in report.right)


@pytest.mark.parametrize(
    "against", [{"third": 0}, {"citizens": -1}, {"academia": 5}, {"public": -2, "private": 0}]
)
def test_a_group_of_one_mind_or_of_four_voters_hides_all_groups(
    chamber: Chamber, session: Session, against: dict[str, int]
) -> None:
    decision = voted(chamber, session, against)

    assert decisions_withheld.is_withheld(decision)
    assert decision.result["figures"] == {}
    found = decisions_pack.files(session, decision)
    report = recount.recount(found)
    assert report.wrong == []
    marks = [each["mark"]["choice"] for each in json.loads(found["ballots.json"])]
    decided = marks.count("for") + marks.count("against")
    follows = Fraction(marks.count("for"), decided) < Fraction(decision.rule["overall"])
    left = [each for each in report.notes if "Not counted again: whether each group agreed." in each]
    assert bool(left) is not follows
    assert any("All ballots together were counted again" in each for each in report.right)
    turned = recount.canonical({**decision.result, "state": "tied"})
    assert (
        "the result does not fit all ballots together"
        in recount.recount({**found, "result.json": turned}).wrong
    )
    assert {each["group"] for each in json.loads(found["ballots.json"])} == {""}
    told = session.exec(select(Event).where(Event.kind == "decision_counted")).one()
    assert told.facts["result"]["figures"] == {}
    result = decisions_show.result(session, decision)
    assert result
    assert result.picture.template.endswith("_withheld.html")
    assert any("no group's line" in each.english for each in result.steps)
    sign_by_two(session, decision)


def test_what_is_withheld_does_not_follow_from_hashes(chamber: Chamber, session: Session) -> None:
    """Whoever tries every way to give the ballots groups finds none that the fingerprint of the ballots tells apart."""
    decision = voted(chamber, session, {"third": 0})
    stored = decisions_withheld.in_the_box(session, decision)
    named = ballots_secret.commitment(decision.id, stored)

    assert decision.ballots_hash == ballots_secret.commitment(decision.id, stored, withheld=True) != named


def test_a_secret_vote_of_four_is_refused(chamber: Chamber, session: Session, monkeypatch: Any) -> None:
    decision = chamber.put()
    decision.rule, decision.terms = {"name": "supermajority", "version": 1, "share": "2/3"}, TERMS
    decision.options = [{"id": "adopt", "title": "It", "snapshot": ""}]
    decision.kind = DecisionKind.ADOPT
    decision.electorate = [{}] * 4

    with pytest.raises(TooFewVoters):
        decisions_rule.require_countable(decision)
