"""Stepping aside holds for the person, with every seat and office, and an accusation alone takes nothing away."""

import pytest
from sqlmodel import Session

from app.conditions.asking import Ask
from app.conditions.taking_part import is_not_recused, my_seat_in
from app.models.decision import Decision
from app.models.person import Person
from app.models.review import ReviewRound
from app.models.seat import Seat, live_seats_of
from app.permissions import Permission, can
from app.rules.interests import NotTheResolver
from app.rules.words import Choice, InterestEffect, InterestKind, Role, ScopeKind, StakeholderGroup
from app.services import (
    closing,
    decisions_certify,
    decisions_count,
    interests_items,
    interests_resolve,
)
from app.services.interests_items import Said
from app.viewer import Viewer
from tests.people import make_person, seat
from tests.services.chamber import Chamber, make_chamber

TIED = Said(InterestKind.MONEY, "My fund owns shares of a supplier.", InterestEffect.RECUSE)
RECUSE, DISCLOSE = InterestEffect.RECUSE, InterestEffect.DISCLOSE
SAID = "They work on the rival proposal."


@pytest.fixture
def chamber(session: Session) -> Chamber:
    made = make_chamber(session)
    made.members["deputy"] = make_person(session, "Deputy")
    made.seats["deputy"] = seat(
        session, made.members["deputy"], Role.DEPUTY, ScopeKind.COMMITTEE, made.committee.id
    )
    return made


def viewer(session: Session, person: Person) -> Viewer:
    return Viewer(person, tuple(live_seats_of(session, person.id)))


def begun(chamber: Chamber) -> ReviewRound:
    asked = ReviewRound(
        committee_id=chamber.committee.id, mission_id=chamber.mission.id, number=9, mission_version=1
    )
    chamber.session.add(asked)
    chamber.session.flush()
    return asked


def office(chamber: Chamber, name: str, role: Role = Role.OBSERVER) -> Seat:
    """A second seat of a member in the same committee: an office, or the place of somebody's alternate."""
    return seat(
        chamber.session, chamber.members[name], role, ScopeKind.COMMITTEE, chamber.committee.id,
        starts_at=chamber.seats[name].starts_at,
    )  # fmt: skip


def raised(chamber: Chamber, of: Seat, by: str) -> object:
    return interests_resolve.raise_about(
        chamber.session, chamber.mission, of.id, chamber.members[by].id, InterestKind.COMPETING, SAID
    )


def resolved(chamber: Chamber, of: Seat, by: str, person: Person) -> None:
    interest = interests_resolve.raise_about(
        chamber.session, chamber.mission, of.id, chamber.members[by].id, InterestKind.COMPETING, SAID
    )
    interests_resolve.resolve(chamber.session, chamber.mission, interest.id, person.id, RECUSE, "It is so.")


def test_who_steps_aside_with_an_office_does_not_vote_with_another_seat(
    chamber: Chamber, session: Session
) -> None:
    """The form lists everybody once, by their first seat: raised of a secretary, it holds for the member too."""
    second = office(chamber, "citizens 1", Role.SECRETARY)
    decision = chamber.notice()

    resolved(chamber, second, "citizens 2", chamber.chair)

    member = viewer(session, chamber.members["citizens 1"])
    assert my_seat_in(session, member, decision) is None
    assert not can(session, member, Permission.CAST_BALLOT, decision)


def test_what_the_chair_resolves_of_one_seat_holds_for_all_that_the_person_declared_with(
    chamber: Chamber, session: Session
) -> None:
    office(chamber, "citizens 1", Role.SECRETARY)
    said = Said(InterestKind.MONEY, "My fund owns shares of a supplier.", DISCLOSE)
    declared = interests_items.say(session, chamber.mission, chamber.members["citizens 1"].id, said)
    assert len(declared) == 2
    decision = chamber.notice()

    for one in declared[:1]:
        interests_resolve.resolve(
            session, chamber.mission, one.id, chamber.chair.id, RECUSE, "That is too near."
        )

    assert my_seat_in(session, viewer(session, chamber.members["citizens 1"]), decision) is None


