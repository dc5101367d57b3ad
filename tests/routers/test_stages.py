"""A prize through two stages, as its agency and those who apply meet it on the pages."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, select

from app.models.application import Application
from app.models.call import Call
from app.models.columns import now
from app.models.offer import latest_terms
from app.models.person import Person
from app.rules.words import ApplicationState, CallState, Instrument
from app.services import applications
from tests.applied import FORM, LINES, make_offered
from tests.client import Browser
from tests.people import make_facilitator, make_organisation
from tests.staged import Staged, make_staged

A = ApplicationState


@pytest.fixture
def staged(db: Session) -> Staged:
    staged = make_staged(db)
    db.commit()
    return staged


def sent(application: Application, **changes: str) -> dict[str, object]:
    lines = {name: [line[name] for line in LINES] for name in ("what", "amount", "source")}
    return {**FORM, **lines, "version": str(application.version), **changes}


def drafted(visitor: Browser, db: Session, staged: Staged) -> Call:
    """The agency presses the one button on the page of the first stage."""
    first = staged.first.call
    visitor.sign_in(db, staged.first.carol)
    page = visitor.open(f"/calls/{first.id}")
    visitor.hand_in(page.form(f"/calls/{first.id}/next-stage"))
    return db.exec(select(Call).where(Call.id != first.id)).one()


def published(visitor: Browser, db: Session, staged: Staged) -> Call:
    """Its dates and its money are set in the forms of every other call; then it is published, and opens."""
    call = drafted(visitor, db, staged)
    base, start = f"/calls/{call.id}", datetime.now(UTC) + timedelta(days=1)
    at = {
        name: (start + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")
        for name, days in (("opens_at", 0), ("closes_at", 20), ("sense_until", 30), ("check_until", 40),
                           ("answer_due", 50))
    }  # fmt: skip
    visitor.hand_in(visitor.open(f"{base}/edit").form(f"{base}/edit"), at)
    money = {"budget": "300000", "ticket_least": "10000", "ticket_most": "100000"}
    visitor.hand_in(visitor.open(f"{base}/offer").form(f"{base}/offer"), money)
    visitor.hand_in(visitor.open(base).form(f"{base}/publication"))
    db.expire_all()
    assert call.state is CallState.PUBLISHED
    call.opens_at = now() - timedelta(minutes=1)
    db.commit()
    return call


def begun(visitor: Browser, db: Session, call: Call, lead: Person) -> Application:
    visitor.sign_in(db, lead)
    visitor.hand_in(visitor.open(f"/calls/{call.id}").form(f"/calls/{call.id}/applications"))
    db.expire_all()
    found = applications.draft_of(db, call.id, lead.id)
    assert found is not None
    return found


def submitted(visitor: Browser, db: Session, application: Application) -> int:
    """What answers to submitting it with the terms accepted."""
    terms = latest_terms(db, application.call_id)
    assert terms is not None
    fields = {"version": application.version, "terms": str(terms.id)}
    return visitor.fill_in(f"/applications/{application.id}/submission", fields).status_code


def test_a_challenge_prize_goes_on_with_those_it_selected(
    visitor: Browser, db: Session, staged: Staged
) -> None:
    call, (one, two, third) = published(visitor, db, staged), staged.leads

    for lead, before in ((one, staged.applications[0]), (two, staged.applications[1])):
        visitor.sign_in(db, lead)
        assert call.title in visitor.open(f"/applications/{before.id}").main.text
        assert "your application was selected for it" in visitor.open("/me/notifications").main.text
        assert "It was selected there." in visitor.open(f"/calls/{call.id}/eligibility").main.text
        draft = begun(visitor, db, call, lead)
        visitor.read(visitor.fill_in(f"/applications/{draft.id}/edit", sent(draft)))
        db.expire_all()
        submitted(visitor, db, draft)
        db.expire_all()
        assert draft.state is A.SUBMITTED

    draft = begun(visitor, db, call, third)
    assert call.title not in visitor.open(f"/applications/{staged.applications[2].id}").main.text
    assert "you may not apply" in visitor.open(f"/calls/{call.id}/eligibility").main.text
    typing = visitor.fill_in(f"/applications/{draft.id}/draft", sent(draft), headers={"HX-Request": "true"})
    assert "It was not selected there." in typing.text
    db.expire_all()
    assert submitted(visitor, db, draft) == 422
    db.expire_all()
    assert draft.state is A.DRAFT


def test_both_stages_name_each_other(visitor: Browser, db: Session, staged: Staged) -> None:
    first, call = staged.first.call, drafted(visitor, db, staged)
    visitor.cookies.clear()
    assert "Its next stage" not in visitor.open(f"/calls/{first.id}").main.text

    call.state = CallState.PUBLISHED
    db.commit()

    before, after = visitor.open(f"/calls/{first.id}").main, visitor.open(f"/calls/{call.id}").main
    assert f"Its next stage, for those selected here, is {call.title}" in before.text
    assert f"It is the next stage after {first.title}" in after.text
    assert "The organisation was selected in the call before." in after.text
    assert "Not known yet" in visitor.open(f"/calls/{call.id}/eligibility").main.text


def test_the_next_stage_is_drafted_once_and_found_again(
    visitor: Browser, db: Session, staged: Staged
) -> None:
    call = drafted(visitor, db, staged)

    page = visitor.open(f"/calls/{staged.first.call.id}")

    assert "Draft the next stage" not in page.main.text
    assert page.link("Go to its next stage") == f"/calls/{call.id}"
    visitor.fill_in(f"/calls/{staged.first.call.id}/next-stage")
    assert len(db.exec(select(Call)).all()) == 2


def test_only_its_agency_drafts_the_next_stage_and_only_of_a_prize(
    visitor: Browser, db: Session, staged: Staged
) -> None:
    path = f"/calls/{staged.first.call.id}/next-stage"
    visitor.sign_in(db, make_facilitator(db, make_organisation(db, "Another agency"), "Otto"))
    assert visitor.fill_in(path).status_code == 403

    grant = make_offered(db, call={"state": CallState.ANSWERED})
    db.commit()
    visitor.sign_in(db, grant.carol)
    answer = visitor.fill_in(f"/calls/{grant.call.id}/next-stage")
    assert answer.status_code == 403
    assert "Only a challenge prize" in answer.text
    assert "Draft the next stage" not in visitor.open(f"/calls/{grant.call.id}").main.text
    assert grant.offer.instrument is Instrument.GRANT


def test_a_team_starts_from_its_words_of_the_stage_before(
    visitor: Browser, db: Session, staged: Staged
) -> None:
    call = published(visitor, db, staged)
    draft = begun(visitor, db, call, staged.leads[0])
    page = visitor.open(f"/applications/{draft.id}/edit")
    assert "Your team was selected in the stage before" in page.main.text

    form = page.form(f"/applications/{draft.id}/edit")
    page = visitor.hand_in(form, {"summary": "Typed just now, and not saved yet."}, button="Start from it")

    fields = page.form(f"/applications/{draft.id}/edit").fields
    assert (fields["title"], fields["answer-use"]) == ("Batteries number 0", FORM["answer-use"])
    assert fields["summary"] == "Typed just now, and not saved yet."
    assert (fields["asked"], fields["starts"]) == ("", "")
    assert "Your team was selected in the stage before" not in page.main.text
    other = begun(visitor, db, call, staged.leads[2])
    assert "Your team was selected" not in visitor.open(f"/applications/{other.id}/edit").main.text
    answer = visitor.fill_in(f"/applications/{other.id}/edit", {**sent(other), "earlier": "yes"})
    assert answer.status_code == 404


def ticked(visitor: Browser, call_id: UUID) -> bool:
    form = visitor.open(f"/calls/{call_id}/offer/eligibility").form(f"/calls/{call_id}/offer/eligibility")
    return "selected_before" in form.fields


def test_the_agency_ticks_and_unticks_who_was_selected_before(
    visitor: Browser, db: Session, staged: Staged
) -> None:
    call = drafted(visitor, db, staged)
    base = f"/calls/{call.id}/offer"
    assert ticked(visitor, call.id)
    assert staged.first.call.title in visitor.open(f"{base}/eligibility").main.text

    visitor.fill_in(f"{base}/eligibility", {"version": "1"})

    db.expire_all()
    assert not ticked(visitor, call.id)
    assert staged.offer(call).eligibility == []

    visitor.fill_in(f"{base}/eligibility", {"version": "2", "selected_before": "true"})
    visitor.hand_in(visitor.open(base).form(base), {"follows_call_id": ""})
    assert "Choose which call went before this one" in visitor.open(f"{base}/eligibility").main.text
    answer = visitor.fill_in(f"/calls/{call.id}/publication")
    assert answer.status_code == 409
    assert "Choose which call went before this one" in answer.text
