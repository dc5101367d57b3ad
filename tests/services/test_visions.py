"""DOMAIN 12: a vision built from what people said, signed by organisations, void once its words change."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from app.models.mission import Clause, clauses_of
from app.models.notification import Notification
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.submission import Submission
from app.models.vision import Vision, signatures_on
from app.rules.words import MissionState, Origin, StakeholderGroup, SubjectKind, SubmissionState
from app.services import missions, visions, visions_show
from app.services.visions import VisionText
from tests.people import make_organisation, make_person
from tests.services.chamber import Chamber
from tests.services.steering import make_active

OPENING = "We want light that the valley owns."


@pytest.fixture
def chamber(session: Session) -> Chamber:
    return make_active(session)


def from_below(chamber: Chamber) -> Clause:
    """A clause of the mission that comes from voices."""
    found = visions.sentences(chamber.session, chamber.mission)
    return next(each.clause for each in found if each.is_from_below)


def written(chamber: Chamber, opening: str = OPENING, seen: int = 0) -> Vision:
    typed = VisionText(opening, [from_below(chamber).id])
    return visions.write(chamber.session, chamber.mission, typed, seen, chamber.chair.id)


def speaker(session: Session, name: str, group: StakeholderGroup) -> tuple[Person, Organisation]:
    body = make_organisation(session, name, group=group)
    return make_person(session, f"Somebody of {name}", organisation_id=body.id), body


def test_signatures_are_counted_by_group_and_tied_to_the_words(chamber: Chamber, session: Session) -> None:
    """DOMAIN 12."""
    vision = written(chamber)
    firm, _body = speaker(session, "Sun Works", StakeholderGroup.PRIVATE)
    school, _body = speaker(session, "School of Energy", StakeholderGroup.ACADEMIA)
    for person in (firm, school):
        visions.sign(session, chamber.mission, person, vision.hash)

    found = visions_show.shown(session, chamber.mission)

    assert found is not None
    assert {each.group: each.names for each in found.groups if each.names} == {
        StakeholderGroup.PRIVATE: ["Sun Works"],
        StakeholderGroup.ACADEMIA: ["School of Energy"],
    }
    assert {each.hash for each in signatures_on(session, vision.id)} == {vision.hash}
    assert visions.hash_of(vision.parts, vision.salt) == vision.hash


def test_editing_the_text_voids_earlier_signatures(chamber: Chamber, session: Session) -> None:
    """DOMAIN 12."""
    first = written(chamber)
    firm, _body = speaker(session, "Sun Works", StakeholderGroup.PRIVATE)
    visions.sign(session, chamber.mission, firm, first.hash)

    second = written(chamber, "We want light that a firm owns.", seen=1)

    found = visions_show.shown(session, chamber.mission)
    assert found is not None
    assert (found.vision.id, found.signatures) == (second.id, 0)
    assert [(each.vision.id, each.void) for each in found.earlier] == [(first.id, 1)]
    told = session.exec(select(Notification.person_id).where(Notification.kind == "vision_changed")).all()
    assert list(told) == [firm.id]
    with pytest.raises(visions.VisionMoved):
        visions.sign(session, chamber.mission, firm, first.hash)


def test_the_database_takes_no_signature_under_old_words(chamber: Chamber, session: Session) -> None:
    """DOMAIN 12: void on edit, whoever writes the row."""
    first = written(chamber)
    firm, body = speaker(session, "Sun Works", StakeholderGroup.PRIVATE)
    second = written(chamber, "We want light that a firm owns.", seen=1)
    session.flush()
    sign = (
        'INSERT INTO vision_signature (vision_id, organisation_id, "group", hash, by_id, created_at) '
        "VALUES (:vision, :body, 'private', :hash, :by, now())"
    )
    facts = {"body": body.id, "by": firm.id}
    for vision, hash_seen in ((first, first.hash), (second, first.hash)):
        with pytest.raises(DBAPIError, match="only the latest words"), session.begin_nested():
            session.execute(text(sign), {**facts, "vision": vision.id, "hash": hash_seen})
    session.execute(text(sign), {**facts, "vision": second.id, "hash": second.hash})
    for change in (
        "UPDATE vision SET parts = '[1]'",
        "DELETE FROM vision",
        "UPDATE vision_signature SET hash = 'x'",
    ):
        with pytest.raises(DBAPIError, match="only ever added to"), session.begin_nested():
            session.execute(text(change))


def test_an_organisation_signs_once_whoever_does_it_for_it(chamber: Chamber, session: Session) -> None:
    vision = written(chamber)
    firm, body = speaker(session, "Sun Works", StakeholderGroup.PRIVATE)
    another = make_person(session, "Another of Sun Works", organisation_id=body.id)
    visions.sign(session, chamber.mission, firm, vision.hash)

    with pytest.raises(visions.SignedAlready):
        visions.sign(session, chamber.mission, another, vision.hash)
    visions.take_back(session, chamber.mission, another)
    with pytest.raises(visions.NotSigned):
        visions.take_back(session, chamber.mission, another)

    assert signatures_on(session, vision.id) == []


def test_who_speaks_for_nobody_signs_nothing(chamber: Chamber, session: Session) -> None:
    vision = written(chamber)

    with pytest.raises(visions.SpeaksForNobody):
        visions.sign(session, chamber.mission, make_person(session, "Nobody's"), vision.hash)
    unproved, _body = speaker(session, "Sun Works", StakeholderGroup.PRIVATE)
    unproved.email_confirmed_at = None
    with pytest.raises(visions.SpeaksForNobody):
        visions.sign(session, chamber.mission, unproved, vision.hash)


def test_a_vision_is_built_from_what_people_said(chamber: Chamber, session: Session) -> None:
    agency = Clause(
        mission_id=chamber.mission.id, position=99, text="The ministry leads.", origin=Origin.AGENCY
    )
    session.add(agency)
    session.flush()
    typed = VisionText(OPENING, [agency.id])

    with pytest.raises(visions.NothingFromTheMission):
        visions.write(session, chamber.mission, typed, 0, chamber.chair.id)


def test_two_who_write_at_once_lose_nothing(chamber: Chamber, session: Session) -> None:
    written(chamber)

    with pytest.raises(visions.VisionMoved):
        written(chamber, "Other words of somebody else.", seen=0)


def test_the_same_words_again_void_nothing(chamber: Chamber, session: Session) -> None:
    first = written(chamber)
    firm, _body = speaker(session, "Sun Works", StakeholderGroup.PRIVATE)
    visions.sign(session, chamber.mission, firm, first.hash)

    assert written(chamber, seen=1).id == first.id
    assert len(signatures_on(session, first.id)) == 1


def test_words_that_are_taken_back_leave_the_vision(chamber: Chamber, session: Session) -> None:
    clause = from_below(chamber)
    link = next(
        each for each in missions.sources_of(session, clauses_of(session, chamber.mission.id))[clause.id]
        if each.to_kind is SubjectKind.SUBMISSION
    )  # fmt: skip
    link.note = missions.QUOTED
    session.flush()
    written(chamber)
    voice = session.get_one(Submission, link.to_id)
    voice.state, voice.text, voice.title = SubmissionState.WITHDRAWN, "", ""
    session.flush()

    found = visions_show.shown(session, chamber.mission)

    assert found is not None
    assert [each.text for each in found.paragraphs] == [OPENING, ""]
    assert not found.is_whole


@pytest.mark.parametrize("state", sorted(visions.OVER))
def test_a_mission_that_is_over_keeps_its_vision(
    chamber: Chamber, session: Session, state: MissionState
) -> None:
    vision = written(chamber)
    firm, _body = speaker(session, "Sun Works", StakeholderGroup.PRIVATE)
    chamber.mission.state, chamber.mission.outcome_reason = state, "Nobody came."
    session.flush()

    with pytest.raises(visions.MissionIsOver):
        written(chamber, "Other words.", seen=1)
    with pytest.raises(visions.MissionIsOver):
        visions.sign(session, chamber.mission, firm, vision.hash)
