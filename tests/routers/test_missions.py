"""Missions through their pages: what a reader sees, and what a facilitator drafts."""

import re
from uuid import uuid4

from sqlalchemy import Engine
from sqlmodel import Session

from app.models.link import Link
from app.models.mission import Clause, Mission, clauses_of
from app.rules.words import LinkKind, MissionState, Role, ScopeKind, SubjectKind, SubmissionState
from app.services import counts, missions_list
from tests.client import Browser
from tests.counting import statements
from tests.factories import make_submission
from tests.people import make_organisation, make_person, seat
from tests.services.drafted import Scene, make_mission, make_scene


def test_a_mission_shows_its_text_and_its_sources(visitor: Browser, db: Session) -> None:
    mission, scene = make_mission(db)
    db.commit()

    page = visitor.get(f"/missions/{mission.id}")

    assert page.status_code == 200
    assert mission.title in page.text
    assert f"/submissions/{scene.voices[0].id}" in page.text
    assert "100% of this text comes from below" in page.text
    assert "The agency wrote the rest" not in page.text
    assert "Name at least one target of the Sustainable Development Goals." in page.text
    assert "/edit" not in page.text


def test_words_taken_back_or_hidden_are_nowhere_on_the_page(visitor: Browser, db: Session) -> None:
    mission, scene = make_mission(db)
    for voice, canary in zip(
        scene.voices, ("Aardvark", "Bandicoot", "Capybara", "Dugong", "Echidna"), strict=True
    ):
        voice.text = f"{canary} {voice.text}"
    for clause in clauses_of(db, mission.id)[:2]:
        clause.text = "Aardvark said so."
    withdrawn, hidden = scene.voices[0], scene.voices[3]
    withdrawn.state, withdrawn.text = SubmissionState.WITHDRAWN, ""
    hidden.state, hidden.hidden_rule = SubmissionState.HIDDEN, "abuse"
    db.commit()

    page = visitor.get(f"/missions/{mission.id}").text

    assert "Dugong" not in page
    assert page.count("They can no longer be read") >= 1
    assert "Withdrawn by its author" in page
    assert "Hidden by moderators" in page
    assert "Bandicoot" in page


def test_missions_stand_in_their_sections(visitor: Browser, db: Session) -> None:
    assert "No mission yet" in visitor.get("/missions").text
    mission, scene = make_mission(db)
    mission.title = "Light in every street by 2030"
    other, _scene = make_mission(db)
    other.title, other.state = "Water for all by 2031", MissionState.REJECTED
    db.commit()

    everything = visitor.get("/missions").text
    narrowed = visitor.get(f"/missions?call={scene.call.id}").text

    assert everything.index("Candidates") < everything.index("Light in every street")
    assert everything.index("Went no further") < everything.index("Water for all")
    assert "Water for all" not in narrowed
    assert "Light in every street" in narrowed


def test_a_stewards_seat_leads_to_the_missions_of_the_agency(visitor: Browser, db: Session) -> None:
    mission, _scene = make_mission(db)
    mission.title = "Light in every street by 2030"
    other, _scene = make_mission(db)
    other.title, other.organisation_id = "Water for all by 2031", make_organisation(db, "Port Authority").id
    alone = make_organisation(db, "Nobody's Agency")
    steward = make_person(db, "Stella")
    seat(db, steward, Role.STEWARD, ScopeKind.ORGANISATION, mission.organisation_id)
    db.commit()
    visitor.sign_in(db, steward)

    (found,) = [each for each in visitor.open("/me").links if each.startswith("/missions?")]
    page = visitor.open(found)

    assert "Light in every street" in page.main.text
    assert "Water for all" not in page.main.text
    assert "Only missions of" in page.main.text
    asked = [
        visitor.get(f"/missions?organisation={raw}").status_code for raw in ("nonsense", uuid4(), alone.id)
    ]
    assert asked == [404, 404, 404]
    seat(db, steward, Role.STEWARD, ScopeKind.ORGANISATION, alone.id)
    db.commit()
    assert visitor.get(f"/missions?organisation={alone.id}").status_code == 200


