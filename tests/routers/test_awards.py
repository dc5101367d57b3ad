"""From the shortlist to a contract and an answer, through the pages of everyone who takes part."""

from decimal import Decimal

import pytest
from sqlmodel import Session, select

from app.models.columns import now
from app.models.condition import conditions_of
from app.models.decision import Decision
from app.models.money import Money
from app.models.outgoing_mail import OutgoingMail
from app.models.project import Project
from app.rules.words import ApplicationState, CallState, DecisionKind, ProjectState
from app.services import awards, feedback
from tests.client import Browser
from tests.people import make_organisation, make_person
from tests.services.awarded import ANSWER, Awarded, make_awarded

HOSTILE = '<script>alert("x")</script> %(n)s ‮ "\'; DROP TABLE application;--'
ANSWERED = {
    "reason": ANSWER.reason, "words": ANSWER.words, "ask_whom": ANSWER.ask_whom, "contest": ANSWER.contest,
}  # fmt: skip


@pytest.fixture
def awarded(db: Session) -> Awarded:
    awarded = make_awarded(db)
    db.commit()
    return awarded


def certified(db: Session, awarded: Awarded) -> Awarded:
    awarded.certified()
    db.commit()
    return awarded


def base(awarded: Awarded, title: str) -> str:
    return f"/applications/{awarded.applications[title].id}"


def drafted(visitor: Browser, db: Session, awarded: Awarded) -> Decision:
    """The chair draws the question up, changes its rule, and changes it back."""
    call = f"/calls/{awarded.call.id}"
    visitor.sign_in(db, awarded.chamber.chair)
    assert f"{call}/portfolio" in visitor.open(call).links
    page = visitor.open(f"{call}/portfolio")
    assert "400,000 EUR" in page.main.text
    assert "Walls" in page.main.text
    page = visitor.hand_in(page.form("/portfolio"), {"rule": "greedy"})
    decision = db.exec(select(Decision).where(Decision.kind == DecisionKind.PORTFOLIO)).one()
    assert page.url == f"/decisions/{decision.id}"
    form = visitor.open(f"/decisions/{decision.id}/question").form("/portfolio")
    visitor.hand_in(form, {"rule": "equal_shares"})
    db.expire_all()
    assert decision.rule["name"] == "equal_shares"
    visitor.hand_in(visitor.open(f"{call}/portfolio").form("/portfolio"), {"rule": "greedy"})
    db.expire_all()
    return decision


def everyone_reads(visitor: Browser, awarded: Awarded, decision: Decision) -> None:
    call = f"/calls/{awarded.call.id}"
    page = visitor.open(f"{call}/outcome")
    assert "390,000.01 EUR" in page.main.text
    assert "Walls and partners" in page.main.text
    assert "Sails" not in page.main.text
    page = visitor.open(f"{call}/outcome?state=declined")
    assert "Sails" in page.main.text
    assert ANSWER.reason in page.main.text
    assert ANSWER.words not in page.main.text
    assert "Roofs" in visitor.open(f"/decisions/{decision.id}").main.text


def contracted(visitor: Browser, db: Session, awarded: Awarded) -> Project:
    """Drawn up, refused while a condition is not agreed, agreed by the firm, contracted."""
    page = visitor.hand_in(visitor.open(f"{base(awarded, 'Walls')}/answer").form("/contract"))
    project = awards.project_of(db, awarded.applications["Walls"].id)
    assert project is not None
    assert page.url == f"/projects/{project.id}/conditions"
    days = {"starts": "2031-03-01", "ends": "2034-02-28"}
    assert visitor.fill_in(f"/projects/{project.id}/contract", days).status_code == 409

    firm = Browser(visitor.app).sign_in(db, awarded.leads["Walls"])
    (condition,) = conditions_of(db, project.id)
    firm.hand_in(firm.open(f"/conditions/{condition.id}").form("/agreement"))
    visitor.hand_in(visitor.open(f"/projects/{project.id}/conditions").form("/contract"), days)
    db.expire_all()
    return project


def test_from_the_shortlist_to_a_contract_and_an_answer_for_everyone(
    visitor: Browser, db: Session, awarded: Awarded
) -> None:
    call, decision = f"/calls/{awarded.call.id}", drafted(visitor, db, awarded)
    awarded.certified(decision)
    db.commit()
    page = visitor.open(f"/decisions/{decision.id}")
    assert "Application no." in page.main.text
    assert "Walls" not in page.main.text

    visitor.sign_in(db, awarded.carol)
    assert "Still to be decided or answered" in visitor.open(f"{call}/award").main.text
    for title in awarded.applications:
        visitor.hand_in(visitor.open(f"{base(awarded, title)}/answer").form("/answer"), ANSWERED)
    page = visitor.hand_in(visitor.open(f"{call}/award").form("/conclusion"))
    db.expire_all()
    assert awarded.call.state is CallState.ANSWERED
    assert page.url == f"{call}/outcome"
    everyone_reads(Browser(visitor.app), awarded, decision)

    project = contracted(visitor, db, awarded)
    assert project.state is ProjectState.CONTRACTED
    lines = db.exec(select(Money).where(Money.project_id == project.id)).all()
    assert sum(each.amount for each in lines) == Decimal("120000.01")


