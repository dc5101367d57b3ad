"""The demonstration's call for roadmaps, and the call for partnerships that carry one of them out."""

from collections import Counter
from html import unescape

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.conditions.asking import call_phase
from app.demo import content
from app.main import create_app
from app.models.application import Application
from app.models.decision import Decision
from app.models.feedback import latest_feedback
from app.models.panel import PanelReview
from app.rules.words import ApplicationState, CallState, DecisionState
from app.services import decisions_pack, offers
from app.settings import Settings
from tests.client import Browser
from tests.demo.records import offer_named
from tests.recount import cases

SELECTED = ["A test paper that counts as ten years", "One telephone, one guarantee, forty shops"]


def roadmaps(demo: Session) -> list[Application]:
    call = offer_named(demo, "roads")
    query = select(Application).where(Application.call_id == call.id).order_by(col(Application.title))
    return list(demo.exec(query))


def test_three_drew_roadmaps_without_money_and_two_were_selected(demo: Session) -> None:
    call = offer_named(demo, "roads")

    assert call.state is CallState.ANSWERED
    assert offers.offer_of(demo, call).is_for_roadmaps
    assert {(each.asked, tuple(each.budget)) for each in roadmaps(demo)} == {(None, ())}
    assert [each.title for each in roadmaps(demo) if each.state is ApplicationState.SELECTED] == SELECTED
    assert Counter(each.state for each in roadmaps(demo))[ApplicationState.DECLINED] == 1


def test_each_roadmap_has_three_reviews_and_an_answer(demo: Session) -> None:
    ids = [each.id for each in roadmaps(demo)]
    reviews = demo.exec(select(PanelReview).where(col(PanelReview.application_id).in_(ids))).all()

    assert Counter(each.application_id for each in reviews) == dict.fromkeys(ids, 3)
    assert all(each.filed_at for each in reviews)
    assert set(latest_feedback(demo, ids)) == set(ids)


def test_the_vote_on_the_roadmaps_counts_places_and_recounts(demo: Session) -> None:
    (told,) = [each["award"] for each in content.judged() if each["call"] == "roads"]
    decision = demo.exec(select(Decision).where(Decision.question == told["question"])).one()
    report = cases.load_recount().recount(decisions_pack.files(demo, decision))

    assert (decision.outcome, decision.rule["budget"]) == (DecisionState.CARRIED, 2)
    assert report.wrong == []


def test_the_call_for_partnerships_is_open_against_the_selected_roadmaps(demo: Session) -> None:
    call, before = offer_named(demo, "partners"), offer_named(demo, "roads")
    offer = offers.offer_of(demo, call)
    (roadmap,) = [each for each in offers.form_of(demo, offer) if each.key == "roadmap"]

    assert call_phase(call) is CallState.OPEN
    assert (offer.follows_call_id, offer.is_for_roadmaps) == (before.id, False)
    assert sorted(title for _key, title in roadmap.choices) == SELECTED


def test_both_calls_show_each_other(seeded: Engine, demo: Session, settings: Settings) -> None:
    before, after = offer_named(demo, "roads"), offer_named(demo, "partners")

    with Browser(create_app(settings, seeded)) as visitor:
        pages = {each.id: visitor.get(f"/calls/{each.id}").text for each in (before, after)}

    assert all(title in pages[after.id] for title in SELECTED)
    assert f'href="/calls/{after.id}"' in pages[before.id]
    assert f'href="/calls/{before.id}"' in pages[after.id]
    assert "It asks for roadmaps and gives no money." in pages[before.id]
    assert "It asks for roadmaps and gives no money." not in pages[after.id]


def test_a_selected_roadmap_is_public_and_no_other_application_is(
    seeded: Engine, demo: Session, settings: Settings
) -> None:
    """Whoever carries it out has to read it; what a call with money was answered with stays with its team."""
    drawn = {each["title"]: each["steps"] for each in content.roads()["applications"]}

    with Browser(create_app(settings, seeded)) as visitor:
        chosen, declined, trials = (
            unescape(visitor.get(f"/calls/{offer_named(demo, key).id}/outcome?state={state}").text)
            for key, state in (("roads", "selected"), ("roads", "declined"), ("trials", "selected"))
        )

    assert [title for title, steps in drawn.items() if steps in chosen] == SELECTED
    assert not [steps for steps in drawn.values() if steps in declined]
    assert not [each["goal"] for each in content.applications() if each["goal"] in trials]


def test_a_vote_on_places_speaks_of_no_money(seeded: Engine, demo: Session, settings: Settings) -> None:
    (told,) = [each["award"] for each in content.judged() if each["call"] == "roads"]
    decision = demo.exec(select(Decision).where(Decision.question == told["question"])).one()

    with Browser(create_app(settings, seeded)) as visitor:
        page = visitor.get(f"/decisions/{decision.id}").text

    assert "2 options are chosen at most." in page
    assert "No place was left" in page
    assert not [words for words in ("may cost", "What it costs", "CLP together") if words in page]
