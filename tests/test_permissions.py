"""Who may do what, and when: one table of every permission, asked for every person in every phase."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from app.errors import NotFound, Refusal
from app.models.columns import now
from app.models.committee import Interest
from app.models.seat import live_seats_of
from app.models.submission import Submission
from app.permissions import POLICY, Permission, SignInNeeded, demand
from app.rules.phases import PhaseForbids
from app.rules.words import (
    CallState,
    DecisionState,
    GroupingState,
    InterestEffect,
    InterestKind,
    SubjectKind,
    SubmissionState,
)
from app.viewer import Viewer
from tests.seated_town import Town, make_town

P, C, D = Permission, CallState, DecisionState

CITIZENS = {"visitor", "dave", "bob"}
STAFF = {"carol", "otto", "erin", "chair", "deputy", "secretary", "stella"}
EVERYONE = frozenset(CITIZENS | STAFF | {"alice", "recused", "standin", "spare", "outsider"})
SIGNED_IN = EVERYONE - {"visitor"}
AUTHOR, FACILITATOR, ADMIN, SECRETARY = ({each} for each in ("bob", "carol", "erin", "secretary"))
CHAIRS = {"chair", "deputy"}
OFFICES = CHAIRS | {"secretary"}
SEATED = {"alice", "recused", "standin", "spare"}
VOTERS = {"alice", "standin"}  # `recused` stepped aside, `standin` is their alternate, `spare` is alice's.

ALWAYS = frozenset(CallState)
WORKED_ON = {C.DRAFT, C.PUBLISHED, C.OPEN, C.SENSEMAKING, C.CHECKING}
LATER = {C.PUBLISHED, C.OPEN, C.SENSEMAKING, C.CHECKING}
JUDGED = {C.ELIGIBILITY, C.REVIEW, C.DECISION}
PUBLISHED = ALWAYS - {C.DRAFT}
AFTER_CERTIFICATION = {D.CERTIFIED, D.CHALLENGED, D.UPHELD, D.DISMISSED}
COUNTED = {D.CARRIED, D.LOST, D.TIED, D.INQUORATE}


@dataclass(frozen=True)
class Row:
    """What the permission is about, who has it, and in which phases; `None` where phases play no part."""

    on: str
    who: frozenset[str] | set[str]
    when: frozenset[Any] | set[Any] | None = None


TABLE: dict[Permission, Row] = {
    P.READ_CALL: Row("call", EVERYONE),
    P.CREATE_CALL: Row("nothing", {"carol", "otto"}),
    P.EDIT_CALL: Row("call", FACILITATOR, {C.DRAFT, C.PUBLISHED}),
    P.PUBLISH_CALL: Row("call", FACILITATOR, {C.DRAFT}),
    P.EXTEND_CALL: Row("call", FACILITATOR, LATER | JUDGED),
    P.CANCEL_CALL: Row("call", FACILITATOR, LATER | JUDGED),
    P.MOVE_CALL: Row("call", FACILITATOR),
    P.ANSWER_CALL: Row("call", FACILITATOR, {C.SENSEMAKING, C.CHECKING}),
    P.READ_OFFER: Row("offer", EVERYONE),
    P.EDIT_OFFER: Row("offer", FACILITATOR, {C.DRAFT, C.PUBLISHED}),
    P.ASK_ABOUT_OFFER: Row("offer", SIGNED_IN, {C.PUBLISHED, C.OPEN}),
    P.ANSWER_ABOUT_OFFER: Row("offer", FACILITATOR),
    P.PUT_PORTFOLIO: Row("offer", CHAIRS, {C.DECISION, C.ANSWERED}),
    P.AWARD_CALL: Row("offer", FACILITATOR, {C.DECISION, C.ANSWERED}),
    P.READ_COVERAGE: Row("call", EVERYONE),
    P.EXPECT_COVERAGE: Row("call", FACILITATOR),
    P.COPY_CALL: Row("call", {"carol", "otto"}),
    P.DRAFT_NEXT_STAGE: Row("offer", FACILITATOR, {C.DECISION, C.ANSWERED, C.ARCHIVED}),
    P.COPY_MISSION: Row("mission", {"carol", "otto"}),
    P.IMPORT_SUBMISSIONS: Row("call", FACILITATOR, WORKED_ON - {C.CHECKING}),
    P.SEE_SUBMISSION: Row("submission", EVERYONE),
    P.READ_SUBMISSION: Row("submission", EVERYONE),
    P.DRAFT_SUBMISSION: Row("call", EVERYONE, {C.OPEN}),
    P.SUBMIT: Row("call", SIGNED_IN, {C.OPEN}),
    P.EDIT_SUBMISSION: Row("submission", AUTHOR, {C.OPEN}),
    P.ENDORSE: Row("submission", SIGNED_IN, {C.OPEN}),
    P.COMMENT: Row("submission", SIGNED_IN, {C.OPEN, C.SENSEMAKING, C.CHECKING}),
    P.REPORT: Row("submission", SIGNED_IN, PUBLISHED),
    P.WITHDRAW: Row("submission", AUTHOR, ALWAYS),
    P.APPEAL: Row("submission", AUTHOR, PUBLISHED),
    P.MODERATE: Row("call", FACILITATOR, ALWAYS),
    P.MODERATE_SUBMISSION: Row("submission", FACILITATOR, ALWAYS),
    P.CHECK_GROUP: Row("submission", AUTHOR, {C.CHECKING}),
    P.READ_WORKBENCH: Row("call", FACILITATOR),
    P.START_GROUPING: Row("call", FACILITATOR, WORKED_ON),
    P.READ_GROUPING: Row("grouping", EVERYONE),
    P.ACCEPT_GROUPING: Row("grouping", FACILITATOR, WORKED_ON),
    P.READ_CLUSTER: Row("cluster", EVERYONE),
    P.CORRECT_CLUSTER: Row("cluster", FACILITATOR, WORKED_ON),
    P.CHOOSE_TOPICS_OF_GROUP: Row("cluster", FACILITATOR),
    P.CHOOSE_TOPICS: Row("submission", FACILITATOR),
    P.DRAFT_MISSION: Row("cluster", FACILITATOR, WORKED_ON | {C.ANSWERED}),
    P.READ_MISSION: Row("mission", EVERYONE),
    P.EDIT_MISSION: Row("mission", FACILITATOR),
    P.SPEAK_ON_MISSION: Row("mission", SIGNED_IN),
    P.SPEAK_ON_DECISION: Row("decision", SIGNED_IN),
    P.STEER_MISSION: Row("mission", {"carol", "stella"}),
    P.CONCLUDE_COURSE: Row("mission", CHAIRS),
    P.AGREE_CONDITION: Row("project", {"carol", "stella", "dave"}),
    P.FILE_EVIDENCE: Row("project", {"dave"}),
    P.FUND_PROJECT: Row("project", {"carol", "stella"}),
    P.RUN_PROJECT: Row("project", {"carol", "stella", "dave"}),
    P.READ_LESSON: Row("lesson", EVERYONE),
    P.SIGN_VISION: Row("mission", {"dave"}),
    P.READ_AGENCY: Row("agency", EVERYONE),
    P.SCORE_AGENCY: Row("agency", {"carol", "stella"}),
    P.SEE_STATEMENT: Row("statement", EVERYONE),
    P.WITHDRAW_STATEMENT: Row("statement", AUTHOR),
    P.REPORT_STATEMENT: Row("statement", SIGNED_IN),
    P.APPEAL_STATEMENT: Row("statement", AUTHOR),
    P.MODERATE_STATEMENT: Row("statement", FACILITATOR),
    P.SEND_TO_REVIEW: Row("mission", CHAIRS),
    P.CONDUCT_REVIEW: Row("round", CHAIRS),
    P.WRITE_REVIEW: Row("review", {"alice"}),
    P.DISCUSS_REVIEW: Row("round", SEATED | CHAIRS),
    P.ANSWER_REVIEW: Row("round", FACILITATOR),
    P.CREATE_COMMITTEE: Row("nothing", {"erin", "carol", "otto"}),
    P.READ_COMMITTEE: Row("committee", EVERYONE),
    P.EDIT_COMMITTEE: Row("committee", {"erin", "carol"}),
    P.PUT_QUESTION: Row("committee", CHAIRS),
    P.READ_DECISION: Row("decision", EVERYONE),
    P.SECOND_QUESTION: Row("decision", {"alice"}, {D.DRAFT}),
    P.GIVE_NOTICE: Row("decision", CHAIRS, {D.DRAFT}),
    P.CLOSE_DECISION: Row("decision", CHAIRS, {D.OPEN, D.CLOSED}),
    P.DECLARE_ON_ITEM: Row("mission", SEATED | OFFICES),
    P.ANNOUNCE_ABSENCE: Row("committee", SEATED | OFFICES),
    P.READ_BENCH: Row("committee", SEATED | OFFICES),
    P.ORDER_AGENDA: Row("committee", OFFICES),
    P.ASSIGN_ITEMS: Row("committee", OFFICES),
    P.RESOLVE_INTEREST: Row("mission", CHAIRS),
    P.ENTER_ITEM: Row("decision", {"alice", "standin"} | OFFICES),
    P.DRAW_LOT: Row("decision", CHAIRS, {D.TIED, D.CARRIED}),
    P.CAST_BALLOT: Row("decision", VOTERS, {D.OPEN}),
    P.CERTIFY: Row("decision", SECRETARY, COUNTED),
    P.FILE_DISSENT: Row("decision", SEATED, COUNTED - {D.INQUORATE}),
    P.SIGN_RESULT: Row("decision", VOTERS, COUNTED),
    P.CHALLENGE_RESULT: Row("decision", SEATED, {D.CERTIFIED, D.CHALLENGED, D.DISMISSED}),
    P.RESOLVE_CHALLENGE: Row("decision", {"otto", "erin"}, {D.CHALLENGED}),
    P.MANAGE_PEOPLE: Row("nothing", ADMIN),
    P.MANAGE_ORGANISATIONS: Row("nothing", ADMIN),
    P.READ_OWN: Row("nothing", SIGNED_IN),
}  # fmt: skip
# Nobody needs to sign in for these: the others send a visitor to the sign-in page first.
OPEN_TO_VISITORS = {permission for permission, row in TABLE.items() if "visitor" in row.who}


@pytest.fixture
def town(session: Session) -> Town:
    return make_town(session)


def phases_of(row: Row) -> list[Any]:
    if row.on == "decision":
        return list(DecisionState)
    return list(CallState) if row.on not in ("nothing", "committee", "agency") else [None]


def may_know(on: str, phase: Any, name: str) -> bool:
    """A draft is known to those who write it: the agency's facilitator, the chairs and the secretary."""
    if on == "review":  # a review that is not filed is known to its reviewer alone
        return name == "alice" and phase is not C.DRAFT
    if phase is C.DRAFT:
        return name in FACILITATOR
    return phase is not D.DRAFT or name in CHAIRS | SECRETARY