def test_the_applicants_read_their_answer_and_its_letter(
    visitor: Browser, db: Session, awarded: Awarded
) -> None:
    certified(db, awarded)
    lead = awarded.leads["Sails"]
    lead.email_confirmed_at = now()
    db.commit()
    visitor.sign_in(db, awarded.carol)
    visitor.hand_in(visitor.open(f"{base(awarded, 'Sails')}/answer").form("/answer"), ANSWERED)

    visitor.sign_in(db, lead)
    page = visitor.open(f"{base(awarded, 'Sails')}/answer")

    for words in ANSWERED.values():
        assert words in page.main.text
    assert "Answer it" not in page.main.text
    (letter,) = db.exec(select(OutgoingMail).where(OutgoingMail.to_address == lead.email)).all()
    assert ANSWER.contest in letter.body


def test_answering_anew_begins_with_what_was_said(visitor: Browser, db: Session, awarded: Awarded) -> None:
    certified(db, awarded)
    visitor.sign_in(db, awarded.carol)
    address = f"{base(awarded, 'Sails')}/answer"
    visitor.hand_in(visitor.open(address).form("/answer"), ANSWERED)

    visitor.hand_in(visitor.open(address).form("/answer"), {"reason": f"{ANSWER.reason} Indeed."})

    assert ANSWER.words in visitor.open(address).main.text.split("Earlier answers")[0]


def test_a_list_that_is_answered_promises_no_next_step(
    visitor: Browser, db: Session, awarded: Awarded
) -> None:
    call = f"/calls/{awarded.call.id}"
    visitor.sign_in(db, awarded.chamber.chair)
    before = visitor.open(f"{call}/applications")
    awarded.call.state, awarded.call.answered_at = CallState.ANSWERED, now()
    db.commit()

    after = visitor.open(f"{call}/applications")

    assert ["What comes next" in page.main.text for page in (before, after)] == [True, False]
    assert ["Nobody else knows of them" in page.main.text for page in (before, after)] == [True, False]
    assert f"{call}/outcome" in after.links
    assert f"{call}/portfolio" not in visitor.open(call).links


def test_an_empty_shortlist_is_not_put_to_a_vote(visitor: Browser, db: Session, awarded: Awarded) -> None:
    for application in awarded.applications.values():
        application.state = ApplicationState.IN_REVIEW
    db.commit()
    visitor.sign_in(db, awarded.chamber.chair)

    page = visitor.open(f"/calls/{awarded.call.id}/portfolio")

    assert "Nothing to vote on yet" in page.main.text
    assert "Draft this question" not in page.main.text


def test_before_the_answer_nobody_learns_a_title(visitor: Browser, db: Session, awarded: Awarded) -> None:
    certified(db, awarded)

    page = visitor.open(f"/calls/{awarded.call.id}/outcome?state=declined")

    assert "4" in page.main.text
    for title in awarded.applications:
        assert title not in page.main.text
        assert visitor.get(f"{base(awarded, title)}/answer").status_code == 404


def test_the_panel_alone_reads_what_stands_behind_the_numbers(
    visitor: Browser, db: Session, awarded: Awarded
) -> None:
    decision = awarded.noticed()
    member, aside = awarded.chamber.members["third 1"], awarded.chamber.members["private 1"]
    db.commit()

    assert "Walls" not in visitor.open(f"/decisions/{decision.id}").main.text
    page = visitor.sign_in(db, member).open(f"/decisions/{decision.id}")
    assert "Walls" in page.main.text
    assert f"{base(awarded, 'Walls')}/selection" in page.links
    visitor.sign_in(db, aside)
    visitor.hand_in(
        visitor.open(f"/decisions/{decision.id}/interest").form("/interest"),
        {"kind": "competing", "text": "My firm stands beside one.", "effect": "recuse"},
    )
    assert "Walls" not in visitor.open(f"/decisions/{decision.id}").main.text


def test_what_a_call_does_not_tell_stands_behind_no_door(visitor: Browser, db: Session) -> None:
    awarded = make_awarded(db, tells_declined=False)
    decision = awarded.certified()
    for each in awarded.applications.values():
        feedback.answer(db, each, ANSWER, awarded.carol.id)
    feedback.conclude(db, awarded.call, awarded.carol.id)
    db.commit()
    call, sails = f"/calls/{awarded.call.id}", awarded.applications["Sails"]

    doors = [
        call, f"{call}/outcome", f"{call}/outcome?state=declined", f"{call}/export", f"{call}/lineage",
        f"/decisions/{decision.id}", f"/events?kind=application&subject={sails.id}", "/events", "/calls",
        f"/missions/{awarded.chamber.mission.id}",
    ]  # fmt: skip
    for door in doors:
        told = visitor.get(door)
        assert told.status_code in (200, 404), door
        assert "Sails" not in told.text, door
    for door in (f"{base(awarded, 'Sails')}/answer", base(awarded, "Sails"), f"{call}/award"):
        assert visitor.get(door).status_code in (401, 403, 404) or "sign-in" in str(visitor.get(door).url), (
            door
        )


