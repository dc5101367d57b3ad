"""Interests in a question about no mission: said, raised, resolved as in a mission, and held at every door."""

import pytest
from sqlmodel import Session

from app.conditions.taking_part import my_seat_in, recused_seats
from app.models.committee import Interest
from app.models.decision import Decision
from app.models.person import Person
from app.models.review_rounds import stepped_aside
from app.models.seat import live_seats_of
from app.permissions import Permission, can
from app.rules.interests import NotTheResolver, ReasonNeeded
from app.rules.phases import PhaseForbids
from app.rules.replay_kinds import Noun
from app.rules.words import InterestEffect, InterestKind, Role, ScopeKind
from app.services import (
    closing,
    committees_bench,
    decisions_count,
    interests_items,
    interests_resolve,
    minutes,
)
from app.services.interests_items import Said
from app.viewer import Viewer
from tests.people import make_person, seat
from tests.replayed import begin
from tests.services.chamber import Chamber, make_chamber
from tests.services.chamber_votes import STAGED, cast_all, notice

KNOWN = Said(InterestKind.EMPLOYER, "My firm rents out halls.", InterestEffect.DISCLOSE)
RECUSE, UNFOUNDED = InterestEffect.RECUSE, InterestEffect.UNFOUNDED


@pytest.fixture
def chamber(session: Session) -> Chamber:
    made = make_chamber(session)
    deputy = make_person(session, "Deputy")
    made.seats["deputy"] = seat(session, deputy, Role.DEPUTY, ScopeKind.COMMITTEE, made.committee.id)
    return made


def deputy_of(chamber: Chamber) -> Person:
    return chamber.session.get_one(Person, chamber.seats["deputy"].person_id)


def viewer(session: Session, person: Person) -> Viewer:
    return Viewer(person, tuple(live_seats_of(session, person.id)))


def resolve(
    chamber: Chamber, decision: Decision, interest: Interest, by: Person, effect: InterestEffect
) -> None:
    interests_resolve.resolve(chamber.session, decision, interest.id, by.id, effect, "The firm would gain.")


def test_the_chair_resolves_that_a_seat_steps_aside_and_it_loses_every_door(
    chamber: Chamber, session: Session
) -> None:
    alternate = chamber.add_alternate("private 1")
    member, memory = chamber.members["private 1"], begin(session)
    decision = notice(chamber, STAGED["supermajority"])
    (declared,) = interests_items.say(session, decision, member.id, KNOWN)
    (task,) = [
        each for each in committees_bench.tasks(session, chamber.committee, viewer(session, chamber.chair))
        if each.url.endswith(f"/interest#interest-{declared.id}")
    ]  # fmt: skip
    assert task.url.startswith(f"/decisions/{decision.id}/interest")
    assert can(session, viewer(session, member), Permission.CAST_BALLOT, decision)

    with pytest.raises(ReasonNeeded):
        interests_resolve.resolve(session, decision, declared.id, chamber.chair.id, RECUSE, "")
    resolve(chamber, decision, declared, chamber.chair, RECUSE)
    memory.remember(session, "resolved")

    aside = viewer(session, member)
    assert recused_seats(session, decision) == {chamber.seats["private 1"].id}
    for door in (Permission.CAST_BALLOT, Permission.ENTER_ITEM, Permission.READ_MINUTES):
        assert not can(session, aside, door, decision), door
    assert my_seat_in(session, viewer(session, alternate), decision) is not None
    assert any(
        "private 1" in str(line) or member.name in str(line) for line in minutes.of(session, decision).lines
    )
    with pytest.raises(interests_items.StepAsideStands):
        interests_items.say(session, decision, member.id, Said())
    found = [each for comparison in memory.compared(session).values() for each in comparison.differing]
    assert [each for each in found if each.noun is Noun.INTEREST] == []


def test_who_was_resolved_to_step_aside_neither_counts_nor_signs(chamber: Chamber, session: Session) -> None:
    decision, member = notice(chamber, STAGED["supermajority"]), chamber.members["third 1"]
    cast_all(chamber, STAGED["supermajority"])
    (declared,) = interests_items.say(session, decision, member.id, KNOWN)
    resolve(chamber, decision, declared, chamber.chair, RECUSE)

    decisions_count.close(session, decision, chamber.chair.id)

    assert decision.result["set_aside"] == 1
    third = next(each for each in decision.result["quorum"] if each["group"] == "third")
    assert third["seats"] == 1
    assert not can(session, viewer(session, member), Permission.SIGN_RESULT, decision)
    assert member.id in closing.people_concerned(session, decision)


def test_the_chairs_own_goes_to_the_deputy(chamber: Chamber, session: Session) -> None:
    decision = notice(chamber, STAGED["supermajority"])
    (own,) = interests_items.say(session, decision, chamber.chair.id, KNOWN)

    with pytest.raises(NotTheResolver):
        resolve(chamber, decision, own, chamber.chair, RECUSE)
    resolve(chamber, decision, own, deputy_of(chamber), RECUSE)

    assert own.recuses()
    assert not can(session, viewer(session, chamber.chair), Permission.ENTER_ITEM, decision)


def test_something_is_raised_of_others_and_found_unfounded(chamber: Chamber, session: Session) -> None:
    decision = notice(chamber, STAGED["supermajority"])
    raised = interests_resolve.raise_about(
        session, decision, chamber.seats["citizens 2"].id, chamber.members["citizens 1"].id,
        InterestKind.FAMILY, "Her brother runs the hall.",
    )  # fmt: skip

    resolve(chamber, decision, raised, chamber.chair, UNFOUNDED)

    assert not raised.recuses()
    assert can(session, viewer(session, chamber.members["citizens 2"]), Permission.CAST_BALLOT, decision)


def test_nothing_new_is_said_of_a_vote_that_has_closed(chamber: Chamber, session: Session) -> None:
    decision = notice(chamber, STAGED["supermajority"])
    cast_all(chamber, STAGED["supermajority"])
    decisions_count.close(session, decision, chamber.chair.id)

    with pytest.raises(PhaseForbids):
        interests_items.say(session, decision, chamber.members["citizens 1"].id, KNOWN)
    with pytest.raises(PhaseForbids):
        interests_resolve.raise_about(
            session, decision, chamber.seats["citizens 2"].id, chamber.members["citizens 1"].id,
            InterestKind.FAMILY, "Her brother runs the hall.",
        )  # fmt: skip


def test_who_steps_aside_from_a_choice_steps_aside_from_the_reviews_of_its_missions(
    chamber: Chamber, session: Session
) -> None:
    decision = notice(chamber, STAGED["schulze"])
    about = [option["id"] for option in decision.options]
    (declared,) = interests_items.say(session, decision, chamber.members["private 1"].id, KNOWN)

    resolve(chamber, decision, declared, chamber.chair, RECUSE)

    assert about
    assert {str(declared.subject_id)} == {str(decision.id)}
    for mission in about:
        assert chamber.seats["private 1"].id in stepped_aside(session, mission)
