"""Stages of a prize: the next one is drafted from the one before, and only those selected there may apply."""

from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from app.errors import NotFound
from app.models.call import Call
from app.models.columns import now
from app.models.event import Event
from app.models.notification import Notification
from app.models.offer import latest_terms
from app.models.organisation import Organisation
from app.rules.eligibility import RuleKind
from app.rules.offers import OfferIncomplete
from app.rules.phases import PhaseForbids
from app.rules.words import ApplicationState, CallState
from app.services import (
    applications,
    applications_send,
    calls,
    copies,
    feedback,
    offers,
    offers_edit,
    replay,
    stages,
)
from app.services.applications_send import NotReady
from app.services.feedback import Answer
from tests.applied import FORM, TERMS, make_applicant, write
from tests.people import make_organisation, make_person
from tests.staged import Staged, make_staged, set_dates

A, P = ApplicationState, CallState.PUBLISHED
ANSWER = Answer("It says who gains.", "", "Carol of the agency", "Write to the agency.")
RULE = {"kind": "selected_before"}


@pytest.fixture
def staged(session: Session) -> Staged:
    return make_staged(session, eligibility=[{"kind": "own_share", "least": "20"}])


def test_the_next_stage_is_a_draft_for_those_selected(session: Session, staged: Staged) -> None:
    before, offer = staged.first.call, staged.first.offer

    call = staged.drafted()

    made = staged.offer(call)
    assert (call.state, call.title, call.question) == (
        CallState.DRAFT,
        f"{before.title}: stage 2",
        before.question,
    )
    assert (made.follows_call_id, made.eligibility) == (before.id, [*offer.eligibility, RULE])
    assert (made.criteria, made.panel_id, made.challenge) == (offer.criteria, offer.panel_id, offer.challenge)
    terms = latest_terms(session, call.id)
    assert terms is not None
    assert terms.text == TERMS
    missing = {name for name, met in vars(offers.parts_of(session, call, made)).items() if met is False}
    assert missing == {"money", "tickets", "dates"}
    event = session.exec(select(Event).where(Event.subject_id == call.id)).one()
    assert (event.kind, event.facts["copied_from"]) == ("call_copied", str(before.id))
    assert str(call.id) not in {each.id for each in replay.differences(session).differing}


def test_asked_twice_the_next_stage_is_the_same_draft(session: Session, staged: Staged) -> None:
    first = staged.drafted()

    assert staged.drafted().id == first.id

    first.state, first.cancelled_reason = CallState.CANCELLED, "The money is gone."
    session.flush()
    assert staged.drafted().id != first.id


def test_a_third_stage_is_named_after_the_second(session: Session, staged: Staged) -> None:
    staged.first.call.languages = ["es", "en"]
    staged.first.call.translations = {"en": {"title": "Light", "question": "Who?", "brief": ""}}
    session.flush()
    second = staged.drafted()
    second.state = CallState.ANSWERED
    session.flush()

    third = stages.draft_next(session, second, staged.first.carol.id)

    assert third.title == "Light for the valley: etapa 3"
    assert third.told("en").title == "Light: stage 3"
    assert staged.offer(third).eligibility.count(RULE) == 1
    assert staged.offer(third).follows_call_id == second.id


def test_a_long_title_still_says_its_stage(session: Session, staged: Staged) -> None:
    staged.first.call.title = "Light " * 33
    session.flush()

    call = staged.drafted()

    assert len(call.title) == 200
    assert call.title.endswith("Light: stage 2")


def test_nothing_follows_before_the_decision(session: Session, staged: Staged) -> None:
    staged.first.call.state = CallState.REVIEW
    session.flush()

    with pytest.raises(PhaseForbids):
        staged.drafted()


def was_selected(staged: Staged, call: Call, **who: Any) -> bool | None:
    return offers.selected_before(
        staged.session, staged.offer(call), who.get("organisation_id"), who.get("person_id")
    )


def test_who_was_selected_is_told_of_the_organisation_and_else_of_who_led(
    session: Session, staged: Staged
) -> None:
    call = staged.drafted()
    _firm, stranger = make_applicant(session, "Stranger Works")

    told = [was_selected(staged, call, organisation_id=each.organisation_id) for each in staged.applications]
    led = [was_selected(staged, call, person_id=each.id) for each in (*staged.leads, stranger)]

    assert told == [True, True, False]
    assert led == [True, True, None, None]
    assert (
        was_selected(staged, call, organisation_id=stranger.organisation_id, person_id=staged.leads[0].id)
        is False
    )


@pytest.mark.parametrize("state", [CallState.REVIEW, CallState.DECISION, CallState.CANCELLED])
def test_until_the_call_before_is_answered_nobody_is_told(
    session: Session, staged: Staged, state: CallState
) -> None:
    call = staged.drafted()
    staged.first.call.state, staged.first.call.cancelled_reason = state, "So."
    session.flush()

    assert was_selected(staged, call, organisation_id=staged.applications[0].organisation_id) is None


def test_without_the_rule_anyone_may_follow(session: Session, staged: Staged) -> None:
    opened = staged.opened()
    opened.offer.eligibility = [{"kind": "own_share", "least": "20"}]
    session.flush()

    assert opened.submitted(staged.leads[2]).state is A.SUBMITTED
    assert was_selected(staged, opened.call, organisation_id=staged.applications[2].organisation_id) is None


