"""The call of the demonstration: forty apply, three review each, a budget rule picks twelve, and each is answered."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from html import unescape

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.demo import content
from app.demo.seed_people import everybody
from app.main import create_app
from app.models.application import Application
from app.models.committee import Interest
from app.models.decision import Decision
from app.models.feedback import latest_feedback
from app.models.organisation import Organisation
from app.models.panel import InterviewNote, PanelReview
from app.models.person import Person
from app.models.seat import Seat
from app.rules.words import ApplicationState, CallState, DecisionState, SubjectKind
from app.services import awards, decisions_pack
from app.settings import Settings
from tests.client import Browser
from tests.demo.records import offer_named
from tests.recount import cases

A = ApplicationState
NEXT = re.compile(r'href="([^"]*state=declined&page=[^"]*)"')
PICKED = {
    "francisca_godoy_tello", "lorenzo_ceballos", "rosa_maria_tello", "sebastian_ugarte", "cecilia_abarca",
    "alicia_zuniga", "juan_carlos_zambra", "mario_castagneto", "silvana_tejeda", "catalina_ponce",
    "olga_petrovic", "marcos_aravena",
}  # fmt: skip
ORGANISATIONS = {row["key"]: row["organisation"] for row in everybody()}


def applied(demo: Session) -> list[tuple[Application, str]]:
    """Everything that was written for the call, each with the key of who leads it."""
    keys = {each["title"]: each["by"] for each in [*content.applications(), *content.late()]}
    call = offer_named(demo, "trials")
    found = demo.exec(select(Application).where(Application.call_id == call.id)).all()
    return [(each, keys[each.title]) for each in found]


def in_state(demo: Session, state: ApplicationState) -> set[str]:
    return {key for each, key in applied(demo) if each.state is state}


def vote(demo: Session) -> Decision:
    return demo.exec(select(Decision).where(Decision.question == content.award()["question"])).one()


def test_forty_applied_and_what_came_late_stayed_a_draft(demo: Session) -> None:
    found = Counter(each.state for each, _key in applied(demo))

    assert sum(found.values()) - found[A.DRAFT] == 40
    assert in_state(demo, A.DRAFT) == {"mauricio_plaza_cruz"}
    assert in_state(demo, A.WITHDRAWN) == {"nora_cifuentes"}
    assert offer_named(demo, "trials").state is CallState.ANSWERED


def test_one_is_ineligible_with_its_reason(demo: Session) -> None:
    (refused,) = [each for each, _key in applied(demo) if each.state is A.INELIGIBLE]

    assert refused.outcome_reason == content.panel()["ineligible"]["alvaro_matte"]


def test_each_eligible_one_has_three_reviews_of_people_with_no_part_in_it(demo: Session) -> None:
    """Three at least, nobody on their own organisation's, and the marks of one application differ."""
    judged = {
        each.id: key for each, key in applied(demo) if each.state not in (A.DRAFT, A.WITHDRAWN, A.INELIGIBLE)
    }
    reviews = demo.exec(select(PanelReview).where(col(PanelReview.application_id).in_(judged))).all()
    seats = {each.id: each for each in demo.exec(select(Seat))}
    people = {each.id: each for each in demo.exec(select(Person))}
    names = {each.id: each.name for each in demo.exec(select(Organisation))}

    assert Counter(each.application_id for each in reviews) == dict.fromkeys(judged, 3)
    assert all(each.filed_at for each in reviews)
    for each in reviews:
        own = people[seats[each.seat_id].person_id].organisation_id
        assert own is None or names[own] != ORGANISATIONS[judged[each.application_id]]
    marks = {(each.application_id, each.answers["goal_grade"]) for each in reviews}
    assert len(marks) > len(judged)


def test_interviews_were_noted(demo: Session) -> None:
    told = sum(len(each["interviews"]) for each in content.judged())

    assert len(demo.exec(select(InterviewNote)).all()) == told == 6


def test_a_budget_rule_picked_twelve_within_the_budget(demo: Session) -> None:
    selected = [each for each, _key in applied(demo) if each.state is A.SELECTED]
    told = content.offer("trials")

    assert in_state(demo, A.SELECTED) == PICKED
    assert sum(each.asked or Decimal(0) for each in selected) == 1577 * 1_000_000
    assert sum(each.asked or Decimal(0) for each in selected) <= told["budget"] * 1_000_000
    assert vote(demo).outcome == DecisionState.CARRIED


def test_the_vote_recounts_and_the_seat_of_an_applicant_stepped_aside(demo: Session) -> None:
    decision = vote(demo)
    report = cases.load_recount().recount(decisions_pack.files(demo, decision))
    aside = select(Interest).where(
        Interest.subject_kind == SubjectKind.DECISION, Interest.subject_id == decision.id
    )
    gone = {demo.get_one(Seat, each.seat_id).person_id for each in demo.exec(aside) if each.recuses()}
    names = {demo.get_one(Person, each).name for each in gone}

    assert report.wrong == []
    assert names == {"Emilio Santander"}
    assert sum(row["cast"] for row in decision.result["quorum"]) == 8


def test_the_reserve_waits_in_its_order(demo: Session) -> None:
    keys = {each.id: key for each, key in applied(demo)}
    waiting = awards.reserve_of(demo, offer_named(demo, "trials").id)

    assert [keys[each.id] for each in waiting] == ["noelia_fritz", "luis_cortes_pena", "wenceslao_quispe"]


def test_everyone_was_answered_and_why_is_public(seeded: Engine, demo: Session, settings: Settings) -> None:
    sent = [(each, key) for each, key in applied(demo) if each.state not in (A.DRAFT, A.WITHDRAWN)]
    given = latest_feedback(demo, [each.id for each, _key in sent])
    declined = {key for each, key in sent if each.state is A.DECLINED}

    assert set(given) == {each.id for each, _key in sent}
    assert all(each.reason and each.words and each.contest for each in given.values())
    assert len(declined) == 23
    told = content.panel()["declined"]
    assert declined > set(told)
    with Browser(create_app(settings, seeded)) as visitor:
        shown = "".join(pages(visitor, f"/calls/{offer_named(demo, 'trials').id}/outcome?state=declined"))
    assert [key for key, reason in told.items() if reason not in shown] == []


def pages(visitor: Browser, path: str) -> Iterator[str]:
    """A list to its end, as a reader turns its pages."""
    following: str | None = path
    while following:
        page = unescape(visitor.get(following).text)
        yield page
        found = NEXT.search(page)
        following = found.group(1) if found else None
