"""The chair, the secretary and everyone else on the pages of a decision, from the question to its certification."""

import json
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from app.models.columns import now
from app.models.decision import Decision
from app.models.link import Link
from app.models.mission import Mission, clauses_of, indicators_of
from app.rules.words import Choice, DecisionState, LinkKind, MissionState, SubjectKind
from app.services import (
    amendments,
    amendments_decide,
    amendments_show,
    decisions_count,
    decisions_freeze,
    missions_clauses,
    missions_edit,
    submissions,
)
from app.services.amendments import AmendmentText
from tests import reviewed
from tests.client import Browser
from tests.factories import make_submission
from tests.people import make_facilitator, make_organisation
from tests.services.chamber import QUESTION, Chamber, make_chamber


@pytest.fixture
def chamber(db: Session) -> Chamber:
    chamber = make_chamber(db)
    db.commit()
    return chamber


def path(chamber: Chamber, more: str = "") -> str:
    assert chamber.decision
    return f"/decisions/{chamber.decision.id}{more}"


def dates(opens_in: float, lasts: float) -> dict[str, str]:
    opens = now() + timedelta(days=opens_in)
    closes = opens + timedelta(days=lasts)
    return {"opens_at": f"{opens:%Y-%m-%dT%H:%M}", "closes_at": f"{closes:%Y-%m-%dT%H:%M}"}


def counted(db: Session, chamber: Chamber, choice: Choice = Choice.FOR) -> Decision:
    decision = chamber.notice(opens_in=-1)
    chamber.cast_all(choice, citizens_2=Choice.AGAINST)
    decisions_count.close(db, decision, chamber.chair.id)
    db.commit()
    return decision


