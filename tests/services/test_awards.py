"""The vote on a shortlist, what it settles, the reserve, and that no more is selected than there is."""

from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import select

from app.conditions.taking_part import recused_seats, voters_of
from app.errors import Forbidden, NotFound
from app.models.application import Application
from app.models.ballot import Voted
from app.models.notification import Notification
from app.rules.award import BeyondBudget
from app.rules.moves import MoveForbidden
from app.rules.words import ApplicationState, CallState, DecisionState, InterestEffect, InterestKind
from app.services import (
    applications_send,
    awards,
    awards_ask,
    awards_conflicts,
    ballots,
    challenges,
    decisions_freeze,
    decisions_words,
    interests_items,
    replay,
)
from app.services.interests import VotedInSecret
from app.services.interests_items import Said
from tests.services.awarded import BUDGET, TICKS, add, make_awarded

A = ApplicationState


def names(session, decision):
    return [each.english for each in decisions_words.titles(session, decision).values()]


def test_the_whole_shortlist_stands_on_the_ballot_at_what_it_asks_under_the_budget_of_the_call(session):
    awarded = make_awarded(session)
    add(awarded, "Tents", Decimal("50000"), A.IN_REVIEW)

    decision = awarded.drafted(budget=1)

    assert [each["cost"] for each in decision.options] == [18_000_000, 12_000_001, 9_000_000, 6_000_050]
    assert decision.rule["budget"] == 40_000_000
    assert decision.call_id == awarded.call.id


def test_notice_freezes_what_was_submitted_by_its_receipt(session):
    awarded = make_awarded(session)

    decision = awarded.noticed()

    assert [each["snapshot"] for each in decision.options] == [
        each.receipt for each in awarded.applications.values()
    ]
    assert decisions_freeze.document(decision)["call"] == str(awarded.call.id)
    assert decisions_freeze.is_intact(decision)


def test_only_the_panel_of_the_call_votes_on_it(session):
    awarded, other = make_awarded(session), make_awarded(session)
    awarded.offer.panel_id = other.chamber.committee.id
    session.flush()

    with pytest.raises(awards_ask.NotThePanel):
        awarded.drafted()


def test_before_the_last_phase_nothing_is_voted_on(session):
    awarded = make_awarded(session)
    awarded.call.state = CallState.REVIEW
    session.flush()

    with pytest.raises(awards_ask.phases.PhaseForbids):
        awarded.drafted()


def test_one_who_withdrew_after_the_draft_makes_the_chair_draft_anew(session):
    awarded = make_awarded(session)
    decision = awarded.drafted()
    applications_send.withdraw(session, awarded.applications["Sails"], awarded.leads["Sails"].id)

    with pytest.raises(awards_ask.ShortlistChanged):
        awarded.noticed(decision)


def test_until_the_answer_the_ballot_names_numbers_and_never_titles(session):
    awarded = make_awarded(session)
    decision = awarded.certified()
    numbers = [f"Application no. {each.number}" for each in awarded.applications.values()]

    assert names(session, decision) == numbers

    awarded.call.state = CallState.ANSWERED
    session.flush()
    assert names(session, decision) == ["Roofs", "Walls", "Trees", "Sails"]

    awarded.applications["Trees"].state = A.WITHDRAWN
    session.flush()
    assert names(session, decision)[2] == "An application that was withdrawn"


def test_a_call_that_tells_nothing_of_what_it_declined_keeps_its_numbers(session):
    awarded = make_awarded(session, tells_declined=False)
    decision = awarded.certified()
    awarded.call.state = CallState.ANSWERED
    session.flush()

    told = names(session, decision)

    assert told[0] == "Roofs"
    assert told[3] == f"Application no. {awarded.applications['Sails'].number}"


def test_certification_makes_each_application_what_the_vote_made_of_it(session):
    awarded = make_awarded(session)

    decision = awarded.certified()

    # 180000 + 120000.01 + 90000 = 390000.01 fit; for sails neither money nor most of the panel is left.
    assert awarded.states() == {
        "Roofs": "selected",
        "Walls": "selected",
        "Trees": "selected",
        "Sails": "declined",
    }
    assert decision.state is DecisionState.CERTIFIED
    assert awarded.applications["Sails"].outcome_reason
    assert awards_ask.left(session, awarded.offer) == 999_999