def test_of_three_the_two_selected_apply_to_the_next_stage(session: Session, staged: Staged) -> None:
    opened = staged.opened()

    for lead in staged.leads[:2]:
        found = opened.submitted(lead)
        assert found.state is A.SUBMITTED
        assert found.findings["facts"]["selected_before"] is True
    third = opened.written(staged.leads[2])
    with pytest.raises(NotReady):
        applications_send.submit(
            session, third, staged.leads[2].id, arrived=now(), seen=third.version,
            terms=opened.terms.id if opened.terms else None,
        )  # fmt: skip

    (verdict,) = [
        each
        for each in applications.verdicts(session, applications.wanted(session, opened.call), third)
        if each.rule.kind is RuleKind.SELECTED_BEFORE
    ]
    assert (verdict.holds, verdict.found.english) == (False, "It was not selected there.")


def test_a_copy_that_follows_no_call_is_not_published(session: Session, staged: Staged) -> None:
    second = staged.published()
    copy = copies.copy_call(session, second, second.organisation_id, staged.first.carol.id)

    with pytest.raises(OfferIncomplete) as refused:
        calls.publish(session, copy, staged.first.carol.id)

    assert "Choose which call went before this one" in refused.value.phrase.english
    offer = staged.offer(copy)
    offer.eligibility = [each for each in offer.eligibility if each != RULE]
    calls.publish(session, copy, staged.first.carol.id)
    assert copy.state is CallState.PUBLISHED


def test_what_is_published_stays_whole(session: Session, staged: Staged) -> None:
    """The call before could else be taken away from under the rule, and the criteria from under the form."""
    call = staged.published()
    version, by = staged.offer(call).version, staged.first.carol.id

    with pytest.raises(OfferIncomplete):
        offers_edit.set_criteria(session, call, [], version, by)


def told_of(session: Session, call: Call) -> set[Any]:
    query = select(Notification).where(Notification.kind == "next_stage_published")
    return {each.person_id for each in session.exec(query) if each.subject_id == call.id}


def test_the_teams_that_were_selected_are_told_of_the_next_stage(session: Session, staged: Staged) -> None:
    assert stages.open_to(session, staged.applications[0]) is None

    call = staged.published()

    assert told_of(session, call) == {each.id for each in staged.leads[:2]}
    found = [stages.open_to(session, each) for each in staged.applications]
    assert [each and (each.call.id, each.phase) for each in found] == [(call.id, P), (call.id, P), None]


def following(session: Session, staged: Staged, agency: Organisation, **changes: Any) -> Call:
    """A call that says of itself that it goes on from the first stage."""
    call = copies.copy_call(session, staged.first.call, agency.id, staged.first.carol.id)
    offer = staged.offer(call)
    offer.follows_call_id, offer.eligibility = staged.first.call.id, [RULE]
    offer.panel_id = staged.first.offer.panel_id
    set_dates(call)
    for name, value in changes.items():
        setattr(offer, name, value)
    session.flush()
    return call


def test_another_agency_does_not_speak_for_a_prize(session: Session, staged: Staged) -> None:
    """Its drafts would be told, its letters go to teams it never selected, and no own stage could be drafted."""
    theirs = following(session, staged, make_organisation(session, "Another agency"))

    assert stages.next_of(session, staged.first.call.id) is None
    assert stages.number(session, staged.offer(theirs)) == 1
    calls.publish(session, theirs, staged.first.carol.id)

    assert told_of(session, theirs) == set()
    assert stages.open_to(session, staged.applications[0]) is None
    assert staged.drafted().id != theirs.id


def test_another_call_that_follows_tells_of_the_next_stage_no_second_time(
    session: Session, staged: Staged
) -> None:
    following(session, staged, staged.first.agency)  # an older draft, which does not hide what is published
    first = staged.first
    stage = following(session, staged, first.agency)
    calls.publish(session, stage, first.carol.id)
    assert told_of(session, stage) == {each.id for each in staged.leads[:2]}

    calls.publish(session, following(session, staged, first.agency, eligibility=[]), first.carol.id)

    query = select(Notification).where(Notification.kind == "next_stage_published")
    assert len(session.exec(query).all()) == 2


def test_before_they_are_answered_they_are_told_nothing(session: Session) -> None:
    staged = make_staged(session, CallState.DECISION)

    call = staged.published()

    assert told_of(session, call) == set()
    assert stages.open_to(session, staged.applications[0]) is None
    by = staged.first.carol.id
    for each in staged.applications:
        feedback.answer(session, each, ANSWER, by)
    feedback.conclude(session, staged.first.call, by)
    assert told_of(session, call) == {each.id for each in staged.leads[:2]}


def test_a_draft_starts_from_the_application_before(session: Session, staged: Staged) -> None:
    """Words for the same criteria, and none that the team wrote meanwhile are lost; money and dates are new."""
    opened = staged.opened()
    opened.offer.criteria = [staged.first.offer.criteria[0], {**staged.first.offer.criteria[1], "id": "new"}]
    draft = opened.begun(staged.leads[0])
    write(session, draft, staged.leads[0], {"summary": "What we say now."})

    stages.start_from_earlier(session, draft, staged.leads[0].id)

    assert (draft.title, draft.summary) == ("Batteries number 0", "What we say now.")
    assert draft.answers == {"use": FORM["answer-use"]}
    assert (draft.asked, draft.budget, draft.starts, draft.readiness) == (None, [], None, None)


def test_nobody_starts_from_an_application_they_did_not_write(session: Session, staged: Staged) -> None:
    opened = staged.opened()
    assert staged.first.offer.budget == Decimal(500_000)
    for person in (staged.leads[2], make_person(session, "Somebody")):
        draft = opened.begun(person)
        with pytest.raises(NotFound):
            stages.start_from_earlier(session, draft, person.id)
