"""The public log: what everyone may read of it, and that the smallest change to it is found."""

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from app.models.event import Event
from app.rules import event_kinds, hashing
from app.rules.words import Role, ScopeKind, SubjectKind, SubmissionState
from app.services import event_log, events
from tests.counting import statements
from tests.factories import make_call, make_submission
from tests.people import make_organisation, make_person, seat
from tests.services.chamber import make_chamber

# What only those concerned may know of; in the log it is a number and a hash.
CLOSED = {
    "person_signed_up", "person_invited", "person_suspended", "person_restored", "address_confirmed",
    "password_changed", "profile_changed", "person_organisation_set",
    "report_made", "appeal_made", "appeal_resolved", "checking_answered",
    "submission_hidden", "submission_withdrawn", "comment_withdrawn", "comment_hidden", "grouping_discarded",
    "grouping_failed", "question_withdrawn",
}  # fmt: skip


def test_a_vote_is_told_step_by_step(session: Session) -> None:
    chamber = make_chamber(session)
    decision = chamber.notice(opens_in=-1)
    session.flush()

    page = event_log.page(session, subject=(SubjectKind.DECISION, decision.id))

    assert [line.kind for line in page.lines] == [
        event_kinds.OPEN["decision_noticed"],
        event_kinds.OPEN["question_put"],
    ]
    assert dict(page.lines[0].facts)["frozen"] == decision.frozen_hash


def test_a_drafted_question_shows_nothing_but_its_place(session: Session) -> None:
    chamber = make_chamber(session)
    decision = chamber.put()
    session.flush()

    line = event_log.page(session).lines[0]

    assert (line.kind, line.at, line.url, line.facts) == (None, None, None, [])
    assert event_log.page(session, subject=(SubjectKind.DECISION, decision.id)).lines == []


@pytest.mark.parametrize(
    "state", [SubmissionState.SUBMITTED, SubmissionState.HIDDEN, SubmissionState.WITHDRAWN]
)
def test_what_happened_to_words_that_nobody_may_read_is_not_told(
    session: Session, state: SubmissionState
) -> None:
    submission = make_submission(session)
    events.record(
        session, "submission_submitted", SubjectKind.SUBMISSION, submission.id, by=submission.author_id
    )
    session.flush()
    assert event_log.page(session).lines[0].kind is not None

    submission.state, submission.text = state, ""
    submission.hidden_rule = "abuse" if state is SubmissionState.HIDDEN else ""
    submission.hidden_reason = "It insults." if state is SubmissionState.HIDDEN else ""
    session.flush()

    assert event_log.page(session).lines[0].kind is None


def test_people_and_staff_seats_are_not_in_it(session: Session) -> None:
    agency, person = make_organisation(session), make_person(session)
    given = seat(session, person, Role.FACILITATOR, ScopeKind.ORGANISATION, agency.id)
    events.record(session, "seat_given", SubjectKind.SEAT, given.id, person=person.id)
    events.record(session, "person_signed_up", SubjectKind.PERSON, person.id, by=person.id)
    session.flush()

    assert [line.kind for line in event_log.page(session).lines] == [None, None]


def test_no_line_names_who_acted(session: Session) -> None:
    submission, bob = make_submission(session), make_person(session, "Bob")
    events.record(
        session, "endorsement_given", SubjectKind.SUBMISSION, submission.id, by=bob.id,
        counts=True, author=submission.author_id, person=bob.id,
    )  # fmt: skip
    session.flush()
    events.seal(session, 10)

    told = str(event_log.page(session)) + str(event_log.chain(session, 0))

    assert str(bob.id) not in told
    assert str(submission.author_id) not in told


def test_pages_follow_one_another_without_gaps(session: Session) -> None:
    call = make_call(session)
    for _ in range(event_log.PAGE + 7):
        events.record(session, "call_edited", SubjectKind.CALL, call.id)
    session.flush()

    first = event_log.page(session)
    assert first.next
    second = event_log.page(session, first.next)

    assert (len(first.lines), len(second.lines), second.next) == (event_log.PAGE, 7, None)


