"""An innovation call from its first draft to the page that whoever may apply reads, through the pages."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.models.call import Call
from app.models.columns import now
from app.models.organisation import Organisation
from app.models.statement import Statement
from app.rules.words import CallKind, CallState, StatementKind
from app.services import offers
from tests.client import Browser
from tests.factories import make_call
from tests.offered import TERMS, make_answer, make_condition, make_offer
from tests.people import make_committee, make_facilitator, make_organisation, make_person
from tests.services.steering import make_active


def typed(organisation_id: object, **changes: Any) -> dict[str, Any]:
    start = datetime.now(UTC) + timedelta(days=1)
    at = lambda days: (start + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")  # noqa: E731
    return {
        "organisation_id": str(organisation_id), "title": "Cold at noon", "timezone": "America/Santiago",
        "question": "Who cools homes with the sun of noon?", "brief": "Homes are hot.", "opens_at": at(0),
        "closes_at": at(20), "sense_until": at(30), "check_until": at(40), "answer_due": at(50),
        "languages": ["es"], "version": 1, "kind": "innovation", **changes,
    }  # fmt: skip


MONEY = {"instrument": "challenge_prize", "challenge": "Homes without shade.", "budget": "900000.50", "currency": "CLP",
         "ticket_least": "1000", "ticket_most": "90000", "reviews_wanted": "3", "tells_declined": "true"}  # fmt: skip
CRITERIA = {
    "title_0": "What changes", "question_0": "What will be different?", "weight_0": "60", "words_0": "300",
    "title_1": "How", "question_1": "How will you get there?", "weight_1": "40", "words_1": "200",
}  # fmt: skip


def test_an_agency_drafts_an_innovation_call_and_publishes_it(visitor: Browser, db: Session) -> None:
    agency = make_organisation(db)
    panel = make_committee(db, agency, name="Panel of heat")
    visitor.sign_in(db, make_facilitator(db, agency))

    desk = visitor.fill_in("/calls", typed(agency.id), seen_on="/calls/new?kind=innovation")
    call = db.exec(select(Call)).one()
    base, stage = f"/calls/{call.id}/offer", (datetime.now(UTC) + timedelta(days=300)).date().isoformat()
    assert "What the call gives" in desk.text
    assert visitor.fill_in(f"/calls/{call.id}/publication").status_code == 409
    for part, fields in (
        ("", {**MONEY, "panel_id": str(panel.id), "version": "1"}),
        ("/eligibility", {"groups": ["private", "academia"], "own_share_least": "20", "version": "2"}),
        ("/criteria", {**CRITERIA, "version": "3"}),
        ("/stages", {"title_0": "Trial", "due_0": stage, "deliverable_0": "A cool home", "version": "4"}),
        ("/conditions", {"kind": "knowledge", "clause": "Failed trials are published too.", "compare": "yes",
                         "version": "5"}),
        ("/terms", {"text": TERMS, "version": "6"}),
    ):  # fmt: skip
        answer = visitor.fill_in(base + part, fields)
        assert answer.status_code == 200, (part, answer.text[:500])
    page = visitor.open(f"/calls/{call.id}")
    visitor.hand_in(page.form(f"/calls/{call.id}/publication"))

    db.expire_all()
    assert db.exec(select(Call)).one().state is CallState.PUBLISHED
    visitor.cookies.clear()
    shown = visitor.open(f"/calls/{call.id}").main.text
    for words in ("Homes without shade.", "900,000.50 CLP", "What will be different?", "A cool home",
                  "Failed trials are published too.", TERMS, "Panel of heat", "America/Santiago"):  # fmt: skip
        assert words in shown, words
    listed = visitor.open("/calls").main.text
    assert "Challenge prize, in stages" in listed
    assert "offered by Regional Agency" in listed


def test_every_part_of_the_editor_shows_what_was_saved(visitor: Browser, db: Session) -> None:
    agency = make_organisation(db)
    made = make_offer(db, agency, call={"opens_at": now() + timedelta(days=3)})
    make_condition(db, made.call.id)
    visitor.sign_in(db, make_facilitator(db, agency))

    base = f"/calls/{made.call.id}/offer"
    shown = {
        part: visitor.open(base + part)
        for part in ("", "/eligibility", "/criteria", "/stages", "/conditions", "/terms")
    }
    assert shown[""].form(base).fields["budget"] == "1000000.00"
    assert shown["/eligibility"].form(f"{base}/eligibility").fields["own_share_least"] == "20"
    assert shown["/criteria"].form(f"{base}/criteria").fields["title_1"] == "How"
    assert "Results, failed trials and costs" in shown["/conditions"].main.text
    assert TERMS in shown["/terms"].main.text


@pytest.mark.parametrize(
    ("part", "fields", "told"),
    [
        ("/criteria", {**CRITERIA, "weight_1": "41"}, "add up to 101"),
        ("/criteria", {**CRITERIA, "question_1": ""}, "needs your attention"),
        ("/stages", {"title_0": "Trial", "due_0": "soon", "deliverable_0": "A home"}, "write a date"),
        ("", {**MONEY, "ticket_most": "1"}, "no more than the budget"),
        ("", {**MONEY, "reviews_wanted": "2"}, "needs your attention"),
        ("/eligibility", {"people_least": "9", "people_most": "3"}, "contradicts itself"),
        (
            "/conditions",
            {"kind": "access", "clause": "Nobody pays more.", "compare": "at_most"},
            "A number is needed",
        ),
    ],
)
def test_what_does_not_fit_comes_back_with_everything_typed(
    visitor: Browser, db: Session, part: str, fields: dict[str, str], told: str
) -> None:
    agency = make_organisation(db)
    made = make_offer(db, agency, call={"opens_at": now() + timedelta(days=3)})
    visitor.sign_in(db, make_facilitator(db, agency))

    path = f"/calls/{made.call.id}/offer{part}"
    page = visitor.read(visitor.fill_in(path, {**fields, "version": "1"}), 422)

    assert told in page.main.text
    kept = next(
        (value for name, value in fields.items() if name.startswith(("title_0", "clause", "people_least"))),
        "",
    )
    assert kept in visitor.fill_in(path, {**fields, "version": "1"}).text


def test_whoever_saves_second_is_told_and_keeps_what_they_typed(visitor: Browser, db: Session) -> None:
    agency = make_organisation(db)
    made = make_offer(db, agency, call={"opens_at": now() + timedelta(days=3)})
    visitor.sign_in(db, make_facilitator(db, agency))
    path = f"/calls/{made.call.id}/offer/terms"
    visitor.fill_in(path, {"text": TERMS + " First.", "version": "1"})

    late = visitor.read(visitor.fill_in(path, {"text": TERMS + " Second.", "version": "1"}), 409)

    assert "A colleague changed this offer" in late.main.text
    assert "Second." in late.main.text


def test_a_consultation_has_no_offer_and_an_innovation_call_takes_no_voices(
    visitor: Browser, db: Session
) -> None:
    agency = make_organisation(db)
    asked, offered = make_call(db, agency), make_offer(db, agency)
    visitor.sign_in(db, make_facilitator(db, agency))

    assert visitor.get(f"/calls/{asked.id}/eligibility").status_code == 404
    assert visitor.get(f"/calls/{asked.id}/questions").status_code == 404
    assert visitor.get(f"/calls/{offered.call.id}/submissions/new").status_code == 403
    assert "Say what you think" not in visitor.get(f"/calls/{offered.call.id}").text


def test_anyone_sees_whether_they_may_apply_and_nothing_is_kept(visitor: Browser, db: Session) -> None:
    made = make_offer(db)
    db.commit()
    path = f"/calls/{made.call.id}/eligibility"

    page = visitor.open(path)
    assert "is not said yet" in page.main.text or "are not said yet" in page.main.text
    may = visitor.hand_in(page.form(path), {"group": "private", "asked": "80000", "total": "100000"})
    assert "You may apply." in may.main.text
    fields = {"group": "citizens", "asked": "80000", "total": "80000"}
    part = visitor.fill_in(path, fields, headers={"HX-Request": "true"})

    assert "By what you said so far you may not apply." in part.text
    assert part.text.count("<html") == 0
    assert 'id="verdicts"' in part.text


def test_how_many_applied_is_told_from_the_deadline_on(visitor: Browser, db: Session) -> None:
    made = make_offer(db)
    make_answer(db, made.call)
    db.commit()

    assert "Applications that came in" not in visitor.get(f"/calls/{made.call.id}").text
    made.call.closes_at = now() - timedelta(seconds=1)
    db.commit()

    assert "Applications that came in" in visitor.get(f"/calls/{made.call.id}").text


def test_two_calls_that_follow_each_other_are_linked_both_ways(visitor: Browser, db: Session) -> None:
    agency = make_organisation(db)
    before = make_offer(db, agency, is_for_roadmaps=True, call={"title": "Roadmaps for shade"})
    after = make_offer(db, agency, follows_call_id=before.call.id, call={"title": "Partners for shade"})
    db.commit()

    first, second = visitor.open(f"/calls/{before.call.id}"), visitor.open(f"/calls/{after.call.id}")

    assert "It is followed by Partners for shade" in first.main.text
    assert "It follows Roadmaps for shade" in second.main.text
    assert "It carries out a roadmap that was selected" in second.main.text


def test_questions_and_answers_are_public_and_do_not_tell_who_asks(visitor: Browser, db: Session) -> None:
    agency = make_organisation(db)
    made = make_offer(db, agency)
    carol, bob = make_facilitator(db, agency), make_person(db, "Bob")
    path = f"/calls/{made.call.id}/questions"
    visitor.sign_in(db, bob)

    visitor.hand_in(visitor.open(path).form(path), {"question": "May two firms apply together?"})
    question = db.exec(select(Statement).where(Statement.kind == StatementKind.COMMENT)).one()
    visitor.sign_in(db, carol)
    answered = visitor.fill_in(
        f"{path}/answers", {"to": str(question.id), "answer": "Yes, with one that leads."}
    )
    assert answered.status_code == 200
    again = visitor.fill_in(f"{path}/answers", {"to": str(question.id), "answer": "No."})
    visitor.cookies.clear()
    shown = visitor.open(path).main.text

    assert again.status_code == 409
    assert "May two firms apply together?" in shown
    assert "Yes, with one that leads." in shown
    assert "Bob" not in shown
    assert "Bob" not in visitor.open(f"/statements/{question.id}").main.text


def test_nobody_asks_after_the_deadline(visitor: Browser, db: Session) -> None:
    made = make_offer(db, call={"closes_at": now() - timedelta(seconds=1)})
    visitor.sign_in(db, make_person(db, "Bob"))

    path = f"/calls/{made.call.id}/questions"
    assert visitor.fill_in(path, {"question": "May I still apply?"}).status_code == 409
    assert "Ask a question" not in visitor.open(path).main.text


def test_the_terms_stand_with_their_hash_in_every_version(visitor: Browser, db: Session) -> None:
    made = make_offer(db)
    db.commit()

    shown = visitor.open(f"/calls/{made.call.id}/terms").main.text

    assert TERMS in shown
    assert offers.latest_terms(db, made.call.id).text_hash in shown


def test_the_front_page_offers_to_apply_and_not_to_speak(visitor: Browser, db: Session) -> None:
    make_offer(db)
    db.commit()

    shown = visitor.open("/").main.text

    assert "Read the call and apply" in shown
    assert "Say what you think" not in shown


def test_a_facilitator_starts_from_an_example(visitor: Browser, db: Session) -> None:
    agency = make_organisation(db)
    visitor.sign_in(db, make_facilitator(db, agency))

    page = visitor.open("/starters")
    mission = visitor.hand_in(page.form("/starters/ageing"), {"organisation_id": str(agency.id)})

    assert "five more years in health" in mission.main.text
    assert "Who gives back something" in visitor.open("/calls").main.text


def test_a_mission_leads_its_facilitator_to_an_innovation_call_for_it(visitor: Browser, db: Session) -> None:
    chamber = make_active(db)
    mission, agency = chamber.mission, chamber.mission.organisation_id
    latest = make_call(db, db.get_one(Organisation, agency), title="The latest", timezone="America/Santiago")
    latest.created_at = now() + timedelta(minutes=1)
    elsewhere = make_facilitator(db, make_organisation(db, "Another agency"), "Elsa")
    db.commit()
    way = f"/calls/new?kind=innovation&mission={mission.id}"
    assert way not in visitor.open(f"/missions/{mission.id}").links
    visitor.sign_in(db, chamber.scene.carol)

    assert way in visitor.open(f"/missions/{mission.id}").links
    page = visitor.open(way)
    assert page.form("/calls").fields["timezone"] == "America/Santiago"
    visitor.hand_in(page.form("/calls"))

    made = db.exec(select(Call).where(Call.kind == CallKind.INNOVATION)).one()
    assert (made.title, made.organisation_id) == (mission.title, agency)
    assert offers.offer_of(db, made).mission_id == mission.id
    visitor.cookies.clear()
    visitor.sign_in(db, elsewhere)
    assert visitor.get(way).status_code == 403