def test_words_that_mean_harm_stay_words(visitor: Browser, db: Session, awarded: Awarded) -> None:
    certified(db, awarded)
    visitor.sign_in(db, awarded.carol)
    hostile = {name: f"{HOSTILE} {words}" for name, words in ANSWERED.items()}
    for title in awarded.applications:
        page = visitor.open(f"{base(awarded, title)}/answer")
        visitor.hand_in(page.form("/answer"), hostile)
    visitor.hand_in(visitor.open(f"/calls/{awarded.call.id}/award").form("/conclusion"))

    for path in (f"/calls/{awarded.call.id}/outcome", f"{base(awarded, 'Roofs')}/answer"):
        told = visitor.get(path)
        assert told.status_code == 200
        assert "<script>alert" not in told.text
        assert "&lt;script&gt;" in told.text


def test_an_answer_that_says_too_little_comes_back_with_what_was_typed(
    visitor: Browser, db: Session, awarded: Awarded
) -> None:
    certified(db, awarded)
    visitor.sign_in(db, awarded.carol)
    form = visitor.open(f"{base(awarded, 'Sails')}/answer").form("/answer")

    page = visitor.hand_in(form, {**ANSWERED, "reason": "No.", "words": "Kept words."}, status=422)

    assert "Kept words." in page.text


@pytest.mark.parametrize(
    ("tells_declined", "told"), [(True, "and everyone reads it"), (False, "It is not made public.")]
)
def test_who_takes_one_off_the_selection_is_told_who_reads_why(
    visitor: Browser, db: Session, tells_declined: bool, told: str
) -> None:
    awarded = make_awarded(db, tells_declined=tells_declined)
    certified(db, awarded)
    visitor.sign_in(db, awarded.carol)

    assert told in visitor.open(f"{base(awarded, 'Roofs')}/answer").main.text


def test_the_reserve_moves_up_by_a_reason(visitor: Browser, db: Session) -> None:
    awarded = make_awarded(db, budget=Decimal("200000"))
    certified(db, awarded)
    visitor.sign_in(db, awarded.carol)

    page = visitor.open(f"{base(awarded, 'Roofs')}/answer")
    visitor.hand_in(page.form("/falling-out"), {"reason": "They found no site for the roofs."})
    page = visitor.open(f"{base(awarded, 'Walls')}/answer")
    visitor.hand_in(page.form("/moving-up"), {"reason": "The roofs found no site."})

    db.expire_all()
    assert awarded.states()["Walls"] == "selected"
    assert awarded.states()["Roofs"] == "declined"


def test_a_facilitator_of_the_firm_that_applied_settles_nothing_of_it(
    visitor: Browser, db: Session, awarded: Awarded
) -> None:
    certified(db, awarded)
    awarded.carol.organisation_id = awarded.applications["Walls"].organisation_id
    db.commit()
    visitor.sign_in(db, awarded.carol)

    assert visitor.fill_in(f"{base(awarded, 'Walls')}/answer", ANSWERED).status_code == 403
    assert visitor.fill_in(f"{base(awarded, 'Walls')}/contract").status_code == 403
    assert visitor.fill_in(f"{base(awarded, 'Trees')}/answer", ANSWERED).status_code == 200


@pytest.mark.parametrize("who", ["visitor", "citizen", "member", "rival"])
def test_others_do_nothing_of_it(visitor: Browser, db: Session, awarded: Awarded, who: str) -> None:
    certified(db, awarded)
    person = {
        "citizen": make_person(db, "Cora"),
        "member": awarded.chamber.members["citizens 1"],
        "rival": make_person(db, "Rita", organisation_id=make_organisation(db, "Rival").id),
    }.get(who)
    db.commit()
    if person is not None:
        visitor.sign_in(db, person)
    walls, call = base(awarded, "Walls"), f"/calls/{awarded.call.id}"

    for path in (f"{walls}/answer", f"{walls}/contract", f"{walls}/falling-out", f"{walls}/moving-up",
                 f"{call}/award/conclusion", f"{call}/portfolio"):  # fmt: skip
        answer = visitor.fill_in(path, {"reason": "Because we can.", **ANSWERED}, follow_redirects=False)
        assert answer.status_code in (303, 401, 403, 404), path
        assert "/sign-in" in answer.headers.get("location", "/sign-in")
    db.expire_all()
    assert awarded.states()["Walls"] == ApplicationState.SELECTED
