"""Copies and starters: words come along; votes, voices, readings and applications stay where they are."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import Session, select

from app.errors import NotFound
from app.models.call import Call
from app.models.columns import now
from app.models.decision import Decision
from app.models.event import Event
from app.models.link import Link
from app.models.mission import Clause, Mission, clauses_of, indicators_of
from app.models.money import Money, Reading
from app.models.offer import latest_terms
from app.models.project import Project
from app.models.submission import Submission
from app.models.term import Tag, Term
from app.rules.words import CallKind, CallState, LinkKind, MissionState, SubjectKind
from app.services import copies, missions, offers, offers_edit, replay, starters
from tests.factories import make_call, make_submission
from tests.offered import TERMS, make_answer, make_condition, make_offer
from tests.people import make_facilitator, make_organisation
from tests.services.steering import make_active


def count(session: Session, model: Any, *where: Any) -> int:
    return session.exec(select(func.count()).select_from(model).where(*where)).one()


def test_a_cloned_mission_keeps_no_ballot_history(session: Session) -> None:
    """DOMAIN 13: a template is cloned with its indicators; the cloned mission keeps no ballot history."""
    chamber = make_active(session)
    source, home = chamber.mission, make_call(session, title="Another question")
    carol = make_facilitator(session, make_organisation(session, "Another agency"), "Carola")
    term = Term(scheme="sdg", code="7.2x", label="More sun")
    session.add(term)
    session.flush()
    session.add(Tag(term_id=term.id, subject_kind=SubjectKind.MISSION, subject_id=source.id))
    had = [each.name for each in indicators_of(session, source.id)]

    made = copies.copy_mission(session, source, home, carol.id)

    assert (made.state, made.version, made.adopted_at, made.cluster_id) == (
        MissionState.CANDIDATE,
        1,
        None,
        None,
    )
    assert [each.name for each in indicators_of(session, made.id)] == had
    tagged = count(session, Tag, Tag.subject_id == source.id)
    assert count(session, Tag, Tag.subject_id == made.id) == tagged
    for model in (Decision, Project, Money):
        assert count(session, model, model.mission_id == made.id) == 0
    readings = [each.id for each in indicators_of(session, made.id)]
    assert count(session, Reading, Reading.indicator_id.in_(readings)) == 0  # type: ignore[attr-defined]
    assert str(made.id) not in {each.id for each in replay.differences(session).differing}


def test_a_sentence_that_quotes_somebody_stays_where_it_is(session: Session) -> None:
    """Its author may take these words back, and then they go from every page."""
    call = make_call(session)
    voice, carol = (
        make_submission(session, call),
        make_facilitator(session, make_organisation(session, "Other")),
    )
    mission = Mission(call_id=call.id, organisation_id=call.organisation_id, title="Shade")
    session.add(mission)
    session.flush()
    clauses = [
        Clause(mission_id=mission.id, position=place, section="why", text=words)
        for place, words in enumerate((voice.text, "Shade for all by 2035."), 1)
    ]
    session.add_all(clauses)
    session.flush()
    session.add(
        Link(
            kind=LinkKind.DERIVES_FROM, from_kind=SubjectKind.CLAUSE, from_id=clauses[0].id,
            to_kind=SubjectKind.SUBMISSION, to_id=voice.id, note=missions.QUOTED,
        )
    )  # fmt: skip
    session.flush()

    made = copies.copy_mission(session, mission, call, carol.id)

    assert [each.text for each in clauses_of(session, made.id)] == ["Shade for all by 2035."]


def test_a_cloned_call_keeps_no_history(session: Session) -> None:
    made = make_offer(session)
    make_condition(session, made.call.id)
    make_answer(session, made.call)
    agency = make_organisation(session, "Another agency")
    carol = make_facilitator(session, agency)

    copy = copies.copy_call(session, made.call, agency.id, carol.id)

    assert (copy.state, copy.kind, copy.organisation_id) == (CallState.DRAFT, CallKind.INNOVATION, agency.id)
    assert copy.opens_at > now()
    assert copy.closes_at - copy.opens_at == made.call.closes_at - made.call.opens_at
    offer = offers.offer_of(session, copy)
    assert (offer.criteria, offer.budget, offer.panel_id) == (made.offer.criteria, made.offer.budget, None)
    assert offer.stages[0]["due"] > made.offer.stages[0]["due"]
    terms = latest_terms(session, copy.id)
    assert terms is not None
    assert (terms.number, terms.text) == (1, TERMS)
    assert len(offers_edit.conditions_of(session, copy.id)) == 1
    event = session.exec(select(Event).where(Event.subject_id == copy.id)).one()
    assert (event.kind, event.facts["copied_from"]) == ("call_copied", str(made.call.id))


def test_a_consultation_is_cloned_without_its_voices(session: Session) -> None:
    call = make_call(session, places=["Calama"])
    make_submission(session, call)
    carol = make_facilitator(
        session, session.get_one(type(call), call.id) and make_organisation(session, "Own")
    )

    copy = copies.copy_call(session, call, call.organisation_id, carol.id)

    assert (copy.question, copy.places, copy.published_at) == (call.question, ["Calama"], None)
    assert count(session, Submission, Submission.call_id == copy.id) == 0


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("key", ["mobility", "data", "growth", "ageing"])
def test_each_of_the_four_challenges_gives_three_drafts(session: Session, key: str, locale: str) -> None:
    agency = make_organisation(session)
    carol = make_facilitator(session, agency)

    begun = starters.begin(session, key, agency.id, carol.id, locale)

    assert (begun.question.kind, begun.offer.kind) == (CallKind.CONSULTATION, CallKind.INNOVATION)
    assert {begun.question.state, begun.offer.state} == {CallState.DRAFT}
    (indicator,) = indicators_of(session, begun.mission.id)
    assert missions.indicator_facts(indicator).doubts() == []
    assert len(clauses_of(session, begun.mission.id)) == 2
    offer = offers.offer_of(session, begun.offer)
    assert offer.mission_id == begun.mission.id
    assert sum(each.weight for each in offers.criteria_of(offer)) == 100
    parts = offers.parts_of(session, begun.offer, offer)
    assert [name for name, met in vars(parts).items() if met is False] == ["known", "panel"]
    assert begun.question.told("es").question != begun.question.question


def test_a_challenge_that_is_not_there_is_not_found(session: Session) -> None:
    agency = make_organisation(session)

    with pytest.raises(NotFound):
        starters.begin(session, "magic", agency.id, make_facilitator(session, agency).id, "en")


def test_a_copy_opens_in_a_week_whenever_its_source_was(session: Session) -> None:
    call = make_call(session, opens_at=now() - timedelta(days=900), closes_at=now() - timedelta(days=870))
    carol = make_facilitator(session, make_organisation(session, "Own"))

    copy: Call = copies.copy_call(session, call, call.organisation_id, carol.id)

    assert timedelta(days=5) < copy.opens_at - now() < timedelta(days=9)
