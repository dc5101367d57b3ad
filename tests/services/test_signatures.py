"""What the platform signs: keys, announcements, counts, checkpoints; and that nothing signed can be changed."""

import base64
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from app.models.columns import now, telling
from app.models.event import Event
from app.models.outgoing_mail import OutgoingMail
from app.models.signature import LogCheckpoint, keys, latest_checkpoint, signatures_of
from app.rules import hashing, notes
from app.rules.words import Choice, SignedFor, SubjectKind
from app.services import decisions_count, events, signatures, signing_keys
from app.services.signatures import LogRewritten
from app.services.signing_keys import KeyInSettings, KeyNotReadable, KeyRetired
from app.settings import Settings
from tests.services.chamber import Chamber, make_chamber


def with_key(settings: Settings, **changes: object) -> Settings:
    return settings.model_copy(update=changes)


def sign(session: Session, settings: Settings) -> int:
    events.seal(session, 1000)
    return signatures.sign_due(session, settings)


def counted(session: Session) -> Chamber:
    chamber = make_chamber(session)
    decision = chamber.notice(opens_in=-1)
    chamber.cast_all(Choice.FOR)
    decisions_count.close(session, decision, chamber.chair.id)
    return chamber


def test_the_first_start_makes_a_key_that_only_its_owner_can_read(settings: Settings) -> None:
    made = signing_keys.signer(settings)

    path = Path(settings.var_dir) / signing_keys.FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == [signing_keys.FILE]
    assert signing_keys.signer(settings) == made
    assert made.name == "127.0.0.1:8000/events"


def test_of_two_that_start_together_the_first_makes_the_key(settings: Settings) -> None:
    first = signing_keys.signer(settings)
    path = Path(settings.var_dir) / signing_keys.FILE

    signing_keys.keep(path, signing_keys.fresh(settings), replace=False)

    assert signing_keys.signer(settings) == first


def test_a_key_can_stand_in_the_settings(settings: Settings) -> None:
    key = signing_keys.fresh(settings)
    given = with_key(settings, signing_key=signing_keys.written(key))

    assert signing_keys.signer(given) == key
    assert not (Path(settings.var_dir) / signing_keys.FILE).exists()
    for wrong in ("a", "a b c", "a %%%", "a " + base64.b64encode(b"short").decode(), "a+b " + "A" * 44):
        with pytest.raises(KeyNotReadable):
            signing_keys.signer(with_key(settings, signing_key=wrong))


def test_a_key_that_begins_stands_in_the_log(session: Session, settings: Settings) -> None:
    own, row = signing_keys.at_hand(session, settings)
    again = signing_keys.at_hand(session, settings)

    assert again == (own, row)
    told = session.exec(select(Event).where(Event.kind == "signing_key_added")).all()
    assert [(each.subject_kind, each.subject_id) for each in told] == [(SubjectKind.KEY, row.id)]
    assert told[0].facts == {"number": 1, "key": own.public.text, "handed_over": False}
    assert "seed" not in str(told[0].facts)


def test_a_rotation_is_signed_by_the_old_key_and_the_old_one_still_proves(
    session: Session, settings: Settings
) -> None:
    chamber = counted(session)
    sign(session, settings)
    old = signing_keys.signer(settings)

    signing_keys.rotate(session, settings)
    signing_keys.settle(session, settings)

    new = signing_keys.signer(settings)
    listed = keys(session)
    assert [each.public for each in listed] == [new.public.text, old.public.text]
    assert notes.read(listed[0].note).signed_by([new.public, old.public]) == (new.public, old.public)
    assert signing_keys.was_handed_over(listed[0], listed[1])
    assert chamber.decision
    for each in signatures_of(session, chamber.decision.id):
        assert notes.read(each.note).signed_by(signing_keys.public_keys(session)) == (old.public,)


def test_a_rotation_that_broke_off_is_finished_or_forgotten(session: Session, settings: Settings) -> None:
    signing_keys.at_hand(session, settings)
    old = signing_keys.signer(settings)
    waiting = Path(settings.var_dir) / signing_keys.NEXT
    signing_keys.keep(waiting, signing_keys.fresh(settings), replace=True)

    assert signing_keys.at_hand(session, settings)[0] == old  # its key never came into the list
    signing_keys.rotate(session, settings)  # and here the process dies before the file is renamed

    assert signing_keys.at_hand(session, settings)[0] != old
    assert not waiting.exists()


def test_a_retired_key_never_signs_again(session: Session, settings: Settings) -> None:
    signing_keys.at_hand(session, settings)
    old = signing_keys.written(signing_keys.signer(settings))
    signing_keys.rotate(session, settings)

    with pytest.raises(KeyRetired):
        signing_keys.at_hand(session, with_key(settings, signing_key=old))
    with pytest.raises(KeyInSettings):
        signing_keys.rotate(session, with_key(settings, signing_key=old))


