"""What a newcomer read on the pages of a committee and could not believe or use; each is told truly now."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from app.models.columns import now
from app.models.committee import Interest
from app.models.decision import Decision
from app.routers.pages import say
from app.rules.decisions import DecisionTimes, StillVoting, require_close
from app.rules.notice import NoticeTooShort, require_in_time
from app.rules.phrases import Phrase, phrase
from app.rules.words import DecisionState, InterestEffect, InterestKind, SubjectKind
from app.services import assignments, decisions_count, decisions_words, notifications
from tests.client import Browser
from tests.services.chamber import Chamber, make_chamber

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ZONE = "America/Santiago"


@pytest.fixture
def chamber(db: Session) -> Chamber:
    chamber = make_chamber(db)
    chamber.notice(opens_in=-1)
    db.commit()
    return chamber


def test_an_interest_declared_on_a_vote_is_told_on_the_page_of_its_mission(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    assert chamber.decision
    db.add(
        Interest(
            seat_id=chamber.seats["third 1"].id, subject_kind=SubjectKind.DECISION,
            subject_id=chamber.decision.id, kind=InterestKind.MONEY, text="I lead a rival proposal.",
            effect=InterestEffect.DISCLOSE, declared_at=now(),
        )
    )  # fmt: skip
    db.commit()
    visitor.sign_in(db, chamber.members["citizens 1"])

    page = visitor.open(f"/missions/{chamber.mission.id}/interest")

    assert "I lead a rival proposal." in page.main.text
    assert f"/decisions/{chamber.decision.id}" in page.links
    assert "Nobody has declared an interest" not in page.main.text


def test_closing_early_comes_back_to_the_page_and_tells_the_end_in_the_zone_of_the_vote(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    assert chamber.decision
    visitor.sign_in(db, chamber.chair)

    early = visitor.fill_in(f"/decisions/{chamber.decision.id}/closing", {})

    assert early.status_code == 409
    assert "The vote runs until" in early.text
    assert chamber.decision.question in early.text
    times = DecisionTimes(NOON.replace(day=1), NOON)
    with pytest.raises(StillVoting) as refused:
        require_close(times, DecisionState.OPEN, NOON.replace(hour=9), everyone_voted=False, zone=ZONE)
    assert "24 November 2026, 09:00 (UTC-03" in say(refused.value.phrase)


def test_the_earliest_opening_is_told_in_the_zone_of_the_vote() -> None:
    with pytest.raises(NoticeTooShort) as refused:
        require_in_time(NOON.replace(day=22), NOON.replace(day=23), 48, ZONE)

    assert "24 November 2026, 09:00 (UTC-03" in say(refused.value.phrase)


def test_the_last_day_of_reviews_is_that_day_where_it_is_told() -> None:
    ends = assignments.end_of_day(date(2026, 11, 30), ZONE)

    assert ends.date() == date(2026, 11, 30)
    assert ends.astimezone(UTC).date() == date(2026, 12, 1)


def test_certifying_waits_in_words_while_signatures_are_missing(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    assert chamber.decision
    chamber.cast_all()
    decisions_count.close(db, chamber.decision, chamber.chair.id)
    db.commit()
    visitor.sign_in(db, chamber.secretary)

    page = visitor.open(f"/decisions/{chamber.decision.id}")
    form = visitor.open(f"/decisions/{chamber.decision.id}/certification")

    assert f"/decisions/{chamber.decision.id}/certification" not in page.links
    assert "Certifying waits." in page.main.text
    assert "Missing: 2" in form.main.text
    assert 'name="reasons"' not in form.text


def test_of_several_options_one_is_chosen_and_a_letter_names_it() -> None:
    rule = {"name": "approval"}
    chosen = Decision(question="Which one?", rule=rule, outcome=DecisionState.CARRIED)
    lost = Decision(question="Which one?", rule=rule, outcome=DecisionState.LOST)
    answer = Decision(question="This one?", rule={"name": "supermajority"}, outcome=DecisionState.LOST)
    options = (Phrase("Village grids"), Phrase("50% more"))
    told = notifications.stored(phrase("Chosen: %(options)s", options=options))

    assert [decisions_words.outcome(each).sentence for each in (chosen, lost, answer)] == [
        "Chosen", "Nothing was chosen", "Not carried",
    ]  # fmt: skip
    said = notifications.said("vote_certified", {"title": "Which one", "outcome": told})
    assert said.say(str, notifications.spoken) == (
        "The result is certified: Which one. Chosen: Village grids, 50% more."
    )


def test_addresses_that_people_type_lead_on(visitor: Browser, db: Session, chamber: Chamber) -> None:
    assert visitor.get("/decisions").url.path == "/committees"
    agenda = visitor.get(f"/committees/{chamber.committee.id}/agenda")
    assert agenda.url.path == f"/committees/{chamber.committee.id}"


def test_a_question_to_settle_proposes_no_rule_and_asks_for_one(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    visitor.sign_in(db, chamber.chair)
    address = f"/committees/{chamber.committee.id}/questions"

    form = visitor.open(f"{address}/new?kind=settle").form("/questions")
    asked = {"kind": "settle", "question": "When shall we meet in winter?", "lines": "Mondays\nFridays"}
    refused = visitor.fill_in(address, asked)

    assert not form.fields.get("rule")
    assert refused.status_code == 422
    assert "Please choose one of the options." in refused.text
