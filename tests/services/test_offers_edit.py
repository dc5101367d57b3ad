"""Writing an offer: one colleague never writes over another's words, and nothing half written is published."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from app.models.call import Call
from app.models.columns import now
from app.models.event import Event
from app.models.mission import Mission
from app.models.offer import OfferTerms
from app.rules.eligibility import Rule, RuleKind
from app.rules.offers import OfferIncomplete
from app.rules.phases import PhaseForbids
from app.rules.replay import effective
from app.rules.replay_kinds import Noun
from app.rules.words import ApplicationState, CallState, ConditionKind, Instrument, MissionState
from app.services import calls, copies, exports_rows, offers, offers_edit, replay
from app.services.offers_edit import ConditionText, OfferText
from tests.factories import make_call
from tests.offered import TERMS, make_answer, make_condition, make_offer
from tests.people import make_facilitator, make_organisation

SOON = {"opens_at": now() + timedelta(days=2)}
DRAFT = {"state": CallState.DRAFT, "published_at": None, **SOON}


def text(**changes: object) -> OfferText:
    plain = OfferText(
        Instrument.PRIZE, None, "Homes are hot.", None, False, Decimal(100), "EUR", Decimal(1), Decimal(50), None, 3,
        True, False,
    )  # fmt: skip
    return replace(plain, **changes)


def test_a_part_is_saved_with_one_event_that_names_it(session: Session) -> None:
    agency = make_organisation(session)
    carol, made = make_facilitator(session, agency), make_offer(session, agency, call=DRAFT)

    offers_edit.edit(session, made.call, text(), 1, carol.id)

    assert (made.offer.instrument, made.offer.is_blind, made.offer.version) == (Instrument.PRIZE, True, 2)
    event = session.exec(select(Event).where(Event.kind == "offer_edited")).one()
    assert (event.subject_id, event.facts["part"], event.facts["version"]) == (made.call.id, "offer", 2)


def test_a_colleague_who_comes_second_is_told(session: Session) -> None:
    agency = make_organisation(session)
    carol, made = make_facilitator(session, agency), make_offer(session, agency, call=DRAFT)
    offers_edit.set_eligibility(session, made.call, [Rule(RuleKind.PARTNERS, least=Decimal(1))], 1, carol.id)

    with pytest.raises(offers_edit.StaleOffer):
        offers_edit.edit(session, made.call, text(), 1, carol.id)


def test_an_offer_stays_as_it_is_once_people_can_apply(session: Session) -> None:
    agency = make_organisation(session)
    carol, made = make_facilitator(session, agency), make_offer(session, agency)

    with pytest.raises(PhaseForbids):
        offers_edit.set_terms(session, made.call, "Something else altogether, so there.", 1, carol.id)


@pytest.mark.parametrize(
    ("least", "most"), [(Decimal(60), Decimal(50)), (Decimal(1), Decimal(101)), (None, Decimal(5))]
)
def test_what_one_may_ask_for_lies_within_the_budget(
    session: Session, least: Decimal | None, most: Decimal
) -> None:
    agency = make_organisation(session)
    carol, made = make_facilitator(session, agency), make_offer(session, agency, call=DRAFT)

    with pytest.raises(offers_edit.TicketsDoNotFit):
        offers_edit.edit(session, made.call, text(ticket_least=least, ticket_most=most), 1, carol.id)


def test_only_what_is_listed_can_be_chosen(session: Session) -> None:
    agency, other = make_organisation(session), make_organisation(session, "Port Authority")
    carol, made = make_facilitator(session, agency), make_offer(session, agency, call=DRAFT)
    theirs, hidden = make_offer(session, other), make_offer(session, other, call=DRAFT)

    for wrong in ({"panel_id": theirs.panel.id}, {"follows_call_id": hidden.call.id}):
        with pytest.raises(offers_edit.NotToChoose):
            offers_edit.edit(session, made.call, text(**wrong), 1, carol.id)


def test_calls_that_follow_one_another_never_turn_in_a_circle(session: Session) -> None:
    agency = make_organisation(session)
    carol = make_facilitator(session, agency)
    first = make_offer(session, agency, call={**SOON, "created_at": now() - timedelta(days=1)})
    second = make_offer(session, agency, call=SOON)
    after = text(follows_call_id=first.call.id, panel_id=second.panel.id, tells_declined=True)
    offers_edit.edit(session, second.call, after, 1, carol.id)

    round_again = text(follows_call_id=second.call.id, panel_id=first.panel.id, tells_declined=True)
    with pytest.raises(offers_edit.NotToChoose):
        offers_edit.edit(session, first.call, round_again, 1, carol.id)


def test_other_terms_are_a_new_version_and_the_same_terms_are_not(session: Session) -> None:
    agency = make_organisation(session)
    carol, made = make_facilitator(session, agency), make_offer(session, agency, call=DRAFT)

    assert offers_edit.set_terms(session, made.call, TERMS, 1, carol.id).id == made.terms.id
    second = offers_edit.set_terms(session, made.call, TERMS + " Or so.", 1, carol.id)

    assert (second.number, made.terms.text) == (2, TERMS)
    assert [each.number for each in offers.versions_of(session, made.call.id)] == [2, 1]
    assert second.text_hash == offers_edit.terms_hash(TERMS + " Or so.") != made.terms.text_hash


def test_a_condition_of_a_call_has_its_words_as_a_first_version(session: Session) -> None:
    agency = make_organisation(session)
    carol, made = make_facilitator(session, agency), make_offer(session, agency, call=DRAFT)
    wanted = ConditionText(ConditionKind.ACCESS, "Nobody pays more than it costs.", test={"compare": "yes"})

    condition = offers_edit.add_condition(session, made.call, wanted, 1, carol.id)
    ((_found, said),) = offers_edit.conditions_of(session, made.call.id)
    assert (said.number, said.clause) == (1, "Nobody pays more than it costs.")
    offers_edit.remove_condition(session, made.call, condition, 2, carol.id)

    assert offers_edit.conditions_of(session, made.call.id) == []


def test_a_call_that_lacks_something_is_not_published(session: Session) -> None:
    agency = make_organisation(session)
    carol, made = make_facilitator(session, agency), make_offer(session, agency, call=DRAFT, panel_id=None)

    with pytest.raises(OfferIncomplete):
        calls.publish(session, made.call, carol.id)
    made.offer.panel_id = made.panel.id
    calls.publish(session, made.call, carol.id)

    assert made.call.state is CallState.PUBLISHED


def test_a_call_that_serves_a_mission_nobody_knows_of_is_not_published(session: Session) -> None:
    agency = make_organisation(session)
    carol, home = make_facilitator(session, agency), make_call(session, agency, state=CallState.DRAFT)
    mission = make_mission(session, home)
    made = make_offer(session, agency, call=DRAFT, mission_id=mission.id)

    with pytest.raises(OfferIncomplete):
        calls.publish(session, made.call, carol.id)


def test_a_draft_is_removed_with_its_offer_terms_and_conditions(session: Session) -> None:
    agency = make_organisation(session)
    carol, made = make_facilitator(session, agency), make_offer(session, agency, call=DRAFT)
    make_condition(session, made.call.id)

    calls.delete_draft(session, made.call, made.call.version, carol.id)

    session.expire_all()
    assert session.exec(select(OfferTerms)).all() == []


def test_who_applies_after_roadmaps_names_one_that_was_selected(session: Session) -> None:
    agency = make_organisation(session)
    before = make_offer(session, agency, is_for_roadmaps=True, call={"state": CallState.ANSWERED})
    after = make_offer(session, agency, follows_call_id=before.call.id)
    chosen = make_answer(session, before.call, state=ApplicationState.SELECTED, title="Cold from salt")
    make_answer(session, before.call, state=ApplicationState.DECLINED, outcome_reason="Too dear.")

    (asked,) = [each for each in offers.form_of(session, after.offer) if each.kind == "choice"]

    assert asked.choices == ((str(chosen.id), "Cold from salt"),)
    assert RuleKind.ROADMAP in {each.kind for each in offers.rules_of(session, after.call, after.offer)}


def test_the_form_asks_what_the_rules_need_and_then_each_criterion(session: Session) -> None:
    made = make_offer(session, eligibility=[{"kind": "people", "most": "250"}])

    assert [each.key for each in offers.form_of(session, made.offer)] == ["people", "aim", "way"]


def test_the_log_tells_that_an_innovation_call_closes_to_check_who_may_apply(session: Session) -> None:
    agency = make_organisation(session)
    carol, made = make_facilitator(session, agency), make_offer(session, agency)
    copy = copies.copy_call(session, made.call, agency.id, carol.id)
    offers.offer_of(session, copy).panel_id = made.panel.id
    calls.publish(session, copy, carol.id)
    session.flush()

    later = copy.closes_at + timedelta(seconds=1)
    told = replay.states_at(session, later)

    reading = told.found[Noun.CALL][str(copy.id)]
    assert effective(Noun.CALL, reading, later) == CallState.ELIGIBILITY
    assert str(copy.id) not in {each.id for each in replay.differences(session).differing}


def test_all_data_of_a_call_include_its_offer_and_no_application(session: Session) -> None:
    made = make_offer(session)
    make_condition(session, made.call.id)
    make_answer(session, made.call, title="xqsealed")

    facts = exports_rows.call_facts(session, made.call)

    assert facts["offer"]["terms"][0]["sha256"] == made.terms.text_hash
    assert facts["offer"]["applications"] is None
    assert "xqsealed" not in str(facts)


def make_mission(session: Session, call: Call) -> Mission:
    mission = Mission(
        call_id=call.id, organisation_id=call.organisation_id, title="Shade", state=MissionState.ADOPTED
    )
    session.add(mission)
    session.flush()
    return mission
