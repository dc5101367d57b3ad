"""Two signatures before certification, challenges after it, and votes that take each other's place."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session

from app.models.closing import ClosingSignature, challenges_of, signers, superseded_by, supersedes
from app.models.columns import now, telling
from app.models.decision import Decision
from app.rules import challenges as rules
from app.rules.challenges import ChallengeWaits, CoolingOff, NothingChanged, TooLate
from app.rules.phases import PhaseForbids
from app.rules.words import Choice, DecisionState, InterestEffect, InterestKind, MissionState
from app.services import (
    challenges,
    closing,
    decisions_certify,
    decisions_count,
    revotes,
    signatures,
)
from app.services.closing import (
    GroupSignedAlready,
    MayNotSign,
    NotSignedByTwo,
    OfficeConcerned,
    ResultChanged,
)
from tests.people import make_facilitator, make_organisation
from tests.services.chamber import Chamber, make_chamber
from tests.services.declared import declare
from tests.services.signed import sign_by_two

D, M = DecisionState, MissionState
REASONS = "Everyone who spoke was heard."


@pytest.fixture
def chamber(session: Session) -> Chamber:
    chamber = make_chamber(session)
    chamber.notice(opens_in=-1)
    return chamber


def decision_of(chamber: Chamber) -> Decision:
    assert chamber.decision
    return chamber.decision


def counted(chamber: Chamber, choice: Choice = Choice.FOR, **others: Choice) -> Decision:
    chamber.cast_all(choice, **others)
    decisions_count.close(chamber.session, decision_of(chamber), chamber.chair.id)
    return decision_of(chamber)


def sign(chamber: Chamber, name: str, remark: str = "") -> ClosingSignature:
    decision = decision_of(chamber)
    seen = signatures.result_hash(decision)
    return closing.sign(chamber.session, decision, chamber.members[name].id, seen, remark)


def certified(chamber: Chamber, choice: Choice = Choice.FOR) -> Decision:
    decision = counted(chamber, choice)
    sign_by_two(chamber.session, decision)
    decisions_certify.certify(chamber.session, decision, REASONS, chamber.secretary.id)
    return decision


def test_two_groups_sign_and_then_it_is_certified(chamber: Chamber, session: Session) -> None:
    decision = counted(chamber)
    with pytest.raises(NotSignedByTwo, match="Missing: 2"):
        decisions_certify.certify(session, decision, REASONS, chamber.secretary.id)
    sign(chamber, "citizens 1", "One member joined by telephone.")
    with pytest.raises(NotSignedByTwo, match="Missing: 1"):
        decisions_certify.certify(session, decision, REASONS, chamber.secretary.id)
    sign(chamber, "third 2")

    decisions_certify.certify(session, decision, REASONS, chamber.secretary.id)

    assert decision.state is D.CERTIFIED
    found = signers(session, decision.id)
    assert [(each.place, each.group.value) for each in found] == [(1, "citizens"), (2, "third")]
    assert {each.result_hash for each in found} == {signatures.result_hash(decision)}


def test_one_group_signs_once(chamber: Chamber) -> None:
    counted(chamber)
    sign(chamber, "citizens 1")

    for name in ("citizens 1", "citizens 2"):
        with pytest.raises(GroupSignedAlready):
            sign(chamber, name)


def test_a_third_signature_is_not_taken(chamber: Chamber) -> None:
    counted(chamber)
    sign(chamber, "citizens 1")
    sign(chamber, "third 1")

    with pytest.raises(GroupSignedAlready):
        sign(chamber, "academia 1")


def test_whoever_declared_an_interest_or_cannot_vote_does_not_sign(
    chamber: Chamber, session: Session
) -> None:
    decision = decision_of(chamber)
    for name, effect in {"citizens 1": InterestEffect.DISCLOSE, "third 1": InterestEffect.RECUSE}.items():
        person = chamber.members[name]
        declare(session, decision, person.id, InterestKind.MONEY, "I sell panels.", effect)
    for name in chamber.members:
        if name != "third 1":
            chamber.cast(name, Choice.FOR)
    decisions_count.close(session, decision, chamber.chair.id)

    for name in ("citizens 1", "third 1"):
        with pytest.raises(MayNotSign):
            sign(chamber, name)
    for person in (chamber.chair, chamber.secretary):
        with pytest.raises(MayNotSign):
            closing.sign(session, decision, person.id, signatures.result_hash(decision))
    sign(chamber, "citizens 2")


def test_the_secretary_with_an_interest_does_not_certify(chamber: Chamber, session: Session) -> None:
    from app.models.committee import Interest
    from app.models.seat import live_seats_of
    from app.rules.words import SubjectKind

    decision = counted(chamber)
    sign_by_two(session, decision)
    (seat,) = live_seats_of(session, chamber.secretary.id)
    session.add(Interest(
        seat_id=seat.id, subject_kind=SubjectKind.MISSION, subject_id=chamber.mission.id, kind=InterestKind.FAMILY
    ))  # fmt: skip
    session.flush()

    with pytest.raises(OfficeConcerned):
        decisions_certify.certify(session, decision, REASONS, chamber.secretary.id)


def test_only_what_was_shown_is_signed_and_only_while_it_is_counted(
    chamber: Chamber, session: Session
) -> None:
    decision, person = decision_of(chamber), chamber.members["citizens 1"]
    with pytest.raises(PhaseForbids):
        closing.sign(session, decision, person.id, "")
    counted(chamber)
    with pytest.raises(ResultChanged):
        closing.sign(session, decision, person.id, "0" * 64)
    sign_by_two(session, decision)
    decisions_certify.certify(session, decision, REASONS, chamber.secretary.id)
    with pytest.raises(PhaseForbids):
        sign(chamber, "academia 1")


def test_a_signature_is_never_changed_and_the_database_keeps_groups_apart(
    chamber: Chamber, session: Session
) -> None:
    decision = counted(chamber)
    mine = sign(chamber, "citizens 1")

    for statement in ("UPDATE closing_signature SET remark = 'no'", "DELETE FROM closing_signature"):
        with pytest.raises(DBAPIError, match="only ever added to"), session.begin_nested():
            session.execute(text(statement))
    facts = {
        "decision_id": decision.id,
        "seat_id": mine.seat_id,
        "group": mine.group,
        "result_hash": mine.result_hash,
    }
    for wrong in ({"speaks_for": mine.speaks_for, "place": 2}, {"speaks_for": "third", "place": 1},
                  {"speaks_for": "third", "place": 3}):  # fmt: skip
        row = insert(ClosingSignature).values(remark="", signed_at=now(), id=uuid4(), **facts, **wrong)
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(row)


def test_an_elector_challenges_within_fourteen_days_and_once(chamber: Chamber, session: Session) -> None:
    decision = certified(chamber)
    person = chamber.members["private 1"]
    with pytest.raises(challenges.NotAnElector):
        challenges.file(session, decision, chamber.chair.id, "I was not asked.")
    with telling(now() + timedelta(days=14, minutes=1)), pytest.raises(TooLate):
        challenges.file(session, decision, person.id, "Too late, I know.", at=now())

    challenges.file(session, decision, person.id, "The list of voters lacks a seat.", affected=1)

    assert decision.state is D.CHALLENGED
    with pytest.raises(challenges.ChallengedAlready):
        challenges.file(session, decision, person.id, "And once more.")
    challenges.file(session, decision, chamber.members["private 2"].id, "I say the same.")
    assert len(challenges_of(session, decision.id)) == 2
    with pytest.raises(DBAPIError, match="stays as it was filed"), session.begin_nested():
        session.execute(text("UPDATE challenge SET ground = 'nothing'"))


def test_dismissed_the_result_stands_and_another_seat_may_still_challenge(
    chamber: Chamber, session: Session
) -> None:
    decision, otto = certified(chamber), make_facilitator(session, make_organisation(session), "Otto")
    challenges.file(session, decision, chamber.members["private 1"].id, "I was not heard in time.")

    challenges.resolve(session, decision, False, "You were; the minutes say so.", otto.id)

    assert (decision.state, chamber.mission.state) == (D.DISMISSED, M.ADOPTED)
    challenges.file(session, decision, chamber.members["third 1"].id, "Nor was I, and I can show it.")
    assert decision.state is D.CHALLENGED
    (first, second) = challenges_of(session, decision.id)
    assert (first.upheld, second.upheld) == (False, None)


def test_upheld_the_mission_is_framed_again_and_the_next_vote_takes_its_place(
    chamber: Chamber, session: Session
) -> None:
    decision, otto = certified(chamber), make_facilitator(session, make_organisation(session), "Otto")
    challenges.file(
        session, decision, chamber.members["private 1"].id, "A ballot was lost on the way.", affected=9
    )
    assert challenges.shown(session, decision).is_material

    challenges.resolve(session, decision, True, "It was; the vote must be held again.", otto.id)

    assert (decision.state, chamber.mission.state, chamber.mission.adopted_at) == (D.UPHELD, M.FRAMED, None)
    chamber.decision = None
    again = chamber.notice(opens_in=1)
    assert supersedes(session, again.id) == decision.id
    assert superseded_by(session, decision.id) == again.id
    assert challenges.shown(session, decision).superseded_by == again
    assert challenges.shown(session, again).supersedes == decision


def revote(chamber: Chamber, session: Session, days: int, *, changed: bool) -> None:
    """Ask whether the mission could be voted on again so many days later, with the same text or another."""
    chamber.mission.state = M.FRAMED
    if changed:
        chamber.mission.title = f"{chamber.mission.title}, and more of it"
    session.flush()
    draft = Decision(
        committee_id=chamber.committee.id, mission_id=chamber.mission.id, question="Shall we, now?"
    )
    session.add(draft)
    session.flush()
    revotes.before_notice(session, draft, [chamber.mission], now() + timedelta(days=days))


@pytest.mark.parametrize(
    ("choice", "days", "changed", "refused"),
    [
        pytest.param(Choice.AGAINST, 89, True, CoolingOff, id="lost, within ninety days"),
        pytest.param(Choice.AGAINST, 91, False, NothingChanged, id="lost, later, the same text"),
        pytest.param(Choice.AGAINST, 91, True, None, id="lost, later, another text"),
        pytest.param(Choice.ABSTAIN, 1, True, None, id="tied, and changed"),
        pytest.param(Choice.ABSTAIN, 1, False, NothingChanged, id="tied, the same text"),
    ],
)
def test_nobody_is_asked_until_the_answer_pleases(
    chamber: Chamber,
    session: Session,
    choice: Choice,
    days: int,
    changed: bool,
    refused: type[Exception] | None,
) -> None:
    certified(chamber, choice)

    if refused is None:
        revote(chamber, session, days, changed=changed)
        return
    with pytest.raises(refused):
        revote(chamber, session, days, changed=changed)


def test_without_a_quorum_it_is_asked_once_more_at_once_and_then_no_more(
    chamber: Chamber, session: Session
) -> None:
    times = decision_of(chamber)
    decisions_count.close(session, times, None, at=times.closes_at)
    sign_by_two(session, times)
    decisions_certify.certify(session, times, REASONS, chamber.secretary.id)
    assert times.outcome == D.INQUORATE

    rules.require_revote_possible(D.CERTIFIED, [D.INQUORATE], timedelta(0), settled=False, changed=False)
    twice = [D.INQUORATE, D.INQUORATE]
    with pytest.raises(NothingChanged):
        rules.require_revote_possible(D.CERTIFIED, twice, timedelta(0), settled=False, changed=False)
    with pytest.raises(ChallengeWaits):
        rules.require_revote_possible(D.CHALLENGED, [D.CARRIED], timedelta(0), settled=True, changed=True)


@pytest.mark.parametrize(
    ("third", "material"),
    [
        pytest.param(
            Choice.AGAINST, True, id="one for and one against: the one set aside would have decided"
        ),
        pytest.param(Choice.FOR, False, id="two for: one more against changes nothing"),
    ],
)
def test_the_margin_says_whether_ballots_set_aside_could_have_decided(
    chamber: Chamber, session: Session, third: Choice, material: bool
) -> None:
    decision, person = decision_of(chamber), chamber.members["citizens 1"]
    chamber.cast_all(Choice.FOR, citizens_3=third)
    declare(session, decision, person.id, InterestKind.MONEY, "I sell.", InterestEffect.RECUSE)
    decisions_count.close(session, decision, chamber.chair.id)

    assert decision.result["set_aside"] == 1
    assert challenges.shown(session, decision).is_material is material


def test_only_an_id_names_somebody_who_stands_for_election() -> None:
    assert closing.is_id(str(uuid4()))
    assert not closing.is_id("adopt")
