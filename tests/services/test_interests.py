"""Interests in an item: asked once, changeable, raised by others, resolved by the chair; they hold in every vote."""

import pytest
from sqlmodel import Session, col, select

from app.conditions.asking import Ask
from app.conditions.taking_part import has_said, is_not_recused, my_seat_in, recused_seats
from app.models.columns import now
from app.models.committee import Interest
from app.models.notification import Notification
from app.models.person import Person
from app.models.seat import live_seats_of
from app.permissions import Permission, can
from app.rules.interests import NotTheResolver, ReasonNeeded, ResolvedAlready
from app.rules.replay import Difference
from app.rules.replay_kinds import Noun
from app.rules.words import Choice, InterestEffect, InterestKind, Role, ScopeKind, SubjectKind
from app.services import (
    decisions_count,
    events,
    interests,
    interests_items,
    interests_resolve,
    interests_show,
)
from app.services.interests_items import Said
from app.viewer import Viewer
from tests.people import make_person, seat
from tests.replayed import Memory, begin
from tests.services.chamber import Chamber, make_chamber

TIED = Said(InterestKind.MONEY, "My fund owns shares of a supplier.", InterestEffect.RECUSE)
KNOWN = Said(InterestKind.EMPLOYER, "My university studied it.", InterestEffect.DISCLOSE)
DISCLOSE, RECUSE, UNFOUNDED = InterestEffect.DISCLOSE, InterestEffect.RECUSE, InterestEffect.UNFOUNDED


@pytest.fixture
def chamber(session: Session) -> Chamber:
    made = make_chamber(session)
    deputy = make_person(session, "Deputy")
    made.members["deputy"] = deputy
    made.seats["deputy"] = seat(session, deputy, Role.DEPUTY, ScopeKind.COMMITTEE, made.committee.id)
    return made


def viewer(session: Session, person: Person) -> Viewer:
    return Viewer(person, tuple(live_seats_of(session, person.id)))


def say(chamber: Chamber, name: str, said: Said | None = None) -> list[Interest]:
    return interests_items.say(chamber.session, chamber.mission, chamber.members[name].id, said or Said())


def raise_about(chamber: Chamber, of: str, by: str) -> Interest:
    return interests_resolve.raise_about(
        chamber.session, chamber.mission, chamber.seats[of].id, chamber.members[by].id,
        InterestKind.COMPETING, "They work on the rival proposal.",
    )  # fmt: skip


def resolve(chamber: Chamber, interest: Interest, person: Person, effect: InterestEffect) -> Interest:
    return interests_resolve.resolve(
        chamber.session, chamber.mission, interest.id, person.id, effect, "They told us themselves."
    )


def told(session: Session, person: Person) -> list[str]:
    query = select(Notification).where(Notification.person_id == person.id)
    return [each.kind for each in session.exec(query.order_by(col(Notification.created_at)))]


def wrong(memory: Memory, session: Session) -> list[Difference]:
    """What a replay tells otherwise of interests; the chamber's mission was framed by hand, without its act."""
    found = memory.compared(session).values()
    return [each for comparison in found for each in comparison.differing if each.noun is Noun.INTEREST]


def test_a_member_is_asked_once_and_the_answer_is_kept(chamber: Chamber, session: Session) -> None:
    member = viewer(session, chamber.members["citizens 1"])
    assert not has_said(Ask(session, member, chamber.mission))
    assert not can(session, member, Permission.ENTER_ITEM, chamber.mission)
    memory = begin(session)

    first, again = say(chamber, "citizens 1"), say(chamber, "citizens 1")

    assert [each.id for each in first] == [each.id for each in again]
    assert has_said(Ask(session, member, chamber.mission))
    assert can(session, member, Permission.ENTER_ITEM, chamber.mission)
    recorded = [each.kind for each in events.of_subject(session, SubjectKind.MISSION, chamber.mission.id)]
    assert recorded.count("nothing_declared") == 1
    memory.remember(session, "said")
    assert wrong(memory, session) == []


