"""The drafting helper on the pages: asked by a facilitator, judged with its sources; without one there is no trace."""

import json
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.main import create_app
from app.models.mission import Mission
from app.models.wording import Drafting, Wording
from app.services import corrections, drafting
from app.services.drafting_client import HelperTooSlow
from app.settings import Settings
from tests.client import Browser
from tests.people import make_person
from tests.services.drafted import Scene, make_agreeing, make_mission
from tests.services.test_drafting import EMBEDDER, GOOD

WORDS = str(GOOD["text"])


@pytest.fixture
def scene(db: Session) -> Scene:
    made = make_agreeing(db)
    db.commit()
    return made


@pytest.fixture
def helped(settings: Settings, clean: Engine) -> Iterator[Browser]:
    """A browser at an application that has a helper; the tests answer in its place."""
    named = {"drafting_url": "http://127.0.0.1:9/v1", "drafting_model": "tiny"}
    with Browser(create_app(settings.model_copy(update=named), clean)) as browser:
        yield browser


def answer(db: Session, document: object) -> None:
    asked = db.exec(select(Drafting)).one()
    drafting.keep(db, asked.id, json.dumps(document), EMBEDDER, "tiny")
    db.commit()


def test_a_facilitator_asks_reads_the_sources_and_accepts(helped: Browser, db: Session, scene: Scene) -> None:
    helped.sign_in(db, scene.carol)
    at = f"/clusters/{scene.cluster.id}"
    assert f"{at}/wording" in helped.open(at).links
    page = helped.open(f"{at}/wording")
    assert "No proposals" in page.text

    page = helped.hand_in(page.form(f"{at}/wording"))
    assert "The helper is writing" in page.text
    answer(db, {"summary": [GOOD, {"text": "Nobody said this at all.", "cites": ["v1"]}]})
    page = helped.open(f"{at}/wording")

    assert "Drafted by a machine" in page.text
    assert scene.voices[0].text in page.text
    assert "1 sentence:" in page.text
    wording = db.exec(select(Wording)).one()
    helped.hand_in(page.form(f"{at}/wording/{wording.id}"))
    helped.cookies.clear()
    seen = helped.open(at)
    assert WORDS in seen.text
    assert "Drafted by a machine" in seen.text
    assert f"/submissions/{scene.voices[0].id}" in seen.links


def test_a_name_says_that_a_machine_drafted_it_until_it_is_changed(
    helped: Browser, db: Session, scene: Scene
) -> None:
    helped.sign_in(db, scene.carol)
    at = f"/clusters/{scene.cluster.id}"
    helped.hand_in(helped.open(f"{at}/wording").form(f"{at}/wording"))
    answer(db, {"title": [GOOD]})
    wording = db.exec(select(Wording)).one()
    helped.hand_in(helped.open(f"{at}/wording").form(f"{at}/wording/{wording.id}"))

    page = helped.open(at)
    assert "Its name was drafted by a machine and accepted by a facilitator." in page.main.text
    assert f"/submissions/{scene.voices[0].id}" in page.links

    corrections.rename(db, scene.cluster, "Roofs", scene.carol.id)
    db.commit()
    assert "Its name was drafted by a machine" not in helped.open(at).main.text


def test_the_page_on_privacy_tells_whether_anything_is_sent_to_a_helper(
    helped: Browser, visitor: Browser
) -> None:
    assert "sent to a drafting helper" in helped.open("/privacy").text
    assert "They are not sent to anyone" not in helped.open("/privacy").text
    assert "They are not sent to anyone" in visitor.open("/privacy").text


def test_a_clause_says_that_a_machine_drafted_it(helped: Browser, db: Session, scene: Scene) -> None:
    mission: Mission = make_mission(db, scene)[0]
    db.commit()
    helped.sign_in(db, scene.carol)
    at = f"/missions/{mission.id}"
    assert f"{at}/wording" in helped.open(at).links

    helped.hand_in(helped.open(f"{at}/wording").form(f"{at}/wording"))
    answer(db, {"clause": [{**GOOD, "section": "goal"}]})
    wording = db.exec(select(Wording)).one()
    helped.hand_in(helped.open(f"{at}/wording").form(f"{at}/wording/{wording.id}"))

    page = helped.open(at)
    assert WORDS in page.text
    assert "drafted by a machine, accepted by a facilitator" in page.text


def test_a_failure_is_told_and_nothing_is_lost(helped: Browser, db: Session, scene: Scene) -> None:
    helped.sign_in(db, scene.carol)
    at = f"/clusters/{scene.cluster.id}/wording"
    helped.hand_in(helped.open(at).form(at))
    drafting.fail(db, db.exec(select(Drafting)).one().id, HelperTooSlow())
    db.commit()

    page = helped.open(at)

    assert "took too long" in page.text
    assert page.form(at)


def test_markup_in_a_drafted_sentence_would_stand_as_words(
    helped: Browser, db: Session, scene: Scene
) -> None:
    helped.sign_in(db, scene.carol)
    at = f"/clusters/{scene.cluster.id}/wording"
    helped.hand_in(helped.open(at).form(at))
    asked = db.exec(select(Drafting)).one()
    cites = [{"submission": str(scene.voices[0].id), "similarity": 1, "overlap": 1}]
    db.add(Wording(drafting_id=asked.id, part="summary", text="<img src=x onerror=alert(1)>", cites=cites))
    asked.state = "done"
    db.commit()

    raw = helped.get(at).text

    assert "<img src=x" not in raw
    assert "&lt;img src=x" in raw


def test_without_a_helper_nothing_of_it_is_there(visitor: Browser, db: Session, scene: Scene) -> None:
    mission = make_mission(db, scene)[0]
    db.commit()
    visitor.sign_in(db, scene.carol)

    for at in (f"/clusters/{scene.cluster.id}", f"/missions/{mission.id}"):
        assert "wording" not in visitor.open(at).main.text.lower()
        assert visitor.get(f"{at}/wording").status_code == 404
        assert visitor.fill_in(f"{at}/wording").status_code == 404
    assert db.exec(select(Drafting)).all() == []


def test_nobody_else_may_ask(helped: Browser, db: Session, scene: Scene) -> None:
    helped.sign_in(db, make_person(db, "Bob"))

    assert helped.get(f"/clusters/{scene.cluster.id}/wording").status_code == 403
    assert helped.fill_in(f"/clusters/{scene.cluster.id}/wording").status_code == 403
    assert "propose wording" not in helped.open(f"/clusters/{scene.cluster.id}").text


@pytest.mark.parametrize(
    ("path", "act", "status"),
    [("no-uuid", "accept", 404), ("00000000-0000-0000-0000-000000000003", "accept", 404)],
)
def test_nonsense_is_refused(
    helped: Browser, db: Session, scene: Scene, app: FastAPI, path: str, act: str, status: int
) -> None:
    helped.sign_in(db, scene.carol)

    answered = helped.fill_in(f"/clusters/{scene.cluster.id}/wording/{path}", {"act": act})

    assert answered.status_code == status
