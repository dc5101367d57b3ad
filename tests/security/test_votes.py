"""A vote holds nobody for years, its page costs little whoever reads it, and names do not decide what is told."""

from datetime import timedelta
from fractions import Fraction
from time import process_time

import pytest
from sqlmodel import Session

from app.models.columns import now
from app.rules import decisions as rules
from app.rules.decisions import DecisionTimes, EndsTooLate
from app.rules.words import Choice, DecisionKind
from app.services import challenges, decisions_certify, decisions_count, minutes
from tests.services.chamber import Chamber, make_chamber
from tests.services.chamber_votes import Staged, ranked, stage
from tests.services.signed import sign_by_two


@pytest.fixture
def chamber(session: Session) -> Chamber:
    return make_chamber(session)


@pytest.mark.parametrize(("days", "possible"), [(365, True), (367, False), (3_000_000, False)])
def test_no_vote_ends_years_later(days: int, possible: bool) -> None:
    """Its seats could not be ended, and its missions not be edited, until then; and nothing takes it back."""
    at = now()
    ends = min(days, 2_900_000)
    times = DecisionTimes(at, at + timedelta(days=ends))
    if possible:
        rules.require_times(times, at)
        return
    with pytest.raises(EndsTooLate):
        rules.require_times(times, at)


def test_a_challenge_does_not_make_a_page_recount_two_hundred_options_a_thousand_times(
    chamber: Chamber, session: Session
) -> None:
    """Everyone may read the page, without an account."""
    titles = tuple(f"Option {number}" for number in range(1, 121))
    decision = stage(
        chamber,
        Staged("stv", ranked(*["1 2 3"] * 9), settings={"seats": 3}, titles=titles, kind=DecisionKind.ELECT),
    )
    sign_by_two(session, decision)
    decisions_certify.certify(session, decision, "Everyone was heard.", chamber.secretary.id)
    challenges.file(session, decision, chamber.members["third 1"].id, "Somebody was not let in.", 3)

    began = process_time()
    shown = challenges.shown(session, decision)

    assert process_time() - began < 1
    assert shown.is_material is None


def test_whether_a_challenge_matters_is_worked_out_once(
    chamber: Chamber, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    decision = stage(
        chamber, Staged("approval", [{"approved": ["option-1"]}] * 9, settings={"share": Fraction(1, 2)})
    )
    sign_by_two(session, decision)
    decisions_certify.certify(session, decision, "Everyone was heard.", chamber.secretary.id)
    challenges.file(session, decision, chamber.members["third 1"].id, "Somebody was not let in.", 3)
    first = challenges.shown(session, decision).is_material
    monkeypatch.setattr(challenges.ruling, "counted", lambda *_given: pytest.fail("counted again"))

    assert challenges.shown(session, decision).is_material is first


def test_minutes_tell_two_of_one_name_apart(chamber: Chamber, session: Session) -> None:
    """A name is whatever somebody calls themselves: who did not vote is not told to have voted because of it."""
    chamber.members["citizens 2"].name = chamber.members["citizens 1"].name
    decision = chamber.notice()
    chamber.cast("citizens 1", Choice.FOR)
    decisions_count.close(session, decision, None, at=decision.closes_at)

    told = {each.elector.seat_id: each.took_part for each in minutes.of(session, decision).seats}

    assert told[chamber.seats["citizens 1"].id] is True
    assert told[chamber.seats["citizens 2"].id] is False
