"""The closed discussion: for those in the room, shut from a recusal on, and found by no other door."""

from uuid import uuid4

import pytest
from sqlmodel import Session, select

from app.errors import NotFound
from app.models.columns import now
from app.models.committee import Interest
from app.models.event import Event
from app.models.person import Person
from app.models.remark import Remark
from app.models.seat import live_seats_of
from app.models.text_version import TextVersion
from app.rules.words import InterestEffect, InterestKind, MissionState, Role, ScopeKind, SubjectKind
from app.services import deliberation, event_log, exports_missions, remarks
from app.services.remarks import NothingToDecide
from app.viewer import VISITOR, Viewer
from tests.people import make_committee, make_organisation, make_person, seat
from tests.replayed import begin
from tests.services.chamber import Chamber, make_chamber

SECRET = "Between us: the second route cannot be paid for."


@pytest.fixture
def chamber(session: Session) -> Chamber:
    return make_chamber(session)


def viewer(chamber: Chamber, person: Person) -> Viewer:
    return Viewer(person, tuple(live_seats_of(chamber.session, person.id)))


def say(chamber: Chamber, name: str, words: str = SECRET, parent: Remark | None = None) -> Remark:
    who = viewer(chamber, chamber.members[name])
    return remarks.say(
        chamber.session, chamber.mission, who, words, uuid4().hex, "", parent.id if parent else None
    )


def recuse(chamber: Chamber, name: str, subject: SubjectKind = SubjectKind.MISSION) -> None:
    about = chamber.mission.id if subject is SubjectKind.MISSION else chamber.put().id
    chamber.session.add(
        Interest(
            seat_id=chamber.seats[name].id, subject_kind=subject, subject_id=about, kind=InterestKind.MONEY,
            effect=InterestEffect.RECUSE, declared_at=now(),
        )
    )  # fmt: skip
    chamber.session.flush()


def read_by(chamber: Chamber, who: Viewer) -> list[str]:
    room = remarks.room(chamber.session, chamber.mission, who)
    return [each.remark.text for each in room.said]


def test_members_and_officers_read_and_reply(chamber: Chamber) -> None:
    first = say(chamber, "citizens 1")
    say(chamber, "public 1", "Then we say so.", first)

    (said,) = remarks.room(chamber.session, chamber.mission, viewer(chamber, chamber.chair)).said

    assert (said.remark.text, said.group) == (SECRET, chamber.seats["citizens 1"].group)
    assert [each.remark.text for each in said.replies] == ["Then we say so."]
    assert read_by(chamber, viewer(chamber, chamber.secretary)) == [SECRET]


@pytest.mark.parametrize("subject", [SubjectKind.MISSION, SubjectKind.DECISION])
def test_from_a_recusal_on_the_door_is_shut_also_for_what_came_before(
    chamber: Chamber, subject: SubjectKind
) -> None:
    say(chamber, "citizens 1")
    rita = viewer(chamber, chamber.members["academia 1"])
    assert read_by(chamber, rita) == [SECRET]

    recuse(chamber, "academia 1", subject)

    with pytest.raises(NotFound):
        read_by(chamber, rita)
    with pytest.raises(NotFound):
        say(chamber, "academia 1", "One more thing.")


def test_who_stepped_aside_as_a_member_does_not_come_in_as_secretary(chamber: Chamber) -> None:
    person = chamber.members["academia 1"]
    seat(chamber.session, person, Role.SECRETARY, ScopeKind.COMMITTEE, chamber.committee.id)
    recuse(chamber, "academia 1")

    with pytest.raises(NotFound):
        read_by(chamber, viewer(chamber, person))


def test_an_alternate_comes_in_where_the_seat_stepped_aside(chamber: Chamber) -> None:
    alternate = chamber.add_alternate("academia 1")
    with pytest.raises(NotFound):
        read_by(chamber, viewer(chamber, alternate))

    recuse(chamber, "academia 1")

    assert read_by(chamber, viewer(chamber, alternate)) == []