def test_a_longer_page_costs_no_more_statements(session: Session) -> None:
    def record(many: int) -> None:
        call = make_call(session, make_organisation(session, f"Agency {uuid4().hex[:8]}"))
        for _ in range(many):
            submission = make_submission(session, call)
            events.record(session, "submission_submitted", SubjectKind.SUBMISSION, submission.id)
        session.flush()
        session.expunge_all()

    record(2)
    with statements(session.get_bind()) as few:
        event_log.page(session)
    record(20)
    with statements(session.get_bind()) as many:
        event_log.page(session)

    assert len(many) <= len(few)


def sealed_chain(session: Session, many: int = 6) -> list[Event]:
    call = make_call(session)
    for number in range(many):
        events.record(session, "call_edited", SubjectKind.CALL, call.id, version=number)
    session.flush()
    events.seal(session, 100)
    session.flush()
    return list(session.exec(select(Event).order_by(text("seq"))))


def test_an_untouched_chain_holds_and_says_what_waits(session: Session) -> None:
    chain = sealed_chain(session)
    events.record(session, "call_edited", SubjectKind.CALL, chain[0].subject_id)
    session.flush()

    found = event_log.verify(session)

    assert (found.holds, found.count, found.unsealed, found.head) == (True, 6, 1, chain[-1].hash)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("UPDATE event SET kind = 'call_editeD' WHERE seq = 3", id="one letter of the kind"),
        pytest.param("UPDATE event SET facts = '{\"version\": 9}' WHERE seq = 3", id="a fact"),
        pytest.param("UPDATE event SET at = at + interval '1 microsecond' WHERE seq = 3", id="a microsecond"),
        pytest.param("UPDATE event SET actor_id = gen_random_uuid() WHERE seq = 3", id="who acted"),
        pytest.param("UPDATE event SET subject_id = gen_random_uuid() WHERE seq = 3", id="what it was about"),
        pytest.param("UPDATE event SET hash = reverse(hash) WHERE seq = 3", id="the hash"),
        pytest.param("DELETE FROM event WHERE seq = 3", id="a line is gone"),
        pytest.param(
            "UPDATE event SET seq = CASE seq WHEN 3 THEN 1004 ELSE 1003 END WHERE seq IN (3, 4)",
            id="two lines change places",
        ),
    ],
)
def test_the_smallest_change_is_found_where_it_was_made(session: Session, change: str) -> None:
    sealed_chain(session)
    connection = session.connection()
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    connection.execute(text(change))
    connection.execute(text("UPDATE event SET seq = seq - 1000 WHERE seq > 1000"))
    connection.execute(text("SET LOCAL session_replication_role = DEFAULT"))
    session.expire_all()

    found = event_log.verify(session)

    assert (found.holds, found.first_bad, found.count) == (False, 3, 2)


def test_the_chain_file_links_again_from_its_digests(session: Session) -> None:
    chain = sealed_chain(session)

    head = hashing.GENESIS
    for each in event_log.chain(session, 0):
        assert each["previous_hash"] == head
        head = hashing.link(head, each["digest"])
        assert each["hash"] == head

    assert head == chain[-1].hash
    assert [each["seq"] for each in event_log.chain(session, 4)] == [5, 6]


def test_a_kind_that_nobody_has_named_shows_nothing(session: Session) -> None:
    call = make_call(session)
    facts = {"state": "open"}
    session.add(Event(kind="something_new", subject_kind=SubjectKind.CALL, subject_id=call.id, facts=facts))
    session.flush()

    (line,) = event_log.page(session).lines

    assert (line.kind, line.at, line.facts) == (None, None, [])


def test_what_only_those_concerned_may_know_has_no_name() -> None:
    assert not set(event_kinds.OPEN) & CLOSED