def test_what_most_approve_of_and_the_budget_does_not_reach_waits_in_reserve(session):
    awarded = make_awarded(session, budget=Decimal("200000"))

    awarded.certified()

    assert awarded.states() == {
        "Roofs": "selected",
        "Walls": "reserve",
        "Trees": "reserve",
        "Sails": "declined",
    }
    assert [each.title for each in awards.reserve_of(session, awarded.call.id)] == ["Walls", "Trees"]


def test_a_vote_in_which_too_few_voted_settles_nothing(session):
    awarded = make_awarded(session)

    awarded.certified(ticks={"public 1": TICKS["public 1"]})

    assert set(awarded.states().values()) == {"shortlisted"}
    assert awarded.drafted().options  # and the question can be put again


def test_who_withdrew_while_the_vote_ran_is_not_selected_by_it(session):
    awarded = make_awarded(session)
    decision = awarded.counted()
    applications_send.withdraw(session, awarded.applications["Walls"], awarded.leads["Walls"].id)

    awards.settle(session, decision, "As counted.", decision.closes_at)

    assert awarded.states()["Walls"] == "withdrawn"
    assert awarded.states()["Roofs"] == "selected"


def test_the_database_takes_no_selection_beyond_the_budget(session):
    awarded = make_awarded(session, budget=Decimal("300000.01"))
    for title in ("Roofs", "Walls"):
        awarded.applications[title].state = A.SELECTED
    session.flush()

    awarded.applications["Sails"].state = A.SELECTED
    with pytest.raises(IntegrityError, match="more is selected than the call has"):
        session.flush()


def test_a_place_that_becomes_free_goes_to_the_first_of_the_reserve_that_fits(session):
    awarded = make_awarded(session, budget=Decimal("210000.01"))
    awarded.certified()
    walls, trees = awarded.applications["Walls"], awarded.applications["Trees"]
    with pytest.raises(BeyondBudget):
        awards.move_up(session, walls, "There is room.", awarded.carol.id)

    awards.fall_out(session, awarded.applications["Roofs"], "They found no site.", awarded.carol.id)
    with pytest.raises(awards.NotFirstInReserve):
        awards.move_up(session, trees, "There is room.", awarded.carol.id)
    awards.move_up(session, walls, "Roofs found no site.", awarded.carol.id)
    awards.move_up(session, trees, "And there is room for two, to the cent.", awarded.carol.id)

    assert awarded.states() == {
        "Roofs": "declined",
        "Walls": "selected",
        "Trees": "selected",
        "Sails": "declined",
    }


def test_one_that_asks_too_much_is_passed_over_and_keeps_its_place(session):
    awarded = make_awarded(session, budget=Decimal("290000"))
    awarded.certified()
    assert awarded.states() == {
        "Roofs": "selected",
        "Walls": "reserve",
        "Trees": "selected",
        "Sails": "declined",
    }

    awards.fall_out(session, awarded.applications["Trees"], "They found no site.", awarded.carol.id)

    assert awards.first_that_fits(session, awarded.call.id, awards_ask.left(session, awarded.offer)) is None
    with pytest.raises(BeyondBudget):
        awards.move_up(session, awarded.applications["Walls"], "There is room.", awarded.carol.id)


def test_a_selected_team_withdraws_and_its_money_is_free(session):
    awarded = make_awarded(session, budget=Decimal("200000"))
    awarded.certified()

    applications_send.withdraw(session, awarded.applications["Roofs"], awarded.leads["Roofs"].id)

    assert awards_ask.left(session, awarded.offer) == 20_000_000
    awards.move_up(session, awarded.applications["Walls"], "Roofs withdrew.", awarded.carol.id)
    told = session.exec(select(Notification).where(Notification.kind == "application_moved_up")).all()
    assert {each.person_id for each in told} == {awarded.leads["Walls"].id}


def test_a_team_of_the_reserve_withdraws_and_leaves_its_place(session):
    awarded = make_awarded(session, budget=Decimal("200000"))
    awarded.certified()

    applications_send.withdraw(session, awarded.applications["Walls"], awarded.leads["Walls"].id)

    assert awarded.applications["Walls"].reserve_place is None


def test_what_was_declined_does_not_move_up(session):
    awarded = make_awarded(session)
    awarded.certified()

    with pytest.raises(MoveForbidden):
        awards.move_up(session, awarded.applications["Sails"], "Why not.", awarded.carol.id)