def expected(permission: Permission, row: Row, phase: Any, name: str) -> str:
    if not may_know(row.on, phase, name):
        return "not found"
    if name == "visitor" and permission not in OPEN_TO_VISITORS:
        return "sign in"
    if name not in row.who:
        return "not theirs"
    return "yes" if row.when is None or phase in row.when else "not now"


def answer(town: Town, permission: Permission, row: Row, phase: Any, name: str) -> str:
    try:
        demand(town.session, town.viewers[name], permission, town.subject(row.on, phase))
    except NotFound:
        return "not found"
    except SignInNeeded:
        return "sign in"
    except PhaseForbids:
        return "not now"
    except Refusal as refusal:
        return "not theirs" if refusal.status == 403 else f"status {refusal.status}"
    return "yes"


# Whoever may not enter learns nothing of what is inside: these have tests of their own below.
DOORS = {P.ENTER_CLOSED_DISCUSSION, P.READ_MINUTES, P.ADD_NOTE}
# Asked of every person in every phase in tests/services/test_applying.py and tests/services/test_pledges.py.
DOORS |= {P.APPLY, P.SEE_APPLICATION, P.JOIN_APPLICATION, P.READ_APPLICATION, P.WRITE_APPLICATION,
          P.LEAD_APPLICATION, P.AWARD_APPLICATION, P.READ_ANSWER, P.PLEDGE}  # fmt: skip
