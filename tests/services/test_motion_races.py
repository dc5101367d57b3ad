"""Several who ask the committee for the same at the same instant."""

from sqlalchemy import Engine
from sqlmodel import Session, func, select

from app.models.mission import Mission
from app.models.motion import Motion
from app.rules.words import MotionAct, SubjectKind
from app.services import motions_make
from tests.services.chamber import Chamber
from tests.services.racing import Act, together, without
from tests.services.steering import REASON, make_active

ONE_WAITS = "one_motion_waits_per_subject"


def under_way(engine: Engine) -> Chamber:
    with Session(engine, expire_on_commit=False) as session:
        chamber = make_active(session)
        session.commit()
    return chamber


def asking(chamber: Chamber) -> Act:
    key, by = chamber.mission.id, chamber.chair.id
    return lambda session, _decision: motions_make.make(
        session, session.get_one(Mission, key), MotionAct.PAUSE, SubjectKind.MISSION, key, {}, REASON, by
    )


def asked_at_once(engine: Engine) -> tuple[list[str], int]:
    chamber = under_way(engine)
    answers = together(engine, chamber, [asking(chamber)] * 4)
    with Session(engine) as session:
        waiting = session.exec(select(func.count()).select_from(Motion)).one()
    return sorted(answers), waiting


def test_the_same_is_asked_for_once_though_four_ask(races: Engine) -> None:
    assert asked_at_once(races) == (["MotionWaits"] * 3 + ["done"], 1)


def test_without_its_index_it_would_be_asked_for_four_times(races: Engine) -> None:
    with without(races, ONE_WAITS):
        assert asked_at_once(races) == (["done"] * 4, 4)
