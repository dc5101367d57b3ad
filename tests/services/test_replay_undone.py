"""Replaying the log: what is taken back, brought back, gathered or deleted, as of the instant after every act."""

from datetime import timedelta

from sqlmodel import Session

from app.models.columns import now
from app.rules.moderation import HidingRule
from app.rules.phases import CallTimes
from app.rules.words import MissionState, StatementState, SubmissionState
from app.services import (
    calls,
    corrections_gather,
    corrections_undo,
    corrections_voices,
    missions_draft,
    missions_withdraw,
    moderation,
    moderation_comments,
    statements,
)
from app.services.calls import CallText
from tests.factories import make_call, make_submission
from tests.people import make_organisation, make_person
from tests.replayed import begin
from tests.services.drafted import make_scene
from tests.services.test_corrections import Bench

RUDE = (HidingRule.INSULT, "It insults the neighbours.", "")


def test_hidings_that_are_undone_or_appealed(session: Session) -> None:
    carol, bob, ada = (make_person(session, name) for name in ("Carol", "Bob", "Ada"))
    said = make_submission(session, make_call(session), bob)
    comment = statements.comment(session, said, ada, "Yes, please.", "a", None)
    memory = begin(session)
    moderation.hide(session, said, carol, *RUDE)
    statements.appeal(session, said, bob, "It does not.")
    moderation.restore(session, said, carol, "A mistake.", "")
    memory.remember(session, "restore")
    moderation_comments.hide(session, said, comment.id, carol, *RUDE)
    moderation_comments.restore(session, said, comment.id, carol, "A mistake.", "")
    memory.remember(session, "restore a comment")
    for upheld in (True, False):
        moderation_comments.hide(session, said, comment.id, carol, *RUDE)
        statements.appeal_comment(session, said, comment, ada, "It does not.")
        memory.remember(session, f"appeal {upheld}")
        moderation_comments.decide_appeal(
            session, said, comment.id, carol, upheld=upheld, reason="We looked again.", origin=""
        )
        memory.remember(session, f"decide {upheld}")

    assert memory.wrong(session) == {}
    session.refresh(said)
    assert (said.state, said.comment_count) == (SubmissionState.VISIBLE, 0)
    assert comment.state is StatementState.HIDDEN


def test_a_mission_that_is_withdrawn_and_taken_up_again(session: Session) -> None:
    scene, memory = make_scene(session), begin(session)
    mission = missions_draft.draft(session, scene.cluster, scene.carol.id)
    missions_withdraw.withdraw(session, mission, "Drafted by mistake.", mission.version, scene.carol.id)
    memory.remember(session, "withdraw")
    missions_withdraw.take_up_again(session, mission, scene.carol.id)
    memory.remember(session, "take up")

    assert memory.wrong(session) == {}
    assert mission.state is MissionState.CANDIDATE


def test_a_group_made_by_hand_and_taken_apart(session: Session) -> None:
    bench = Bench(session)
    carol, apart = bench.carol.id, bench.themes["solar"][:2]
    off = corrections_voices.set_apart(session, bench.call, bench.seen(*apart), "Off the question.", carol)
    memory = begin(session)
    made, _group = corrections_gather.gather(
        session, bench.call, bench.seen(*apart), carol, "Sun first", [off.id]
    )
    memory.remember(session, "gather")
    bench.run_again()
    memory.remember(session, "run")
    corrections_undo.undo(session, made, carol)
    memory.remember(session, "undo")

    assert memory.wrong(session) == {}


def test_a_draft_that_is_deleted(session: Session) -> None:
    agency, carol, memory = make_organisation(session), make_person(session, "Carol"), begin(session)
    times = CallTimes(now() + timedelta(days=1), now() + timedelta(days=20))
    text = CallText(agency.id, "Twice", "What should we achieve?", "", "UTC", times, ["en"], [], {})
    call = calls.create(session, text, carol.id)
    memory.remember(session, "draft")
    calls.delete_draft(session, call, call.version, carol.id)
    memory.remember(session, "delete")

    assert memory.wrong(session) == {}