def test_stepping_aside_from_a_vote_shuts_the_closed_parts_of_its_mission(
    chamber: Chamber, session: Session
) -> None:
    decision = chamber.notice()
    member = chamber.members["citizens 1"]
    interests_items.say(session, decision, member.id, TIED)

    seen = viewer(session, member)
    assert not is_not_recused(Ask(session, seen, chamber.mission))
    assert not can(session, seen, Permission.ENTER_ITEM, chamber.mission)
    assert not can(session, seen, Permission.ENTER_CLOSED_DISCUSSION, chamber.mission)


@pytest.mark.parametrize(
    "act",
    [Permission.SEND_TO_REVIEW, Permission.CONDUCT_REVIEW, Permission.DISCUSS_REVIEW, Permission.GIVE_NOTICE,
     Permission.CLOSE_DECISION, Permission.RESOLVE_INTEREST],
)  # fmt: skip
def test_a_chair_who_stepped_aside_leads_nothing_of_the_item(
    chamber: Chamber, session: Session, act: Permission
) -> None:
    drafted = chamber.put()
    if act is Permission.CLOSE_DECISION:
        chamber.notice()
    asked = begun(chamber)
    subjects = {
        Permission.SEND_TO_REVIEW: chamber.mission, Permission.RESOLVE_INTEREST: chamber.mission,
        Permission.GIVE_NOTICE: drafted, Permission.CLOSE_DECISION: drafted,
    }  # fmt: skip
    subject = subjects.get(act, asked)
    chair, deputy = chamber.chair, chamber.members["deputy"]
    leads = Permission.DISCUSS_REVIEW is act or can(session, viewer(session, chair), act, subject)
    assert leads

    interests_items.say(session, chamber.mission, chair.id, TIED)

    assert not can(session, viewer(session, chair), act, subject)
    assert can(session, viewer(session, deputy), act, subject)


def test_a_member_who_stepped_aside_adds_no_note_to_its_reviews(chamber: Chamber, session: Session) -> None:
    asked = begun(chamber)
    member = chamber.members["citizens 1"]
    assert can(session, viewer(session, member), Permission.DISCUSS_REVIEW, asked)

    interests_items.say(session, chamber.mission, member.id, TIED)

    assert not can(session, viewer(session, member), Permission.DISCUSS_REVIEW, asked)


def test_a_chair_who_stepped_aside_does_not_send_a_rival_out(chamber: Chamber, session: Session) -> None:
    interests_items.say(session, chamber.mission, chamber.chair.id, TIED)
    with pytest.raises(NotTheResolver):
        resolved(chamber, chamber.seats["citizens 1"], "citizens 2", chamber.chair)
    resolved(chamber, chamber.seats["citizens 3"], "citizens 2", chamber.members["deputy"])


def counted(chamber: Chamber) -> Decision:
    del chamber.members["deputy"]
    decision = chamber.notice()
    chamber.cast_all(Choice.FOR)
    decisions_count.close(chamber.session, decision, chamber.chair.id)
    return decision


def test_accusing_everybody_does_not_save_the_two_signatures(chamber: Chamber, session: Session) -> None:
    """Somebody accused does not sign while it is open; that everybody is accused does not make signing needless."""
    decision = counted(chamber)
    for name in chamber.members:
        if name != "public 1":
            raised(chamber, chamber.seats[name], "public 1")
    raised(chamber, chamber.seats["public 1"], "third 1")

    assert closing.missing(session, decision) == 2
    with pytest.raises(closing.NotSignedByTwo):
        decisions_certify.certify(session, decision, "We agreed.", chamber.secretary.id)


def test_two_groups_are_two_even_where_one_person_could_speak_for_both(
    chamber: Chamber, session: Session
) -> None:
    decision = counted(chamber)
    groups = {closing.speaks_for(decision, each) for each in closing.possible(session, decision)}
    assert len(groups) == len(StakeholderGroup)
