"""Seeds: proposals of citizens that an application takes up, with credit; told to authors after the deadline, once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from app.models.columns import now
from app.models.notification import Notification
from app.rules import applications
from app.services import applications_send, missions_draft, seeds
from app.services.seeds import NoSeed
from tests.applied import Offered, close, make_applicant, make_offered
from tests.services.drafted import Scene, make_scene


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


@pytest.fixture
def offered(session: Session, scene: Scene) -> Offered:
    """A call for the mission that was drafted from the voices of the scene."""
    mission = missions_draft.draft(session, scene.cluster, scene.carol.id)
    return make_offered(session, mission_id=mission.id)


def adopted(offered: Offered) -> dict[object, bool]:
    found = seeds.for_application(offered.session, offered.offer, offered.begun())
    return {each.cluster.id: each.is_adopted for each in found}


def told(session: Session) -> list[Notification]:
    return list(session.exec(select(Notification).where(Notification.kind == "seed_adopted")))


def test_the_proposals_of_the_mission_are_offered_and_taken_up_once(scene: Scene, offered: Offered) -> None:
    application = offered.begun()
    project = scene.projects["storage"]

    for _twice in range(2):
        seeds.adopt(offered.session, offered.offer, application, project.id, offered.lead.id)

    assert adopted(offered) == {each.id: each is project for each in scene.projects.values()}
    seeds.drop(offered.session, application, project.id)
    assert not any(adopted(offered).values())


def test_what_is_no_proposal_of_the_mission_is_not_taken_up(scene: Scene, offered: Offered) -> None:
    other = make_scene(offered.session)

    for key in (scene.cluster.id, other.projects["roofs"].id, uuid4()):
        with pytest.raises(NoSeed):
            seeds.adopt(offered.session, offered.offer, offered.begun(), key, offered.lead.id)


def test_authors_are_told_once_and_not_before_every_application_is_in(scene: Scene, offered: Offered) -> None:
    session, project = offered.session, scene.projects["storage"]
    seeds.adopt(session, offered.offer, offered.begun(), project.id, offered.lead.id)
    offered.submitted()
    assert seeds.tell_due(session, "") == 0
    close(offered, ago=applications.FINISHES_WITHIN - timedelta(seconds=30))
    assert seeds.tell_due(session, "") == 0
    close(offered)

    assert (seeds.tell_due(session, ""), seeds.tell_due(session, "")) == (1, 0)

    authors = {each.author_id for each in scene.voices if each.text.startswith(("Batteries", "A shared"))}
    assert {each.person_id for each in told(session)} == authors
    assert offered.firm.name not in str([each.facts for each in told(session)])


def test_drafts_and_withdrawn_applications_tell_nobody(scene: Scene, offered: Offered) -> None:
    session, project = offered.session, scene.projects["storage"]
    seeds.adopt(session, offered.offer, offered.begun(), project.id, offered.lead.id)
    applications_send.withdraw(session, offered.submitted(), offered.lead.id)
    _firm, rival = make_applicant(session, "Rival Works")
    seeds.adopt(session, offered.offer, offered.begun(rival), project.id, rival.id)
    close(offered)

    assert seeds.tell_due(session, "") == 0
    assert told(session) == []


def test_how_many_took_one_up_is_told_after_the_deadline_alone(scene: Scene, offered: Offered) -> None:
    session, project = offered.session, scene.projects["storage"]
    seeds.adopt(session, offered.offer, offered.begun(), project.id, offered.lead.id)
    offered.submitted()

    before = seeds.of_call(session, offered.call, offered.offer, is_unsealed=False)
    after = seeds.of_call(session, offered.call, offered.offer, is_unsealed=True)

    assert {each.taken_up for each in before} == {None}
    assert {each.cluster.id: each.taken_up for each in after} == {
        each.id: int(each is project) for each in scene.projects.values()
    }
    assert now() < offered.call.closes_at