def test_no_one_votes_on_what_they_or_their_organisation_applied_with(session):
    awarded = make_awarded(session)
    chamber = awarded.chamber
    member = chamber.members["private 1"]
    member.organisation_id = awarded.applications["Walls"].organisation_id
    stand_in = chamber.add_alternate("private 1")

    decision = awarded.noticed()

    assert chamber.seats["private 1"].id in recused_seats(session, decision)
    voting = {each.person_id for each in voters_of(session, decision)}
    assert member.id not in voting
    assert stand_in.id in voting
    with pytest.raises(Forbidden):
        ballots.cast(session, decision, member.id, {"approved": []}, "", 1)


def test_who_steps_aside_from_an_application_while_the_vote_runs_is_off_the_vote(session):
    awarded = make_awarded(session)
    chamber, decision = awarded.chamber, awarded.noticed()
    member, seat = chamber.members["private 1"], chamber.seats["private 1"]
    ballots.cast(session, decision, member.id, {"approved": []}, "", 1)
    said = Said(InterestKind.FAMILY, "My sister leads it.", InterestEffect.RECUSE)

    interests_items.say(session, awarded.applications["Walls"], member.id, said)

    assert seat.id in recused_seats(session, decision)
    assert member.id not in {each.person_id for each in voters_of(session, decision)}


def test_who_has_voted_in_secret_no_longer_steps_aside_from_an_application_on_the_ballot(session):
    awarded = make_awarded(session)
    chamber, decision = awarded.chamber, awarded.noticed()
    member = chamber.members["private 1"]
    session.add(Voted(decision_id=decision.id, seat_id=chamber.seats["private 1"].id))
    session.flush()
    said = Said(InterestKind.FAMILY, "My sister leads it.", InterestEffect.RECUSE)

    with pytest.raises(VotedInSecret):
        interests_items.say(session, awarded.applications["Walls"], member.id, said)


def test_a_vote_that_does_not_stand_has_settled_nothing(session):
    awarded = make_awarded(session, budget=Decimal("200000"))
    decision = awarded.certified()
    elector = awarded.chamber.members["third 1"]
    challenges.file(session, decision, elector.id, "Two of us could not open the ballot at all.")

    challenges.resolve(session, decision, True, "That is so: it is voted on again.", awarded.carol.id)

    assert set(awarded.states().values()) == {"shortlisted"}
    again = awarded.certified(awarded.drafted(lot="The lottery of Sunday."))
    assert again.state is DecisionState.CERTIFIED
    assert awarded.states()["Roofs"] == "selected"


def test_roadmaps_are_chosen_by_number_where_there_is_no_money(session):
    awarded = make_awarded(session, budget=None, ticket_least=None, ticket_most=None, is_for_roadmaps=True)

    awarded.certified(awarded.drafted(rule="equal_shares", seats=2))

    chosen = [title for title, state in awarded.states().items() if state == "selected"]
    assert len(chosen) == 2
    assert chosen[0] == "Roofs"


def test_one_application_alone_is_put_to_a_vote_too(session):
    awarded = make_awarded(session)
    for title in ("Walls", "Trees", "Sails"):
        applications_send.withdraw(session, awarded.applications[title], awarded.leads[title].id)
    roofs = dict.fromkeys(TICKS, "Roofs")

    awarded.certified(ticks=roofs)

    assert awarded.states()["Roofs"] == "selected"


def test_the_events_tell_every_state_again(session):
    awarded = make_awarded(session, budget=Decimal("200000"))
    awarded.certified()
    awards.fall_out(session, awarded.applications["Roofs"], "They found no site.", awarded.carol.id)
    awards.move_up(session, awarded.applications["Walls"], "Roofs found no site.", awarded.carol.id)
    session.flush()

    keys = {str(each.id) for each in awarded.applications.values()}
    compared = replay.differences(session)

    assert not [each for each in compared.differing if each.id in keys]
    found = replay.states_at(session).found["application"]
    assert {
        title: found[str(each.id)]["state"] for title, each in awarded.applications.items()
    } == awarded.states()


def test_whether_declining_is_told_is_said_once(session):
    awarded = make_awarded(session)

    with pytest.raises(DBAPIError, match="was said when the call was published"):
        session.execute(
            text("UPDATE offer SET tells_declined = false WHERE call_id = :call"), {"call": awarded.call.id}
        )


def test_a_question_that_is_no_call_has_none(session):
    awarded = make_awarded(session)

    with pytest.raises(NotFound):
        awards_ask.offer_for(session, awarded.chamber.mission.call_id)
    assert awards_conflicts.step_aside(session, awarded.noticed(), awarded.call.closes_at) == []
    assert session.exec(select(Application).where(Application.call_id == awarded.call.id)).all()
    assert awarded.offer.budget == BUDGET
