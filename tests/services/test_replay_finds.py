"""Replaying the log finds what no act did, and every kind of act has its row in the table of the replay."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

import app
from app.models.condition import CheckLetter
from app.models.event import Event
from app.models.feedback import Feedback
from app.models.import_run import ImportRun
from app.models.tables import metadata
from app.models.wording import Drafting, Wording
from app.rules.replay_kinds import KINDS, Noun
from app.rules.words import CallState, ClusterState, SubjectKind
from app.services import (
    clusters_judgement,
    corrections,
    endorsements,
    events,
    replay,
    statements,
    submissions,
)
from app.services.drafts import Said
from tests.factories import make_call
from tests.people import make_admin, make_facilitator, make_organisation, make_person
from tests.services.chamber import make_chamber
from tests.services.test_corrections import Bench

SOURCES = [path for path in Path(app.__file__).parent.rglob("*.py") if "bench" not in path.parts]
# Rows with a state that no act of a person changes: a job's own progress, told on its page.
# How far a job is, what a machine suggests until a person takes it up, and what was told of a state that is compared
# where it stands: nothing that anybody has a right by.
PROGRESS = {
    ImportRun.__tablename__, Drafting.__tablename__, Wording.__tablename__, CheckLetter.__tablename__,
    Feedback.__tablename__,
}  # fmt: skip
ONE = "WHERE form_key = (SELECT max(form_key) FROM statement)"
A_SEAT = (
    "INSERT INTO seat (id, person_id, role, scope_kind, starts_at) "
    "SELECT gen_random_uuid(), id, 'admin', 'platform', now() FROM person LIMIT 1"
)


def tampered(session: Session, change: str) -> None:
    """By someone with the password of the database, who can switch triggers off."""
    session.flush()
    connection = session.connection()
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    connection.execute(text(change))
    connection.execute(text("SET LOCAL session_replication_role = DEFAULT"))
    session.expire_all()


@pytest.fixture
def said(session: Session) -> str:
    """A voice with an endorsement and two comments, all of it by acts, in a call that the events know of."""
    call, bob, ada = make_call(session), make_person(session, "Bob"), make_person(session, "Ada")
    dates = {name: getattr(call, name) for name in ("opens_at", "closes_at", "answer_due")}
    events.record(session, "call_published", SubjectKind.CALL, call.id, **dates)
    voice = submissions.submit(session, call, bob, Said("Shade over the market square."), "a")
    endorsements.endorse(session, voice, ada)
    for number in range(2):
        statements.comment(session, voice, ada, f"Yes, number {number}", str(number), None)
    session.flush()
    found = replay.differences(session)
    assert (found.differing, found.unknown, found.states) == ((), 0, 4)
    return str(voice.id)


@pytest.mark.parametrize(
    ("change", "noun"),
    [
        ("UPDATE submission SET state = 'taken_up'", Noun.SUBMISSION),
        ("UPDATE submission SET endorsement_count = 700", Noun.SUBMISSION),
        ("UPDATE submission SET comment_count = 0", Noun.SUBMISSION),
        ("DELETE FROM submission", Noun.SUBMISSION),
        (f"UPDATE statement SET state = 'hidden' {ONE}", Noun.STATEMENT),
        (f"DELETE FROM statement {ONE}", Noun.STATEMENT),
        ("UPDATE call SET state = 'archived'", Noun.CALL),
        ("UPDATE call SET closes_at = closes_at + interval '1 second'", Noun.CALL),
        ("DELETE FROM event WHERE kind = 'submission_submitted'", Noun.SUBMISSION),
        ("DELETE FROM event WHERE kind = 'endorsement_given'", Noun.SUBMISSION),
        ("DELETE FROM event WHERE kind = 'call_published'", Noun.CALL),
        (A_SEAT, Noun.SEAT),
    ],
)  # fmt: skip
def test_what_no_act_did_is_found(session: Session, said: str, change: str, noun: Noun) -> None:
    tampered(session, change)

    found = replay.differences(session)

    assert {each.noun for each in found.differing} == {noun}
    assert len(found.differing) == 1


def test_a_verdict_that_somebody_wrote_into_the_database_is_found(session: Session) -> None:
    chamber = make_chamber(session)
    decision = chamber.notice(opens_in=1)
    tampered(session, "UPDATE mission SET state = 'adopted'")

    (found,) = [each for each in replay.differences(session).differing if each.noun is Noun.MISSION]

    assert (found.id, found.told, found.kept) == (
        str(decision.mission_id),
        {"state": "on_ballot"},
        {"state": "adopted"},
    )


def test_what_an_earlier_version_did_not_tell_is_unknown_and_not_a_difference(session: Session) -> None:
    bench = Bench(session)
    clusters_judgement.judge(session, bench.of("solar"), ClusterState.CONFIRMED, bench.carol.id)
    corrections.lock(session, bench.of("solar"), bench.carol.id)
    tampered(session, "UPDATE event SET facts = facts - 'states' - 'correction_state'")

    found = replay.differences(session)

    assert {each.noun for each in found.differing} == {Noun.CALL}  # made by hand, without an event
    assert found.unknown >= len(bench.themes)


def test_what_differs_is_named_for_those_who_may_know_of_it(session: Session) -> None:
    agency = make_organisation(session)
    shown, drafted = make_call(session, agency), make_call(session, agency, state=CallState.DRAFT)
    make_facilitator(session, agency)
    make_admin(session)

    report = replay.report(session)

    assert {str(drafted.id), str(shown.id)} < {each.id for each in report.compared.differing}
    assert [(each.id, each.url) for each in report.named] == [(shown.id, f"/calls/{shown.id}")]
    assert report.unnamed == 3


def test_drafts_and_the_progress_of_a_run_are_no_acts(session: Session, said: str) -> None:
    tampered(
        session,
        "INSERT INTO submission (id, call_id, author_id, kind, state, title, text, language, place, created_at, "
        "version, endorsement_count, comment_count, imported_agrees, imported_disagrees, shuffle, hidden_rule, "
        "hidden_reason, outcome_reason) SELECT gen_random_uuid(), call_id, author_id, kind, 'draft', '', 'Typing', "
        "'', '', now(), 1, 0, 0, 0, 0, 1, '', '', '' FROM submission",
    )

    assert replay.differences(session).differing == ()


def recorded() -> dict[str, str]:
    """Every kind that is written out in a call of `record`, and where."""
    found = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and len(node.args) > 1
                and ast.unparse(node.func).endswith("record")
            ):
                kind = node.args[1]
                if isinstance(kind, ast.Constant):
                    found[str(kind.value)] = f"{path.name}:{node.lineno}"
    return found


def test_every_kind_that_is_recorded_has_its_row() -> None:
    assert {kind: where for kind, where in recorded().items() if kind not in KINDS} == {}
    assert len(recorded()) > 40


def test_a_kind_without_a_row_is_not_recorded(session: Session) -> None:
    with pytest.raises(ValueError, match="something_new"):
        events.record(session, "something_new", SubjectKind.CALL, make_call(session).id)

    assert session.exec(select(Event)).all() == []


def test_every_row_is_of_a_kind_that_somebody_records() -> None:
    words = {
        node.value
        for path in SOURCES
        if path.name not in ("replay_kinds.py", "event_kinds.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    judged = {f"cluster_{state}" for state in ClusterState}

    assert set(KINDS) - judged - words == set()


def test_everything_that_has_a_state_is_compared() -> None:
    stateful = {table.name for table in metadata.sorted_tables if "state" in table.columns}

    assert stateful - {noun.value for noun in Noun} == PROGRESS
    assert set(replay.RECORDS) == set(Noun)