def test_the_answer_to_an_item_counts_in_every_decision_about_it(chamber: Chamber, session: Session) -> None:
    say(chamber, "citizens 1")
    decision = chamber.notice(asked=False)

    assert has_said(Ask(session, viewer(session, chamber.members["citizens 1"]), decision))
    assert not has_said(Ask(session, viewer(session, chamber.members["citizens 2"]), decision))
    assert can(session, viewer(session, chamber.members["citizens 1"]), Permission.CAST_BALLOT, decision)
    assert not can(session, viewer(session, chamber.members["citizens 2"]), Permission.CAST_BALLOT, decision)


def test_stepping_aside_from_an_item_holds_in_a_vote_that_comes_later(
    chamber: Chamber, session: Session
) -> None:
    alternate = chamber.add_alternate("citizens 1")
    say(chamber, "citizens 1", TIED)

    decision = chamber.notice()

    assert recused_seats(session, decision) == {chamber.seats["citizens 1"].id}
    standing_in = viewer(session, alternate)
    assert my_seat_in(session, standing_in, decision) == chamber.seats["alternate of citizens 1"].id
    member = viewer(session, chamber.members["citizens 1"])
    assert not is_not_recused(Ask(session, member, chamber.mission))
    assert not can(session, member, Permission.ENTER_ITEM, chamber.mission)
    assert not can(session, member, Permission.CAST_BALLOT, decision)


def test_stepping_aside_while_a_vote_runs_sets_an_open_ballot_aside_and_cannot_be_taken_back(
    chamber: Chamber, session: Session
) -> None:
    del chamber.members["deputy"]
    decision = chamber.notice()
    chamber.cast_all(Choice.FOR, citizens_1=Choice.AGAINST)
    memory = begin(session)

    say(chamber, "citizens 1", TIED)
    memory.remember(session, "aside")

    with pytest.raises(interests_items.StepAsideStands):
        say(chamber, "citizens 1")
    with pytest.raises(interests.SteppedAsideAlready):
        say(chamber, "citizens 1", KNOWN)
    decisions_count.close(session, decision, chamber.chair.id)
    assert decision.outcome == "carried"
    assert wrong(memory, session) == []


def test_stepping_aside_after_the_count_changes_nothing_in_it(chamber: Chamber, session: Session) -> None:
    decision = chamber.notice(opens_in=-20)
    decisions_count.close(session, decision, chamber.chair.id)

    say(chamber, "citizens 1", TIED)

    assert recused_seats(session, decision) == set()


def test_before_a_vote_one_may_say_something_else(chamber: Chamber, session: Session) -> None:
    memory = begin(session)
    say(chamber, "citizens 1", KNOWN)
    memory.remember(session, "declared")
    say(chamber, "citizens 1")
    memory.remember(session, "taken back")
    say(chamber, "citizens 1", TIED)
    memory.remember(session, "stepped aside")
    say(chamber, "citizens 1")
    memory.remember(session, "and back")

    rows = session.exec(select(Interest).order_by(col(Interest.declared_at))).all()
    assert [(each.kind.value, each.superseded_at is None) for each in rows] == [
        ("employer", False), ("nothing", False), ("money", False), ("nothing", True),
    ]  # fmt: skip
    assert wrong(memory, session) == []


def test_a_tie_is_public_and_nothing_to_declare_is_not_listed(chamber: Chamber, session: Session) -> None:
    decision = chamber.notice()
    say(chamber, "academia 1", KNOWN)
    raised = raise_about(chamber, "citizens 2", "citizens 1")

    assert [each.interest.kind for each in interests.declared_on(session, decision)] == [
        InterestKind.EMPLOYER
    ]

    resolve(chamber, raised, chamber.chair, DISCLOSE)
    assert [each.name for each in interests.declared_on(session, decision)] == [
        chamber.members["academia 1"].name, chamber.members["citizens 2"].name,
    ]  # fmt: skip


