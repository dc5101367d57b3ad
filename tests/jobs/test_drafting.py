"""The job that asks the helper: one question over real HTTP, outside any transaction, kept once or told as failed."""

from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from app.models.wording import Drafting, DraftingState, Wording
from app.services import drafting, drafting_client
from app.settings import Settings
from tests.helper_on_loopback import Answer, fails, helper, says
from tests.jobs import errands
from tests.jobs.conftest import Start
from tests.jobs.errands import until
from tests.services.drafted import make_scene
from tests.services.test_drafting import GOOD


def asked(engine: Engine) -> UUID:
    with Session(engine) as session, session.begin():
        scene = make_scene(session)
        scene.voices[0].text = "School roofs should carry panels before winter."
        scene.voices[1].text = "School roofs should carry panels, as we measured."
        return drafting.ask(session, scene.cluster, scene.carol.id).id


@pytest.mark.parametrize(
    ("answer", "state", "wordings"),
    [
        pytest.param(says({"summary": [GOOD]}), DraftingState.DONE, 1, id="well"),
        pytest.param(says("I would rather not."), DraftingState.FAILED, 0, id="garbage"),
        pytest.param(fails(401), DraftingState.FAILED, 0, id="refused"),
    ],
)
def test_the_job_ends_as_the_helper_answers(
    clean: Engine, engine: Engine, start: Start, monkeypatch: pytest.MonkeyPatch,
    answer: Answer, state: DraftingState, wordings: int,
) -> None:  # fmt: skip
    with helper(answer) as place:
        named = Settings(drafting_url=place.url, drafting_model="tiny")
        monkeypatch.setattr("app.jobs.drafting.helper_of", lambda _settings: drafting_client.helper_of(named))
        key = asked(clean)
        start(errands.QUICK)
        until(lambda: state_of(clean, key) is not DraftingState.QUEUED)

    assert state_of(clean, key) is state
    with Session(clean) as session:
        assert len(session.exec(select(Wording)).all()) == wordings
    assert len(place.asked) == 1
    assert "carry panels" not in kept_by_the_library(clean)


def kept_by_the_library(engine: Engine) -> str:
    """Everything that stands in the tables of the job library."""
    names = text("SELECT tablename FROM pg_tables WHERE schemaname = 'dbos'")
    with engine.connect() as connection:
        tables = connection.execute(names).scalars().all()
        rows = [connection.execute(text(f'SELECT * FROM dbos."{name}"')).all() for name in tables]
    return str(rows)


def state_of(engine: Engine, key: UUID) -> DraftingState:
    with Session(engine) as session:
        return session.get_one(Drafting, key).state


def test_without_a_helper_the_question_is_told_as_failed(clean: Engine, engine: Engine, start: Start) -> None:
    key = asked(clean)
    start(errands.QUICK)

    until(lambda: state_of(clean, key) is DraftingState.FAILED)
    assert state_of(clean, key) is DraftingState.FAILED
