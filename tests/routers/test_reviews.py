"""Reviewing through the pages, as members, chair and facilitator without JavaScript do it."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.models.columns import now
from app.models.event import Event
from app.models.money import lines_of, readings_of, standing_lines
from app.models.project import Project, projects_of
from app.models.review import ReviewRound, reviews_of, rounds_of
from app.rules.words import Criterion, Grade, MissionState, ReviewState, ReviewVerdict
from app.services import readings, reviews, reviews_conclude
from tests import reviewed
from tests.client import Browser
from tests.people import make_facilitator, make_organisation
from tests.services.chamber import Chamber, make_chamber, nothing_ties

HOSTILE = '<script>alert(1)</script>{{ 7*7 }} " onmouseover=x \u202e\u0000 DROP TABLE review;'


@pytest.fixture
def chamber(db: Session) -> Chamber:
    made = make_chamber(db, is_reviewed=False)
    db.commit()
    return made


def at(chamber: Chamber) -> str:
    return f"/missions/{chamber.mission.id}/reviews"


def sent(db: Session, chamber: Chamber, **options: bool) -> ReviewRound:
    """Everyone has said before that nothing ties them to it."""
    nothing_ties(db, chamber.mission, chamber.seats.values())
    asked = reviewed.send(db, chamber, **options)
    db.commit()
    return asked


def mine(db: Session, chamber: Chamber, asked: ReviewRound, name: str) -> str:
    return f"{at(chamber)}/{reviewed.review_of(db, asked, chamber.seats[name]).id}"


def test_the_chair_sends_a_mission_and_each_member_finds_their_reviews(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    visitor.sign_in(db, chamber.chair)
    page = visitor.open(at(chamber))
    assert len(page.form("/reviews").choices("seats")) == len(chamber.seats)

    told = visitor.hand_in(page.form("/reviews"), button="Send it to review")

    assert "The mission is in review" in told.text
    db.expire_all()
    assert chamber.mission.state is MissionState.IN_REVIEW
    asked = rounds_of(db, chamber.mission.id)[0]
    assert timedelta(days=12) < asked.due_at - now() < timedelta(days=16)
    member = Browser(visitor.app).sign_in(db, chamber.members["citizens 1"])
    links = [each.get("href") for each in member.open(at(chamber)).main.all("a")]
    assert sum(link.startswith(f"{at(chamber)}/") for link in links) == 2


def test_a_member_files_and_reads_what_they_filed(visitor: Browser, db: Session, chamber: Chamber) -> None:
    asked = sent(db, chamber)
    path = mine(db, chamber, asked, "citizens 1")
    visitor.sign_in(db, chamber.members["citizens 1"])
    form = visitor.open(path).form(path)
    assert set(form.choices("bold_grade")) == set(Grade)
    told = reviewed.answers(chamber.mission, rivalry_quote="", rivalry_evidence="https://example.org/routes")
    told |= {"bold_clause": "", "crossing_quote": "", "crossing_clause": form.choices("crossing_clause")[1]}

    page = visitor.hand_in(form, told, button="File this review")

    assert "Your review is filed" in page.text
    again = visitor.open(path)
    assert "What you filed" in again.main.text
    assert told["crossing_clause"] in again.main.text
    revision = again.form(f"{path}/revision")
    lacking = visitor.hand_in(revision, {"bold_quote": "words of another text"}, status=422)
    assert "words of another text" in lacking.text
    assert told["crossing_clause"] in lacking.main.text
    revised = visitor.hand_in(revision, {"bold_grade": "poor"})
    assert "Your review is revised." in revised.text
    assert "What you filed before" in revised.text
    assert not [form for form in revised.forms if form.action == path]


def test_what_is_missing_is_named_beside_its_field_and_nothing_is_lost(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    asked = sent(db, chamber)
    path = mine(db, chamber, asked, "citizens 1")
    visitor.sign_in(db, chamber.members["citizens 1"])
    told = reviewed.answers(chamber.mission, bold_quote="by 2099", bold_note="A thought.")
    del told["crossing_grade"], told["solution"]

    page = visitor.hand_in(visitor.open(path).form(path), told, button="File this review", status=422)

    assert [each.get("href") for each in page.main.all("a") if each.get("href") in ANCHORS] == ANCHORS
    fields = page.form(path).fields
    assert (fields["bold_quote"], fields["bold_note"]) == ("by 2099", "A thought.")
    review = reviewed.review_of(db, asked, chamber.seats["citizens 1"])
    db.refresh(review)
    assert (review.state, review.answers["bold_note"]) == (ReviewState.SCHEDULED, "A thought.")


ANCHORS = ["#bold_quote", "#crossing_grade", "#solution"]


def test_a_blank_cell_of_the_appraisal_is_named_and_nothing_is_lost(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    asked = sent(db, chamber, asks_appraisal=True)
    reviews_ = [each for each in reviews_of(db, asked.id) if each.seat_id == chamber.seats["third 1"].id]
    path = f"{at(chamber)}/{next(each.id for each in reviews_ if each.kind == 'market_shaping')}"
    visitor.sign_in(db, chamber.members["third 1"])

    told = reviewed.appraisal(risk_shaping="")
    page = visitor.hand_in(visitor.open(path).form(path), told, button="File this review", status=422)

    assert "Risk: what can go wrong" in page.main.text
    assert page.form(path).fields["risk_fixing"] == "Prices mislead."
    visitor.hand_in(page.form(path), {"risk_shaping": "Some may fail."}, button="File this review")


def test_a_draft_is_kept_while_it_is_typed_and_read_by_nobody_else(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    asked = sent(db, chamber)
    path = mine(db, chamber, asked, "citizens 1")
    visitor.sign_in(db, chamber.members["citizens 1"])
    version = visitor.open(path).form(path).fields["version"]

    sent_draft = {"bold_note": "half a tho", "version": version}
    kept = visitor.fill_in(f"{path}/draft", sent_draft, headers={"HX-Request": "true"})

    assert kept.status_code == 200
    assert "Your draft was kept" in kept.text
    assert visitor.open(path).form(path).fields["bold_note"] == "half a tho"
    for reader in (chamber.chair, chamber.members["citizens 2"], chamber.scene.carol):
        browser = Browser(visitor.app).sign_in(db, reader)
        assert browser.get(path).status_code == 404
        assert "half a tho" not in browser.open(at(chamber)).text


def test_the_second_window_sees_what_the_first_one_kept(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    asked = sent(db, chamber)
    path = mine(db, chamber, asked, "citizens 1")
    visitor.sign_in(db, chamber.members["citizens 1"])
    one, two = visitor.open(path).form(path), visitor.open(path).form(path)
    visitor.hand_in(one, {"bold_note": "one window"}, button="Keep as a draft")
    fields = {"bold_note": "another", "version": two.fields["version"]}
    warned = visitor.fill_in(f"{path}/draft", fields, headers={"HX-Request": "true"})
    assert "Another window has saved other words" in warned.text

    page = visitor.hand_in(two, {"bold_note": "another"}, button="Keep as a draft", status=409)

    assert page.form(path).fields["bold_note"] == "another"
    assert "one window" in page.main.text
    visitor.hand_in(page.form(path), button="Keep as a draft")
    review = reviewed.review_of(db, asked, chamber.seats["citizens 1"])
    db.refresh(review)
    assert review.answers["bold_note"] == "another"


def test_nobody_learns_anything_of_a_filed_review_before_all_are_in(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    asked = sent(db, chamber)
    told = reviewed.answers(chamber.mission, Grade.REJECTED, bold_note="xqsecret")
    review = reviewed.file(db, asked, chamber.seats["citizens 1"], told)
    db.commit()
    mission, call = chamber.mission, chamber.mission.call_id
    doors = [
        at(chamber), f"/missions/{mission.id}", "/missions", "/events", f"/events?mission={mission.id}", "/events.json",
        f"/committees/{chamber.committee.id}", f"/calls/{call}", "/me", f"/missions/{mission.id}/objections",
    ]  # fmt: skip

    for reader in (None, chamber.chair, chamber.members["citizens 2"], chamber.scene.carol):
        browser = Browser(visitor.app)
        if reader is not None:
            browser.sign_in(db, reader)
        for door in doors:
            text = browser.get(door).text
            assert "xqsecret" not in text, door
            assert "To be rejected" not in text, door
            assert str(review.id) not in text, door
        export = browser.get(f"/calls/{call}/export")
        assert b"xqsecret" not in export.content
    log = Browser(visitor.app).get("/events").text
    assert "review was filed" not in log


def test_how_many_are_in_is_told_to_the_committee_only(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    asked = sent(db, chamber)
    reviewed.file(db, asked, chamber.seats["citizens 1"], reviewed.answers(chamber.mission))
    db.commit()

    assert "1 of 9 reviewers are done" not in visitor.open(at(chamber)).text
    visitor.sign_in(db, chamber.chair)
    assert "1 of 9 reviewers are done" in visitor.open(at(chamber)).text


def test_all_is_read_and_the_chair_concludes_when_the_difference_is_talked_about(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    asked = sent(db, chamber)
    for name, seat in chamber.seats.items():
        grade = Grade.POOR if name == "citizens 1" else Grade.EXCELLENT
        reviewed.file(db, asked, seat, reviewed.answers(chamber.mission, bold_grade=grade.value))
    db.commit()
    page = visitor.open(at(chamber))
    assert "The grades lie 4 steps apart" in page.main.text
    assert "Excellent" in page.main.text
    visitor.sign_in(db, chamber.chair)
    conclusion = {"verdict": "ready", "reason": "It is ready."}

    refused = visitor.hand_in(
        visitor.open(at(chamber)).form("/conclusion"), conclusion, button="Conclude the review", status=409
    )
    assert "nobody has noted why" in refused.main.text
    note = {"note": "Citizens know the machine already."}
    notes = [form for form in visitor.open(at(chamber)).forms if form.action.endswith("/notes")]
    visitor.hand_in(next(form for form in notes if form.fields["criterion"] == "bold"), note)
    done = visitor.hand_in(
        visitor.open(at(chamber)).form("/conclusion"), conclusion, button="Conclude the review"
    )

    assert "Ready for a vote" in done.main.text
    assert "Citizens know the machine already." in done.main.text


def test_what_reviewers_ask_for_goes_back_to_the_facilitator_who_answers(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    asked = sent(db, chamber)
    reviewed.file_all(db, asked, chamber.mission)
    reviews_conclude.conclude(
        db,
        asked,
        ReviewVerdict.REWORK,
        "Not yet.",
        ["Name a day.", HOSTILE[:200].replace("\0", "")],
        chamber.chair.id,
    )
    db.commit()
    visitor.sign_in(db, chamber.scene.carol)

    page = visitor.hand_in(
        visitor.open(at(chamber)).form("/answer"), {"answer": "The title names the day now."}
    )

    assert "The title names the day now." in page.main.text
    assert "<script>alert" not in visitor.get(at(chamber)).text


def test_hostile_words_stay_words(visitor: Browser, db: Session, chamber: Chamber) -> None:
    asked = sent(db, chamber)
    path = mine(db, chamber, asked, "citizens 1")
    visitor.sign_in(db, chamber.members["citizens 1"])
    told = reviewed.answers(
        chamber.mission, bold_note=HOSTILE, crossing_evidence="https://example.org/?a=<b>&c='d\""
    )
    visitor.hand_in(visitor.open(path).form(path), told, button="File this review")
    for name, seat in chamber.seats.items():
        if name != "citizens 1":
            reviewed.file(db, asked, seat, reviewed.answers(chamber.mission))
    db.commit()

    answer = visitor.get(at(chamber)).text

    assert "<script>alert" not in answer
    assert "{{ 7*7 }}" in visitor.open(at(chamber)).main.text
    assert 'href="https://example.org/?a=&lt;b&gt;' in answer


def test_a_review_under_another_mission_is_not_found(visitor: Browser, db: Session, chamber: Chamber) -> None:
    asked = sent(db, chamber)
    path = mine(db, chamber, asked, "citizens 1")
    other = make_chamber(db)
    db.commit()
    visitor.sign_in(db, chamber.members["citizens 1"])

    assert visitor.get(path).status_code == 200
    assert visitor.get(path.replace(str(chamber.mission.id), str(other.mission.id))).status_code == 404


def test_the_chair_waives_a_review_for_all_to_read(visitor: Browser, db: Session, chamber: Chamber) -> None:
    visitor.sign_in(db, chamber.chair)
    form = visitor.open(at(chamber)).form("/waiver")
    visitor.hand_in(form, {"reason": "It was reviewed on paper."}, button="Waive the review")

    read = Browser(visitor.app).open(at(chamber))
    assert "Review waived" in read.main.text
    assert "It was reviewed on paper." in read.main.text
    event = db.exec(select(Event).where(Event.kind == "review_waived")).one()
    assert "paper" not in str(event.facts)


def test_a_mission_that_lacks_something_is_told_what_and_not_sent(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    chamber.mission.owner_organisation_id = None
    db.commit()
    visitor.sign_in(db, chamber.chair)

    page = visitor.open(at(chamber))

    assert "Name who owns it" in page.main.text
    assert not any(form.action.endswith("/reviews") for form in page.forms)
    answer = visitor.fill_in(at(chamber), {"seats": [], "due_at": "2030-01-01T18:00"})
    assert answer.status_code == 422


def test_the_figures_stand_beside_the_grades_with_their_arithmetic(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    for route, level in zip(projects_of(db, chamber.mission.id), (9, 5, 3), strict=False):
        route.readiness = level
    asked = sent(db, chamber)
    visitor.sign_in(db, chamber.members["citizens 1"])

    opened = visitor.open(mine(db, chamber, asked, "citizens 1")).main
    page = opened.text

    assert "2 of 3 routes still have to be proved" in page
    assert "It needs 3 readings of the past and has 0." in page
    assert "They are a hint" in page
    assert [each.text for each in opened.all("mark")] == ["Batteries"]


MONEY = {
    "kind": "committed", "source": "Budget law", "year": "2027", "amount": "12.50", "currency": "eur",
    "certainty": "certain",
}  # fmt: skip


def test_a_line_of_money_is_replaced_and_never_changed(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    mission, path = chamber.mission, f"/missions/{chamber.mission.id}/money"
    visitor.sign_in(db, chamber.scene.carol)
    visitor.hand_in(visitor.open(path).form(path), MONEY)
    wrong = next(each for each in lines_of(db, mission.id) if each.source == "Budget law")

    page = visitor.hand_in(
        visitor.open(path).form(path), {**MONEY, "amount": "15", "replaces_id": str(wrong.id)}
    )
    assert "replaced or taken back" in page.main.text
    visitor.hand_in(visitor.open(path).form(path), {**MONEY, "currency": "euro"}, status=422)
    twice = visitor.fill_in(path, {**MONEY, "replaces_id": str(wrong.id)})

    assert twice.status_code == 409
    assert sorted(str(each.amount) for each in standing_lines(db, mission.id)) == ["1000000.00", "15.00"]
    assert len(lines_of(db, mission.id)) == 3


def test_readings_of_the_past_are_entered_by_hand(visitor: Browser, db: Session, chamber: Chamber) -> None:
    mission, path = chamber.mission, f"/missions/{chamber.mission.id}/readings"
    visitor.sign_in(db, chamber.scene.carol)
    for year, value in (("2022", "10"), ("2023", "11.5"), ("2024", "12")):
        told = {"at": f"{year}-06-30", "value": value, "source": "Survey"}
        visitor.hand_in(visitor.open(path).form(path), told)
    indicator = readings.indicator_of(db, mission)
    assert indicator is not None
    assert [str(each.value) for each in readings_of(db, indicator.id)] == [
        "10.000000",
        "11.500000",
        "12.000000",
    ]

    double = {"at": "2024-06-30", "value": "9", "source": "Survey"}
    visitor.hand_in(visitor.open(path).form(path), double, status=409)
    ahead = {"at": "2099-06-30", "value": "9", "source": "Survey"}
    visitor.hand_in(visitor.open(path).form(path), ahead, status=422)
    upside_down = {"at": "2021-06-30", "value": "9", "low": "10", "source": "Survey"}
    kept = visitor.hand_in(visitor.open(path).form(path), upside_down, status=422)
    assert kept.form(path).fields["low"] == "10"
    visitor.hand_in(visitor.open(path).form("/taking-back"), {"reason": "It was of another region"})

    assert len(readings_of(db, indicator.id)) == 2


@pytest.mark.parametrize("door", ["money", "readings"])
def test_only_facilitators_of_the_agency_enter_numbers(
    visitor: Browser, db: Session, chamber: Chamber, door: str
) -> None:
    otto = make_facilitator(db, make_organisation(db, "Elsewhere"), "Otto")
    db.commit()
    for person in (otto, chamber.chair):
        visitor.sign_in(db, person)
        assert visitor.fill_in(f"/missions/{chamber.mission.id}/{door}", MONEY).status_code == 403


def test_reviewers_note_what_a_figure_cannot_tell(db: Session, chamber: Chamber) -> None:
    """A route of one's own organisation bars it, also when it is added after the review was asked for."""
    asked = sent(db, chamber)
    firm = make_organisation(db, "Panels Ltd")
    chamber.members["private 1"].organisation_id = firm.id
    db.add(Project(mission_id=chamber.mission.id, title="Ours", lead_organisation_id=firm.id))
    db.commit()

    with pytest.raises(reviews.NotTheirs):
        reviewed.file(db, asked, chamber.seats["private 1"], reviewed.answers(chamber.mission))
    assert len(list(Criterion)) == 5


def test_one_who_is_asked_for_two_reads_that_one_is_left(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    asked = sent(db, chamber, asks_appraisal=True)
    seat = chamber.seats["citizens 1"]
    path = mine(db, chamber, asked, "citizens 1")
    other = next(
        each.id for each in reviews_of(db, asked.id) if each.seat_id == seat.id and str(each.id) not in path
    )
    visitor.sign_in(db, chamber.members["citizens 1"])
    assert "you have filed 0 of 2" in visitor.open(f"/committees/{chamber.committee.id}/workbench").text

    page = visitor.hand_in(
        visitor.open(path).form(path), reviewed.answers(chamber.mission), button="File this review"
    )

    assert "You have filed 1 of 2; still to write: “Fixing or shaping a market”" in page.text
    assert "You have filed 1 of 2. You count as in when both are filed." in page.main.text
    assert "0 of 9 reviewers are done" in page.main.text
    hint = [each for each in page.main.all("a") if each.text.startswith("Write “Fixing or shaping")]
    assert [each.get("href") for each in hint] == [f"{at(chamber)}/{other}"]
    assert "you have filed 1 of 2" in visitor.open(f"/committees/{chamber.committee.id}/workbench").text