def test_the_chair_puts_the_question_and_gives_notice(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    visitor.sign_in(db, chamber.chair)
    agenda = f"/committees/{chamber.committee.id}/agenda"
    asks = visitor.open(f"{agenda}/new").form(agenda).fields["question"]
    assert asks == f"Shall the committee adopt the mission “{chamber.mission.title}”?"

    drafted = visitor.fill_in(agenda, {"mission_id": str(chamber.mission.id), "question": QUESTION})
    assert "Announce the vote" in drafted.text
    decision = db.exec(select(Decision)).one()
    form = visitor.open(f"/decisions/{decision.id}").form("/notice")
    noticed = visitor.hand_in(form, {"question": QUESTION, **dates(1, 7)})

    assert "The vote is announced." in noticed.text
    db.expire_all()
    assert decision.state is DecisionState.NOTICED
    assert db.get_one(Mission, chamber.mission.id).state is MissionState.ON_BALLOT


def test_no_text_is_frozen_that_the_chair_has_not_seen(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    mission, carol = chamber.mission, chamber.scene.carol.id
    missions_edit.retitle(db, mission, "Power made where we live by 2035", mission.version, carol)
    decision = chamber.put()
    db.commit()
    visitor.sign_in(db, chamber.chair)
    opened = visitor.open(path(chamber)).form("/notice")
    missions_edit.retitle(db, mission, "Coal until 2060, and then we shall see", mission.version, carol)
    clause = clauses_of(db, mission.id)[0]
    missions_clauses.remove(db, mission, clause, mission.version, carol)
    db.commit()

    sent = dates(3, 9)
    page = visitor.hand_in(opened, {"question": QUESTION, **sent}, status=409)

    db.refresh(decision)
    assert decision.state is DecisionState.DRAFT
    (table,) = page.main.all("table")
    changed = [[cell.text for cell in row.all("th", "td")] for row in table.all("tr")]
    assert ["Title", "Power made where we live by 2035", mission.title] in changed
    assert [clause.text, "–"] in [row[1:] for row in changed]
    again = page.form("/notice")
    assert again.fields["opens_at"] == sent["opens_at"]
    assert again.fields["closes_at"] == sent["closes_at"]
    visitor.hand_in(again, status=409)
    reviewed.waive(db, chamber.committee, mission)
    db.commit()
    visitor.hand_in(again)
    db.refresh(decision)
    assert decision.state is DecisionState.NOTICED


def test_words_taken_back_after_the_page_was_opened_are_a_change_and_are_not_shown(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    mission = chamber.mission
    missions_edit.retitle(
        db, mission, "Power made where we live by 2035", mission.version, chamber.scene.carol.id
    )
    chamber.put()
    db.commit()
    visitor.sign_in(db, chamber.chair)
    opened = visitor.open(path(chamber)).form("/notice")
    clause = clauses_of(db, mission.id)[0]
    voice = next(each for each in chamber.scene.voices if each.text == clause.text)
    assert voice.author_id is not None
    submissions.withdraw(db, voice, voice.author_id)
    db.commit()

    page = visitor.hand_in(opened, {"question": QUESTION, **dates(1, 7)}, status=409)

    assert "The words of one person, who took them back." in page.main.text
    assert clause.text not in page.html


def test_a_mission_that_lacks_something_names_it_on_the_page(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    indicators_of(db, chamber.mission.id)[0].goal = None
    db.commit()
    visitor.sign_in(db, chamber.chair)

    page = visitor.get(f"/committees/{chamber.committee.id}/agenda/new").text

    assert "The indicator still needs: a goal." in page
    assert "No mission is ready for a vote" in page
    sent = {"mission_id": str(chamber.mission.id), "question": QUESTION}
    answer = visitor.fill_in(f"/committees/{chamber.committee.id}/agenda", sent)
    assert answer.status_code == 422
    assert "not ready to be put to a vote" in answer.text


def test_wrong_dates_come_back_with_what_was_typed(visitor: Browser, db: Session, chamber: Chamber) -> None:
    chamber.put()
    db.commit()
    visitor.sign_in(db, chamber.chair)

    answer = visitor.fill_in(path(chamber, "/notice"), {"question": "Is this kept as typed?", **dates(2, -1)})

    assert answer.status_code == 422
    assert "closing must be after opening" in answer.text
    assert "Is this kept as typed?" in answer.text


def test_a_drafted_question_is_seen_by_the_chair_and_the_secretary_alone(
    app: FastAPI, db: Session, chamber: Chamber
) -> None:
    chamber.put()
    db.commit()
    for person, status in (
        (None, 404), (chamber.members["citizens 1"], 404), (chamber.scene.carol, 404),
        (chamber.chair, 200), (chamber.secretary, 200),
    ):  # fmt: skip
        with Browser(app) as browser:
            if person is not None:
                browser.sign_in(db, person)
            assert browser.get(path(chamber)).status_code == status
            listed = QUESTION in browser.get(f"/committees/{chamber.committee.id}").text
            assert listed is (status == 200)
            if status == 404:
                for door in ("/notice", "/removal", "/closing"):
                    assert browser.fill_in(path(chamber, door), {"question": QUESTION}).status_code == 404


def test_the_chair_removes_a_draft(visitor: Browser, db: Session, chamber: Chamber) -> None:
    chamber.put()
    db.commit()
    visitor.sign_in(db, chamber.chair)

    assert "The drafted question is removed." in visitor.fill_in(path(chamber, "/removal")).text
    assert db.exec(select(Decision)).all() == []


def test_only_the_chair_closes_and_only_in_time(app: FastAPI, db: Session, chamber: Chamber) -> None:
    chamber.notice(opens_in=-1)
    chamber.cast("citizens 1", Choice.FOR)
    db.commit()
    with Browser(app) as browser:
        browser.sign_in(db, chamber.secretary)
        assert browser.fill_in(path(chamber, "/closing")).status_code == 403
    with Browser(app) as browser:
        browser.sign_in(db, chamber.chair)
        early = browser.fill_in(path(chamber, "/closing"))
        assert early.status_code == 409
        assert "only when every seat has voted" in early.text
        for name in chamber.members.keys() - {"citizens 1"}:
            chamber.cast(name, Choice.FOR)
        db.commit()
        assert "Carried" in browser.fill_in(path(chamber, "/closing")).text


def test_the_result_is_told_with_its_arithmetic_and_every_ballot(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    counted(db, chamber)

    page = visitor.get(path(chamber)).text

    assert "Carried: every required group is in favour, and overall 8 of 9 are for." in page
    assert "That is enough." in page
    for person in chamber.members.values():
        assert person.name in page
    file = visitor.get(path(chamber, "/pack.zip"))
    assert file.headers["content-disposition"].startswith("attachment")
    with ZipFile(BytesIO(file.content)) as pack:
        assert json.loads(pack.read("result.json"))["figures"]["total"] == {
            "for": 8,
            "against": 1,
            "abstain": 0,
        }
        for each in json.loads(pack.read("ballots.json")):
            assert each["receipt"] in page


def test_the_losing_side_dissents_then_the_secretary_certifies(
    app: FastAPI, db: Session, chamber: Chamber
) -> None:
    counted(db, chamber)
    with Browser(app) as browser:
        browser.sign_in(db, chamber.members["citizens 1"])
        assert "File a dissent" not in browser.get(path(chamber)).text
        answer = browser.fill_in(path(chamber, "/dissent"), {"words": "I only pretend to dissent."})
        assert answer.status_code == 403
    with Browser(app) as browser:
        browser.sign_in(db, chamber.members["citizens 2"])
        assert browser.fill_in(path(chamber, "/dissent"), {"words": "No."}).status_code == 422
        filed = browser.fill_in(path(chamber, "/dissent"), {"words": "Nobody has costed the grid."})
        assert "Nobody has costed the grid." in filed.text
    with Browser(app) as browser:
        browser.sign_in(db, chamber.chair)
        assert browser.get(path(chamber, "/certification")).status_code == 403
    for name in ("citizens 3", "academia 1"):
        with Browser(app) as browser:
            browser.sign_in(db, chamber.members[name])
            page = browser.open(path(chamber))
            assert "Counted, not certified" in page.text
            signed = browser.hand_in(
                page.form(path(chamber, "/signature")), {"remark": f"None that {name} saw."}
            )
            assert f"None that {name} saw." in signed.text
    with Browser(app) as browser:
        browser.sign_in(db, chamber.secretary)
        assert browser.fill_in(path(chamber, "/certification"), {"reasons": ""}).status_code == 422
        done = browser.fill_in(path(chamber, "/certification"), {"reasons": "It has a date and a number."})
        assert "It has a date and a number." in done.text
    db.expire_all()
    assert db.get_one(Mission, chamber.mission.id).state is MissionState.ADOPTED


def test_a_member_whose_seat_has_ended_still_stands_in_the_electorate(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    chamber.notice(opens_in=1)
    name = chamber.members["citizens 3"].name
    chamber.seats["citizens 3"].ends_at = now()
    db.commit()

    assert name in visitor.get(path(chamber)).text


def test_a_facilitator_elsewhere_changes_nothing(visitor: Browser, db: Session, chamber: Chamber) -> None:
    otto = make_facilitator(db, make_organisation(db, "Port Authority"), "Otto")
    db.commit()
    visitor.sign_in(db, otto)

    for door in ("/edit", "/seats", "/agenda/new"):
        assert visitor.get(f"/committees/{chamber.committee.id}{door}").status_code == 403


def test_the_frozen_indicator_is_told_in_words_and_numbers_as_on_the_mission(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    indicator = indicators_of(db, chamber.mission.id)[0]
    indicator.baseline, indicator.goal = Decimal("12000.5"), Decimal(40000)
    indicator.baseline_at, indicator.due = date(2025, 12, 31), date(2034, 12, 31)
    db.flush()
    chamber.notice(opens_in=-1)
    db.commit()

    for page in (
        visitor.open(path(chamber)).main.text,
        visitor.open(f"/missions/{chamber.mission.id}").main.text,
    ):
        assert [each for each in ("2034-12-31", "2025-12-31", "40000 ", "12000") if each in page] == []
        assert [each for each in ("31 December 2034", "31 December 2025", "12,000.5", "40,000", "Upwards")
                if each not in page] == []  # fmt: skip


def test_every_source_of_a_clause_is_linked_and_dates_are_told_in_words(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    decision = chamber.notice(opens_in=-1)
    (indicator, *_more) = indicators_of(db, chamber.mission.id)
    text = decisions_freeze.frozen_texts(db, decision)[0]
    db.commit()
    assert text is not None
    assert indicator.due is not None
    assert decision.closes_at is not None

    page = visitor.open(path(chamber))

    behind = [source for clause in text["clauses"] for source in clause["sources"]]
    pages = {"cluster": "clusters", "submission": "submissions"}
    assert {f"/{pages[each['kind']]}/{each['id']}" for each in behind} <= set(page.links)
    assert f"{indicator.due:%-d %B %Y}" in page.text
    assert f"until {decision.closes_at:%-d %B %Y}" in page.text


def test_a_vote_on_a_text_with_an_amendment_and_many_voices_can_be_read(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    clause = clauses_of(db, chamber.mission.id)[0]
    typed = AmendmentText(f"{clause.text} Batteries too.", "They break first.", clause.id)
    said = amendments.propose(db, chamber.mission, chamber.members["third 1"], typed, "key")
    seen = amendments_show.one(db, chamber.mission, said).seen
    carol = chamber.scene.carol
    amendments_decide.accept(db, said, carol, "It is right.", chamber.mission.version, seen)
    voices = [make_submission(db, chamber.scene.call) for _ in range(14)]
    for each in voices:
        db.add(
            Link(
                kind=LinkKind.DERIVES_FROM, from_kind=SubjectKind.CLAUSE, from_id=clause.id,
                to_kind=SubjectKind.SUBMISSION, to_id=each.id,
            )
        )  # fmt: skip
    chamber.put()
    db.commit()

    visitor.sign_in(db, chamber.chair)
    draft = visitor.open(path(chamber))
    chamber.notice(opens_in=-1)
    db.commit()
    noticed = visitor.open(path(chamber))

    for page in (draft, noticed):
        assert page.link("an amendment") == f"/missions/{chamber.mission.id}/amendments/{said.id}"
        assert f"/missions/{chamber.mission.id}#clause-{clause.id}" in page.links
