"""Two people edit one text at once: whoever comes second sees both texts, and no word of either is lost."""

from threading import Barrier, Thread

import pytest
from fastapi import FastAPI
from sqlmodel import Session

from app.models.committee import Committee
from app.models.mission import Clause, Mission, indicators_of
from app.models.organisation import Organisation
from app.services import terms
from tests.client import Browser
from tests.people import make_admin, make_facilitator
from tests.services.chamber import make_chamber
from tests.services.test_amendments import OWN, Town

SAVE = "Save the clause"


@pytest.fixture
def town(db: Session) -> Town:
    terms.ensure_sdg(db)
    made = Town(db)
    db.commit()
    return made


@pytest.fixture
def colleagues(app: FastAPI, db: Session, town: Town) -> tuple[Browser, Browser]:
    agency = db.get_one(Organisation, town.mission.organisation_id)
    return Browser(app).sign_in(db, town.carol), Browser(app).sign_in(
        db, make_facilitator(db, agency, "Dora")
    )


def clause(db: Session, town: Town) -> Clause:
    db.expire_all()
    return db.get_one(Clause, town.clause.id)


def test_changes_of_one_clause_in_different_places_are_in_the_box(
    colleagues: tuple[Browser, Browser], db: Session, town: Town
) -> None:
    path = f"/missions/{town.mission.id}/clauses/{town.clause.id}"
    carol, dora = ((each, each.open(path).form(path)) for each in colleagues)
    carol[0].hand_in(carol[1], {"text": OWN.replace("ten", "twelve")}, button=SAVE)

    page = dora[0].hand_in(
        dora[1], {"text": OWN.replace("panel", "panel and cable")}, button=SAVE, status=409
    )

    both = page.form(path).fields["text"]
    assert both == OWN.replace("ten", "twelve").replace("panel", "panel and cable")
    dora[0].hand_in(page.form(path), button=SAVE)
    assert clause(db, town).text == both


def test_changes_of_the_same_words_are_shown_side_by_side(
    colleagues: tuple[Browser, Browser], db: Session, town: Town
) -> None:
    path = f"/missions/{town.mission.id}/clauses/{town.clause.id}"
    carol, dora = ((each, each.open(path).form(path)) for each in colleagues)
    carol[0].hand_in(carol[1], {"text": OWN.replace("ten", "twelve")}, button=SAVE)

    page = dora[0].hand_in(dora[1], {"text": OWN.replace("ten", "five")}, button=SAVE, status=409)

    assert "Two people changed this at once" in page.main.text
    shown = page.form(path).fields["text"]
    assert "twelve" in shown
    assert "five" in shown
    assert clause(db, town).text == OWN.replace("ten", "twelve")


def test_the_editor_takes_what_only_one_changed_and_shows_what_both_did(
    colleagues: tuple[Browser, Browser], db: Session, town: Town
) -> None:
    path = f"/missions/{town.mission.id}/edit"
    carol, dora = ((each, each.open(path).form(path)) for each in colleagues)
    carol[0].hand_in(
        carol[1], {"title": "Light in forty streets by 2030", "unit": "streets", "owner": "Carol"}
    )

    page = dora[0].hand_in(dora[1], {"unit": "kilometres", "source": "Meters"}, status=409)

    fields = page.form(path).fields
    assert (fields["title"], fields["owner"]) == ("Light in forty streets by 2030", "Carol")
    assert (fields["unit"], fields["source"]) == ("kilometres", "Meters")
    assert "streets" in page.main.text
    dora[0].hand_in(page.form(path), {"unit": "kilometres of street"})
    db.expire_all()
    (indicator,) = indicators_of(db, town.mission.id)
    assert (indicator.unit, indicator.source, indicator.owner) == ("kilometres of street", "Meters", "Carol")
    assert db.get_one(Mission, town.mission.id).title == "Light in forty streets by 2030"


def test_two_routes_edited_at_once(colleagues: tuple[Browser, Browser], db: Session, town: Town) -> None:
    base = f"/missions/{town.mission.id}/routes"
    colleagues[0].hand_in(colleagues[0].open(f"{base}/new").form(base), {"title": "Lamps with panels"})
    edit = colleagues[0].open(f"/missions/{town.mission.id}/edit")
    path = [link for link in edit.links if "/routes/" in link and not link.endswith("new")][-1]
    carol, dora = ((each, each.open(path).form(path)) for each in colleagues)
    carol[0].hand_in(carol[1], {"summary": "Each lamp has its own panel."})

    page = dora[0].hand_in(dora[1], {"summary": "Each street has one panel."}, status=409)

    assert "Each lamp has its own panel." in page.main.text
    assert "street" in page.form(path).fields["summary"]
    assert "lamp" in page.form(path).fields["summary"]


def test_two_people_set_up_one_committee(app: FastAPI, db: Session) -> None:
    committee = make_chamber(db).committee
    path = f"/committees/{committee.id}/edit"
    first, second = (Browser(app).sign_in(db, make_admin(db, name)) for name in ("Erin", "Ella"))
    one, two = (each.open(path).form(path) for each in (first, second))
    first.hand_in(one, {"purpose": "It decides on light."})

    page = second.hand_in(two, {"purpose": "It decides on water."}, status=409)

    assert "It decides on light." in page.main.text
    assert page.form(path).fields["purpose"] == "It decides on water."
    second.hand_in(page.form(path), {"purpose": "It decides on light and water."})
    db.expire_all()
    assert db.get_one(Committee, committee.id).purpose == "It decides on light and water."


def test_two_at_the_same_instant_end_as_one_saved_and_one_shown(
    colleagues: tuple[Browser, Browser], db: Session, town: Town
) -> None:
    """At a barrier, with forms that were opened at the same version; never both saved, never neither."""
    path = f"/missions/{town.mission.id}/clauses/{town.clause.id}"
    for round_ in range(5):
        words = [f"{name}{round_} wants {name}{round_}words and nothing else." for name in ("Carol", "Dora")]
        forms = [each.open(path).form(path) for each in colleagues]
        barrier, answers = Barrier(2, timeout=10), {}

        def save(place: int, forms=forms, words=words, barrier=barrier, answers=answers) -> None:  # type: ignore[no-untyped-def]
            to, sent = forms[place].filled({"text": words[place]}, button=SAVE)
            barrier.wait()
            answers[place] = colleagues[place].post(to, data=sent)

        threads = [Thread(target=save, args=(place,)) for place in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(answers[place].status_code for place in range(2)) == [200, 409]
        lost = next(place for place in range(2) if answers[place].status_code == 409)
        assert words[lost] in answers[lost].text
        assert words[1 - lost] in answers[lost].text
        assert clause(db, town).text == words[1 - lost]
