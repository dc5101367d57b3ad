from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import phases
from app.rules.moves import MoveForbidden, ReasonMissing
from app.rules.phases import CALL_MOVES, OPENS, Act, CallTimes, DatesOutOfOrder, PhaseForbids, Shortened
from app.rules.words import CallState, DecisionState
from tests.rules.many import many

C = CallState
OPENING = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
CLOSING = OPENING + timedelta(days=30)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
TIMES = CallTimes(OPENING, CLOSING, CLOSING + 10 * DAY, CLOSING + 20 * DAY, CLOSING + 30 * DAY)


@pytest.mark.parametrize(
    ("stored", "now", "expected"),
    [
        pytest.param(C.DRAFT, CLOSING, C.DRAFT, id="a draft waits for a person"),
        pytest.param(C.PUBLISHED, OPENING - SECOND, C.PUBLISHED, id="one second before it opens"),
        pytest.param(C.PUBLISHED, OPENING, C.OPEN, id="it opens to the second"),
        pytest.param(C.PUBLISHED, CLOSING - SECOND, C.OPEN, id="the last second counts"),
        pytest.param(C.PUBLISHED, CLOSING, C.SENSEMAKING, id="one second late is late"),
        pytest.param(C.OPEN, CLOSING + DAY, C.SENSEMAKING, id="a stored open closes too"),
        pytest.param(C.OPEN, OPENING - DAY, C.PUBLISHED, id="the clock decides, not the row"),
        pytest.param(C.SENSEMAKING, OPENING, C.SENSEMAKING, id="what a person moved stays moved"),
        pytest.param(C.CHECKING, CLOSING + 99 * DAY, C.CHECKING, id="no clock ends the checking phase"),
        pytest.param(C.CANCELLED, OPENING, C.CANCELLED, id="cancelled stays cancelled"),
        pytest.param(C.ANSWERED, OPENING, C.ANSWERED, id="answered stays answered"),
    ],
)
def test_the_phase_is_computed_when_it_is_read(stored, now, expected):
    assert phases.phase(TIMES, stored, now) is expected


def test_an_innovation_call_closes_to_check_who_may_apply():
    offer = CallTimes(OPENING, CLOSING, is_offer=True)

    assert phases.phase(offer, C.PUBLISHED, CLOSING - SECOND) is C.OPEN
    assert phases.phase(offer, C.PUBLISHED, CLOSING) is C.ELIGIBILITY
    assert phases.phase(offer, C.REVIEW, CLOSING + DAY) is C.REVIEW


def test_a_call_with_no_dates_stays_as_it_was_stored():
    assert phases.phase(CallTimes(), C.PUBLISHED, OPENING) is C.PUBLISHED
    assert phases.phase(CallTimes(), C.OPEN, OPENING) is C.OPEN


def test_the_phase_does_not_depend_on_the_zone_of_the_clock():
    from zoneinfo import ZoneInfo

    santiago = CLOSING.astimezone(ZoneInfo("America/Santiago"))

    assert phases.phase(TIMES, C.PUBLISHED, santiago - SECOND) is C.OPEN
    assert phases.phase(TIMES, C.PUBLISHED, santiago) is C.SENSEMAKING


