"""What people did is sealed, and their mail sent, within seconds of its commit."""

from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine
from sqlmodel import Session

from app.rules.words import SubjectKind
from app.services import events, mail
from app.settings import Settings
from tests.jobs.conftest import Count, Start
from tests.jobs.errands import until


def test_events_are_sealed_and_letters_sent_within_seconds(clean: Engine, start: Start, count: Count) -> None:
    start()
    with Session(clean) as session, session.begin():
        for _ in range(3):
            events.record(session, "call_published", SubjectKind.CALL, uuid4())
        mail.queue(session, "alice@example.org", "Your word was heard", "See what became of it.")

    # A new platform's key begins to sign meanwhile, and that is an event too.
    until(lambda: count("event WHERE seq IS NOT NULL AND kind = 'call_published'") == 3)
    until(lambda: count("event WHERE seq IS NULL") == 0)
    until(lambda: count("log_checkpoint") >= 1)
    until(lambda: count("outgoingmail WHERE sent_at IS NOT NULL") == 1)

    with Session(clean) as session:
        assert events.unsealed(session) == 0
        assert events.verify(session)


def test_a_letter_that_could_not_be_sent_waits_before_it_is_tried_again(
    session: Session, tmp_path: Path
) -> None:
    letter = mail.queue(session, "alice@example.org", "Your word was heard", "See what became of it.")
    session.flush()
    nobody_listens = Settings(environment="test", smtp_url="smtp://127.0.0.1:9", var_dir=tmp_path)

    mail.send_due(session, nobody_listens)
    mail.send_due(session, nobody_listens)

    assert letter.attempts == 1
