"""Two at the same instant: a project ends once, with one lesson, and a signature is under the words that stand."""

from collections.abc import Callable
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, func, select

from app.models.lesson import Lesson
from app.models.mission import Mission
from app.models.person import Person
from app.models.project import Project
from app.models.vision import VisionSignature
from app.rules.words import ProjectVerdict, StakeholderGroup
from app.services import projects, visions
from app.services.projects import End
from app.services.visions import VisionText
from tests.people import make_organisation, make_person
from tests.services.contracted import make_contract
from tests.services.racing import meeting, together, without
from tests.services.steering import make_active

END = End(ProjectVerdict.REFUTED, "A third of the homes were dark.", "Ask who holds the key before you buy.")


def ended_twice(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], int]:
    """Both sides end a project; each has read that it may before either writes, unless a lock keeps them apart."""
    with Session(engine, expire_on_commit=False) as session:
        contract = make_contract(session)
        session.commit()
    ends: list[Callable[..., object]] = [projects.complete, projects.stop]
    with monkeypatch.context() as patch:
        patch.setattr(projects.lessons, "with_end", meeting(projects.lessons.with_end, Barrier(2)))
        answers = together(engine, contract.chamber, [
            lambda session, _none, end=end: end(
                session, session.get_one(Project, contract.project.id), END, contract.funder.id
            )
            for end in ends
        ])  # fmt: skip
    with Session(engine) as session:
        return sorted(answers), session.exec(select(func.count()).select_from(Lesson)).one()


def test_a_project_ends_once(races: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ended_twice(races, monkeypatch) == (["MoveForbidden", "done"], 1)


def signed_twice(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], int]:
    """Two people of one organisation sign at once, both having found that it has not."""
    with Session(engine, expire_on_commit=False) as session:
        chamber = make_active(session)
        clause = next(
            each.clause for each in visions.sentences(session, chamber.mission) if each.is_from_below
        )
        typed = VisionText("We want light.", [clause.id])
        vision = visions.write(session, chamber.mission, typed, 0, chamber.chair.id)
        body = make_organisation(session, "Sun Works", group=StakeholderGroup.PRIVATE)
        people = [make_person(session, name, organisation_id=body.id) for name in ("Ana", "Ben")]
        session.commit()
    with monkeypatch.context() as patch:
        patch.setattr(visions, "latest_vision", meeting(visions.latest_vision, Barrier(2)))
        answers = together(engine, chamber, [
            lambda session, _none, key=each.id: visions.sign(
                session, session.get_one(Mission, chamber.mission.id), session.get_one(Person, key), vision.hash
            )
            for each in people
        ])  # fmt: skip
    with Session(engine) as session:
        return sorted(answers), session.exec(select(func.count()).select_from(VisionSignature)).one()


def test_an_organisation_signs_once_at_the_same_instant(
    races: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert signed_twice(races, monkeypatch) == (["SignedAlready", "done"], 1)


def test_without_the_constraint_it_would_sign_twice(races: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with without(races, "vision_signature.vision_signature_pkey"):
        assert signed_twice(races, monkeypatch) == (["done", "done"], 2)