ALLOWED = {
    Act.EDIT: "draft published",
    Act.PUBLISH: "draft",
    Act.EXTEND: "published open sensemaking checking eligibility review decision",
    Act.CANCEL: "published open sensemaking checking eligibility review decision",
    Act.IMPORT: "draft published open sensemaking",
    Act.SUBMIT: "open",
    Act.ASK_ABOUT: "published open",
    Act.ENDORSE: "open",
    Act.COMMENT: "open sensemaking checking",
    Act.REPORT: "published open sensemaking checking eligibility review decision answered archived cancelled",
    Act.APPEAL: "published open sensemaking checking eligibility review decision answered archived cancelled",
    Act.WITHDRAW: "draft published open sensemaking checking eligibility review decision answered archived cancelled",
    Act.MODERATE: "draft published open sensemaking checking eligibility review decision answered archived cancelled",
    Act.GROUP: "draft published open sensemaking checking",
    Act.CORRECT: "draft published open sensemaking checking",
    Act.DRAFT_MISSION: "draft published open sensemaking checking answered",
    Act.START_CHECKING: "sensemaking",
    Act.CHECK: "checking",
    Act.ANSWER: "sensemaking checking",
    Act.CONCLUDE: "checking",
    Act.CHECK_APPLICATIONS: "eligibility review",
    Act.REVIEW_APPLICATIONS: "review",
    Act.INTERVIEW: "review decision",
    Act.AWARD: "decision answered",
    Act.FOLLOW: "decision answered archived",
    Act.ARCHIVE: "answered",
}
DECISION_ALLOWED = {
    Act.NOTICE: "draft",
    Act.DECLARE_INTEREST: "draft noticed open",
    Act.VOTE: "open",
    Act.CLOSE: "open closed",
    Act.DISSENT: "carried lost tied",
    Act.CERTIFY: "carried lost tied inquorate",
    Act.DRAW: "carried tied",
    Act.SIGN_RESULT: "carried lost tied inquorate",
    Act.CHALLENGE: "certified challenged dismissed",
    Act.RESOLVE_CHALLENGE: "challenged",
}


@pytest.mark.parametrize(("act", "state"), list(product(Act, CallState)))
def test_each_act_in_each_phase_of_a_call(act, state):
    expected = state.value in ALLOWED.get(act, "").split()

    assert phases.allows(act, state) is expected
    if not expected:
        with pytest.raises(PhaseForbids):
            phases.require(act, state)


@pytest.mark.parametrize(("act", "state"), list(product(Act, DecisionState)))
def test_each_act_in_each_phase_of_a_decision(act, state):
    expected = state.value in DECISION_ALLOWED.get(act, "").split()

    assert phases.allows(act, state) is expected


def test_every_act_has_its_row():
    assert set(OPENS) == set(Act) == set(ALLOWED) | set(DECISION_ALLOWED)


def test_a_late_citizen_reads_until_when_it_was_possible():
    with pytest.raises(PhaseForbids) as refused:
        phases.require_at(Act.SUBMIT, TIMES, C.PUBLISHED, CLOSING)

    assert refused.value.status == 409
    assert "sensemaking" in str(refused.value)
    assert "31 March 2026" in str(refused.value)


def test_checking_ends_by_its_own_date():
    last = CLOSING + 20 * DAY

    assert phases.require_at(Act.CHECK, TIMES, C.CHECKING, last - SECOND) is C.CHECKING
    with pytest.raises(PhaseForbids):
        phases.require_at(Act.CHECK, TIMES, C.CHECKING, last)


def test_without_dates_the_sentence_names_the_phases():
    with pytest.raises(PhaseForbids, match="It is possible in: sensemaking, checking"):
        phases.require(Act.ANSWER, C.OPEN)


@pytest.mark.parametrize(("before", "after"), list(product(CallState, CallState)))
def test_a_call_moves_only_along_the_table(before, after):
    row = next((move for move in CALL_MOVES if (move.before, move.after) == (before, after)), None)

    if row is None:
        with pytest.raises(MoveForbidden):
            phases.require_move(before, after, reason="because")
    else:
        assert phases.require_move(before, after, reason="because") is row


def test_cancelling_needs_a_reason():
    with pytest.raises(ReasonMissing):
        phases.require_move(C.OPEN, C.CANCELLED, reason="  ")


