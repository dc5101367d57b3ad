"""The demonstration as it stands in the database: told through the services, so that everything in it adds up."""

from collections import Counter

import pytest
from sqlalchemy import Engine, func
from sqlalchemy import select as select_columns
from sqlalchemy import text as sql
from sqlmodel import Session, col, select

from app.conditions.asking import call_phase
from app.demo import content, seed
from app.main import create_app
from app.models.call import Call
from app.models.columns import now
from app.models.event import Event
from app.models.person import Person
from app.models.placement import Placement
from app.models.statement import Statement
from app.models.submission import Submission
from app.nlp.embedding import HashingEmbedder
from app.rules.disclosure import PUBLIC_STATES
from app.rules.words import (
    CallState,
    MissionState,
    StatementKind,
    SubmissionState,
)
from app.services import (
    accounts,
    answers,
    events,
)
from app.settings import Settings
from app.viewer import VISITOR
from tests.client import Browser
from tests.demo.records import call_named, mission_in


def test_seeding_twice_changes_nothing(seeded: Engine, demo: Session) -> None:
    before = demo.exec(select(func.count()).select_from(Event)).one()

    again = seed.seed_when_empty(seeded, HashingEmbedder(), lambda _stage, _share: None)

    assert not again
    assert demo.exec(select(func.count()).select_from(Event)).one() == before


def test_each_question_is_in_the_phase_that_was_told(demo: Session) -> None:
    phases = {told["key"]: call_phase(call_named(demo, told["key"])) for told in content.calls()}

    assert phases == {
        "solar": CallState.CHECKING,
        "streets": CallState.OPEN,
        "library": CallState.ANSWERED,
        "first": CallState.ANSWERED,
    }
    assert all(call.is_demo for call in demo.exec(select(Call)))
    assert call_named(demo, "solar").told("es").title == "Energía solar y vida en el desierto"


def test_the_consultation_is_large_and_bilingual(demo: Session) -> None:
    solar = call_named(demo, "solar")
    voices = demo.exec(
        select(Submission).where(
            Submission.call_id == solar.id, col(Submission.state).in_([*PUBLIC_STATES, "grouped"])
        )
    ).all()

    spanish = sum(voice.language == "es" for voice in voices) / len(voices)
    assert len(voices) >= 240
    assert 0.15 <= spanish <= 0.3
    assert all(
        solar.opens_at < voice.submitted_at < solar.closes_at for voice in voices if voice.submitted_at
    )


COUNTED = {
    "endorsement_count": "endorsement WHERE submission_id = submission.id AND counts",
    "comment_count": "statement WHERE subject_id = submission.id AND kind = 'comment' AND state = 'visible'",
}


@pytest.mark.parametrize("column", COUNTED)
def test_counts_are_the_rows(demo: Session, column: str) -> None:
    rows = f"SELECT count(*) FROM {COUNTED[column]}"
    wrong = demo.execute(sql(f"SELECT count(*) FROM submission WHERE {column} <> ({rows})")).scalar_one()
    total = demo.execute(sql(f"SELECT sum({column}) FROM submission")).scalar_one()

    assert wrong == 0
    assert total > 40


def test_nobody_endorses_their_own_voice_or_votes_on_what_they_endorsed(demo: Session) -> None:
    endorsed = "SELECT count(*) FROM endorsement e JOIN"
    own = f"{endorsed} submission s ON s.id = e.submission_id WHERE s.author_id = e.person_id"
    seated = f"{endorsed} seat ON seat.person_id = e.person_id"

    assert [demo.execute(sql(query)).scalar_one() for query in (own, seated)] == [0, 0]


def test_everything_happened_in_order_and_before_now(demo: Session) -> None:
    told = demo.exec(select(Event.at).order_by(col(Event.id))).all()

    assert list(told) == sorted(told)
    assert told[-1] <= now()


def test_the_chain_of_events_holds(demo: Session) -> None:
    while events.seal(demo, 5_000):
        pass

    found = events.verify(demo)

    assert found.holds
    assert found.unsealed == 0
    assert found.count > 2_500


def test_what_was_hidden_withdrawn_and_reported_stands_as_told(demo: Session) -> None:
    states = Counter(demo.exec(select(Submission.state)).all())
    waiting = demo.exec(
        select(Statement.kind).where(
            col(Statement.resolved_at).is_(None),
            col(Statement.kind).in_([StatementKind.REPORT, StatementKind.APPEAL]),
        )
    ).all()

    assert states[SubmissionState.HIDDEN] == 3
    assert states[SubmissionState.WITHDRAWN] == 2
    assert Counter(waiting) == {StatementKind.REPORT: 2, StatementKind.APPEAL: 1}


def test_every_voice_of_the_answered_question_has_its_answer(demo: Session) -> None:
    library = call_named(demo, "library")
    voices = demo.exec(select(Submission).where(Submission.call_id == library.id)).all()

    outcomes = Counter(voice.state for voice in voices)

    assert outcomes == {SubmissionState.TAKEN_UP: 7, SubmissionState.NOT_TAKEN_UP: 1}
    assert all(voice.outcome_reason for voice in voices)
    assert all(row.answer for row in answers.overview(demo, library))


def test_what_is_off_the_question_stands_apart_with_a_reason(demo: Session) -> None:
    (told,) = content.words()["set_apart"]
    apart = demo.exec(select(Placement).where(Placement.reason == told["reason"])).all()

    assert len(apart) == len(told["submissions"])
    assert all(placement.cluster_id is None for placement in apart)


def test_every_page_says_that_it_is_a_demonstration(
    seeded: Engine, demo: Session, settings: Settings
) -> None:
    solar = call_named(demo, "solar")

    with Browser(create_app(settings, seeded)) as visitor:
        pages = [visitor.get(path) for path in ("/", f"/calls/{solar.id}", "/about", "/nothing-here")]

    assert [page.status_code for page in pages] == [200, 200, 200, 404]
    assert all("This is a demonstration" in page.text for page in pages)


def test_the_console_says_where_to_look_and_how_to_sign_in(seeded: Engine, demo: Session) -> None:
    told = "\n".join(seed.how_to_sign_in(seeded, "http://127.0.0.1:8000"))
    cast = content.cast()

    assert all(account["email"] in told and account["does"] in told for account in cast["accounts"])
    assert cast["password"] in told
    for path in (
        f"/calls/{call_named(demo, 'solar').id}/workbench",
        f"/calls/{call_named(demo, 'streets').id}",
        f"/missions/{mission_in(demo, MissionState.ADOPTED).id}",
    ):
        assert f"http://127.0.0.1:8000{path}" in told


def test_everyone_of_the_cast_can_sign_in(demo: Session) -> None:
    cast = content.cast()

    person, _token = accounts.sign_in(demo, VISITOR, cast["accounts"][0]["email"], cast["password"])
    hashes = demo.exec(select_columns(func.count(func.distinct(Person.password_hash)))).one()

    assert person.email_confirmed_at is not None
    assert tuple(hashes) == (1,)
    demo.rollback()