# Asked of everyone in every state and phase in tests/services/test_judging.py.
DOORS |= {P.READ_APPLICATIONS, P.CONDUCT_PANEL, P.MOVE_APPLICATIONS, P.READ_SELECTION,
          P.CHECK_APPLICATION, P.SHORTLIST_APPLICATION, P.NOTE_INTERVIEW, P.WRITE_PANEL_REVIEW,
          P.DECLARE_ON_APPLICATION, P.RESOLVE_ON_APPLICATION}  # fmt: skip


def test_every_permission_stands_in_the_table() -> None:
    assert set(TABLE) | DOORS == set(Permission) == set(POLICY)


@pytest.mark.parametrize("permission", TABLE, ids=str)
def test_everyone_may_do_what_the_table_says_and_nothing_else(town: Town, permission: Permission) -> None:
    row, wrong = TABLE[permission], []

    for phase in phases_of(row):
        for name in sorted(EVERYONE):
            wanted, got = expected(permission, row, phase, name), answer(town, permission, row, phase, name)
            if got != wanted:
                wrong.append(f"{name} in {phase}: {got}, the table says {wanted}")

    assert wrong == []


def test_an_innovation_call_has_no_voices_and_a_consultation_no_offer(town: Town) -> None:
    for permission in (P.DRAFT_SUBMISSION, P.SUBMIT, P.IMPORT_SUBMISSIONS, P.START_GROUPING):
        assert answer(town, permission, Row("offer", FACILITATOR), C.OPEN, "carol") == "not theirs"
    for permission in (
        P.READ_OFFER,
        P.EDIT_OFFER,
        P.ASK_ABOUT_OFFER,
        P.ANSWER_ABOUT_OFFER,
        P.AWARD_CALL,
        P.PUT_PORTFOLIO,
    ):
        assert answer(town, permission, Row("call", FACILITATOR), C.PUBLISHED, "carol") == "not found"