def test_a_long_section_is_read_page_by_page_and_shows_each_mission_once(
    visitor: Browser, db: Session
) -> None:
    """Also where many were drafted in the same instant."""
    mission, scene = make_mission(db)
    many = 2 * missions_list.PAGE + 3
    db.add_all(
        Mission(
            call_id=scene.call.id, organisation_id=mission.organisation_id, title=f"Aim {number:03}",
            state=MissionState.REJECTED, created_at=mission.created_at,
        )
        for number in range(many)
    )  # fmt: skip
    db.commit()

    front = visitor.open("/missions")
    address = f"/missions?call={scene.call.id}&section=over"
    found = []
    for _page in range(3):
        page = visitor.open(address)
        found += re.findall(r"Aim \d{3}", page.main.text)
        following = re.search(r'rel="next" href="([^"]+)"', visitor.get(address).text)
        address = following.group(1).replace("&amp;", "&") if following else ""

    assert len(re.findall(r"Aim \d{3}", front.main.text)) == missions_list.FIRST
    assert "Show all of these" in front.main.text
    assert address == ""
    assert sorted(found) == [f"Aim {number:03}" for number in range(many)]
    assert visitor.get("/missions?section=over&cursor=nonsense").status_code == 400


def test_a_filter_by_no_call_or_a_secret_one_is_not_found(visitor: Browser, db: Session) -> None:
    scene = make_scene(db, state="draft")
    db.commit()

    asked = [visitor.get(f"/missions?call={raw}").status_code for raw in ("nonsense", uuid4(), scene.call.id)]

    assert asked == [404, 404, 404]


def test_a_facilitator_drafts_a_mission_and_comes_back_to_it(visitor: Browser, db: Session) -> None:
    scene = make_scene(db)
    db.commit()
    visitor.sign_in(db, scene.carol)

    first = visitor.fill_in(f"/clusters/{scene.cluster.id}/mission", follow_redirects=False)
    again = visitor.fill_in(f"/clusters/{scene.cluster.id}/mission", follow_redirects=False)

    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"]


def test_nobody_else_drafts_a_mission(visitor: Browser, db: Session) -> None:
    scene = make_scene(db)
    db.commit()

    asked_to_sign_in = visitor.fill_in(f"/clusters/{scene.cluster.id}/mission", follow_redirects=False)
    visitor.sign_in(db, make_person(db, "Dave"))
    refused = visitor.fill_in(f"/clusters/{scene.cluster.id}/mission", follow_redirects=False)

    assert asked_to_sign_in.status_code in (303, 403)
    assert refused.status_code == 403


def test_a_longer_mission_takes_no_more_statements(visitor: Browser, db: Session, clean: Engine) -> None:
    mission, scene = make_mission(db)
    db.commit()
    visitor.get(f"/missions/{mission.id}")
    short = counted(visitor, clean, f"/missions/{mission.id}")
    lengthen(db, mission, scene)
    db.commit()

    assert counted(visitor, clean, f"/missions/{mission.id}") == short


def counted(visitor: Browser, engine: Engine, path: str) -> int:
    counts._kept.clear()
    with statements(engine) as sent:
        assert visitor.get(path).status_code == 200
    return len(sent)


def lengthen(db: Session, mission: Mission, scene: Scene) -> None:
    for position in range(10, 22):
        clause = Clause(mission_id=mission.id, position=position, section="goal", text=f"Clause {position}.")
        db.add(clause)
        db.flush()
        source = make_submission(db, scene.call)
        db.add(
            Link(
                kind=LinkKind.DERIVES_FROM,
                from_kind=SubjectKind.CLAUSE,
                from_id=clause.id,
                to_kind=SubjectKind.SUBMISSION,
                to_id=source.id,
            )
        )