@pytest.mark.parametrize(
    ("times", "fine"),
    [
        pytest.param(TIMES, True, id="all dates in order"),
        pytest.param(CallTimes(OPENING, CLOSING), True, id="two dates are enough"),
        pytest.param(CallTimes(OPENING), False, id="no closing"),
        pytest.param(CallTimes(None, CLOSING), False, id="no opening"),
        pytest.param(CallTimes(CLOSING, OPENING), False, id="closes before it opens"),
        pytest.param(CallTimes(OPENING, OPENING), False, id="open for no time"),
        pytest.param(CallTimes(OPENING - 9 * DAY, OPENING - DAY), False, id="already over"),
        pytest.param(CallTimes(OPENING, CLOSING, OPENING), False, id="sense before closing"),
    ],
)
def test_publishing_needs_dates_in_order(times, fine):
    if fine:
        phases.require_publishable(times, OPENING - DAY)
    else:
        with pytest.raises(DatesOutOfOrder):
            phases.require_publishable(times, OPENING - DAY)


@pytest.mark.parametrize(
    ("change", "now", "fine"),
    [
        pytest.param({}, OPENING, True, id="nothing changed"),
        pytest.param({"closes_at": CLOSING + DAY}, OPENING, True, id="a day longer"),
        pytest.param({"closes_at": CLOSING - SECOND}, OPENING, False, id="a second shorter"),
        pytest.param({"closes_at": None}, OPENING, False, id="a date taken away"),
        pytest.param({"closes_at": CLOSING + DAY}, CLOSING, False, id="no second opening after the end"),
        pytest.param({"opens_at": OPENING + DAY}, OPENING, False, id="what began has begun"),
        pytest.param({"closes_at": CLOSING + 11 * DAY}, OPENING, False, id="past the next date"),
        pytest.param({"answer_due": CLOSING + 40 * DAY}, CLOSING + DAY, True, id="a later answer"),
    ],
)
def test_dates_are_extended_and_never_shortened(change, now, fine):
    new = CallTimes(**{**dict(TIMES.named()), **change})

    if fine:
        assert phases.extend(TIMES, new, now) == new
    else:
        with pytest.raises((Shortened, DatesOutOfOrder)):
            phases.extend(TIMES, new, now)


def test_a_date_may_be_announced_later_but_not_in_the_past():
    old = CallTimes(OPENING, CLOSING)

    assert (
        phases.extend(old, CallTimes(OPENING, CLOSING, CLOSING + DAY), OPENING).sense_until == CLOSING + DAY
    )
    with pytest.raises(Shortened):
        phases.extend(old, CallTimes(OPENING, CLOSING, CLOSING + DAY), CLOSING + 2 * DAY)


moments = st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
all_times = st.builds(CallTimes, moments, moments, moments, moments, moments)


@many()
@given(old=all_times, new=all_times, now=moments.filter(bool))
def test_no_extension_ever_makes_a_call_shorter(old, new, now):
    try:
        after = phases.extend(old, new, now)
    except (Shortened, DatesOutOfOrder):
        return

    assert all(b is None or a >= b for (_, b), (_, a) in zip(old.named(), after.named(), strict=True))
    assert (
        phases.phase(old, C.PUBLISHED, now) is phases.phase(after, C.PUBLISHED, now) or old.closes_at is None
    )


@many()
@given(times=all_times, stored=st.sampled_from(CallState), now=moments.filter(bool))
def test_the_clock_moves_only_along_the_table(times, stored, now):
    reached = phases.phase(times, stored, now)

    by_clock = {C.PUBLISHED, C.OPEN, C.SENSEMAKING}
    assert reached is stored or (stored in {C.PUBLISHED, C.OPEN} and reached in by_clock)


def test_nobody_is_told_to_come_until_a_day_that_is_past():
    with pytest.raises(PhaseForbids, match="It was possible from"):
        phases.require(Act.SUBMIT, C.SENSEMAKING, TIMES)
    with pytest.raises(PhaseForbids, match="It is possible from"):
        phases.require(Act.SUBMIT, C.PUBLISHED, TIMES)
    with pytest.raises(PhaseForbids, match="It was possible while checking, until"):
        phases.require_at(Act.CHECK, TIMES, C.CHECKING, TIMES.check_until)


def test_a_cancelled_question_promises_no_other_day():
    with pytest.raises(PhaseForbids, match="was cancelled, so it will not be possible again"):
        phases.require(Act.SUBMIT, C.CANCELLED, TIMES)
