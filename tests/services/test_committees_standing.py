"""A committee is constituted and suspended by itself, at the second; the log is told, and nobody twice."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.jobs import committees as job
from app.models.columns import now
from app.models.notification import Notification
from app.rules import hashing
from app.rules.composition import Bounds, NotConstituted
from app.rules.words import Choice, CommitteeState, StakeholderGroup, SubjectKind
from app.services import (
    committees,
    committees_seats,
    committees_standing,
    decisions,
    decisions_certify,
    decisions_count,
    events,
)
from app.services.committees import CommitteeText
from app.settings import Settings
from tests.replayed import begin
from tests.services.chamber import QUESTION, Chamber, make_chamber
from tests.services.signed import sign_by_two

S = CommitteeState
G = StakeholderGroup


@pytest.fixture
def chamber(session: Session) -> Chamber:
    made = make_chamber(session)
    found(made)
    return made


def found(chamber: Chamber) -> None:
    """As if it had been founded ninety days ago by the act that people use."""
    chamber.committee.created_at = now() - timedelta(days=90)
    committees.record(chamber.session, "committee_created", chamber.committee, chamber.scene.carol.id)
    chamber.session.flush()


def told(session: Session, chamber: Chamber) -> list[str]:
    found = events.of_subject(session, SubjectKind.COMMITTEE, chamber.committee.id)
    return [each.kind for each in found]


def lapse(chamber: Chamber, days: float = 1) -> None:
    """The only seat of academia ended so many days ago, by its term."""
    chamber.seats["academia 1"].ends_at = now() - timedelta(days=days)
    chamber.session.flush()


def test_it_says_since_when(chamber: Chamber, session: Session) -> None:
    standing = committees_standing.of(session, chamber.committee)

    assert standing.now.state is S.CONSTITUTED
    assert standing.now.since == max(seat.starts_at for seat in chamber.seats.values())
    assert [each.state for each in standing.before] == [S.FORMING]


def test_a_seat_that_lapses_suspends_it_at_that_second_without_anybody(
    chamber: Chamber, session: Session
) -> None:
    lapse(chamber)

    stage = committees_standing.of(session, chamber.committee).now

    assert (stage.state, stage.since) == (S.SUSPENDED, chamber.seats["academia 1"].ends_at)
    assert stage.missing == {"academia": 1}


def test_a_new_composition_suspends_it_from_its_own_instant(chamber: Chamber, session: Session) -> None:
    text = CommitteeText(
        chamber.committee.organisation_id, chamber.committee.name, "", {G.PUBLIC: Bounds(1, 1, 2)}
    )
    committees.edit(session, chamber.committee, text, chamber.scene.carol.id)
    session.flush()
    narrow = committees_standing.of(session, chamber.committee).now
    wide = {group: Bounds(1, 3) for group in G}

    committees.edit(
        session, chamber.committee, CommitteeText(chamber.committee.organisation_id, chamber.committee.name, "", wide),
        chamber.scene.carol.id,
    )  # fmt: skip
    session.flush()

    assert narrow.state is S.SUSPENDED
    assert chamber.committee.composition["public"]["weight"] == 1
    assert committees_standing.of(session, chamber.committee).now.state is S.CONSTITUTED


def test_every_change_is_told_once_with_since_when_and_what_is_missing(
    chamber: Chamber, session: Session
) -> None:
    memory = begin(session)
    lapse(chamber)

    assert committees_standing.tell_due(session) == 2
    assert committees_standing.tell_due(session) == 0

    session.flush()
    assert told(session, chamber) == ["committee_created", "committee_constituted", "committee_suspended"]
    last = events.of_subject(session, SubjectKind.COMMITTEE, chamber.committee.id)[-1]
    ended = chamber.seats["academia 1"].ends_at
    assert ended is not None
    assert last.facts["missing"] == {"academia": 1}
    assert last.facts["since"] == hashing.plain(ended)
    assert chamber.committee.state is S.SUSPENDED
    assert (
        memory.rebuilt(session, now()).found["committee"][str(chamber.committee.id)]["state"] == "suspended"
    )


def test_those_who_sit_in_it_are_told(chamber: Chamber, session: Session) -> None:
    lapse(chamber)

    committees_standing.tell_due(session)

    session.flush()
    rows = session.exec(select(Notification).where(Notification.subject_id == chamber.committee.id)).all()
    assert {each.kind for each in rows} == {"committee_suspended"}
    people = {each.id for name, each in chamber.members.items() if name != "academia 1"}
    assert {each.person_id for each in rows} == people | {chamber.chair.id, chamber.secretary.id}


def test_while_suspended_nothing_new_is_taken_up(chamber: Chamber, session: Session) -> None:
    drafted = chamber.put()
    lapse(chamber)

    with pytest.raises(NotConstituted, match="academia"):
        decisions.put_question(session, chamber.committee, chamber.mission, QUESTION, chamber.chair.id)
    with pytest.raises(NotConstituted, match="academia"):
        chamber.notice(opens_in=1)
    assert drafted.noticed_at is None


def test_a_vote_that_runs_keeps_its_voters_and_is_certified_while_suspended(
    chamber: Chamber, session: Session
) -> None:
    decision = chamber.notice(opens_in=-1)
    extra = CommitteeText(
        chamber.committee.organisation_id, chamber.committee.name, "", {group: Bounds(3, 3) for group in G}
    )
    committees.edit(session, chamber.committee, extra, chamber.scene.carol.id)
    assert committees_standing.of(session, chamber.committee).now.state is S.SUSPENDED

    chamber.cast_all(Choice.FOR)
    decisions_count.close(session, decision, chamber.chair.id)
    sign_by_two(session, decision)
    decisions_certify.certify(session, decision, "All five groups were for it.", chamber.secretary.id)

    session.refresh(chamber.mission)
    assert chamber.mission.state == "adopted"


def test_the_loop_tells_what_a_seat_that_ended_made_of_it(
    clean: Engine, db: Session, settings: Settings
) -> None:
    chamber = make_chamber(db)
    found(chamber)
    db.commit()
    job.tend(clean, settings)
    committees_seats.end(db, chamber.committee, chamber.seats["academia 1"].id, chamber.scene.carol.id)
    db.commit()

    job.tend(clean, settings)
    job.tend(clean, settings)

    db.expire_all()
    assert chamber.committee.state is S.SUSPENDED
    assert told(db, chamber) == ["committee_created", "committee_constituted", "committee_suspended"]