def test_keys_of_the_settings_are_handed_over_when_the_old_one_is_given_too(
    session: Session, settings: Settings
) -> None:
    old, new, lost = (signing_keys.written(signing_keys.fresh(settings)) for _ in range(3))
    signing_keys.at_hand(session, with_key(settings, signing_key=old))
    signing_keys.at_hand(session, with_key(settings, signing_key=new, previous_signing_key=old))
    signing_keys.at_hand(session, with_key(settings, signing_key=lost))

    third, second, first = keys(session)
    assert signing_keys.was_handed_over(second, first)
    assert not signing_keys.was_handed_over(third, second)


def test_what_notice_froze_is_signed_before_the_vote_opens(session: Session, settings: Settings) -> None:
    chamber = make_chamber(session)
    decision = chamber.notice(opens_in=2)

    sign(session, settings)

    (signature,) = signatures_of(session, decision.id)
    key = signing_keys.signer(settings).public
    note = notes.read(signature.note)
    assert note.signed_by([key]) == (key,)
    assert note.text.split("\n") == [
        "comission-signature/1", "notice", f"decision {decision.id}", f"frozen {decision.frozen_hash}",
        f"noticed {hashing.instant(decision.noticed_at)}", "",
    ]  # fmt: skip
    assert signature.signed_at < decision.opens_at
    assert sign(session, settings) == 0


def test_a_count_is_signed_with_a_checkpoint_that_holds_its_event(
    session: Session, settings: Settings
) -> None:
    chamber = counted(session)

    assert sign(session, settings) == 4  # the notice, the count, the log of the decision, and the whole log
    assert chamber.decision
    purposes = [each.purpose for each in signatures_of(session, chamber.decision.id)]
    assert purposes == [SignedFor.COUNT, SignedFor.NOTICE] or set(purposes) == {"count", "notice"}
    checkpoint = latest_checkpoint(session)
    assert checkpoint
    event = session.exec(select(Event).where(Event.kind == "decision_counted")).one()
    assert event.seq is not None
    assert checkpoint.size >= event.seq
    assert signatures.compare(session, checkpoint.note).holds
    assert signatures.compare(session, checkpoint.note).is_ours


def test_a_checkpoint_is_due_after_a_count_or_a_day(session: Session, settings: Settings) -> None:
    sign(session, settings)
    sign(session, settings)  # The first event is that of the key itself.
    sizes = list(session.exec(select(LogCheckpoint.size)))
    make_chamber(session).notice(opens_in=2)
    sign(session, settings)
    assert list(session.exec(select(LogCheckpoint.size))) == sizes

    with telling(now() + timedelta(days=1, seconds=1)):
        sign(session, settings)

    assert len(list(session.exec(select(LogCheckpoint.size)))) == len(sizes) + 1


def test_a_checkpoint_is_mailed_to_witnesses_and_to_the_committee(
    session: Session, settings: Settings
) -> None:
    chamber = counted(session)

    sign(session, with_key(settings, witnesses="desk@paper.example, ombud@state.example"))

    mails = session.exec(select(OutgoingMail).where(col(OutgoingMail.subject).contains("checkpoint"))).all()
    told = {each.to_address for each in mails}
    assert {"desk@paper.example", "ombud@state.example", chamber.chair.email} <= told
    assert {each.email for each in chamber.members.values()} <= told
    latest = latest_checkpoint(session)
    assert latest
    assert all(latest.note in each.body for each in mails)


def rewrite(session: Session, statement: str) -> None:
    """What only somebody with the database's own rights can do."""
    session.flush()
    session.connection().execute(text("SET LOCAL session_replication_role = replica"))
    session.connection().execute(text(statement))
    session.connection().execute(text("SET LOCAL session_replication_role = origin"))
    session.expire_all()


def relink(session: Session) -> None:
    """Make the chain whole again after a change, as a careful forger would."""
    rewrite(session, "UPDATE event SET seq = NULL, hash = NULL, previous_hash = NULL")
    events.seal(session, 10_000)


def test_a_log_that_was_rewritten_with_care_contradicts_the_checkpoint_kept(
    session: Session, settings: Settings
) -> None:
    counted(session)
    sign(session, settings)
    kept = latest_checkpoint(session)
    assert kept
    note = kept.note

    rewrite(
        session, "UPDATE event SET facts = facts || '{\"outcome\": \"lost\"}' WHERE kind = 'decision_counted'"
    )
    relink(session)

    assert events.verify(session).holds  # The chain alone says nothing.
    found = signatures.compare(session, note)
    assert found.is_ours
    assert not found.holds
    counted(session)
    with pytest.raises(LogRewritten):
        sign(session, settings)


def test_events_cut_off_the_end_contradict_the_checkpoint_too(session: Session, settings: Settings) -> None:
    counted(session)
    sign(session, settings)
    kept = latest_checkpoint(session)
    assert kept
    rewrite(session, f"DELETE FROM event WHERE seq > {kept.size - 1}")

    assert events.verify(session).holds
    assert not signatures.compare(session, kept.note).holds


@pytest.mark.parametrize("table", ["signing_key", "signature", "log_checkpoint"])
def test_what_is_signed_is_never_changed_nor_removed(
    session: Session, settings: Settings, table: str
) -> None:
    counted(session)
    sign(session, settings)

    for statement in (f"UPDATE {table} SET note = 'other'", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match="only ever added to"), session.begin_nested():
            session.execute(text(statement))