READERS: dict[SubmissionState, tuple[set[str], set[str]]] = {
    # state: who may know that it is there, who may read its words
    SubmissionState.DRAFT: (AUTHOR, AUTHOR),
    SubmissionState.SUBMITTED: (AUTHOR | FACILITATOR, AUTHOR | FACILITATOR),
    SubmissionState.HIDDEN: (set(EVERYONE), AUTHOR | FACILITATOR),
    SubmissionState.WITHDRAWN: (set(EVERYONE), set()),
    **{state: (set(EVERYONE), set(EVERYONE)) for state in (
        SubmissionState.VISIBLE, SubmissionState.GROUPED, SubmissionState.TAKEN_UP, SubmissionState.NOT_TAKEN_UP,
    )},
}  # fmt: skip


@pytest.mark.parametrize("state", SubmissionState, ids=str)
def test_a_submission_is_known_to_and_read_by_those_its_state_says(
    town: Town, state: SubmissionState
) -> None:
    submission: Submission = town.subjects["submission"]
    changes = {"hidden_rule": "abuse", "hidden_reason": "Insults."} if state is SubmissionState.HIDDEN else {}
    found: dict[str, set[str]] = {"see": set(), "read": set()}

    submission.sqlmodel_update({"state": state, **changes})
    for name in EVERYONE:
        for word, permission in (("see", P.SEE_SUBMISSION), ("read", P.READ_SUBMISSION)):
            if answer(town, permission, Row("submission", EVERYONE), C.OPEN, name) == "yes":
                found[word].add(name)

    assert (found["see"], found["read"]) == READERS[state]


@pytest.mark.parametrize("state", SubmissionState, ids=str)
def test_nothing_is_said_about_words_one_may_not_read(town: Town, state: SubmissionState) -> None:
    """Endorsing, commenting and reporting need words that everyone can read."""
    town.subjects["submission"].sqlmodel_update(
        {"state": state, "hidden_rule": "abuse", "hidden_reason": "Insults."}
    )
    for permission in (P.ENDORSE, P.COMMENT, P.REPORT):
        got = answer(town, permission, Row("submission", SIGNED_IN), C.OPEN, "dave")

        assert got == ("yes" if "dave" in READERS[state][1] else "not found")