def test_nobody_else_comes_in(chamber: Chamber) -> None:
    say(chamber, "citizens 1")
    elsewhere = make_committee(chamber.session, make_organisation(chamber.session, "Port"), name="Port board")
    stranger = make_person(chamber.session, "Oscar")
    seat(chamber.session, stranger, Role.MEMBER, ScopeKind.COMMITTEE, elsewhere.id, group="citizens")

    for who in (VISITOR, viewer(chamber, chamber.scene.carol), viewer(chamber, stranger)):
        with pytest.raises(NotFound):
            read_by(chamber, who)


def test_a_second_committee_of_the_same_agency_has_a_room_of_its_own(chamber: Chamber) -> None:
    from app.models.organisation import Organisation

    session = chamber.session
    say(chamber, "citizens 1")
    agency = session.get_one(Organisation, chamber.mission.organisation_id)
    other = make_committee(session, agency, name="Second board")
    oscar = make_person(session, "Oscar")
    seat(session, oscar, Role.CHAIR, ScopeKind.COMMITTEE, other.id)

    assert read_by(chamber, viewer(chamber, oscar)) == []
    with pytest.raises(NotFound):
        remarks.room(session, chamber.mission, viewer(chamber, oscar), str(chamber.committee.id))


def test_words_taken_back_are_erased(chamber: Chamber) -> None:
    remark = say(chamber, "citizens 1")
    author = viewer(chamber, chamber.members["citizens 1"])
    with pytest.raises(NotFound):
        remarks.withdraw(chamber.session, chamber.mission, viewer(chamber, chamber.chair), remark.id)

    recuse(chamber, "citizens 1")  # also by somebody who has left the room
    remarks.withdraw(chamber.session, chamber.mission, author, remark.id)

    kept = chamber.session.exec(select(TextVersion).where(TextVersion.subject_id == remark.id)).one()
    assert (remark.text, kept.words) == ("", None)
    assert read_by(chamber, viewer(chamber, chamber.chair)) == []


def test_nothing_of_it_is_anywhere_else(chamber: Chamber) -> None:
    session = chamber.session
    chamber.mission.state = MissionState.CANDIDATE
    memory = begin(session)
    remark = say(chamber, "citizens 1")
    memory.remember(session, "said")
    remarks.withdraw(session, chamber.mission, viewer(chamber, chamber.members["citizens 1"]), remark.id)
    memory.remember(session, "withdrawn")
    say(chamber, "citizens 2")

    assert memory.wrong(session) == {}
    found = session.exec(select(Event).where(Event.kind == "remark_made")).all()
    for line in event_log.lines(session, found):
        assert (line.kind, line.at, line.url, line.facts) == (None, None, None, [])
    assert "Between us" not in str([each.facts for each in session.exec(select(Event))])
    about = event_log.page(session, subject=(SubjectKind.COMMITTEE, chamber.committee.id))
    assert not [line for line in about.lines if line.kind is None]
    assert "Between us" not in str(exports_missions.missions_of_call(session, chamber.mission.call_id))
    talk = deliberation.talk(session, chamber.mission.id)
    assert (talk.comments, talk.objections, talk.amendments) == (0, 0, 0)


def test_the_same_form_twice_is_one_remark(chamber: Chamber) -> None:
    who = viewer(chamber, chamber.chair)
    made = [remarks.say(chamber.session, chamber.mission, who, SECRET, "one form") for _ in range(2)]

    assert made[0].id == made[1].id


def test_it_is_over_when_there_is_nothing_to_decide(chamber: Chamber) -> None:
    say(chamber, "citizens 1")
    chamber.mission.state = MissionState.ADOPTED
    chamber.session.flush()

    with pytest.raises(NothingToDecide):
        say(chamber, "citizens 1", "Too late.")
    assert read_by(chamber, viewer(chamber, chamber.chair)) == [SECRET]


def test_a_long_discussion_comes_page_by_page(chamber: Chamber, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remarks, "PAGE", 2)
    for number in range(3):
        say(chamber, "citizens 1", f"Remark {number}")
    who = viewer(chamber, chamber.chair)

    first = remarks.room(chamber.session, chamber.mission, who)
    assert first.next is not None
    second = remarks.room(chamber.session, chamber.mission, who, "", first.next)

    told = [each.remark.text for each in (*first.said, *second.said)]
    assert told == ["Remark 0", "Remark 1", "Remark 2"]
