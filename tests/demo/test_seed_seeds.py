"""Applications of the demonstration that build on what people proposed: with credit, and told to who proposed it."""

from collections import Counter

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.demo import content
from app.main import create_app
from app.models.application import Application
from app.models.cluster import Cluster
from app.models.notification import Notification
from app.models.placement import Placement
from app.models.project import Project
from app.models.seed import AdoptedSeed
from app.models.submission import Submission
from app.rules.words import ClusterLevel
from app.settings import Settings
from tests.client import Browser
from tests.demo.records import offer_named

BUILD_ON = {each["title"] for each in content.applications() if "seed" in each}


def adopted(demo: Session) -> list[tuple[AdoptedSeed, Application, Cluster]]:
    query = (
        select(AdoptedSeed, Application, Cluster)
        .join(Application, col(Application.id) == AdoptedSeed.application_id)
        .join(Cluster, col(Cluster.id) == AdoptedSeed.cluster_id)
        .where(Application.call_id == offer_named(demo, "trials").id)
    )
    return list(demo.exec(query))


def authors(demo: Session, cluster: Cluster) -> set[object]:
    query = (
        select(Submission.author_id)
        .join(Placement, col(Placement.submission_id) == Submission.id)
        .where(Placement.cluster_id == cluster.id)
    )
    return set(demo.exec(query))


def test_five_of_the_forty_build_on_two_proposals_of_the_first_question(demo: Session) -> None:
    found = adopted(demo)

    assert {each.title for _seed, each, _cluster in found} == BUILD_ON
    assert len(BUILD_ON) == 5
    assert {each.level for _seed, _application, each in found} == {ClusterLevel.PROJECT}
    assert sorted(Counter(each.id for _seed, _application, each in found).values()) == [2, 3]


def test_who_proposed_it_was_told_when_all_were_in(demo: Session) -> None:
    call = offer_named(demo, "trials")
    told = set(
        demo.exec(
            select(Notification.person_id).where(
                Notification.kind == "seed_adopted", Notification.subject_id == call.id
            )
        )
    )

    assert len(told) == 10
    assert all(seed.told_at is not None and seed.told_at > call.closes_at for seed, _a, _c in adopted(demo))
    assert told == {person for _s, _a, cluster in adopted(demo) for person in authors(demo, cluster)}


def test_who_proposed_it_learns_that_it_was_selected(demo: Session) -> None:
    proposed = {person for _s, _a, cluster in adopted(demo) for person in authors(demo, cluster)}
    kinds = Counter(demo.exec(select(Notification.kind).where(col(Notification.kind).like("seed_%"))))

    assert kinds["seed_selected"] == len(proposed) == 10


def test_a_project_stands_for_the_proposal_that_it_builds_on(demo: Session) -> None:
    query = select(Project.title).where(
        col(Project.cluster_id).in_({cluster.id for _seed, _application, cluster in adopted(demo)})
    )

    assert set(demo.exec(query)) == {
        "A test field in the dust of Calama, open to any small firm",
        "The certificate in six weeks, in Antofagasta and Calama",
        "Thirty women, one tool van, work for a year",
    }


def test_everyone_reads_how_often_a_proposal_was_taken_up(
    seeded: Engine, demo: Session, settings: Settings
) -> None:
    with Browser(create_app(settings, seeded)) as visitor:
        page = visitor.get(f"/calls/{offer_named(demo, 'trials').id}/seeds").text

    assert "3 applications build on it" in page
    assert "2 applications build on it" in page