@pytest.mark.parametrize("state", GroupingState, ids=str)
def test_a_grouping_nobody_accepted_is_the_facilitators_alone(town: Town, state: GroupingState) -> None:
    town.subjects["grouping"].state = state
    shown = state in (GroupingState.ACCEPTED, GroupingState.SUPERSEDED)

    for name in EVERYONE:
        wanted = "yes" if shown or name in FACILITATOR else "not found"
        assert answer(town, P.READ_GROUPING, Row("grouping", EVERYONE), C.SENSEMAKING, name) == wanted
        assert answer(town, P.READ_CLUSTER, Row("cluster", EVERYONE), C.SENSEMAKING, name) == wanted


def test_nobody_decides_on_their_own_words_or_their_organisations(town: Town) -> None:
    carol, submission = town.viewers["carol"].person, town.subjects["submission"]
    assert carol is not None
    row = Row("submission", FACILITATOR)
    assert answer(town, P.MODERATE_SUBMISSION, row, C.OPEN, "carol") == "yes"

    submission.author_id = carol.id
    assert answer(town, P.MODERATE_SUBMISSION, row, C.OPEN, "carol") == "not theirs"

    submission.author_id, agency = town.viewers["bob"].id, town.subjects["call"].organisation_id
    submission.organisation_id = carol.organisation_id = agency
    assert answer(town, P.MODERATE_SUBMISSION, row, C.OPEN, "carol") == "not theirs"


def test_a_seat_that_ended_gives_nothing(town: Town) -> None:
    carol = town.viewers["carol"]
    assert carol.person is not None
    carol.seats[0].ends_at = now() + timedelta(microseconds=1)
    town.session.flush()

    town.viewers["carol"] = Viewer(carol.person, tuple(live_seats_of(town.session, carol.person.id)))

    assert answer(town, P.EDIT_CALL, TABLE[P.EDIT_CALL], C.PUBLISHED, "carol") == "not theirs"


def test_a_member_whose_seat_ended_no_longer_votes(town: Town) -> None:
    alice = town.viewers["alice"]
    town.viewers["alice"] = Viewer(alice.person, ())

    assert answer(town, P.CAST_BALLOT, TABLE[P.CAST_BALLOT], D.OPEN, "alice") == "not theirs"


def test_the_closed_discussion_is_for_those_in_the_room_and_nobody_else_knows_of_it(town: Town) -> None:
    """Rita stepped aside from the mission: her alternate came in, and `spare` has nobody to replace."""
    rita, mission = town.viewers["recused"].seats[0].id, town.subjects["mission"].id
    facts = {"kind": InterestKind.MONEY, "effect": InterestEffect.RECUSE}
    town.session.add(Interest(seat_id=rita, subject_kind=SubjectKind.MISSION, subject_id=mission, **facts))
    town.session.flush()
    inside = CHAIRS | SECRETARY | {"alice", "standin"}

    for name in EVERYONE:
        wanted = "yes" if name in inside else "not found"
        assert answer(town, P.ENTER_CLOSED_DISCUSSION, Row("mission", inside), C.ANSWERED, name) == wanted, (
            name
        )


@pytest.mark.parametrize("phase", DecisionState, ids=str)
def test_minutes_are_the_committees_until_the_result_is_certified(town: Town, phase: DecisionState) -> None:
    decision = town.decisions[phase]
    members = CHAIRS | SECRETARY | {"alice", "standin", "spare"}
    if phase in AFTER_CERTIFICATION:
        decision.certified_at = now()

    for name in EVERYONE:
        shown = phase is not D.DRAFT and (name in members or phase in AFTER_CERTIFICATION)
        row = Row("decision", EVERYONE)
        assert answer(town, P.READ_MINUTES, row, phase, name) == ("yes" if shown else "not found"), name
        wanted = "yes" if shown and name in SECRETARY else "not theirs" if shown else "not found"
        wanted = "sign in" if shown and name == "visitor" else wanted
        assert answer(town, P.ADD_NOTE, row, phase, name) == wanted, name