def test_the_person_concerned_is_told_and_the_chair_resolves(chamber: Chamber, session: Session) -> None:
    memory = begin(session)
    raised = raise_about(chamber, "citizens 2", "citizens 1")
    memory.remember(session, "raised")

    assert told(session, chamber.members["citizens 2"]) == ["interest_raised"]
    assert told(session, chamber.chair) == ["interest_to_resolve"]
    for nobody in ("citizens 1", "citizens 2", "deputy"):
        with pytest.raises(NotTheResolver):
            resolve(chamber, raised, chamber.members[nobody], RECUSE)
    resolve(chamber, raised, chamber.chair, RECUSE)
    memory.remember(session, "resolved")

    assert raised.recuses()
    assert told(session, chamber.members["citizens 1"]) == ["interest_recuse"]
    with pytest.raises(ResolvedAlready):
        resolve(chamber, raised, chamber.chair, DISCLOSE)
    with pytest.raises(interests_items.StepAsideStands):
        say(chamber, "citizens 2")
    assert wrong(memory, session) == []


def test_the_chairs_own_goes_to_the_deputy(chamber: Chamber, session: Session) -> None:
    chair_seat = live_seats_of(session, chamber.chair.id)[0]
    raised = interests_resolve.raise_about(
        session,
        chamber.mission,
        chair_seat.id,
        chamber.members["citizens 1"].id,
        InterestKind.FAMILY,
        "A cousin.",
    )

    with pytest.raises(NotTheResolver):
        resolve(chamber, raised, chamber.chair, UNFOUNDED)
    resolve(chamber, raised, chamber.members["deputy"], RECUSE)

    assert raised.resolved_by_id == chamber.seats["deputy"].id
    decision = chamber.notice()
    assert not is_not_recused(Ask(session, viewer(session, chamber.chair), decision))


def test_a_resolution_to_step_aside_passes_the_ballot_on_at_once(chamber: Chamber, session: Session) -> None:
    alternate = chamber.add_alternate("citizens 2")
    decision = chamber.notice()
    raised = raise_about(chamber, "citizens 2", "citizens 1")
    assert recused_seats(session, decision) == set()

    resolve(chamber, raised, chamber.chair, RECUSE)

    assert recused_seats(session, decision) == {chamber.seats["citizens 2"].id}
    assert "vote_asked" in told(session, alternate)


def test_what_was_unfounded_is_read_by_those_concerned_only(chamber: Chamber, session: Session) -> None:
    raised = raise_about(chamber, "citizens 2", "citizens 1")
    resolve(chamber, raised, chamber.chair, UNFOUNDED)

    def read_by(name: str) -> list[Interest]:
        found = interests_show.shown(session, chamber.mission, chamber.members[name].id)
        return [each.interest for each in found.told]

    assert read_by("citizens 1") == read_by("citizens 2") == [raised]
    assert read_by("academia 1") == []
    assert not raised.recuses()
    again = raise_about(chamber, "citizens 2", "citizens 1")
    with pytest.raises(ReasonNeeded):
        interests_resolve.resolve(session, chamber.mission, again.id, chamber.chair.id, RECUSE, "")


def test_one_raises_it_once_of_others_and_only_among_those_seated(chamber: Chamber, session: Session) -> None:
    raise_about(chamber, "citizens 2", "citizens 1")

    with pytest.raises(interests_resolve.RaisedAlready):
        raise_about(chamber, "citizens 2", "citizens 1")
    with pytest.raises(interests_resolve.NotOfOneself):
        raise_about(chamber, "citizens 1", "citizens 1")
    chamber.members["bob"] = make_person(session, "Bob")
    with pytest.raises(interests_items.interests_hold.NotSeatedHere):
        raise_about(chamber, "citizens 2", "bob")
    with pytest.raises(interests_items.interests_hold.NotSeatedHere):
        say(chamber, "bob")


def test_a_vote_that_closed_before_is_judged_as_it_was(chamber: Chamber, session: Session) -> None:
    """The vote is counted late: who steps aside between its end and its count is counted."""
    decision = chamber.notice(opens_in=-20)
    assert decision.closes_at is not None
    assert decision.closes_at < now()

    say(chamber, "citizens 1", TIED)
    decisions_count.close(session, decision, chamber.chair.id)

    assert recused_seats(session, decision) == set()
