"""Vectors written by two at once: by the loop that catches up and by a grouping that is accepted in the same act."""

from threading import Event, Thread

from sqlalchemy import Engine, text
from sqlmodel import Session, col, select, update

from app.models.embedding import Embedding
from app.models.submission import Submission
from app.nlp.embedding import HashingEmbedder
from app.services import embeddings
from app.services.groupings_material import gathered, keep_vectors
from tests.factories import make_call, make_submission
from tests.jobs.errands import until

WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


def test_the_loop_and_a_grouping_that_is_accepted_never_lock_each_other_out(clean: Engine) -> None:
    embedder = HashingEmbedder()
    with Session(clean) as session, session.begin():
        call = make_call(session)
        call_id = call.id
        ids = [make_submission(session, call, text=f"Shade over market number {n}.").id for n in range(3)]
    problems: list[Exception] = []
    written = Event()

    def group() -> None:
        with Session(clean) as session:
            material = gathered(session, call_id, embedder, lambda *_told: None)
            keep_vectors(session, call_id, embedder.name, material)
            written.set()
            # In a transaction the list of who waits would be read once and kept.
            with clean.connect().execution_options(isolation_level="AUTOCOMMIT") as aside:
                until(lambda: aside.execute(text(WAITING)).scalar_one() > 0)
            session.exec(update(Submission).where(col(Submission.id).in_(ids)).values(state="grouped"))
            session.commit()

    def catch_up() -> None:
        written.wait(10)
        with Session(clean) as session:
            embeddings.embed_batch(session, ids, embedder)
            session.commit()

    def noting(act: object) -> Thread:
        def run() -> None:
            try:
                act()  # type: ignore[operator]
            except Exception as problem:
                problems.append(problem)

        return Thread(target=run)

    threads = [noting(group), noting(catch_up)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert problems == []
    with Session(clean) as session:
        assert len(session.exec(select(Embedding)).all()) == len(ids)
